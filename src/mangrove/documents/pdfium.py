"""One door to PDFium, which must not be entered by two threads at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2

from mangrove.documents.errors import DocumentError

_LOCK = threading.RLock()


class Unopened(DocumentError):
    """No PDF, a damaged one, or one that asks for a password."""


@contextmanager
def opened(pdf: bytes | Path) -> Iterator[pypdfium2.PdfDocument]:
    """The document, open for the length of the block; other threads wait. A path is read as it is needed.

    Raises Unopened if the content is no readable PDF.
    """
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise Unopened(f"打不开这个PDF文件（{error}）。请确认文件完整、没有加密。") from error
        try:
            yield document
        finally:
            document.close()
