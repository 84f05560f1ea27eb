"""Reading and writing one value of a field: text as people write it, and the value as it is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from mangrove.vocabulary.dates import read_day, read_two_ways
from mangrove.vocabulary.errors import UnknownWord
from mangrove.vocabulary.model import BOOLEANS, Field, Value, in_english
from mangrove.vocabulary.quantity import format_number, format_quantity, parse_number, parse_quantity

#: Numbers that are kept as integers at a scale, and written with a point.
DECIMALS = frozenset({"decimal", "ratio"})


def parse_value(field: Field, text: str) -> Value | None:
    """The stored value of ``text``; ``None`` when it is empty and may be. Raises ``ValueError`` in Chinese."""
    text = text.strip()
    if not text:
        if field.required:
            raise ValueError(f"“{field.zh}”不能为空。")
        return None
    return PARSERS[field.type](field, text)


def show_value(field: Field, value: Value | None, group: str = "") -> str:
    """A stored value as people read it; an unknown one is an empty text. ``group`` stands between thousands of amounts and measures."""
    if value is None:
        return ""
    if field.enum:
        return field.enum.word(str(value)).zh
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return show_number(field, value, group if field.type == "money" or field.type in DECIMALS else "")
    return str(value)


def show_number(field: Field, value: int, group: str = "") -> str:
    shown = Fraction(value, 10**field.scale)
    return format_quantity(shown, field.unit.zh if field.unit else "", field.scale, group=group)


def as_json(field: Field, value: Value) -> str | int | bool:
    """A stored value as JSON keeps it: money as fen, days as 2021-08-30, decimals as text in the field's unit."""
    if isinstance(value, date):
        return value.isoformat()
    if field.type in DECIMALS:
        return format_number(Fraction(int(value), 10**field.scale), field.scale)
    return value


def from_json(field: Field, value: str | int | bool) -> Value:
    """The stored value again."""
    if field.type == "date":
        return date.fromisoformat(str(value))
    if field.type in DECIMALS:
        return int(str(value).replace(".", ""))
    return value


def parse_enum(field: Field, text: str) -> str:
    if field.enum is None:
        raise ValueError(f"字段“{field.zh}”没有词表。")
    if (found := in_english(field.enum.words.values(), text)) is not None:
        return found.id
    try:
        return field.enum.word(text).id
    except UnknownWord as error:
        raise ValueError(str(error)) from error


def parse_date(field: Field, text: str) -> date:
    try:
        return read_day(text)
    except ValueError as error:
        what = "有两种读法" if read_two_ways(text) else "不对"
        how = "应写作 2021-08-30，也可以写 2021/8/30、2021.8.30 或 2021年8月30日。"
        raise ValueError(f"“{field.zh}”的日期“{text}”{what}，{how}") from error


def parse_boolean(field: Field, text: str) -> bool:
    if text not in BOOLEANS:
        raise ValueError(f"“{field.zh}”应写“是”或“否”，现为“{text}”。")
    return BOOLEANS[text]


def parse_scaled(field: Field, text: str) -> int:
    """A number, with or without a unit of the same dimension, as an integer at the field's scale; never rounded."""
    amount = in_field_unit(field, text) * 10**field.scale
    if amount.denominator != 1:
        raise ValueError(f"“{field.zh}”的“{text}”比记录的精度（{field.scale}位小数）更细。")
    return int(amount)


def in_field_unit(field: Field, text: str) -> Fraction:
    if field.unit is None or text[-1].isdigit():
        return parse_number(text)
    try:
        return parse_quantity(text).to(field.unit.zh)
    except UnknownWord as error:
        raise ValueError(str(error)) from error


PARSERS: dict[str, Callable[[Field, str], Value]] = {
    "text": lambda field, text: text,
    "integer": parse_scaled,
    "decimal": parse_scaled,
    "money": parse_scaled,
    "ratio": parse_scaled,
    "date": parse_date,
    "boolean": parse_boolean,
    "enum": parse_enum,
}
