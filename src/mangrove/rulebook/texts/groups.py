"""Conditions in groups, as a list in the file: any of, all of, at least n of.

when:
- 类别 == 企业
- at_least: 2
  of: [研发人员数 >= 50, 发明专利数 >= 7, {any: [营业收入 >= 3亿元, 研发投入 >= 8000万元]}]
"""

from __future__ import annotations

from collections.abc import Callable

from mangrove.rulebook.language.typed import All, AtLeast, Some, Typed
from mangrove.rulebook.language.types import TRUTH
from mangrove.rulebook.measures import Formula
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.texts.nodes import Fields, Items, Node, Words, as_words

GROUPS = {"any": "任一", "all": "全部"}
FORM_ZH = "一组条件写成“any: [甲, 乙]”“all: [甲, 乙]”，或“at_least: 2”并在下一行写“of: [甲, 乙, 丙]”。"
FORM_EN = (
    "Write a group as “any: [a, b]”, “all: [a, b]”, or “at_least: 2” with “of: [a, b, c]” on the next line."
)


def condition(node: Node, read: Callable[[Words], Formula]) -> Formula:
    """One condition, or a group of them with one meaning; ``read`` reads an expression. Raises :class:`Problem`."""
    if not isinstance(node, Fields):
        return read(as_words(node, "列表的这一项", "this item of the list"))
    if set(node.entries) == {"at_least", "of"}:
        return at_least(node, read)
    if len(node) == 1 and (key := next(iter(node.entries))) in GROUPS:
        parts = members(node.items(key), read)
        kind = Some if key == "any" else All
        return group(node, GROUPS[key], parts, kind(TRUTH, 0, meanings(parts)))
    raise Problem("bad_group", node.place, FORM_ZH, FORM_EN)


def at_least(node: Fields, read: Callable[[Words], Formula]) -> Formula:
    parts, words = members(node.items("of"), read), node.words("at_least")
    if not words.text.isdecimal() or len(words.text) > 9 or not 1 <= int(words.text) <= len(parts):
        zh = f"至少几项应为 1 至 {len(parts)} 的整数。"
        raise Problem("bad_group", words.place, zh, f"Write a whole number from 1 to {len(parts)}.")
    least = int(words.text)
    return group(node, f"至少{least}项", parts, AtLeast(TRUTH, 0, least, meanings(parts)))


def members(items: Items, read: Callable[[Words], Formula]) -> list[Formula]:
    if not len(items):
        raise Problem("bad_group", items.place, "这一组里没有条件。", "There is no condition in this group.")
    return [condition(node, read) for node in items]


def meanings(parts: list[Formula]) -> tuple[Typed, ...]:
    return tuple(one.meaning for one in parts)


def group(node: Fields, title: str, parts: list[Formula], meaning: Typed) -> Formula:
    return Formula(f"{title}：{'；'.join(one.text for one in parts)}", node.place, meaning)
