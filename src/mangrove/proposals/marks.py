"""The marks of a draft: ``[[C01|…]]`` around the words that carry a fact or make a promise. Pure.

Marks are for the office, not for the reader: they are taken out of the letter, and kept as spans of its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal

OPENING = re.compile(r"\[\[(?P<id>[A-Z]+[0-9]+)\|")
TOKEN = re.compile(rf"{OPENING.pattern}|\]\]|\[\[")
PROMISE = re.compile(r"C[0-9]+")


@dataclass(frozen=True, order=True)
class Mark:
    """Characters ``start`` to ``end`` (exclusive) of the text carry ``id``."""

    start: int
    end: int
    id: str

    @property
    def is_promise(self) -> bool:
        return bool(PROMISE.fullmatch(self.id))


@dataclass(frozen=True)
class Unmarked:
    """A text without its marks. ``place(offset)`` tells where an offset of the marked text went."""

    text: str
    marks: tuple[Mark, ...]
    cuts: tuple[tuple[int, int], ...]

    def place(self, offset: int) -> int:
        """Where a character of the marked text now stands; raises ``ValueError`` inside a mark itself."""
        gone = 0
        for start, end in self.cuts:
            if end <= offset:
                gone += end - start
            elif start < offset:
                raise ValueError(f"offset {offset} lies inside a mark")
        return offset - gone


def take_out(marked: str) -> Unmarked:
    """Remove the marks. Raises :class:`Refusal` with line and column for one that is not closed, not opened or empty."""
    parts: list[str] = []
    marks: list[Mark] = []
    cuts: list[tuple[int, int]] = []
    open_marks: list[tuple[str, int, int]] = []
    length = last = 0
    for token in TOKEN.finditer(marked):
        parts.append(marked[last : token.start()])
        length += token.start() - last
        last = token.end()
        cuts.append(token.span())
        if token["id"]:
            open_marks.append((token["id"], length, token.start()))
        elif token[0] == "]]" and open_marks:
            name, start, at = open_marks.pop()
            if not "".join(parts)[start:].strip():
                raise bad_mark(marked, at, _("标记 %(name)s 里没有文字") % {"name": name})
            marks.append(Mark(start, length, name))
        else:
            raise bad_mark(marked, token.start(), _("“%(token)s”没有对应的标记") % {"token": token[0]})
    if open_marks:
        name, _place, at = open_marks[-1]
        raise bad_mark(marked, at, _("标记 %(name)s 没有以“]]”结束") % {"name": name})
    parts.append(marked[last:])
    refuse_repeated_promises(marks)
    return Unmarked("".join(parts), tuple(sorted(marks)), tuple(cuts))


def refuse_repeated_promises(marks: list[Mark]) -> None:
    seen: set[str] = set()
    for mark in marks:
        if mark.is_promise and mark.id in seen:
            raise Refusal(
                _("承诺 %(id)s 标记了两次。") % {"id": mark.id},
                code="proposals.promise_marked_twice", where=_("答复正文"), remedy=_("一项承诺只标一处，请改用另一个编号。"),
            )  # fmt: skip
        seen.add(mark.id)


def bad_mark(text: str, offset: int, what: str) -> Refusal:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return Refusal(
        _("%(what)s。") % {"what": what}, code="proposals.bad_mark", where=_("答复正文第 %(line)s 行第 %(column)s 字") % {"line": line, "column": column},
        remedy=_("标记写作 [[C01|承诺的文字]]，须成对，里面须有文字。"),
    )  # fmt: skip
