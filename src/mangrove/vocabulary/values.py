"""Reading and writing one value of a field: text as people write it, and the value as it is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from mangrove.vocabulary.errors import UnknownWord
from mangrove.vocabulary.model import BOOLEANS, Field, Value
from mangrove.vocabulary.quantity import format_quantity, parse_number, parse_quantity


def parse_value(field: Field, text: str) -> Value | None:
    """The stored value of ``text``; ``None`` when it is empty and may be. Raises ``ValueError`` in Chinese."""
    text = text.strip()
    if not text:
        if field.required:
            raise ValueError(f"“{field.zh}”不能为空。")
        return None
    return PARSERS[field.type](field, text)


def show_value(field: Field, value: Value | None) -> str:
    """A stored value as people read it; an unknown one is an empty text."""
    if value is None:
        return ""
    if field.enum:
        return field.enum.word(str(value)).zh
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return show_number(field, value)
    return str(value)


def show_number(field: Field, value: int) -> str:
    shown = Fraction(value, 10**field.scale)
    if field.unit is None:
        return format_quantity(shown, "", field.scale)
    return format_quantity(shown, field.unit.zh, field.scale)


def parse_enum(field: Field, text: str) -> str:
    if field.enum is None:
        raise ValueError(f"字段“{field.zh}”没有词表。")
    try:
        return field.enum.word(text).id
    except UnknownWord as error:
        raise ValueError(str(error)) from error


def parse_date(field: Field, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{field.zh}”的日期“{text}”不对，应写作 2021-08-30。") from error


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
