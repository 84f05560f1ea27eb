"""Figures: named quantities with unit, counting rule, date, source and lineage; and the check of printed numbers."""
