"""Organisations by the spreadsheet: a file is kept, read, compared with what is registered, shown, and then taken in whole.

files.py     the uploaded file, kept under the hash of its bytes
reading.py   lines of cells to rows of the vocabulary: where the heads are, what each column is, what is wrong where
plan.py      rows against the registry: new, changed, renamed, the same, or wrong
taking.py    the plan carried out, all or nothing
work.py      the two jobs: look at a file, and take it in
writing.py   the registry as a file that can be taken in again
"""
