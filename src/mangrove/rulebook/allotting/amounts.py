"""Amounts and counts as written in a file that is no expression: ``6亿元``, ``1万元``, ``元``, ``100``."""

from __future__ import annotations

from mangrove.rulebook.language.types import MONEY
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.texts.nodes import Words
from mangrove.vocabulary.quantity import parse_quantity
from mangrove.vocabulary.units import known_units, to_base, unit


def money(words: Words) -> int:
    """Fen, exactly, none below zero. Raises :class:`Problem`."""
    try:
        quantity = parse_quantity(words.text)
        fen = to_base(quantity.value, quantity.unit)
        if unit(quantity.unit).dimension != MONEY.detail or quantity.qualifier:
            raise ValueError(words.text)
        if fen < 0 or fen.denominator != 1:
            raise ValueError(words.text)
        return int(fen)
    except (ValueError, KeyError) as error:
        zh = f"“{words.text}”不是金额；请写不小于零、精确到分的金额，例如 6亿元。"
        en = f"“{words.text}” is no amount; write money, not below zero and in whole fen, such as 6亿元."
        raise Problem("not_money", words.place, zh, en) from error


def money_step(words: Words) -> int:
    """What is rounded to, in fen: a unit of money (``元``, ``万元``) or an amount. Raises :class:`Problem`."""
    named = known_units().by_name.get(words.text)
    step = int(named.factor) if named and named.dimension == MONEY.detail else money(words)
    if step == 0:
        zh, en = (
            "不能取整到零；请写分、元、万元，或 100元 这样的金额。",
            "Nothing can be rounded to zero; write 分, 元, 万元, or an amount such as 100元.",
        )
        raise Problem("zero_step", words.place, zh, en)
    return step


def whole_number(words: Words, least: int, most: int) -> int:
    """Raises :class:`Problem` outside ``least`` … ``most``."""
    text = words.text
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        zh = f"“{text}”须是 {least} 至 {most} 的整数。"
        en = f"“{text}” must be a whole number from {least} to {most}."
        raise Problem("not_a_count", words.place, zh, en)
    return int(text)


def yes_or_no(words: Words) -> bool:
    """``true``, ``是`` and ``false``, ``否``. Raises :class:`Problem`."""
    if words.text not in TRUTHS:
        zh, en = f"“{words.text}”应为“是”或“否”。", f"Write true or false, not “{words.text}”."
        raise Problem("not_a_truth", words.place, zh, en)
    return TRUTHS[words.text]


TRUTHS = {"true": True, "是": True, "false": False, "否": False}
