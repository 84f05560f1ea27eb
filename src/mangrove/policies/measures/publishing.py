"""A rulebook text enters the library: read and checked first, then kept for ever, with its event."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.library import latest, measure_of
from mangrove.policies.measures.models import RuleKind, RuleText
from mangrove.rulebook.allotting.allotment import steps_of, words_of
from mangrove.rulebook.allotting.portfolio import Portfolio
from mangrove.rulebook.allotting.portfolio import load_text as load_portfolio
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Problem, Problems
from mangrove.rulebook.texts.reader import load_text
from mangrove.rulebook.texts.reading import read_text
from mangrove.rulebook.texts.shelves import kind_of
from mangrove.ui.languages import in_chinese

#: 深府规〔2022〕1号, where a name ends with it in brackets.
DOCUMENT_NUMBER = re.compile(r"（([^（）〔〕]+〔\d{4}〕\d+号)")


@dataclass(frozen=True)
class Read:
    """What a text says of itself."""

    kind: str
    rule: str
    name: str
    status: str
    in_force: date | None
    until: date | None


def folders() -> list[Path]:
    shelf = Path(settings.MANGROVE_RULEBOOKS)
    return [shelf / "measures", shelf / "audit", shelf / "portfolios"]


def shelf_texts() -> list[str]:
    """Every measure and portfolio of the shelf, measures first, since portfolios name them."""
    paths = [path for folder in folders() for path in sorted(folder.rglob("*.yaml"))]
    texts = [path.read_text(encoding="utf-8") for path in paths if not path.name.endswith(".tests.yaml")]
    return sorted(
        (text for text in texts if kind_of(text)), key=lambda text: kind_of(text) != RuleKind.MEASURE
    )


def read(text: str) -> Read:
    """Raises :class:`Refusal` with every problem of the text, by line."""
    try:
        if kind_of(text) == RuleKind.PORTFOLIO:
            return of_portfolio(portfolio(text))
        return of_measure(load_text(text, vocabulary.vocabulary()))
    except Problems as problems:
        raise refused(problems) from problems


def of_measure(one: Measure) -> Read:
    version = one.version
    return Read(RuleKind.MEASURE, one.id, one.name, version.status, version.in_force, version.until)


def of_portfolio(one: Portfolio) -> Read:
    return Read(RuleKind.PORTFOLIO, one.id, one.name, one.status, None, None)


def portfolio(text: str, known_on: date | None = None) -> Portfolio:
    """Read against the measures of the library. Raises :class:`Problems`."""
    found = [measure_of(one) for one in latest(RuleKind.MEASURE, known_on)]
    named = measures_named(text)
    words = words_of([one for one in found if one.id in named], vocabulary.vocabulary())
    return load_portfolio(text, words, steps_of(found))


def measures_named(text: str) -> set[str]:
    """The measures that a portfolio lists. Raises :class:`Problems`."""
    try:
        return {words.text for words in read_text(text).items("measures").all_words()}
    except Problem as problem:
        raise Problems([problem]) from problem


def refused(problems: Problems) -> Refusal:
    lines = [
        f"{one.place.line}:{one.place.column} {one.zh if in_chinese() else one.en}"
        for one in problems.problems
    ]
    return Refusal(
        _("规则读不通：%(first)s") % {"first": lines[0]}, code="policies.bad_rule", where="\n".join(lines),
        remedy=_("请按所列的行、列改正后再来。"),
    )  # fmt: skip


@transaction.atomic
def publish(
    *, text: str, by: Actor, on: date, why: str = "", document_number: str = "", guide: str = "", guide_en: str = "",
) -> RuleText:  # fmt: skip
    """Keep a text as the next version of its rule. The same text again is refused. Raises :class:`Refusal`."""
    said = read(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    before = RuleText.objects.filter(kind=said.kind, rule=said.rule).order_by("-number").first()
    made = created(
        before.number if before else 0, kind=said.kind, rule=said.rule, name=said.name, text=text, sha256=digest,
        status=said.status, in_force=said.in_force, until=said.until, document_number=document_number, guide=guide,
        guide_en=guide_en, published_on=on, published_by=by.username,
    )  # fmt: skip
    payload = {
        "rule": said.rule, "number": made.number, "sha256": digest, "document_number": document_number,
        "guide_sha256": guides_digest(guide, guide_en),
    }  # fmt: skip
    record(f"policies.{said.kind}.publish", subject=made.ref, by=by, on=on, why=why, payload=payload)
    return made


def guides_digest(guide: str, guide_en: str) -> str:
    """Of the guide in both languages; empty where there is none."""
    return hashlib.sha256(f"{guide}\0{guide_en}".encode()).hexdigest() if guide or guide_en else ""


def created(last: int, **fields: object) -> RuleText:
    """Two who publish at once: the database keeps the numbers apart, and one text once."""
    try:
        with transaction.atomic():
            return RuleText.objects.create(number=last + 1, **fields)
    except IntegrityError as error:
        raise Refusal(
            _("这份文字已经公布过，或刚有人公布了另一版。"), code="policies.published_already", where=str(fields["name"]),
            remedy=_("请刷新页面，看最新的一版。"),
        ) from error  # fmt: skip


def publish_shelf(*, by: Actor, on: date, why: str) -> list[RuleText]:
    """What of the shelf the library does not have yet."""
    kept = set(RuleText.objects.values_list("sha256", flat=True))
    new = [text for text in shelf_texts() if hashlib.sha256(text.encode()).hexdigest() not in kept]
    return [
        publish(text=text, by=by, on=on, why=why, document_number=number_in(read(text).name)) for text in new
    ]


def number_in(name: str) -> str:
    """The number that a measure of the shelf carries behind its name; none where its name has none."""
    found = DOCUMENT_NUMBER.search(name)
    return found[1] if found else ""
