"""What pages show: what is alike to a thing, for the page of its room; and a pair side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.ledger.refs import Ref
from mangrove.likeness.access import readable_pairs
from mangrove.likeness.corpora import Corpus, corpus
from mangrove.likeness.models import Pair, Verdict
from mangrove.likeness.rules import rule
from mangrove.similarity import common_passages
from mangrove.ui.components import Fact, Link, Tag, Tone
from mangrove.ui.house import names
from mangrove.ui.passages import Line, Overlay, marked_lines

TONES: dict[str, Tone] = {Verdict.OPEN: "warn", Verdict.SAME: "bad"}
ALIKE = "alike"


@dataclass(frozen=True)
class Alike:
    """Another thing whose text is alike, in a row of the page of the first."""

    other: Any
    id: str
    href: str
    share: str
    tag: Tag
    again: bool


def verdict_tag(pair: Pair) -> Tag:
    return Tag(pair.get_verdict_display(), TONES.get(pair.verdict, "calm"))


def share_words(pair: Pair) -> str:
    """``34.1%``: what they have in common, of the shorter one."""
    tenths = (pair.share + 5) // 10
    return f"{tenths // 10}.{tenths % 10}%"


def alike(user: Any, ref: Ref) -> list[Alike]:
    """What is alike to a thing, of what this person may read, in as many queries for three as for one."""
    one = corpus(f"{ref.room}.{ref.kind}")
    pairs = list(readable_pairs(user).filter(Q(first=ref.id) | Q(second=ref.id), corpus=one.id))
    if not pairs:
        return []
    others = [pair.other(ref.id) for pair in pairs]
    called, owners = names(user, map(one.ref, others)), one.owners([ref.id, *others])
    return [
        Alike(
            Link(found.words, found.href) if (found := called.get(one.ref(id))) else id, id,
            reverse("likeness:pair", args=[pair.pk]), share_words(pair), verdict_tag(pair), same(owners, ref.id, id),
        )
        for pair, id in zip(pairs, others, strict=True)
    ]  # fmt: skip


def same(owners: Any, first: str, second: str) -> bool:
    return bool(owners.get(first)) and owners.get(first) == owners.get(second)


@dataclass(frozen=True)
class Side:
    """One text of a pair: what it is, who and when, and its lines with what it shares marked."""

    mark: str
    title: Any
    facts: list[Fact]
    lines: list[Line]


def sides(user: Any, pair: Pair) -> tuple[Side, Side]:
    """Both texts, each passage leading to the same words in the other."""
    one = corpus(pair.corpus)
    ids, how = [pair.first, pair.second], rule(pair.corpus)
    texts, called, facts = one.texts(ids), names(user, map(one.ref, ids)), one.facts(ids)
    first, second = (texts.get(id, "") for id in ids)
    passages = common_passages(first, second, gap=how.gap, least=how.least)
    mine = [(each.first_start, each.first_end) for each in passages]
    yours = [(each.second_start, each.second_end) for each in passages]
    return (
        side("a", "b", title(one, pair.first, called), facts.get(pair.first, []), first, mine),
        side("b", "a", title(one, pair.second, called), facts.get(pair.second, []), second, yours),
    )


def title(one: Corpus, id: str, called: Any) -> Any:
    found = called.get(one.ref(id))
    return Link(found.words, found.href) if found else id


def side(
    mark: str, other: str, title: Any, facts: list[Fact], text: str, spans: Sequence[tuple[int, int]]
) -> Side:
    overlays = [
        Overlay(*span, ALIKE, f"{mark}{n}" if part == 0 else f"{mark}{n}-{part}", f"#{other}{n}", _("第 %(n)s 段相同") % {"n": n})
        for n, whole in enumerate(spans, 1)
        for part, span in enumerate(within_lines(text, *whole))
    ]  # fmt: skip
    lines = marked_lines(text, overlays, [0] * (text.count("\n") + 1), (ALIKE,))
    return Side(mark, title, facts, lines)


def within_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A passage that runs over the end of a line, cut there."""
    for line in text[start:end].split("\n"):
        if line:
            yield start, start + len(line)
        start += len(line) + 1
