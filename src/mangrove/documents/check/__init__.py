"""Checks a letter against GB/T 9704-2012: its words, and the page as it is really printed.

Only a 规定 can make a document 不合格. What no measurement shows (paper, print register, the seal) is 须人工, always.
"""

from __future__ import annotations

from mangrove.documents.check.finding import Finding, Verdict, by_hand
from mangrove.documents.check.geometry import Sheet, check_geometry
from mangrove.documents.check.page import read_pages
from mangrove.documents.check.printed import check_printed
from mangrove.documents.check.words import (
    check_addressee,
    check_copies,
    check_date,
    check_heads,
    check_number,
    check_signer,
)
from mangrove.documents.letter import Letter, plain_text

__all__ = ["Finding", "Verdict", "check_pdf", "check_text", "failures"]


def check_pdf(pdf: bytes, letter: Letter | None = None) -> list[Finding]:
    """Measure a PDF against the letter format.

    letter: what should be printed, if known; then missing characters and the signature's place are checked too.
    Raises DocumentError if the bytes are no PDF or hold no text (a scan).
    """
    sheet = Sheet(read_pages(pdf))
    by_person = by_hand("paper.print", "看不到实物，请对照纸质件核对")
    return [*check_geometry(sheet), *check_printed(sheet, letter), by_person]


def check_text(letter: Letter) -> list[Finding]:
    """The rules that need no page: numbers of headings, addressee, number, copies, date."""
    findings = [check_addressee(letter.addressee), check_signer(plain_text(letter).split("\n"))]
    if letter.number:
        findings.append(check_number(letter.number))
    if letter.date:
        findings.append(check_date(letter.date_text))
    if letter.copies:
        findings.append(check_copies(letter.copies_text))
    return [*findings, *check_heads(item.text for item in letter.paragraphs)]


def failures(findings: list[Finding]) -> list[Finding]:
    """The findings that an officer must look at: 不合格 and 提示."""
    return [finding for finding in findings if finding.verdict in (Verdict.FAIL, Verdict.HINT)]
