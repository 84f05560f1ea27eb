"""From a draft with live figures and marks to the letter as it stands on a day.

Nothing here writes. The same draft composed after a figure was revised is another letter with another hash; that is
how an unsigned letter follows its figures, and how a signed one can be told from today's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mangrove.casework.promises import Span, check_spans
from mangrove.documents.letter import Letter, Paragraph, Run
from mangrove.figures.binding import BoundSpan, Resolved, resolve
from mangrove.ledger.hashing import canonical
from mangrove.proposals.lines import line_of, mapped_number
from mangrove.proposals.marks import Mark, take_out
from mangrove.proposals.models import Draft, Reply, SignedLetter
from mangrove.proposals.rules import rules

LEVELS = (
    (1, re.compile(r"[一二三四五六七八九十]+、")),
    (2, re.compile(r"（[一二三四五六七八九十]+）")),
    (3, re.compile(r"\d+[.．]")),
)


def hash_of(head: Mapping[str, Any], body: str) -> str:
    return hashlib.sha256(canonical({"head": head, "body": body}).encode()).hexdigest()


@dataclass(frozen=True)
class Composed:
    """A letter as it stands: its head fields, its text, and where facts, promises and figures stand in the text."""

    head: Mapping[str, Any]
    body: str
    marks: tuple[Mark, ...]
    figures: Resolved

    @property
    def content_hash(self) -> str:
        """What a signature binds to: every word that the reader sees, except number and date that come after."""
        return hash_of(self.head, self.body)

    @property
    def promises(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.is_promise)

    def heading_of(self, mark: Mark) -> str:
        """The heading under which a mark stands, without its number: the last （一） or 一、 before it."""
        for line in reversed(self.body[: mark.start].split("\n")):
            for _level, pattern in LEVELS[:2]:
                if found := pattern.match(line):
                    return line[found.end() :].split("。")[0]
        return ""


def compose(reply: Reply, draft: Draft, *, on: date) -> Composed:
    """The letter that this draft makes with the figures as they stand on ``on``.

    Raises :class:`Refusal` for a figure that nobody knows or a mark that is not closed, with its place.
    """
    take_out(draft.text)  # names line and column of a bad mark as the writer sees them
    resolved = resolve(draft.text, on=on)
    plain = take_out(resolved.text)
    tidied = tidy(plain.text)
    marks = tuple(sorted(Mark(*tidied.span(mark.start, mark.end), mark.id) for mark in plain.marks))
    figures = tuple(moved(span, tidied.start(plain.place(span.start))) for span in resolved.spans)
    return Composed(letter_head(reply), tidied.text, marks, Resolved(tidied.text, figures))


@dataclass(frozen=True)
class Tidied:
    """A text with one line a paragraph; ``kept`` are the stretches of the untidied text that it is made of."""

    text: str
    kept: tuple[tuple[int, int], ...]

    def start(self, offset: int) -> int:
        """Where the first word at or after an offset of the untidied text now stands."""
        gone = 0
        for start, end in self.kept:
            if offset < end:
                return gone + max(offset - start, 0)
            gone += end - start + 1
        return len(self.text)

    def end(self, offset: int) -> int:
        """Behind the last word before an offset of the untidied text."""
        place = gone = 0
        for start, end in self.kept:
            if start < offset:
                place = gone + min(offset, end) - start
            gone += end - start + 1
        return place

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.start(start), self.end(end)


def tidy(text: str) -> Tidied:
    """One line a paragraph: no empty lines, no indents typed by hand, whatever line ends the browser sent."""
    kept, place = [], 0
    for line in text.splitlines(keepends=True):
        if words := line.strip():
            start = place + len(line) - len(line.lstrip())
            kept.append((start, start + len(words)))
        place += len(line)
    return Tidied("\n".join(text[start:end] for start, end in kept), tuple(kept))


def promise_spans(composed: Composed, proposal: str) -> list[Span]:
    """The marked promises as the ledger of promises takes them; raises :class:`Refusal` for empty or nested marks.

    Only the promises of the mapped letter know their line of work; another proposal's C01 is another promise.
    """
    mapped = proposal == mapped_number()
    spans = [
        Span(mark.id, mark.start, mark.end, composed.heading_of(mark), line_of(mark.id) if mapped else "")
        for mark in composed.promises
    ]
    check_spans(composed.body, spans)
    return spans


def moved(span: BoundSpan, start: int) -> BoundSpan:
    return replace(span, start=start, end=start + len(span.printed))


def letter_head(reply: Reply) -> dict[str, Any]:
    proposal = reply.proposal
    issuer = reply.organisation.name
    return {
        "issuer": issuer,
        "title": f"{issuer}关于{proposal.meeting}第{proposal.number}号{proposal.kind}的复函",
        "addressee": addressee(
            proposal.lead_deputy, proposal.co_signers, rules().authors[proposal.kind].person
        ),
        "signatory": issuer,
        "openness": reply.openness,
        "openness_reason": reply.openness_reason,
        "result_class": reply.result_class,
        "copies": list(reply.copies),
        "contact": reply.contact,
    }


def addressee(lead: str, co_signers: str, person: str) -> str:
    """``person`` is what the authors are called: 代表 of the congress, 委员 of the consultative conference."""
    return f"尊敬的{lead}等{person}：" if co_signers else f"尊敬的{lead}{person}："


def paragraphs(body: str) -> tuple[Paragraph, ...]:
    return tuple(paragraph(line) for line in body.split("\n") if line.strip())


def paragraph(line: str) -> Paragraph:
    """One line as a paragraph; a （一） heading that ends in 。 runs into its text."""
    for level, pattern in LEVELS:
        if pattern.match(line):
            if level == 2 and "。" in line[:-1]:
                cut = line.index("。") + 1
                return Paragraph(level, (Run(line[:cut]),), (Run(line[cut:]),))
            return Paragraph(level, (Run(line),))
    return Paragraph(0, (Run(line),))


def as_letter(head: Mapping[str, Any], body: str, *, number: str = "", on: date | None = None) -> Letter:
    """The letter as the typesetter wants it; without ``on`` it is a draft and says so."""
    return Letter(
        issuer=head["issuer"],
        title=head["title"],
        addressee=head["addressee"],
        paragraphs=paragraphs(body),
        signatory=head["signatory"],
        date=on,
        number=number or None,
        openness=head["openness"],
        copies=tuple(head["copies"]),
        contact=head["contact"] or None,
        draft=on is None,
    )


def draft_letter(composed: Composed) -> Letter:
    return as_letter(composed.head, composed.body)


def signed_letter(letter: SignedLetter) -> Letter:
    """The signed letter exactly as signed, with the number that this letter has been given since."""
    return as_letter(letter.head, letter.body, number=letter.document_number, on=letter.signed_on)
