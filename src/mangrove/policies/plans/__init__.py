"""Plans (资助计划): ready claims decided together under their pots, announced, approved, and answered for years later."""
