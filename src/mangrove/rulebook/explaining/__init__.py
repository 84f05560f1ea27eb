"""Why a case got what it got, and what a rule does to a whole population: as data, as text in both languages, as HTML."""
