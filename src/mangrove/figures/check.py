"""The figure check: every number of a text against the figures, and every claim that has no number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from mangrove.documents.reading.claims import Claim, find_claims
from mangrove.documents.reading.quantities import Quantity, find_quantities
from mangrove.figures.assertions import Backing, backing, registered
from mangrove.figures.decisions import Judgement, Verdict, agree
from mangrove.figures.lineage import arithmetic
from mangrove.figures.matching import Context, Match, contexts, match
from mangrove.figures.models import Definition, Kind, Value
from mangrove.figures.values import Book, compatible, exact, printed, read_book
from mangrove.vocabulary.units import convert


@dataclass(frozen=True)
class Checked:
    """One number of the text and what the figures say of it.

    ``value`` is the row it was compared with (``None`` with 无此指标); ``expected`` is how the figure would print there;
    ``arithmetic`` shows the division of a ratio; ``beside`` are other sources that say something else for that date.
    """

    quantity: Quantity
    verdict: Verdict
    why: str
    expected: str = ""
    definition_id: str = ""
    definition: str = ""
    value: Value | None = None
    arithmetic: str = ""
    beside: tuple[str, ...] = ()

    @property
    def value_id(self) -> int | None:
        return self.value.pk if self.value else None


@dataclass(frozen=True)
class Unnumbered:
    """A claim without a number (无数字表述), and the source registered for it, if any."""

    claim: Claim
    backing: Backing

    verdict = "无数字表述"


@dataclass(frozen=True)
class FigureCheck:
    """The check of one text, as of a day and as known at a time; everything in the order of the text."""

    on: date
    known_at: datetime | None
    findings: tuple[Checked, ...]
    agreements: tuple[Checked, ...]
    claims: tuple[Unnumbered, ...]

    @property
    def clean(self) -> bool:
        return not self.findings


def check_text(text: str, *, on: date, known_at: datetime | None = None) -> FigureCheck:
    """Check ``text`` (placeholders already resolved) against the figures of ``on``, as known at ``known_at``."""
    book = read_book(on=on, known_at=known_at)
    checked = [check_one(context, book) for context in contexts(text, find_quantities(text))]
    known = registered()
    return FigureCheck(
        on,
        known_at,
        tuple(one for one in checked if not one.verdict.good),
        tuple(one for one in checked if one.verdict.good),
        tuple(Unnumbered(claim, backing(claim.text, known)) for claim in find_claims(text)),
    )


def check_one(context: Context, book: Book) -> Checked:
    found = match(context, book)
    if found is None:
        return Checked(
            context.quantity, Verdict.NO_FIGURE, "没有哪个指标的名称和单位与此数相符，请补立指标或删去此数。"
        )
    if found.value is None:
        return Checked(
            context.quantity, Verdict.NO_FIGURE, found.why,
            definition_id=found.definition.pk, definition=found.definition.zh,
        )  # fmt: skip
    whole = counts_whole(found.definition, context.quantity.printed_unit)
    judged = agree(context.quantity, exact(found.value), whole=whole)
    return compared(context.quantity, found, found.value, judged, book)


def counts_whole(definition: Definition, printed_unit: str) -> bool:
    """Whether the figure, in the unit that the text prints, can only be a whole number: so many 座, never 5.0."""
    if definition.kind == Kind.RATIO or definition.scale:
        return False
    return convert(Fraction(1), definition.unit, printed_unit or definition.unit).denominator == 1


def compared(quantity: Quantity, found: Match, value: Value, judged: Judgement, book: Book) -> Checked:
    others = [other for other in book.beside(value) if not compatible(exact(value), exact(other))]
    return Checked(
        quantity, judged.verdict, judged.why + found.why, judged.expected,
        found.definition.pk, found.definition.zh, value, arithmetic(value),
        tuple(f"{other.source.title}：{printed(other)}" for other in others),
    )  # fmt: skip
