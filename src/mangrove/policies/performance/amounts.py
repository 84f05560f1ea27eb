"""Amounts of indicators: read from what people write, and put into words again."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from mangrove.figures.labels import decimal, grouped_parts
from mangrove.ledger.refusals import Refusal
from mangrove.policies.performance.decisions import percent, share
from mangrove.policies.performance.models import Indicator
from mangrove.policies.performance.rules import Counted
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary.errors import UnknownWord
from mangrove.vocabulary.quantity import parse_quantity
from mangrove.vocabulary.units import convert

#: What the database keeps of an amount.
LARGEST = 2**63 - 1


def promised_in(text: str, counted: Counted) -> int | None:
    """What the firm's words come to; ``None`` where they are no plain number with a unit, so that a person has to say."""
    try:
        said = parse_quantity(text)
        if said.qualifier:
            return None
        return whole(said.to(counted.unit), counted.scale)
    except (UnknownWord, ValueError):
        return None


def entered(amount: str, unit: str, counted: Counted) -> int | None:
    """What a row of the form comes to; the form has refused what is finer or larger than can be kept."""
    return whole(exchanged(Fraction(amount), unit, counted.unit), counted.scale)


def exchanged(amount: Fraction, source: str, target: str) -> Fraction:
    """A unit that is a free word is told in itself alone."""
    return amount if source == target else convert(amount, source, target)


def whole(amount: Fraction, scale: int) -> int | None:
    """As an integer at that scale; ``None`` where it is finer, or too large to keep."""
    found = amount * 10**scale
    return found.numerator if found.denominator == 1 and abs(found) <= LARGEST else None


def stored(one: Indicator, said: Decimal) -> int:
    """What was typed in the unit that pages show, as it is kept. Raises :class:`Refusal`."""
    found = whole(exchanged(Fraction(said), one.shown, one.unit), one.scale)
    if found is None:
        raise Refusal(
            _("“%(said)s%(unit)s”比这项指标记得更细，或大得记不下。") % {"said": said, "unit": one.shown},
            code="policies.bad_amount", where=one.name, rule=_("记到%(unit)s的小数点后 %(n)s 位") % {"unit": one.unit, "n": one.scale},
            remedy=_("请核对数字和单位。"),
        )  # fmt: skip
    return found


def in_shown(one: Indicator, amount: int | None) -> Decimal | None:
    """In the unit that pages show."""
    if amount is None:
        return None
    return decimal(exchanged(Fraction(amount, 10**one.scale), one.unit, one.shown))


def words(one: Indicator, amount: int | None) -> str | None:
    """With its unit, in the reader's language."""
    found = in_shown(one, amount)
    return None if found is None else "".join(grouped_parts(f"{found:f}{one.shown}"))


def name(one: Indicator) -> str:
    return one.name if in_chinese() or not one.name_en else one.name_en


def share_of(one: Indicator) -> Decimal | None:
    """Measured by promised, in per cent."""
    return percent(share(one.promised, one.measured))
