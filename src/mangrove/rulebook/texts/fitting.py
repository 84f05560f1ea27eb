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
    "boolean": ("是、否", "是 or 否"),
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
    return "、".join(one.zh for one in words), ", ".join(one.zh for one in words)


def number(one: Field, unit: Unit | None) -> tuple[str, str]:
    """Plain in one unit, or each with its own."""
    zh, en = (
        ("整数", "a whole number")
        if not one.scale
        else (f"数，至多{one.scale}位小数", f"a number, at most {one.scale} decimals")
    )
    if one.unit is None:
        return zh, en
    # Of another unit the places are other ones; the field's own are kept.
    plain = unit or one.unit
    zh, en = (zh, en) if plain == one.unit else ("数", "a number")
    names = [each.zh for each in units_of(one)]
    own = f"，或自带单位（{'、'.join(names)}）" if len(names) > 1 else ""
    own_en = f", or with its own unit ({', '.join(names)})" if len(names) > 1 else ""
    return f"{zh}，单位{plain.zh}{own}", f"{en} in {plain.zh}{own_en}"
