"""One Arrow column as the integers of a snapshot: exact at the declared scale, or a problem with its first rows.

Two ways of writing a value are read: typed (Arrow, Parquet: integers at the declared scale, decimals in the field's unit)
and as people write it (CSV: ``4000万元``, ``是``, a word of a list), for which :func:`parse_value` has the last say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mangrove.rulebook.engines.columns import Column, Ints, Texts, Truths, code
from mangrove.rulebook.problems import MOST_TOLD, Place, Problem, Problems, Untold, unknown
from mangrove.rulebook.texts.fitting import what_fits
from mangrove.vocabulary.heads import Head
from mangrove.vocabulary.model import Field, find, known_names
from mangrove.vocabulary.units import Unit
from mangrove.vocabulary.values import parse_value

#: The most rows that a problem names.
NAMED = 5
#: Ways of writing a value that do not read; past so many of a column no more are looked for.
MOST_WRONG = 1000
TOO_LARGE = ("数太大，存不下。", "The number is too large to be stored.")
NUMBERS = frozenset({"integer", "decimal", "money", "ratio"})
PLAIN = r"^[+-]?[0-9]{1,17}(\.[0-9]{1,9})?$"
DAY_0 = date(1970, 1, 1).toordinal()
LARGE = pa.large_string()


#: On which line, or in which place, a row stands for people.
LineOf = Callable[[int], int]


def from_line(first: int) -> LineOf:
    return lambda row: first + row


@dataclass(frozen=True)
class Source:
    """One column of one table: what it is called in problems, and where its rows stand."""

    file: str
    column: str
    line_of: LineOf
    texts: Texts
    #: Counted from 1.
    number: int = 1
    #: Of a CSV, with the unit of its plain numbers.
    head: Head | None = None

    def problem(self, code: str, rows: Iterable[int], zh: str, en: str) -> Problem:
        """At the first of ``rows``, naming a few."""
        lines = [self.line_of(int(row)) for row in islice(rows, NAMED)]
        place = Place(self.file, lines[0] if lines else 1, self.number)
        which = "、".join(map(str, lines))
        zh = f"“{self.column}”第 {which} 行：{zh}" if lines else f"“{self.column}”：{zh}"
        en = f"“{self.column}”, row {', '.join(map(str, lines))}: {en}" if lines else f"“{self.column}”: {en}"
        return Problem(code, place, zh, en)


def plain(array: Any) -> Any:
    """One contiguous array, dictionaries taken apart, all kinds of text as one."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # of no chunks, or more text than one array holds
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary.cast(as_large(array.dictionary.type)).take(array.indices)
    return array.cast(as_large(array.type))


def as_large(kind: Any) -> Any:
    texts = pa.types.is_string(kind) or pa.types.is_string_view(kind) or pa.types.is_large_string(kind)
    return LARGE if texts else kind


def is_text(array: Any) -> bool:
    return bool(as_large(array.type) == LARGE)


def trimmed(array: Any) -> Any:
    """Without blanks around; only blanks is nothing."""
    array = pc.utf8_trim_whitespace(array)
    empty = pc.equal(array, "")
    return pc.if_else(empty, pa.scalar(None, LARGE), array) if pc.any(empty).as_py() else array


def known_of(array: Any) -> Truths | None:
    return None if array.null_count == 0 else np.asarray(array.is_valid())


def ints_of(array: Any) -> Ints:
    """Integers or truths; what is not known becomes 0."""
    filled = array.cast(pa.int64()).fill_null(0)
    return np.asarray(filled, dtype=np.int64)


def column_of(array: Any) -> Column:
    return Column(ints_of(array), known_of(array))


def coded(array: Any, code_of: Callable[[str], int | None]) -> Column:
    """A column of texts, each distinct one coded once; ``None`` is not known."""
    found = array.dictionary_encode()
    codes = [code_of(one) for one in found.dictionary.to_pylist()]
    if not codes:
        return Column(np.zeros(len(array), np.int64), np.zeros(len(array), bool) if len(array) else None)
    places, known = ints_of(found.indices), known_of(array)
    if None in codes:
        means = np.array([one is not None for one in codes])[places]
        known = means if known is None else means & known
    return Column(np.array([one or 0 for one in codes], dtype=np.int64)[places], known)


def rows_of(array: Any, said: str) -> Ints:
    return np.flatnonzero(np.asarray(pc.equal(array, said).fill_null(False)))


# --- typed -----------------------------------------------------------------------------------------------------------


def typed(field: Field, array: Any, source: Source) -> Column:
    """Raises :class:`Problem` for another type, a float, or a decimal finer than the field."""
    if pa.types.is_null(array.type):
        return Column(np.zeros(len(array), np.int64), np.zeros(len(array), bool))
    kind = "number" if field.type in NUMBERS else field.type
    found = TYPED[kind](field, array, source)
    if found is None:
        zh = f"类型是 {array.type}，这里应为{WANTED[kind][0]}。"
        en = f"The type is {array.type}; {WANTED[kind][1]} is wanted here."
        raise source.problem("wrong_type", (), zh, en)
    return found


def number(field: Field, array: Any, source: Source) -> Column | None:
    if pa.types.is_integer(array.type):
        if array.type == pa.uint64() and pc.max(array).as_py() and pc.max(array).as_py() >= 1 << 63:
            raise too_large(array, source)
        return column_of(array)
    if pa.types.is_decimal(array.type):
        return scaled(field, array, source)
    if pa.types.is_floating(array.type):
        zh = "是浮点数，金额和数量不收浮点数；请给整数（按词表的小数位数，金额为分）或 decimal128（按词表的单位）。"
        en = "Floats are not taken for amounts; give integers at the declared scale (money in fen) or decimal128 in the field's unit."
        raise source.problem("float", (), zh, en)
    return None


def scaled(field: Field, array: Any, source: Source) -> Column:
    """Decimals in the field's unit, exactly."""
    try:
        exact = array.cast(pa.decimal128(38, field.scale))
    except pa.ArrowInvalid:
        finer = finer_than(array, field.scale)
        zh = f"比记录的精度（{field.scale}位小数）更细，或太大。"
        en = f"Finer than the {field.scale} decimals that are kept, or too large."
        raise source.problem("too_fine", finer, zh, en) from None
    halves = np.frombuffer(exact.buffers()[1], np.int64).reshape(-1, 2)[
        exact.offset : exact.offset + len(exact)
    ]
    low, high = halves[:, 0], halves[:, 1]
    known = known_of(exact)
    large = high != (low >> 63)
    if known is not None:
        large &= known
    if large.any():
        raise too_large(exact, source, np.flatnonzero(large))
    return Column(low if known is None else np.where(known, low, 0), known)


def finer_than(array: Any, scale: int) -> list[int]:
    """The first rows that are finer than ``scale``; looked for only when there are some."""
    found = []
    for row, value in enumerate(array):
        exact = value.as_py()
        if exact is not None and exact.as_tuple().exponent < -scale and exact != round(exact, scale):
            found.append(row)
        if len(found) == NAMED:
            break
    return found


def too_large(array: Any, source: Source, rows: Iterable[int] = ()) -> Problem:
    return source.problem("overflow", rows, *TOO_LARGE)


def day(_field: Field, array: Any, source: Source) -> Column | None:
    if pa.types.is_timestamp(array.type) and array.type.tz is None:
        whole = pc.floor_temporal(array, unit="day")
        late = np.flatnonzero(np.asarray(pc.not_equal(whole, array).fill_null(False)))
        if len(late):
            zh, en = "带有时刻；这里只要日期。", "Has a time of day; only a date is wanted here."
            raise source.problem("wrong_type", late, zh, en)
        array = array.cast(pa.date32())
    if not pa.types.is_date(array.type):
        return None
    days = array.cast(pa.date32())
    values = ints_of(days.cast(pa.int32())) + DAY_0
    return Column(values, known_of(days))


def truth(_field: Field, array: Any, _source: Source) -> Column | None:
    return column_of(array) if pa.types.is_boolean(array.type) else None


def text(_field: Field, array: Any, source: Source) -> Column | None:
    if pa.types.is_integer(array.type):
        array = array.cast(LARGE)
    return coded(array, source.texts.code) if is_text(array) else None


def word(field: Field, array: Any, source: Source) -> Column | None:
    """Words of a list by id or Chinese name."""
    if not is_text(array) or field.enum is None:
        return None
    places = list(field.enum.words)

    def place_of(said: str) -> int:
        assert field.enum is not None
        found = find(field.enum.words, said)
        if found is None:
            rows = rows_of(array, said)
            what = f"{field.enum.zh}的取值", f"word of {field.enum.en}"
            near = unknown(Place("", 1, 1), what, said, known_names(field.enum.words.values()))
            raise source.problem("unknown_name", rows, near.zh, near.en)
        return places.index(found.id)

    return coded(array, place_of)


TYPED: dict[str, Callable[[Field, Any, Source], Column | None]] = {
    "number": number, "date": day, "boolean": truth, "text": text, "enum": word,
}  # fmt: skip
WANTED = {
    "number": ("整数或 decimal128", "integers or decimal128"), "date": ("日期（date32）", "dates (date32)"),
    "boolean": ("布尔", "booleans"), "text": ("文字", "text"), "enum": ("文字（词表取值）", "text (words of the list)"),
}  # fmt: skip


# --- as people write it ------------------------------------------------------------------------------------------------


def written(field: Field, array: Any, source: Source) -> Column:
    """Texts of a CSV. Plain numbers go fast; all else is read once for each way in which it is written.

    Raises :class:`Problems` with every way that does not read, up to a number.
    """
    if field.type == "text":
        return coded(trimmed(array), source.texts.code)
    head = source.head or Head(field)
    if field.type in NUMBERS and (found := plain_numbers(in_unit(field, head.unit), array)) is not None:
        return found
    wrong: dict[str, str] = {}

    def value_of(said: str) -> int | None:
        if len(wrong) >= MOST_WRONG:
            return None
        try:
            value = parse_value(field, head.cell(said))
        except ValueError as error:
            wrong[said] = str(error)
            return None
        found = None if value is None else code(field, value, source.texts)
        if found is not None and abs(found) >= 1 << 63:
            wrong[said] = TOO_LARGE[0]
            return None
        return found

    column = coded(array, value_of)
    if wrong:
        raise Problems(unread(field, array, wrong, source))
    return column


def unread(field: Field, array: Any, wrong: Mapping[str, str], source: Source) -> Iterator[Problem]:
    """What does not read, with its rows and with what fits; past a number only how many more."""
    told = list(wrong)[:MOST_TOLD]
    for said in told:
        yield unread_value(field, said, wrong[said], rows_of(array, said), source)
    if len(wrong) > len(told):
        yield Untold(Place(source.file, 1, source.number), len(wrong) - len(told))


def unread_value(field: Field, said: str, why: str, rows: Ints, source: Source) -> Problem:
    """Where nothing else fits, why it does not read says so already."""
    more, more_en = (
        (f"（共 {len(rows)} 行）", f" ({len(rows)} rows in all)") if len(rows) > NAMED else ("", "")
    )
    if why == TOO_LARGE[0]:
        return source.problem(
            "overflow", rows, f"“{said}”：{why}{more}", f"“{said}”: {TOO_LARGE[1]}{more_en}"
        )
    zh, en = what_fits(field, source.head.unit if source.head else None)
    fits = f"这里应为{zh}。" if field.type in NUMBERS or field.enum else ""
    unit = f", {field.unit.en}" if field.unit else ""
    said_en = f"“{said}” cannot be read as {field.en} ({field.type}{unit}); {en} is wanted here{more_en}."
    return source.problem("bad_data", rows, f"{why}{fits}{more}", said_en)


def in_unit(field: Field, unit: Unit | None) -> Field | None:
    """The field as if it were kept in ``unit`` at as many more places; ``None`` where no power of ten lies between."""
    if unit is None or field.unit is None:
        return field
    factor = unit.factor / field.unit.factor
    shift = len(str(max(factor.numerator, factor.denominator))) - 1
    shift = shift if factor >= 1 else -shift
    exact = factor == Fraction(10) ** shift and field.scale + shift >= 0
    return replace(field, unit=unit, scale=field.scale + shift) if exact else None


def plain_numbers(field: Field | None, array: Any) -> Column | None:
    """``None`` where a number is written in another way, or is not exact at the field's scale."""
    if field is None or len(array) == array.null_count:
        return None
    if not pc.all(pc.match_substring_regex(array, PLAIN)).as_py():
        return None
    if (whole := whole_numbers(field, array)) is not None:
        return whole
    try:
        exact = array.cast(pa.decimal128(38, 9))
        return scaled(field, exact, Source("", "", from_line(1), Texts()))
    except (pa.ArrowInvalid, Problem):
        return None  # the slow way says what is wrong


def whole_numbers(field: Field, array: Any) -> Column | None:
    """Without points, which is much faster; ``None`` where there is one, or a number that 64 bits do not hold."""
    try:
        return column_of(pc.multiply_checked(array.cast(pa.int64()), 10**field.scale))
    except (pa.ArrowInvalid, OverflowError):
        return None
