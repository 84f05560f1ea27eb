"""The picture of a page: a real PNG of the right size, with the red of the letter's head in it."""

from __future__ import annotations

import struct
import zlib

import pytest

from mangrove.documents.errors import DocumentError
from mangrove.documents.pdf import set_letter
from mangrove.documents.picture import page_png

from .park_letter import park_letter


def test_the_first_page_is_an_a4_png_with_a_red_head() -> None:
    png = page_png(set_letter(park_letter()).pdf, width=300)
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (300, 425)
    body = zlib.decompress(png[png.index(b"IDAT") + 4 : png.index(b"IEND") - 8])
    assert len(body) == height * (width * 3 + 1)
    rows = (body[row * (width * 3 + 1) + 1 :][: width * 3] for row in range(height))
    pixels = {row[at : at + 3] for row in rows for at in range(0, width * 3, 3)}
    assert any(red > 180 and green < 60 and blue < 60 for red, green, blue in pixels)


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(DocumentError, match="打不开这个PDF"):
        page_png(b"not a pdf")
