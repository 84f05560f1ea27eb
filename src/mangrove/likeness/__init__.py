"""Texts of any room that are alike: found by a job, kept as rows, shown side by side, and judged by a person."""
