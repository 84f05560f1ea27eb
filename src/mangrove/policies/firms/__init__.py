"""One page about a firm: what it may claim, what it has claimed and where that stands, and its money."""
