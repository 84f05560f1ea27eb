"""The published texts, compiled. Whoever asks for a day gets the version that held, and was known, on that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.policies.measures.models import RuleKind, RuleText
from mangrove.policies.measures.succession import with_successor
from mangrove.rulebook.documenting.source import Source, source_of_text
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.texts.families import DRAFT
from mangrove.rulebook.texts.reader import load_text


@lru_cache(maxsize=400)
def compiled(sha256: str, text: str) -> Measure:
    """The measure of a published text; the same text is read once a process."""
    return load_text(text, vocabulary.vocabulary(), sha256[:8])


@lru_cache(maxsize=100)
def source_read(sha256: str, text: str) -> Source:
    return source_of_text(text, vocabulary.vocabulary(), sha256[:8])


def source_of(one: RuleText) -> Source:
    """The published text with its notes and formulas as written, for a page."""
    return source_read(one.sha256, one.text)


def measure_of(one: RuleText) -> Measure:
    return compiled(one.sha256, one.text)


def measures(known_on: date | None = None) -> list[RuleText]:
    """Of each measure the last published version, drafts too; by name. ``known_on``: as the library was at the end of that day."""
    return latest(RuleKind.MEASURE, known_on)


def latest(kind: str, known_on: date | None = None) -> list[RuleText]:
    rows = with_successor(RuleText.objects.filter(kind=kind)).order_by("rule", "-number")
    if known_on is not None:
        rows = rows.filter(published_on__lte=known_on)
    found: dict[str, RuleText] = {}
    for one in rows:
        found.setdefault(one.rule, one)
    return sorted(found.values(), key=lambda one: (one.name, one.rule))


def versions(rule: str) -> list[RuleText]:
    """Every version of a measure, the last first."""
    return list(every_version().filter(rule=rule).order_by("-number"))


def every_version() -> QuerySet[RuleText]:
    """Of every measure, each with what took its place."""
    return with_successor(RuleText.objects.filter(kind=RuleKind.MEASURE))


def version(rule: str, number: int) -> RuleText:
    """Raises ``Http404``."""
    found = RuleText.objects.filter(kind=RuleKind.MEASURE, rule=rule, number=number).first()
    if found is None:
        raise Http404(_("没有这一版措施。"))
    return found


def in_force(day: date, known_on: date | None = None) -> list[RuleText]:
    """Of each measure the version that holds on the day, of several the last published; drafts never hold."""
    return list(holding(day, known_on))


def holding(day: date, known_on: date | None, rule: str = "") -> Iterator[RuleText]:
    """Of each measure the newest version that has begun, unless it has ended: the one that it replaced does not come back."""
    rows = every_version().exclude(status=DRAFT).order_by("rule", "-number")
    if known_on is not None:
        rows = rows.filter(published_on__lte=known_on)
    if rule:
        rows = rows.filter(rule=rule)
    seen: set[str] = set()
    for one in rows:
        if one.rule not in seen and begun(one, day):
            seen.add(one.rule)
            if one.until is None or day < one.until:
                yield one


def begun(one: RuleText, day: date) -> bool:
    """So has a measure whose first day no source says, and one that asks a date of each case."""
    return one.in_force is None or one.in_force <= day or bool(measure_of(one).version.decided_by)


def version_on(rule: str, day: date, known_on: date | None = None) -> RuleText | None:
    return next(holding(day, known_on, rule), None)
