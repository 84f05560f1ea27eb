"""A text cut at the edges of everything that is said about it, so that a page can mark each stretch. Pure.

Stretches overlap (a promise may hold a figure); each piece carries all of them and shows the most telling one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: The most telling first: what is wrong outranks what agrees, a number outranks the sentence that it stands in.
RANK = ("differs", "claim", "agrees", "promise", "fact")


@dataclass(frozen=True)
class Overlay:
    """Something said about characters ``start`` to ``end``; ``href`` opens it, ``label`` says it in words."""

    start: int
    end: int
    kind: str
    id: str
    href: str = ""
    label: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of text under the same overlays. ``opens`` are the ids that begin here (their anchors)."""

    text: str
    shown: Overlay | None
    opens: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One paragraph; ``level`` as in the letter."""

    level: int
    pieces: tuple[Piece, ...]


def marked_lines(
    body: str, overlays: Iterable[Overlay], levels: Sequence[int], rank: Sequence[str] = RANK
) -> list[Line]:
    """The paragraphs of ``body`` in pieces; ``levels`` gives each paragraph's level in order.

    ``rank`` names the kinds of overlay, the most telling first: where several lie on the same words, that one is shown.
    """
    said = sorted(overlays, key=lambda overlay: (overlay.start, overlay.end, overlay.id))
    lines, start = [], 0
    for text, level in zip(body.split("\n"), levels, strict=True):
        end = start + len(text)
        here = [overlay for overlay in said if overlay.start < end and overlay.end > start]
        lines.append(Line(level, tuple(pieces(body, start, end, here, rank))))
        start = end + 1
    return lines


def pieces(
    body: str, start: int, end: int, said: Sequence[Overlay], rank: Sequence[str] = RANK
) -> Iterable[Piece]:
    edges = {start, end}
    for overlay in said:
        edges |= {max(start, overlay.start), min(end, overlay.end)}
    cuts = sorted(edges)
    for left, right in zip(cuts, cuts[1:], strict=False):
        over = [overlay for overlay in said if overlay.start <= left and overlay.end >= right]
        opens = tuple(overlay.id for overlay in over if max(start, overlay.start) == left)
        shown = min(
            over, key=lambda overlay: (rank.index(overlay.kind), overlay.end - overlay.start), default=None
        )
        yield Piece(body[left:right], shown, opens)
