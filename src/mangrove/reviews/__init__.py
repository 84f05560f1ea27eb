"""Review by experts of things of any room: the pool, rounds, declarations, assignment, marks, released comments."""
