"""A synthetic year of a city: firms and applications made from a seed, and lived through the product's own acts."""
