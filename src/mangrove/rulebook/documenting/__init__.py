"""Pages of measures for people: the words left, the compiled rule right, in formulas and read aloud; tests beside."""
