"""What an officer looks up while writing a rule: the keys, how a formula is written, and the names that it may use."""
