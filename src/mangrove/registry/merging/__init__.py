"""Two entries of one organisation: suspected, looked at side by side, merged by two people, and undone."""
