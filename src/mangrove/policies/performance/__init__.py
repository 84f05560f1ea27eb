"""What firms promised for the money, and what came of it: measured later, confirmed by another officer, compared."""
