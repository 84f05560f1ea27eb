"""Simulations to read, aligned, in Chinese or English: money in 元, 万元 or 亿元, changes with their sign."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from mangrove.rulebook.interpret import Value
from mangrove.rulebook.language.typed import Constant
from mangrove.rulebook.language.types import MONEY
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.showing import number, shown
from mangrove.rulebook.simulate.compare import Comparison, Moved
from mangrove.rulebook.simulate.dry import Dry
from mangrove.rulebook.simulate.takeup import Coming
from mangrove.rulebook.simulate.texts import ArticleChange, ConstantChange, PartChange
from mangrove.rulebook.simulate.totals import StepTotal, Totals
from mangrove.rulebook.simulate.waterfall import Waterfall
from mangrove.vocabulary.model import Vocabulary

CHANGES = {"added": ("新增", "new"), "removed": ("删去", "gone"), "changed": ("修改", "changed")}
Lines = Iterator[str]


def width(text: str) -> int:
    """Columns on a screen: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def aligned(rows: Iterable[Sequence[str]], left: int = 1) -> Lines:
    """Columns as wide as their widest cell; the first ``left`` begin together, the others end together."""
    cells = [list(row) for row in rows]
    widths = [max(width(row[n]) for row in cells) for n in range(len(cells[0]))] if cells else []
    for row in cells:
        padded = (
            text + " " * (wide - width(text)) if n < left else " " * (wide - width(text)) + text
            for n, (text, wide) in enumerate(zip(row, widths, strict=True))
        )
        yield ("  " + "  ".join(padded)).rstrip()


@dataclass(frozen=True)
class Teller:
    vocabulary: Vocabulary
    language: str = "zh"

    @cached_property
    def english(self) -> bool:
        return self.language.startswith("en")

    def pick(self, zh: str, en: str) -> str:
        return en if self.english else zh

    def money(self, fen: int) -> str:
        return shown(Fraction(fen), MONEY, self.vocabulary, self.language) if fen else "0"

    def change(self, fen: int) -> str:
        return ("+" if fen > 0 else "") + self.money(fen)

    def kind(self, entity: str) -> str:
        one = self.vocabulary.entities[entity]
        return one.en if self.english else one.zh

    def constant(self, one: Constant | None, value: Value = None) -> str:
        """A number of a measure, a share as a percentage."""
        if one is None:
            return self.pick("（没有）", "(none)")
        said = one.value if value is None else value
        if isinstance(said, Fraction) and not one.type.detail and said.denominator > 1:
            return percent(said)
        if isinstance(said, Fraction) and one.type == MONEY and said.denominator == 1:
            return self.money(int(said))
        return shown(said, one.type, self.vocabulary, self.language)

    # --- what is changed ------------------------------------------------------------------------------------------

    def constants(self, changes: Sequence[ConstantChange]) -> Lines:
        if changes:
            yield self.pick("数", "Numbers")
        rows = ([one.name, self.constant(one.old), "→", self.constant(one.new)] for one in changes)
        yield from aligned(rows)

    def articles(self, changes: Sequence[ArticleChange], frame: Sequence[PartChange]) -> Lines:
        if changes or frame:
            yield self.pick("条文（[-现行-]，{+草案+}）", "Text ([-in force-], {+draft+})")
        for part in frame:
            yield f"  {part.part}: {inline(part)}"
        for one in changes:
            yield f"  {self.pick(*CHANGES[one.change])}  {one.id}  {one.clause.article}"
            if one.change != "changed":
                yield f"    {one.clause.text}"
            for part in one.parts:
                yield f"    {part.part}: {inline(part)}"

    # --- what it comes to -----------------------------------------------------------------------------------------

    def comparison(self, one: Comparison, by: str = "") -> Lines:
        yield self.pick("合计", "In all")
        yield from aligned(self.whole(one.before, one.after))
        yield self.pick("条款", "Clauses")
        yield from aligned(self.steps(one.before, one.after), left=2)
        yield from self.moved(one)
        if one.groups:
            yield self.pick(f"按{by}", f"By {by}")
            yield from aligned(self.groups(one))
        yield from self.largest(one)

    def whole(self, before: Totals, after: Totals) -> Iterator[list[str]]:
        yield ["", *self.pick("现在 改后 增减", "now changed difference").split()]
        a, b = before.cost, after.cost
        yield [self.pick("已知金额", "known cost"), *self.trio(a.low, b.low)]
        if a.open or b.open:
            yield [
                self.pick("金额上限（缺数据的按最多算）", "at most, unknowns at their bound"),
                *self.trio(a.high, b.high),
            ]
            yield [self.pick("缺数据", "lacking a datum"), *counts(a.open, b.open)]
        if a.unbounded or b.unbounded:
            yield [self.pick("其中没有上限的", "of these without a bound"), *counts(a.unbounded, b.unbounded)]
        yield [self.pick("受益", "beneficiaries"), *counts(before.beneficiaries, after.beneficiaries)]

    def trio(self, before: int, after: int) -> list[str]:
        return [self.money(before), self.money(after), self.change(after - before)]

    def steps(self, before: Totals, after: Totals) -> Iterator[list[str]]:
        yield [
            "",
            "",
            *self.pick(
                "现在 改后 增减 受益 符合 不符合 缺数据", "now changed difference paid qualify fail lack"
            ).split(),
        ]
        old = {one.clause.id: one for one in before.steps}
        new = {one.clause.id: one for one in after.steps}
        for id in {**new, **old}:
            yield self.step(old.get(id), new.get(id))

    def step(self, old: StepTotal | None, new: StepTotal | None) -> list[str]:
        one = new or old
        assert one is not None
        before, after = (side.cost.low if side else 0 for side in (old, new))
        tail = [str(new.beneficiaries), str(new.meets), str(new.fails), str(new.lacks)] if new else ["—"] * 4
        return [one.clause.id, one.clause.article, *self.trio(before, after), *tail]

    def moved(self, one: Comparison) -> Lines:
        yield self.pick("增减的对象", "Who gains and who loses")
        head = [
            "",
            *self.pick("增加 减少 不变 待定 增加额 减少额", "gain lose same open gained lost").split(),
        ]
        yield from aligned([head, *([self.kind(kind), *self.counts(moved)] for kind, moved in one.kinds)])

    def counts(self, one: Moved) -> list[str]:
        whole = (one.winners, one.losers, one.unchanged, one.open)
        return [*map(str, whole), self.money(one.gained), self.money(one.lost)]

    def groups(self, one: Comparison) -> Iterator[list[str]]:
        yield [
            "",
            *self.pick(
                "现在 改后 增减 增加 减少 不变 待定", "now changed difference gain lose same open"
            ).split(),
        ]
        for group, moved in one.groups:
            whole = (moved.winners, moved.losers, moved.unchanged, moved.open)
            yield [group.said(self.language), *self.trio(moved.before, moved.after), *map(str, whole)]

    def largest(self, one: Comparison) -> Lines:
        if one.largest:
            yield self.pick("变动最大的", "Largest changes")
        rows = (
            [f"{self.kind(each.entity)} {each.key}", *self.trio(each.before, each.after)]
            for each in one.largest
        )
        yield from aligned(rows)

    def waterfall(self, one: Waterfall) -> Lines:
        if not one.steps:
            return
        yield self.pick(
            "依次改动（各步之和等于总增减）", "One change after another (the steps add up exactly)"
        )
        rows = [[self.pick("现在", "now"), "", self.money(one.base)]]
        rows += [
            ["、".join(step.changed), self.change(step.effect), self.money(step.fen)] for step in one.steps
        ]
        yield from aligned(rows)

    def coming(self, one: Coming) -> Lines:
        yield self.pick("参与率（假设）", "Take-up (assumed)")
        head = [
            "",
            "",
            *self.pick(
                "对象次 金额 参与率 预计 预计金额", "claims amount share expected expected_cost"
            ).split(),
        ]
        rows = [
            [cell.group.said(self.language), str(cell.standing), str(cell.things), self.money(cell.fen),
             percent(cell.share), str(cell.expected_things), self.money(cell.expected_fen)]
            for cell in one.cells if cell.things
        ]  # fmt: skip
        yield from aligned([head, *rows], left=2)
        yield self.pick("  预计支出 ", "  expected cost ") + self.money(one.fen)

    def dry(self, one: Dry) -> Lines:
        pot = self.money(one.pot)
        left = shown(Fraction(int(one.left)), MONEY, self.vocabulary, self.language)
        if one.first_unpaid is None and one.undated and not one.served:
            yield self.pick(
                f"额度 {pot}：没有一笔有日期，哪一天用完无从说起。",
                f"Pot of {pot}: no claim has a date, so there is no day on which it runs dry.",
            )
        elif one.first_unpaid is None:
            part = percent(Fraction(int(one.left), one.pot)) if one.pot else "0%"
            yield self.pick(
                f"额度 {pot} 够用，余 {left}（{part}）。",
                f"The pot of {pot} suffices; {left} ({part}) is left.",
            )
        else:
            first = one.first_unpaid
            who = f"{self.kind(first.entity)} {first.key}"
            zh = f"额度 {pot} 到 {one.day} 用完：已付 {one.served} 笔，余 {left}；第一笔付不足的是{who}（{self.money(first.fen)}），其后还有 {one.unserved - 1} 笔。"
            en = f"The pot of {pot} runs dry on {one.day}: {one.served} claims paid, {left} left; the first that does not fit is {who} ({self.money(first.fen)}), {one.unserved - 1} come after it."
            yield self.pick(zh, en)
        if one.undated:
            yield self.pick(
                f"另有 {one.undated} 笔没有日期（{self.money(one.undated_fen)}），未排入。",
                f"{one.undated} claims have no date ({self.money(one.undated_fen)}) and are left out.",
            )


def counts(before: int, after: int) -> list[str]:
    return [str(before), str(after), f"{after - before:+d}" if after != before else "0"]


def percent(share: Fraction) -> str:
    """Exactly where it ends within six places, else rounded to two and said so."""
    said = number(share * 100)
    return f"{said}%" if "/" not in said else f"≈{number(Fraction(round(share * 10_000), 100))}%"


def inline(part: PartChange) -> str:
    """``门槛由[-300-]{+500+}万元``."""
    marks = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[one.kind].format(one.text) for one in part.pieces)


def note_of_quotas(measure: Measure, teller: Teller) -> Lines:
    """Who lacks a datum may yet take a place, and is counted as if there were always one."""
    if measure.quotas:
        yield teller.pick(
            "注意：已按名额选取；金额上限未计名额，可能偏高。",
            "Note: quotas are applied; the upper bound is not limited by them and may be too high.",
        )
