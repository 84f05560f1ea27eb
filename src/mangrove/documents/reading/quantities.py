"""Quantities of a text: value, unit, how exactly printed, how qualified, and at what date they hold.

Years, ordinals, names, document and telephone numbers are not quantities. Where a number can be read in two ways the
likelier is given and ``doubt`` says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from decimal import Decimal

from mangrove.documents.reading import parts
from mangrove.documents.reading.columns import unit_places
from mangrove.documents.reading.dates import Calendar, find_dates
from mangrove.documents.reading.lexicon import (
    WrittenUnit,
    any_of,
    distant_qualifier,
    not_quantities,
    qualifier_bars,
    qualifiers,
    scales,
    units_by_sign,
    words,
)
from mangrove.documents.reading.numerals import (
    ARABIC,
    CHINESE,
    LONGEST,
    arabic_value,
    chinese_value,
    decimals_of,
    half_width,
    in_canonical_unit,
)
from mangrove.documents.reading.parts import RATIO, Part
from mangrove.documents.reading.passages import Span, clauses, trimmed

#: Letters kept on either side of a number: a clause that never ends says no more about it than its nearest words.
_LONGEST_CLAUSE = 150

LOWER, UPPER = "下限", "上限"

_GAP = re.compile(r"[ \u00a0\u2009]{0,2}")
_RANGE_SIGN = re.compile(r"[ ]?(?:—+|–|－|-|~|～|至|到)[ ]?")
_HEADER_UNIT = re.compile(r"[（(]([^（）()\n：；]{1,10})[）)]：\s*[-−－]?$")
_MINUS = re.compile(r"(?<![\dA-Za-z%）)年月日])[-−－]$")
_LETTERS = re.compile(r"[A-Za-z_#№]-?$")


@dataclass(frozen=True)
class Quantity:
    """One number of a text; ``text`` is what stands at ``start:end``, qualifier, number and unit together.

    ``value`` is in the canonical ``unit`` (48000 个); ``printed_value`` in the ``printed_unit`` (4.8 万个). The bounds
    of a range are two quantities, qualified 下限 and 上限; a fraction (三分之一) has the unit 比例.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    printed_unit: str
    printed_value: Decimal
    decimals: int
    qualifier: str
    as_of: str
    as_of_why: str
    clause: str
    sure: bool
    doubt: str


@dataclass(frozen=True)
class _Unit:
    """A unit as it stands in the text, with what stands between it and the number."""

    end: int
    unit: str
    printed: str
    factor: Decimal
    inside: str = ""
    chinese: bool = True


@dataclass(frozen=True)
class _Found:
    """A number with its unit, before its surroundings are read."""

    start: int
    number_end: int
    end: int
    value: Decimal
    decimals: int
    unit: _Unit
    qualifier: str = ""
    doubt: str = ""


def find_quantities(text: str) -> list[Quantity]:
    """Every quantity of the text in the order in which they stand."""
    return _Scanner(text).quantities()


class _Scanner:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = half_width(text)
        self.barred = self._barred()
        self.calendar = Calendar(text)
        self.columns = unit_places(text)
        self.clauses = [trimmed(text, span) for span in clauses(self.plain)]
        self.clause_starts = [span.start for span in self.clauses]

    def _barred(self) -> list[bool]:
        barred = [False] * len(self.text)
        spans = [(mention.start, mention.end) for mention in find_dates(self.text)]
        spans += [match.span() for pattern in not_quantities() for match in pattern.finditer(self.plain)]
        for start, end in spans:
            barred[start:end] = [True] * (end - start)
        return barred

    def quantities(self) -> list[Quantity]:
        found: list[_Found] = []
        place = 0
        while place < len(self.plain):
            group = self._at(place)
            found += group
            place = group[-1].end if group else self._after_number(place)
        return [self._placed(item) for item in found]

    def _after_number(self, place: int) -> int:
        """Past a number that was no quantity, so that no tail of it (八个 of 七八个) is read as another."""
        if self.barred[place]:
            return place + 1
        match = ARABIC.match(self.plain, place) or CHINESE.match(self.plain, place)
        return match.end() if match else place + 1

    def _at(self, place: int) -> list[_Found]:
        """The quantity that begins with a digit or numeral here: none, one, or the two bounds of a range."""
        if self.plain[place] not in "0123456789零〇一二两三四五六七八九十百千":
            return []
        ratio = self._ratio(place)
        if ratio:
            return [self._qualified(ratio)]
        if self.barred[place]:
            return []
        first = self._fraction(place) or self._number(place)
        if first is None:
            return []
        upper = self._upper_bound(first)
        if upper is not None:
            lower = self._qualified(replace(first, unit=_lower_unit(first, upper)))
            return [replace(lower, qualifier=LOWER), replace(upper, qualifier=UPPER)]
        return [self._qualified(first)] if self._states(first) else []

    def _ratio(self, place: int) -> _Found | None:
        return _found_part(parts.ratio(self.plain, place), place)

    def _fraction(self, place: int) -> _Found | None:
        return _found_part(parts.fraction(self.plain, place), place)

    def _number(self, place: int) -> _Found | None:
        """A number here with its unit; the unit is empty where there is none."""
        arabic = ARABIC.match(self.plain, place)
        if arabic:
            if _LETTERS.search(self.plain, max(0, place - 2), place) or len(arabic[0]) > LONGEST:
                return None
            unit = self._unit(arabic.end()) or self._header_unit(place, arabic.end()) or _bare(arabic.end())
            return _Found(
                place, arabic.end(), unit.end, arabic_value(arabic[0]), decimals_of(arabic[0]), unit
            )
        return self._chinese_number(place)

    def _chinese_number(self, place: int) -> _Found | None:
        """A Chinese numeral, only as long as a unit follows it that numerals are used with."""
        match = CHINESE.match(self.plain, place)
        if not match or self._before(place, 1) in tuple("第数几初星期周"):
            return None
        printed = match[0]
        stem = printed.rstrip("万亿") or printed
        value = chinese_value(stem)
        unit = self._unit(place + len(stem))
        if value is None or unit is None or not unit.chinese:
            return None
        return _Found(place, place + len(stem), unit.end, value, decimals_of(stem), unit)

    def _unit(self, place: int) -> _Unit | None:
        """The unit that follows a number: 余万平方米, 元/千瓦时, %; or a bare scale (4.8万)."""
        for inside_first in (True, False):
            inside, scale_at = self._inside(place) if inside_first else ("", place)
            direct = self._one_unit(scale_at)
            scaled = direct or self._scaled(scale_at)
            if scaled:
                return replace(scaled, inside=inside or scaled.inside)
        return None

    def _inside(self, place: int) -> tuple[str, int]:
        match = qualifiers("inside").match(self.plain, place)
        return (match[0], match.end()) if match else ("", place)

    def _scaled(self, place: int) -> _Unit | None:
        gap = _GAP.match(self.plain, place)
        at = gap.end() if gap else place
        for word, size in scales():
            if self.plain.startswith(word, at):
                inside, after = self._inside(at + len(word))
                unit = self._one_unit(after) or (self._one_unit(at + len(word)) if inside else None)
                if unit:
                    return replace(
                        unit, printed=word + unit.printed, factor=unit.factor * size, inside=inside
                    )
                return _Unit(at + len(word), "", word, size)
        return None

    def _one_unit(self, place: int) -> _Unit | None:
        gap = _GAP.match(self.plain, place)
        at = gap.end() if gap else place
        form = self._written(at)
        if form is None:
            return None
        end = at + len(form.written)
        unit = _Unit(end, form.unit, form.written, form.factor, chinese=form.chinese)
        return self._per(unit) or unit

    def _written(self, place: int) -> WrittenUnit | None:
        forms = units_by_sign().get(self.text[place : place + 1], ())
        return next((form for form in forms if form.pattern.match(self.text, place)), None)

    def _per(self, unit: _Unit) -> _Unit | None:
        """元/千瓦时: the unit below the line belongs to the unit."""
        if self.plain[unit.end : unit.end + 1] not in ("/", "／"):
            return None
        below = self._written(unit.end + 1)
        if below is None:
            return self._per_time(unit)
        end = unit.end + 1 + len(below.written)
        name, printed = f"{unit.unit}/{below.unit}", f"{unit.printed}/{below.written}"
        return _Unit(end, name, printed, unit.factor / below.factor, chinese=unit.chinese)

    def _per_time(self, unit: _Unit) -> _Unit | None:
        """立方米/日: words that are units below the line only."""
        below = self.plain[unit.end + 1 : unit.end + 2]
        name = words("units")["below_the_line"].get(below)
        if name is None:
            return None
        return replace(unit, end=unit.end + 2, unit=f"{unit.unit}/{name}", printed=f"{unit.printed}/{below}")

    def _header_unit(self, place: int, end: int) -> _Unit | None:
        """The unit of a table's column, which ``extract`` prints before the cell: 投资（万元）：12,300; or at the column's head."""
        header = _HEADER_UNIT.search(self.plain, max(0, place - 40), place)
        named = Span(header.start(1), header.end(1)) if header else self.columns.get(place)
        if named is None:
            return None
        unit = self._one_unit(named.start) or self._scaled(named.start)
        return replace(unit, end=end) if unit and unit.end == named.end else None

    def _upper_bound(self, first: _Found) -> _Found | None:
        """The second number of a range whose first number this is."""
        if first.unit.inside or first.unit.unit == RATIO:
            return None
        sign = _RANGE_SIGN.match(self.plain, first.end)
        if not sign or sign.end() >= len(self.plain) or self.barred[sign.end()]:
            return None
        second = self._number(sign.end())
        if second is None or not second.unit.unit or first.unit.unit not in ("", second.unit.unit):
            return None
        return replace(second, end=self._suffix_end(second)[0])

    def _states(self, found: _Found) -> bool:
        """Whether the number really states a quantity: an article (一个) or a bare number does not."""
        printed = self.plain[found.start : found.number_end]
        if not found.unit.unit and found.unit.factor == 1:
            return False
        if printed == "一" and found.unit.factor == 1:
            return self._is_counted_one(found)
        if printed in ("百", "千"):
            return bool(found.unit.inside or self._prefix(found))
        return bool(found.unit.unit) or printed[0].isascii()

    def _is_counted_one(self, found: _Found) -> bool:
        articles = words("articles")
        if found.unit.unit in articles["units"]:
            return True
        before = re.compile(any_of(articles["before"]) + "$")
        after = re.compile(any_of(articles["after"]))
        head = self.plain[max(0, found.start - 4) : found.start]
        return bool(self._prefix(found) or before.search(head) or after.match(self.plain, found.end))

    def _qualified(self, found: _Found) -> _Found:
        """With the qualifiers before, inside and after it taken into the span."""
        found = self._signed(found)
        before, inside = self._prefix(found), found.unit.inside
        end, after = self._suffix_end(found)
        doubt = found.doubt or self._doubt(found, before.strip())
        start = found.start - len(before)
        distant = distant_qualifier().fullmatch(before)
        qualifier = distant["word"] if distant else before.strip() or inside or after
        return replace(found, start=start, end=end, qualifier=qualifier, doubt=doubt)

    def _signed(self, found: _Found) -> _Found:
        if found.start and _MINUS.search(self.plain, max(0, found.start - 2), found.start):
            return replace(found, start=found.start - 1, value=-found.value)
        return found

    def _prefix(self, found: _Found) -> str:
        head = self._before(found.start, 5)
        blank = head[len(head.rstrip(" ")) :]
        for length in (3, 2, 1):
            word = head.rstrip(" ")[-length:]
            if qualifiers("before").fullmatch(word) and found.unit.unit not in qualifier_bars()[word]:
                return word + blank
        distant = distant_qualifier().search(self.plain, max(0, found.start - 8), found.start)
        return distant[0] if distant else ""

    def _before(self, place: int, length: int) -> str:
        return self.plain[max(0, place - length) : place]

    def _suffix_end(self, found: _Found) -> tuple[int, str]:
        match = qualifiers("after").match(self.plain, found.end)
        return (match.end(), match[0]) if match else (found.end, "")

    def _doubt(self, found: _Found, before: str) -> str:
        if not found.unit.unit:
            return f"只有“{found.unit.printed}”，没有写明单位"
        if before == "近" and found.unit.unit in ("年", "月", "天", "周"):
            return "“近”可读作“最近”，也可读作“将近”"
        printed = self.text[found.start : found.number_end]
        if "，" in printed:
            return "全角逗号按千分位读"
        if "." in printed and len(printed) == 3 and not self._line_before(found.start).strip():
            return f"行首“{printed}”也可能是序号"
        return ""

    def _line_before(self, place: int) -> str:
        return self.text[self.text.rfind("\n", 0, place) + 1 : place]

    def _placed(self, found: _Found) -> Quantity:
        """With its text, its value in the canonical unit, its date and its clause."""
        as_of, why = self.calendar.as_of(found.start)
        return Quantity(
            start=found.start,
            end=found.end,
            text=self.text[found.start : found.end],
            value=in_canonical_unit(found.value, found.unit.factor),
            unit=found.unit.unit,
            printed_unit=found.unit.printed,
            printed_value=found.value,
            decimals=found.decimals,
            qualifier=found.qualifier,
            as_of=as_of,
            as_of_why=why,
            clause=self._clause(found.start),
            sure=not found.doubt,
            doubt=found.doubt,
        )

    def _clause(self, place: int) -> str:
        """The clause around the place; one too short to say what is counted takes the clause before it along."""
        index = bisect_right(self.clause_starts, place) - 1
        if index < 0 or not self.clauses[index].covers(place):
            return ""
        span = self.clauses[index]
        words_in_it = len(
            re.findall(r"[\u4e00-\u9fff]", self.text[span.start : span.start + _LONGEST_CLAUSE])
        )
        start = self.clauses[index - 1].start if words_in_it < 5 and index else span.start
        return self.text[max(start, place - _LONGEST_CLAUSE) : min(span.end, place + _LONGEST_CLAUSE)]


def _found_part(part: Part | None, place: int) -> _Found | None:
    if part is None:
        return None
    unit = _Unit(part.end, part.unit, part.printed, part.factor)
    return _Found(place, part.end, part.end, part.value, part.decimals, unit)


def _lower_unit(first: _Found, upper: _Found) -> _Unit:
    """The unit of a range's first number: 5—10万元 shares all, 1.5万—2万米 and 8000—1万米 have scales of their own."""
    if first.unit.unit:
        return first.unit
    own_scale = first.unit.factor != 1 or first.value > upper.value
    if not own_scale:
        return replace(upper.unit, end=first.number_end)
    base = next((size for word, size in scales() if upper.unit.printed.startswith(word)), Decimal(1))
    return replace(
        upper.unit,
        end=first.end,
        factor=upper.unit.factor / base * first.unit.factor,
        printed=first.unit.printed + upper.unit.unit,
    )


def _bare(end: int) -> _Unit:
    return _Unit(end, "", "", Decimal(1))
