"""What the money of a year did: budget, committed, paid, who had it, how long it took, what was left, spread over the schemes."""
