"""Things by the spreadsheet: a file is kept, read, compared with what is there, shown, and then taken in whole.

files.py          the uploaded file, kept under the hash of its bytes
reading.py        lines of cells to rows of the vocabulary: where the heads are, what each column is, what is wrong where
plan.py           what taking the rows in would do: new, changed, renamed, the same, or wrong
kinds.py          what a room says of an import of its things; the two jobs: look at a file, and take it in
organisations.py  rows of organisations against the registry
entering.py       a plan of organisations carried out
"""
