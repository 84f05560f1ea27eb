"""Fixtures of the documents room: the one face that every installation has, and the letter set with it."""

from __future__ import annotations

import pytest

from mangrove.documents.fonts import FontShelf, packaged_fonts
from mangrove.documents.pdf import SetLetter, set_letter

from .park_letter import park_letter


@pytest.fixture(scope="session")
def shelf() -> FontShelf:
    """Only the packaged face, so that a test means the same on every machine."""
    return FontShelf([packaged_fonts()])


@pytest.fixture(scope="session")
def conforming(shelf: FontShelf) -> SetLetter:
    """The park letter as set."""
    return set_letter(park_letter(), fonts=shelf)
