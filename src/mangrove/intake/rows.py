"""Repeated rows (多行题): a question answered line by line in the same columns, such as indicators with amount, unit and year.

The answer is one text, a line a row and a tab between cells: drafts, revisions and two people's texts are joined as any
text is. Blank lines between rows stay while it is a draft, so that a fault names the row that the page shows. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ui.languages import in_chinese, listed
from mangrove.vocabulary.quantity import parse_number
from mangrove.vocabulary.units import known_units, to_base

KINDS = ("text", "number", "unit", "year")
KEYS = {"columns", "starts", "most"}
COLUMN = {"id", "zh", "en", "kind"}
ROWS_AT_MOST = 10
#: Characters of a cell of text, and of a unit that is a free word.
TEXT_AT_MOST, WORD_AT_MOST = 100, 8
#: Digits of a number before and after its point.
DIGITS, PLACES = 12, 4
YEARS = range(2000, 2100)
#: An amount of money is kept in fen, in what the database holds.
MONEY, MOST_FEN = "金额", 10**18
#: How a page names a cell: question, row, column. No question may have two underscores in its name.
CELL = re.compile(r"([A-Za-z]\w*?)__(\d{1,3})__(\d{1,2})", re.ASCII)


@dataclass(frozen=True)
class Column:
    id: str
    zh: str
    en: str
    kind: str

    @property
    def label(self) -> str:
        return self.zh if in_chinese() else self.en


@dataclass(frozen=True)
class Rows:
    """``starts`` are rows that stand there already, with cells to fill in; the first cell of each must be among the answers."""

    columns: tuple[Column, ...]
    starts: tuple[tuple[str, ...], ...]
    most: int

    @property
    def money(self) -> tuple[int, int] | None:
        """The places of a number and of the unit behind it, where there is one."""
        kinds = [one.kind for one in self.columns]
        return (kinds.index("number"), kinds.index("unit")) if {"number", "unit"} <= set(kinds) else None


# --- from the form -------------------------------------------------------------------------------------------------


def declared(said: Any) -> Rows:
    """What a form says under ``rows``. Raises ``ValueError`` in words."""
    if not isinstance(said, dict) or set(said) - KEYS:
        raise ValueError(_("rows 只写 columns、starts、most"))
    columns = tuple(column(one) for one in said.get("columns") or ())
    if not columns or columns[0].kind != "text" or len({one.id for one in columns}) < len(columns):
        raise ValueError(_("rows 的 columns 至少一栏，首栏为 text，标识不重复"))
    most = str(said.get("most", ROWS_AT_MOST))
    if not most.isdecimal() or not 0 < int(most) <= 100:
        raise ValueError(_("rows 的 most 应为 1 到 100 的整数"))
    return Rows(columns, tuple(start(one, len(columns)) for one in said.get("starts") or ()), int(most))


def column(said: Any) -> Column:
    if not isinstance(said, dict) or set(said) != COLUMN or said["kind"] not in KINDS:
        raise ValueError(
            _("rows 的每一栏须写 id、zh、en 和 kind（%(kinds)s 之一）") % {"kinds": listed(KINDS)}
        )
    return Column(said["id"], said["zh"], said["en"], said["kind"])


def start(said: Any, width: int) -> tuple[str, ...]:
    if not isinstance(said, list) or len(said) != width or not all(isinstance(one, str) for one in said) or not said[0]:  # fmt: skip
        raise ValueError(_("rows 的 starts 每行须写满各栏，首栏不空，要填的栏写空文字"))
    return tuple(said)


# --- text and cells ------------------------------------------------------------------------------------------------


def cells(rows: Rows, text: str) -> list[list[str]]:
    """Every line of a text with as many cells as there are columns; blank lines too."""
    width = len(rows.columns)
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.split("\n")]
    return [[*line, *[""] * width][:width] for line in lines]


def joined(lines: Iterable[Sequence[str]]) -> str:
    return "\n".join("\t".join(line).rstrip("\t") for line in lines).rstrip("\n")


def folded(typed: Mapping[str, str]) -> dict[str, str]:
    """What a page sends, with the cells of each question put together into its one text."""
    found = {name: text for name, text in typed.items() if not CELL.fullmatch(name)}
    split: dict[str, dict[tuple[int, int], str]] = {}
    for name, text in typed.items():
        if hit := CELL.fullmatch(name):
            split.setdefault(hit[1], {})[int(hit[2]), int(hit[3])] = " ".join(text.split())
    return found | {id: joined(in_lines(those)) for id, those in split.items()}


def in_lines(found: Mapping[tuple[int, int], str]) -> Iterator[list[str]]:
    height, width = max(row for row, _column in found), max(column for _row, column in found)
    for row in range(1, height + 1):
        yield [found.get((row, column), "") for column in range(width + 1)]


def entries(rows: Rows, text: str) -> list[dict[str, str]]:
    """The rows of a read answer, each by the ids of its columns."""
    return [dict(zip((one.id for one in rows.columns), line, strict=True)) for line in cells(rows, text)]


def shown(rows: Rows, text: str) -> str:
    """As people read it: 新增营业收入 · 200万元 · 2028；…"""
    return "；".join(row_words(rows, line) for line in cells(rows, text) if any(line))


def row_words(rows: Rows, line: Sequence[str]) -> str:
    """A unit stands right behind its number."""
    words = ""
    for one, cell in zip(rows.columns, line, strict=True):
        words += cell if one.kind == "unit" or not words else f" · {cell}" if cell else ""
    return words


# --- reading -------------------------------------------------------------------------------------------------------


def read(rows: Rows, label: str, text: str) -> str | None:
    """The text with every cell as it is kept, ``None`` where nothing was filled in. Raises ``ValueError`` saying all that is wrong."""
    filled = [(n, line) for n, line in enumerate(cells(rows, text), 1) if any(line) and tuple(line) not in rows.starts]  # fmt: skip
    if not filled:
        return None
    lines, faults = list[list[str]](), list[str]()
    for n, line in filled:
        kept, wrong = read_line(rows, line)
        lines.append(kept)
        faults += [
            _("%(label)s第 %(n)s 行：%(what)s。") % {"label": label, "n": n, "what": what} for what in wrong
        ]
    faults += [
        _("%(label)s：%(what)s。") % {"label": label, "what": what} for what in of_the_whole(rows, lines)
    ]
    if faults:
        raise ValueError(" ".join(faults))
    return joined(lines)


def read_line(rows: Rows, line: Sequence[str]) -> tuple[list[str], list[str]]:
    """Its cells as they are kept, and what is wrong with it."""
    kept, wrong = list[str](), list[str]()
    for one, cell in zip(rows.columns, line, strict=True):
        try:
            kept.append(READING[one.kind](one, cell) if cell else missing(one))
        except ValueError as error:
            kept.append(cell)
            wrong.append(str(error))
    return kept, wrong or list(of_the_row(rows, kept))


def missing(one: Column) -> str:
    raise ValueError(_("没有填%(column)s，请填上，或清空这一行") % {"column": one.label})


def of_the_row(rows: Rows, line: Sequence[str]) -> Iterator[str]:
    """What does not go together in a row whose cells can all be read."""
    if rows.money is None:
        return
    number, unit = (line[place] for place in rows.money)
    yield from of_money(number, unit)
    wanted = next((one[rows.money[1]] for one in rows.starts if one[0] == line[0]), "")
    if wanted and dimension(unit) != dimension(wanted):
        yield _("“%(name)s”的单位要用%(wanted)s，或能与它换算的单位") % {"name": line[0], "wanted": wanted}


def of_money(number: str, unit: str) -> Iterator[str]:
    if dimension(unit) != MONEY:
        return
    fen = to_base(Fraction(number), unit)
    if fen.denominator != 1:
        yield _("%(number)s%(unit)s细于 1 分，请写到分为止") % {"number": number, "unit": unit}
    elif fen > MOST_FEN:
        yield _("%(number)s%(unit)s大得记不下，请核对单位") % {"number": number, "unit": unit}


def dimension(unit: str) -> str:
    """Of a free word, the word itself."""
    known = known_units().by_name.get(unit)
    return known.dimension if known else unit


def of_the_whole(rows: Rows, lines: Sequence[Sequence[str]]) -> Iterator[str]:
    names = [line[0] for line in lines]
    if len(lines) > rows.most:
        yield _("最多 %(most)s 行，现为 %(n)s 行，请合并或删去多出的") % {"most": rows.most, "n": len(lines)}
    for name in sorted({one for one in names if one and names.count(one) > 1}):
        yield _("“%(name)s”写了不止一行，请合成一行，或写成两个名称") % {"name": name}
    for one in rows.starts:
        if one[0] not in names:
            yield _("缺少“%(name)s”一行，请补上") % {"name": one[0]}


# --- cells ---------------------------------------------------------------------------------------------------------


def as_text(one: Column, cell: str) -> str:
    if len(cell) > TEXT_AT_MOST:
        raise ValueError(
            _("%(column)s最多 %(most)s 字，现为 %(n)s 字")
            % {"column": one.label, "most": TEXT_AT_MOST, "n": len(cell)}
        )
    return cell


def as_number(one: Column, cell: str) -> str:
    """Exact, without commas and noughts behind."""
    try:
        parse_number(cell)
    except ValueError as error:
        raise ValueError(_("%(column)s要写数字，如 12 或 3.5") % {"column": one.label}) from error
    found = Decimal(narrow(cell).replace(",", ""))
    whole, _point, rest = f"{found:f}".lstrip("+-").partition(".")
    if found < 0:
        raise ValueError(_("%(column)s不能小于 0，请写实际承诺的数") % {"column": one.label})
    if len(whole.lstrip("0")) > DIGITS or len(rest.rstrip("0")) > PLACES:
        raise ValueError(_("%(column)s最多写 %(digits)s 位整数、%(places)s 位小数，数太长时请换一个单位") % {"column": one.label, "digits": DIGITS, "places": PLACES})  # fmt: skip
    return f"{found.normalize():f}" if found else "0"


def as_unit(one: Column, cell: str) -> str:
    """A unit of the vocabulary, or a short free word without digits."""
    found = narrow(cell)
    free = len(found) <= WORD_AT_MOST and not any(each.isdigit() or each.isspace() for each in found)
    if found not in known_units().by_name and not free:
        raise ValueError(_("%(column)s“%(said)s”不是单位，请写 万元、个、%% 这样的单位，或 %(most)s 字以内、不带数字的词，如 家、项、人") % {"column": one.label, "said": cell, "most": WORD_AT_MOST})  # fmt: skip
    return found


def as_year(one: Column, cell: str) -> str:
    found = narrow(cell).removesuffix("年")
    if not found.isascii() or not found.isdecimal() or int(found[:9]) not in YEARS:
        raise ValueError(_("%(column)s要写四位年份，如 2028") % {"column": one.label})
    return found


def narrow(cell: str) -> str:
    """Full-width digits and signs as plain ones."""
    return unicodedata.normalize("NFKC", cell).strip()


READING = {"text": as_text, "number": as_number, "unit": as_unit, "year": as_year}
