"""Figures in the words of a page: names in the reader's language, status as a word, a value as a component."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mangrove.figures.decisions import relation
from mangrove.figures.lineage import FINEST
from mangrove.figures.models import Concept, Definition, Kind, Source, Status, Value
from mangrove.figures.periods import Period
from mangrove.figures.values import NO_DIMENSIONS, printed
from mangrove.ui.components import Figure, Link, Tag
from mangrove.ui.languages import beside, in_chinese
from mangrove.vocabulary.errors import nearest
from mangrove.vocabulary.quantity import NUMBER
from mangrove.vocabulary.units import Unit, convert, known_units, unit

#: From this many digits on, a page separates thousands; letters never do.
GROUPED_FROM = 4
#: The dimension whose numbers are never grouped: 2019, not 2,019.
YEARS = "年份"
#: How English says large sums: from which amount on, in which word.
MONEY = ((10**12, "trillion yuan"), (10**9, "billion yuan"), (10**6, "million yuan"))
FIGURE = re.compile(r"[\u4e00-\u9fff]{0,2}[\d,.]+[\u4e00-\u9fff%‰]*")


def name(thing: Definition | Concept) -> str:
    """Chinese, or English where the reader reads English and the city has given it."""
    return thing.en if not in_chinese() and thing.en else thing.zh


def rule(definition: Definition) -> str:
    """The counting rule in the reader's language, where the city has given it."""
    return definition.rule_en if not in_chinese() and definition.rule_en else definition.rule_zh


def status_tag(status: str) -> Tag:
    """已核 or 待核, never by colour alone."""
    return Tag(Status(status).label, "good" if status == Status.VERIFIED else "warn")


def source_words(source: Source) -> str:
    """The title and whether somebody held it in hand."""
    return beside(source.title, source.get_status_display())


def definition_link(definition: Definition) -> Link:
    return Link(name(definition), reverse("figures:definition", args=[definition.pk]))


def lineage_href(value: Value) -> str:
    return reverse("figures:lineage", args=[value.pk])


def as_figure(value: Value, text: str = "", *, large: bool = False, linked: bool = True) -> Figure:
    """The value as letters print it (or as ``text`` has it), with its qualifier and unit apart; opens its lineage."""
    qualifier, number, measure = spoken(text or printed(value))
    shown = number if unit(value.definition.unit).dimension == YEARS else with_commas(number)
    return Figure(shown, measure, qualifier, lineage_href(value) if linked else "", large, drawer=True)


def parts(text: str) -> tuple[str, str, str]:
    """``超4.8万个`` → what stands before the digits, the digits, what stands behind."""
    found = NUMBER.search(text)
    if found is None:
        return "", text, ""
    return text[: found.start()], found.group(), text[found.end() :]


def spoken(text: str) -> tuple[str, str, str]:
    """The same in the reader's language: 超4.8万个 is over 48000, 5349.18亿元 is 534.918 billion yuan."""
    before, number, measure = parts(text)
    known = known_units().by_name
    behind = next((word for word in known_units().qualifiers if measure.endswith(word)), "")
    name = measure.removesuffix(behind)
    if in_chinese() or name not in known:
        return before, number, measure
    if known[name].dimension == YEARS:
        return qualifier_word(before), number, ""
    said = qualifier_word(before or behind)
    amount, word = in_english_units(Fraction(number.replace(",", "")), known[name])
    return f"{said} " if said else "", amount, f" {word}" if word and word != "%" else word


def in_english_units(amount: Fraction, measure: Unit) -> tuple[str, str]:
    """Counts in full, yuan in millions and billions, anything else in its own unit."""
    if measure.dimension == "计数":
        return plain_digits(amount * measure.factor), ""
    if measure.dimension == "金额":
        yuan = amount * measure.factor / known_units().by_name["元"].factor
        scale, word = next((one for one in MONEY if abs(yuan) >= one[0]), (1, "yuan"))
        return plain_digits(yuan / scale), word
    return plain_digits(amount), measure.en


def plain_digits(amount: Fraction) -> str:
    return f"{decimal(amount):f}"


def figure_text(text: str) -> str:
    """Every figure within a line of arithmetic, in the reader's language."""
    if in_chinese():
        return text
    return FIGURE.sub(lambda found: "".join(grouped_parts(found.group())), text)


def grouped_parts(text: str) -> tuple[str, str, str]:
    before, number, measure = spoken(text)
    plain = any(text.endswith(one) for one in known_units().by_name if unit(one).dimension == YEARS)
    return before, number if plain else with_commas(number), measure


def printed_text(value: Value) -> str:
    """What letters print, in the reader's language, as one text."""
    return figure_text(printed(value))


def qualifier_word(word: str) -> str:
    """超 or over."""
    known = known_units().qualifiers
    return known[word].en if not in_chinese() and word in known else word


def unit_word(word: str) -> str:
    """万个 or ten thousand; a plain count has no word of its own in English."""
    known = known_units().by_name
    return (known[word].en or _("个")) if not in_chinese() and word in known else word


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the nearest one that there is, or a full stop."""
    near = nearest(word, known)
    return _("，是否想写“%(word)s”？") % {"word": near} if near else _("。")


def period_text(period: Period, months: str = "F") -> str:
    """2020年8月 or August 2020; ``months`` of ``M`` shortens the name of the month, for the axis of a chart."""
    if in_chinese():
        return str(period)
    if period == Period.of(period.start.year):
        return str(period.start.year)
    if period == Period.of(period.start.year, period.start.month):
        return date_format(period.start, f"{months} Y")
    same = period.start == period.end
    return period.start.isoformat() if same else f"{period.start} to {period.end}"


def with_commas(number: str) -> str:
    whole, point, rest = number.partition(".")
    digits = whole.lstrip("+-")
    return f"{int(whole):,}{point}{rest}" if len(digits) >= GROUPED_FROM else number


def record_unit(definition: Definition) -> str:
    """Counts in their own unit, money in the unit in which it is printed."""
    counted = unit(definition.unit).dimension == "计数"
    return definition.unit if counted or definition.kind == Kind.RATIO else definition.display_unit


def record_amount(amount: int, definition: Definition) -> Decimal:
    """An integer at the definition's scale, in :func:`record_unit`."""
    inside = Fraction(amount, 10**definition.scale)
    return decimal(convert(inside, definition.unit, record_unit(definition)))


def decimal(worth: Fraction) -> Decimal:
    """``worth`` to at most fourteen places (a fen in 万亿元), without the noughts behind."""
    with localcontext(prec=40):
        cut = (Decimal(worth.numerator) / Decimal(worth.denominator)).quantize(Decimal(1).scaleb(-FINEST))
    return Decimal(f"{cut.normalize():f}")


def period_words(value: Value) -> str:
    """When it counts, and of which cut where it is not of the whole."""
    period = period_text(value.period)
    return period if value.dimensions == NO_DIMENSIONS else f"{period} {value.dimensions}"


def rounding_words(definition: Definition) -> str:
    """How many places are printed, and to which side the rest falls."""
    kinds = {
        "above": _("向下取到所印位数，余数不为零才写“%(word)s”"),
        "below": _("向上取到所印位数，不足才写“%(word)s”"),
        "about": _("四舍五入，写“%(word)s”"),
        "exact": _("四舍五入，五入离零"),
    }
    said = kinds[relation(definition.qualifier)] % {"word": qualifier_word(definition.qualifier)}
    return _("印作%(unit)s、小数%(places)s位；%(said)s") % {
        "unit": unit_word(definition.display_unit), "places": definition.decimals, "said": said,
    }  # fmt: skip


def scale_words(definition: Definition) -> str:
    return _("记到%(unit)s的小数点后%(places)s位") % {
        "unit": unit_word(definition.unit),
        "places": definition.scale,
    }
