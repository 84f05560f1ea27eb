"""The library: measures and portfolios as they were published, each version for ever."""
