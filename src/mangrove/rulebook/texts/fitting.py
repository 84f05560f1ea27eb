"""What may stand in a column, in both languages: its kind, its units, the words of a list."""

from __future__ import annotations

from mangrove.rulebook.problems import MOST_LISTED
from mangrove.vocabulary.heads import units_of
from mangrove.vocabulary.model import Enum, Field, Relation
from mangrove.vocabulary.units import Unit

#: Of what has neither a unit nor a list.
KINDS = {
    "text": ("文字", "text"),
    "date": ("日期，如 2021-08-30", "a day such as 2021-08-30"),
    "boolean": ("是、否", "Y or N"),
}


def what_fits(one: Field | Relation, unit: Unit | None = None) -> tuple[str, str]:
    """In Chinese and English. ``unit`` is that of the head of the column, where it names one."""
    if isinstance(one, Relation):
        return "标识", "a key"
    if one.enum:
        return words_of(one.enum)
    return KINDS.get(one.type) or number(one, unit)


def words_of(enum: Enum) -> tuple[str, str]:
    words = enum.words.values()
    if len(words) > MOST_LISTED:
        return f"“{enum.zh}”的词（{len(words)}个）", f"a word of “{enum.en}” ({len(words)} words)"
    return "、".join(one.zh for one in words), ", ".join(one.id for one in words)


def number(one: Field, unit: Unit | None) -> tuple[str, str]:
    """Plain in one unit, or each with its own."""
    zh, en = plain_number(one, unit)
    names = [each.zh for each in units_of(one)]
    if len(names) < 2:
        return zh, en
    return f"{zh}，或自带单位（{'、'.join(names)}）", f"{en}, or with its own unit ({', '.join(names)})"


def plain_number(one: Field, unit: Unit | None = None) -> tuple[str, str]:
    zh, en = ("数", "a number") if one.scale or unit not in (None, one.unit) else ("整数", "a whole number")
    plain = unit or one.unit
    if plain is None or plain == one.unit:
        # In another unit the places are other ones.
        zh, en = (
            (f"{zh}，至多{one.scale}位小数", f"{en}, at most {one.scale} decimals") if one.scale else (zh, en)
        )
    return (f"{zh}，单位{plain.zh}", f"{en} in {plain.zh}") if plain else (zh, en)


def plainly(one: Field) -> tuple[str, str]:
    """The same for a list of columns: all words of a list, and of units only the field's own."""
    if one.enum:
        words = one.enum.words.values()
        return "、".join(word.zh for word in words), ", ".join(word.id for word in words)
    return KINDS.get(one.type) or plain_number(one)
