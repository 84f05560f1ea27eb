"""Expressions as words: names, numbers with their unit, dates, texts and signs. Full-width signs read as narrow ones."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Literal

from mangrove.rulebook.problems import Place, Problem, unknown
from mangrove.vocabulary.errors import nearest
from mangrove.vocabulary.units import known_units

Kind = Literal["name", "number", "date", "text", "sign", "end"]

#: Longer than any clause that a person can check.
LONGEST = 4_000
WORD = r"A-Za-z_\u4e00-\u9fff"
#: Read on the narrow text. A run such as 2025-02-300 is a wrong date, not a subtraction.
TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<foreign>=>|=<|<>|===|&&|\|\||\*\*)
    |(?P<date>[0-9]{{4}}-[0-9]+-[0-9][0-9-]*)
    |(?P<dated>[0-9]{{4}}(?:年[0-9]+月[0-9]+日?|\.[0-9]+\.[0-9]+))
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<text>"[^"\n]*"|“[^”\n]*”)
    |(?P<name>[{WORD}][{WORD}0-9]*)
    |(?P<sign>==|!=|<=|>=|\.\.|[-+*/<>≤≥≠()\[\],.;:])
    """,
    re.VERBOSE,
)
#: Letters, digits and signs as a Chinese keyboard gives them, one for one; the full-width quotation mark stays a fault.
NARROW = {0xFF01 + step: 0x21 + step for step in range(94) if step != 1}
NARROW |= str.maketrans("\u3000、×÷−【】", " ,*/-[]")
SIGNS = {"≤": "<=", "≥": ">=", "≠": "!="}
#: Words that read as signs, in both languages.
WORDS = {
    "and": "and",
    "or": "or",
    "not": "not",
    "in": "in",
    "且": "and",
    "或": "or",
    "非": "not",
    "属于": "in",
    "不属于": "not in",
}
#: What other languages and the Chinese keyboard write for our signs.
MEANT = {
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "===": "==",
    "&&": "and",
    "||": "or",
    "&": "and",
    "|": "or",
    "!": "not",
    "《": "<",
    "》": ">",
    "。": ".",
    "…": "..",
    "{": "(",
    "}": ")",
}
#: Bounds in words behind a number; by the Civil Code, article 1259, each includes the number.
BOUNDS = {"以上": ">=", "以下": "<=", "以内": "<="}
UNIT_AT = re.compile(rf"[{WORD}%‰²/][{WORD}0-9%‰²/]*")
GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?")
DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


@dataclass(frozen=True)
class Token:
    """One word. ``value`` is the exact number, the date, the text without quotes, the name or the sign."""

    kind: Kind
    value: str | Fraction | date
    at: int
    unit: str = ""
    typed: str = ""


def tokens(text: str, place: Place) -> list[Token]:
    """The words of an expression that begins at ``place``, closed by an ``end``. Raises :class:`Problem`."""
    if len(text) > LONGEST:
        zh = f"这条式子有 {len(text)} 个字符，超过 {LONGEST} 个；请拆成几个定义。"
        en = f"This expression has {len(text)} characters, more than {LONGEST}; split it into several definitions."
        raise Problem("too_long", place, zh, en)
    return [*read(text, place), Token("end", "", len(text))]


def read(text: str, place: Place) -> Iterator[Token]:
    narrow, at = text.translate(NARROW), 0
    while at < len(text):
        found = TOKEN.match(narrow, at)
        if found is None or found.lastgroup == "foreign":
            raise unreadable(text, at, found[0] if found else narrow[at], place)
        at = found.end()
        if found.lastgroup != "space":
            token = made(found, text, place)
            at = token.at + len(token.typed)
            yield token


def made(found: re.Match[str], text: str, place: Place) -> Token:
    """The word found in the narrow text; only a quoted text keeps its characters as typed."""
    word, start, kind = found[0], found.start(), found.lastgroup
    typed = text[start : found.end()]
    if kind == "date":
        return Token("date", day(word, place.after(text, start)), start, typed=typed)
    if kind == "dated":
        raise wrong_form(typed, word, place.after(text, start))
    if kind == "number":
        unit = unit_after(found, place, text)
        return Token("number", Fraction(word), start, unit, text[start : found.end() + len(unit)])
    if kind == "text":
        return Token("text", typed[1:-1], start, typed=typed)
    if kind == "name" and word not in WORDS:
        return Token("name", word, start, typed=typed)
    return Token("sign", SIGNS.get(word) or WORDS.get(word) or word, start, typed=typed)


# --- dates -----------------------------------------------------------------------------------------------------


def day(word: str, place: Place) -> date:
    parts = DATE.fullmatch(word)
    if parts is None:
        zh = f"“{word}”不是日期；日期写成 2025-01-31，相减请在减号两边空格。"
        en = f"“{word}” is no date; write a date as 2025-01-31, and put spaces around a minus sign."
        raise Problem("no_such_day", place, zh, en)
    year, month, number = (int(part) for part in parts.groups())
    try:
        return date(year, month, number)
    except ValueError as error:
        zh, en = no_such_day(word, year, month)
        raise Problem("no_such_day", place, zh, en) from error


def no_such_day(word: str, year: int, month: int) -> tuple[str, str]:
    if year == 0 or not 1 <= month <= 12:
        zh = f"没有“{word}”这一天；日期按年-月-日写，例如 2025-01-31。"
        return zh, f"There is no day “{word}”; write year-month-day, as in 2025-01-31."
    last = date(year, month, monthrange(year, month)[1]).isoformat()
    zh = f"没有“{word}”这一天；这个月最后一天是 {last}。"
    return zh, f"There is no day “{word}”; the last day of that month is {last}."


def wrong_form(typed: str, word: str, place: Place) -> Problem:
    year, month, number = re.findall("[0-9]+", word)
    right = f"{year}-{month:0>2}-{number:0>2}"
    zh, en = f"“{typed}”请写成“{right}”。", f"Write “{right}” for “{typed}”."
    return Problem("date_form", place, zh, en)


# --- numbers ---------------------------------------------------------------------------------------------------


def unit_after(number: re.Match[str], place: Place, text: str) -> str:
    """The unit that stands right behind a number; the longest known one, and nothing may hang on to it."""
    narrow = number.string
    if grouped := GROUPED.match(narrow, number.start()):
        raise with_commas(grouped[0], place.after(text, number.start()))
    run = UNIT_AT.match(narrow, number.end())
    if run is None or run[0].startswith("/"):
        return ""
    unit = next((name for name in by_length() if run[0].startswith(name)), "")
    rest = run[0][len(unit) :].split("/")[0]
    if rest or not unit:
        raise no_unit(number[0], unit, rest, place.after(text, number.end()))
    return unit


def with_commas(grouped: str, place: Place) -> Problem:
    plain = grouped.replace(",", "")
    zh = f"逗号会把“{grouped}”分成几个数；一个数请写成“{plain}”，几个数请在逗号后空格。"
    en = f"Commas would split “{grouped}”; write “{plain}” for one number, or a space after each comma for several."
    return Problem("grouped_number", place, zh, en)


def no_unit(number: str, unit: str, rest: str, place: Place) -> Problem:
    word = unit + rest
    if sign := BOUNDS.get(rest):
        zh = f"“{number}{word}”请写成比较，例如“投资 {sign} {number}{unit}”。"
        en = f"Write “{number}{word}” as a comparison, such as “cost {sign} {number}{unit}”."
        return Problem("bound_in_words", place, zh, en)
    if nearest(word, by_length()):
        return unknown(place, ("单位", "unit"), word, by_length())
    if unit:
        zh = f"单位“{unit}”后面不能紧跟“{rest}”；请用空格或运算符隔开。"
        en = f"“{rest}” cannot follow the unit “{unit}” directly; put a space or an operator between them."
    else:
        zh = f"没有单位“{word}”；如果“{number}{word}”是名称，请不要以数字开头。"
        en = f"No unit “{word}”; if “{number}{word}” is a name, it must not begin with a digit."
    return Problem("unknown_name", place, zh, en)


@cache
def by_length() -> tuple[str, ...]:
    """Every unit name and alias, the longest first."""
    return tuple(sorted(known_units().by_name, key=lambda name: (-len(name), name)))


# --- what is no word -------------------------------------------------------------------------------------------


def unreadable(text: str, at: int, sign: str, place: Place) -> Problem:
    """``sign`` is what stands at ``at``, narrow."""
    code, zh, en = complaint(sign, text[at : at + len(sign)])
    return Problem(code, place.after(text, at), zh, en)


def complaint(sign: str, typed: str) -> tuple[str, str, str]:
    """The code and both sentences for a sign that begins no word of ours."""
    if sign in {'"', "“"}:
        zh, en = (
            "引号没有关上；请在同一行里补上后一半。",
            "The quotation mark is not closed; add its other half on the same line.",
        )
        return "open_text", zh, en
    if sign == "=":
        return "single_equals", "比较是否相等请写“==”。", "Write “==” to compare."
    if sign in {"'", "‘", "’", "”", "＂"}:
        zh, en = (
            '文字请写在一对双引号里，例如 "合格"。',
            'Write a text between double quotation marks, as in "passed".',
        )
        return "bad_sign", zh, en
    if sign in {"%", "‰"}:
        zh, en = (
            f"“{typed}”请紧跟在数后面，例如 50{sign}。",
            f"Put “{typed}” right behind a number, as in 50{sign}.",
        )
        return "bad_sign", zh, en
    if instead := MEANT.get(sign):
        return "bad_sign", f"“{typed}”请写成“{instead}”。", f"Write “{instead}” for “{typed}”."
    if typed.isprintable():
        return "bad_sign", f"看不懂“{typed}”；请删去或改写。", f"Cannot read “{typed}”; delete or replace it."
    shown = f"U+{ord(typed):04X}"
    return (
        "bad_sign",
        f"这里有一个看不见的字符 {shown}；请删去。",
        f"There is an invisible character {shown} here; delete it.",
    )
