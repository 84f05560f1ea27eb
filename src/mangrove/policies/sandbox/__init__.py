"""The sandbox: a measure with other numbers on what the registry knows, compared with what is in force; scenarios that replay."""
