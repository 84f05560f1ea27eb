"""Deputies' proposals: registered, handed over, answered by a signed letter, and the promises followed."""
