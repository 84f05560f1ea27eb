"""Records: what is known of things of the vocabulary that have no table of their own, as it became known.

kept.py       which entities are kept here, and which rooms keep the others
models.py     one row for each version of a thing
identity.py   the key of a thing and what it is called in all versions
planning.py   rows of a file against what is known
taking.py     a plan carried out: versions end and begin, none is overwritten
access.py     who reads what
arrow.py      records and bodies as Arrow tables, as the rulebook's engines read them
bodies.py     organisations and their names as they were known on a day
facts.py      the facts of one firm, or of all, as they were known at a moment
snapshot.py   the same as Parquet files with a manifest
showing.py    a value on a page and in an export; what is about a person is masked
tables.py     lists, made from the vocabulary
"""
