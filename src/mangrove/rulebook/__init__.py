"""The policy language: texts whose clauses compute. Pure; knows the vocabulary and nothing above it."""
