"""Holds the measured pages of a letter against the format rules that speak of places and lengths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from mangrove.documents.check.finding import (
    Finding,
    judge,
    judge_count,
    judge_length,
    judge_number,
)
from mangrove.documents.check.page import Bar, Line, Page, most_common
from mangrove.documents.rules import letter_rules

FOLIO = re.compile(r"^[—–―-](\d+)[—–―-]$")
DATE_LINE = re.compile(r"^\d{2,4}年\d{1,2}月\d{1,2}日$")
NOT_FIRST = "，。、；：？！）》〉」』】〕〗”’％"


@dataclass(frozen=True)
class Sheet:
    """A letter's pages with the places that the rules name already found."""

    pages: tuple[Page, ...]

    @cached_property
    def folios(self) -> dict[int, Line]:
        """The page number line of each page that has one."""
        found = ((page.number, line) for page in self.pages for line in page.lines if FOLIO.match(line.text))
        return dict(found)

    @cached_property
    def mark(self) -> Line | None:
        """The issuer's mark: the uppermost red line of page 1."""
        return next((line for line in self.pages[0].lines if line.red), None)

    @cached_property
    def title(self) -> tuple[Line, ...]:
        """The title: the lines on page 1, not red, clearly larger than body text."""
        smallest = points_um("body.size") * 12 // 10
        return tuple(line for line in self.pages[0].lines if not line.red and line.size >= smallest)

    @cached_property
    def number(self) -> Line | None:
        """The line of 发文字号: above the title and below the mark."""
        if not self.title or self.mark is None:
            return None
        mark, title = self.mark.baseline, self.title[0].baseline
        between = (line for line in self.pages[0].lines if mark < line.baseline < title)
        return next(between, None)

    def text_lines(self, page: Page) -> tuple[Line, ...]:
        """The lines below the title or the running head, without the page number."""
        running_head = points_um("area.top") // 2
        below = self.title[-1].baseline if page.number == 1 and self.title else running_head
        folio = self.folios.get(page.number)
        return tuple(line for line in page.lines if line is not folio and line.baseline > below)

    def body_lines(self, page: Page) -> tuple[Line, ...]:
        """The lines of body size in the type area: body, signature and date."""
        return tuple(line for line in self.text_lines(page) if abs(line.size - self.body_size) < 300)

    @cached_property
    def body_size(self) -> int:
        """The commonest character height of the letter."""
        return most_common([line.size for page in self.pages for line in self.text_lines(page)] or [0])

    @cached_property
    def bodies(self) -> tuple[Line, ...]:
        """Every line of body size, in reading order."""
        return tuple(line for page in self.pages for line in self.body_lines(page))

    @cached_property
    def left(self) -> int:
        """The type area's left edge: the leftmost line that begins with a letter; a mark such as “ may hang out.

        Not the commonest edge: in a short letter most lines are first lines of paragraphs, and set in.
        """
        return min((line.left for line in self.bodies if line.text[0].isalnum()), default=0)

    @cached_property
    def full_lines(self) -> tuple[Line, ...]:
        """The lines filled from edge to edge, that end with a full square."""
        longest = self.body_size * 24
        return tuple(
            line
            for line in self.bodies
            if line.left == self.left and line.right - line.left > longest and line.chars[-1].wide
        )

    @cached_property
    def right(self) -> int:
        """The type area's right edge: where most full lines end."""
        return most_common(
            [line.right for line in self.full_lines if line.chars[-1].text not in NOT_FIRST] or [0]
        )

    @cached_property
    def date_line(self) -> tuple[Page, Line] | None:
        """The last line that is a date and nothing else, with its page."""
        found = [
            (page, line)
            for page in self.pages
            for line in self.body_lines(page)
            if DATE_LINE.match(line.text)
        ]
        return found[-1] if found else None


def check_geometry(sheet: Sheet) -> list[Finding]:
    """Every rule about places that can be measured without knowing the letter's text."""
    parts = (_paper, _area, _grid, _mark, _rules, _number, _title, _folios)
    return [finding for part in parts for finding in part(sheet)]


def points_um(rule_id: str) -> int:
    """A rule's length in µm."""
    return int(letter_rules()[rule_id].points * 25400 / 72)


def _paper(sheet: Sheet) -> Iterator[Finding]:
    for page in sheet.pages:
        yield judge_length("page.width", page.width, page.number)
        yield judge_length("page.height", page.height, page.number)


def _area(sheet: Sheet) -> Iterator[Finding]:
    """The type area as the text fills it; page 1 begins with the head of the letter and has no top of its own."""
    for page in sheet.pages[1:]:
        if lines := sheet.body_lines(page):
            yield judge_length("area.top", lines[0].top, page.number)
    yield judge_length("area.left", sheet.left)
    if sheet.right:
        yield judge_length("area.width", sheet.right - sheet.left)
    overfull = list(_overfull(sheet))
    yield judge("area.height", not overfull, "、".join(overfull) or "各页均在版心之内")


def _overfull(sheet: Sheet) -> Iterator[str]:
    """Pages whose text goes below the type area."""
    rules = letter_rules()
    limit = points_um("area.height") + int(rules["area.height"].tolerance * 1000)
    for page in sheet.pages:
        lines = sheet.text_lines(page)
        top = lines[0].top if page.number > 1 and lines else points_um("area.top")
        if lines and lines[-1].bottom - top > limit:
            yield f"第{page.number}页超出版心下边缘"


def _grid(sheet: Sheet) -> Iterator[Finding]:
    yield judge_length("body.size", sheet.body_size)
    pitches = [b.baseline - a.baseline for page in sheet.pages for a, b in pairwise(sheet.body_lines(page))]
    if pitches:
        yield judge_length("line.pitch", most_common([round(pitch, -1) for pitch in pitches]))
    for page in sheet.pages[1:-1]:
        yield judge_number("grid.lines", Decimal(len(sheet.text_lines(page))), page.number)
    if sheet.full_lines:
        yield judge_number(
            "grid.chars", Decimal(most_common([line.squares for line in sheet.full_lines])) / 2
        )
    yield judge_count("line.start", [line.text[:6] for line in sheet.bodies if line.text[0] in NOT_FIRST])
    yield from _indent(sheet)
    yield judge(
        "body.first_page",
        len(sheet.body_lines(sheet.pages[0])) > 1,
        f"{len(sheet.body_lines(sheet.pages[0]))}行",
    )


def _indent(sheet: Sheet) -> Iterator[Finding]:
    """How far most paragraphs begin inside the type area."""
    starts = [line.left - sheet.left for line in sheet.bodies]
    inside = [start for start in starts if sheet.body_size // 2 < start < 4 * sheet.body_size]
    if inside:
        yield judge_number("body.indent", Decimal(most_common(inside)) / sheet.body_size)


def _mark(sheet: Sheet) -> Iterator[Finding]:
    yield judge("mark.colour", sheet.mark is not None, "红色" if sheet.mark else "首页没有红色文字", 1)
    if sheet.mark:
        yield judge_length("mark.top", min(char.top for char in sheet.mark.chars), 1)


def _rules(sheet: Sheet) -> Iterator[Finding]:
    first_page = sheet.pages[0]
    pairs = first_page.double_rules
    if len(pairs) < 2:
        yield judge("rule.first.gap", False, f"首页只找到{len(pairs)}条双线", 1)
        return
    first, second = pairs[0], pairs[-1]
    if sheet.mark:
        yield judge_length("rule.first.gap", first[0].top - max(char.bottom for char in sheet.mark.chars), 1)
    yield judge("rule.first.order", first[0].thickness > first[1].thickness, _order(first), 1)
    yield judge_length("rule.second.bottom", first_page.height - second[1].bottom, 1)
    yield judge("rule.second.order", second[0].thickness < second[1].thickness, _order(second), 1)
    yield from _second_rule_text(sheet, second[0])
    yield from _rule_shape((*first, *second))
    yield from _stray_bars(sheet, (*first, *second))


def _second_rule_text(sheet: Sheet, upper: Bar) -> Iterator[Finding]:
    """The white between the last text of page 1 and the second double rule; more than asked is no matter."""
    rule = letter_rules()["rule.second.text"]
    if lines := sheet.text_lines(sheet.pages[0]):
        white = (Decimal(upper.top - lines[-1].bottom) / 1000).quantize(Decimal("0.01"))
        yield judge(rule.id, white >= rule.number - rule.tolerance, f"{white}mm", 1)


def _order(pair: tuple[Bar, Bar]) -> str:
    upper, lower = (Decimal(bar.thickness) / 1000 for bar in pair)
    return f"上{upper:.2f}mm、下{lower:.2f}mm"


def _rule_shape(bars: Iterable[Bar]) -> Iterator[Finding]:
    """Length, centre and colour; of four bars the one farthest from the rule speaks for all."""
    lengths = [bar.length for bar in bars]
    centres = [(bar.left + bar.right) // 2 for bar in bars]
    yield judge_length(
        "rule.length", max(lengths, key=lambda value: abs(value - points_um("rule.length"))), 1
    )
    yield judge_length(
        "rule.centre", max(centres, key=lambda value: abs(value - points_um("rule.centre"))), 1
    )
    colours = [bar.red for bar in bars]
    yield judge("rule.colour", all(colours), "红色" if all(colours) else "不是红色", 1)


def _stray_bars(sheet: Sheet, known: tuple[Bar, ...]) -> Iterator[Finding]:
    """A letter carries its double rules on page 1 and no other bars: no 版记 rules."""
    later = [f"第{page.number}页" for page in sheet.pages[1:] if any(bar.red for bar in page.bars)]
    yield judge("rule.second.pages", not later, "只在首页" if not later else "、".join(later))
    stray = [
        f"第{page.number}页" for page in sheet.pages for bar in page.bars if not bar.red and bar not in known
    ]
    yield judge_count("foot.rules", stray)


def _number(sheet: Sheet) -> Iterator[Finding]:
    """发文字号, if the letter has one already."""
    pairs = sheet.pages[0].double_rules
    if sheet.number is None or not pairs:
        return
    yield judge_length("number.gap", sheet.number.top - pairs[0][1].bottom, 1)
    yield judge_length("number.right", sheet.number.right, 1)


def _title(sheet: Sheet) -> Iterator[Finding]:
    if not sheet.title:
        yield judge("title.size", False, "首页没有找到大于正文的标题", 1)
        return
    yield judge_length("title.size", sheet.title[0].size, 1)
    centres = [line.ink_centre for line in sheet.title]
    yield judge_length(
        "title.centre", max(centres, key=lambda value: abs(value - points_um("title.centre"))), 1
    )
    if sheet.number:
        white = sheet.title[0].top - sheet.number.bottom
        yield judge_number("title.lines_above", blank_lines(white), 1)
    if lines := sheet.body_lines(sheet.pages[0]):
        yield judge_number("addressee.lines_above", blank_lines(lines[0].top - sheet.title[-1].bottom), 1)


def blank_lines(white: int) -> Decimal:
    """How many blank lines a stretch of white (µm) between two elements holds."""
    gap = points_um("line.gap")
    return Decimal(white - gap) / (gap + points_um("body.size"))


def _folios(sheet: Sheet) -> Iterator[Finding]:
    yield judge("folio.first", 1 not in sheet.folios, "有" if 1 in sheet.folios else "无", 1)
    for page in sheet.pages[1:]:
        folio = sheet.folios.get(page.number)
        if folio is None and not sheet.body_lines(page):
            continue  # 7.5: a page that holds nothing but the foot carries no number
        yield judge("folio.present", folio is not None, "有" if folio else "无", page.number)
        if folio:
            yield from _folio(sheet, page, folio)


def _folio(sheet: Sheet, page: Page, folio: Line) -> Iterator[Finding]:
    bottom = points_um("area.top") + points_um("area.height")
    yield judge_length("folio.gap", folio.chars[0].top - bottom, page.number)
    yield judge_length("folio.size", folio.size, page.number)
    area_left = points_um("area.left")
    area_right = area_left + points_um("area.width")
    inset = area_right - folio.right if page.number % 2 else folio.left - area_left
    yield judge_number("folio.inset", Decimal(inset) / folio.size, page.number)
