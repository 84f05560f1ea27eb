"""What a portfolio comes to, to read in Chinese or English: pots, steps, choices; and every due as a line of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from typing import cast

from mangrove.rulebook.allotting.allot import Due
from mangrove.rulebook.allotting.allotment import Outcome, PotTotal
from mangrove.rulebook.allotting.classes import Classes
from mangrove.rulebook.allotting.pots import Cut
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.showing import shown
from mangrove.rulebook.simulate.telling import Lines, Teller, aligned, percent
from mangrove.rulebook.texts.families import DRAFT

CUTS: dict[Cut, tuple[str, str]] = {
    "none": ("照付，不够的报缺口", "pays all and tells what is short"),
    "pro_rata": ("不够时按比例核减", "cut pro rata"),
    "in_order": ("按先后支付，付完为止", "first come, first served"),
}
KEEPS = {"highest": ("取最高", "the highest"), "first": ("取最先", "the first")}
STATUS = {"已核": "checked", "待核": "not yet checked", DRAFT: "draft"}
#: So many of a list are named, the others counted.
NAMED = 5
HEAD = (
    "对象 标识 措施 步骤 应得_分 实付_分 额度 减去_分 说明",
    "thing key measure step due_fen paid_fen pots removed_fen note",
)
UNRANKED = ("排序的数缺，排在最后：{}", "Came last, what ranks them is not known: {}")
STEPS = (
    "件 应得 实付 核减 让位 待定 缺数据 预留",
    "dues due paid cut gave_way open unknown reserved",
)


def class_words(classes: Classes, index: int, teller: Teller) -> str:
    """The values of a class as people name them."""
    kind = classes.by.type
    words = [
        shown(cast(str | bool, value), kind, teller.vocabulary, teller.language)
        for value, one in classes.of.items()
        if one == index
    ]
    rest = [teller.pick("其余", "others")] if classes.rest == index else []
    return teller.pick("、", ", ").join([*words, *rest])


@cache
def rate(factor: Fraction) -> str:
    """A percentage, and the fraction where that is not exact; asked for every due that is cut."""
    said = percent(factor)
    return f"{said} ({factor.numerator}/{factor.denominator})" if said.startswith("≈") else said


@dataclass(frozen=True)
class Telling:
    outcome: Outcome
    measures: Sequence[Measure]
    teller: Teller

    def pick(self, zh: str, en: str) -> str:
        return self.teller.pick(zh, en)

    def money(self, fen: int) -> str:
        return self.teller.money(fen)

    def due(self, due: Due) -> str:
        return f"{self.teller.kind(due.entity)} {due.key} {due.name}"

    def some(self, dues: Iterable[Due]) -> str:
        """The first few by name, the others counted."""
        given = list(dues)
        named = self.pick("、", ", ").join(self.due(one) for one in given[:NAMED])
        more = len(given) - NAMED
        return named + (self.pick(f" 等 {len(given)} 件", f" and {more} more") if more > 0 else "")

    def status(self, word: str) -> str:
        return self.pick(word, STATUS[word])

    # --- to read ------------------------------------------------------------------------------------------------------

    def lines(self, day: date | None) -> Lines:
        portfolio = self.outcome.portfolio
        on = self.pick(f"，决定日 {day}", f", on {day}") if day else ""
        id, status = portfolio.id, self.status(portfolio.status)
        yield self.pick(f"{portfolio.name}（{id}，{status}{on}）", f"{portfolio.name} ({id}, {status}{on})")
        yield self.pick("措施", "Measures")
        yield from aligned([self.measure(one) for one in self.measures], left=4)
        for one in self.outcome.pots:
            yield from self.pot(one)
        yield from self.steps()
        yield from self.choices()
        yield from self.left_over()

    def measure(self, one: Measure) -> list[str]:
        begin = one.version.in_force or self.pick("施行日不详", "not known since when")
        span = f"{begin} .. {one.version.until or ''}".rstrip()
        is_draft = one.version.status == DRAFT
        mark = (
            self.pick("草案，从未施行", "a draft, never in force")
            if is_draft
            else self.status(one.version.status)
        )
        return [one.id, one.name, span, mark]

    def pot(self, one: PotTotal) -> Lines:
        pot, rule = one.rule.pot, one.rule
        yield self.pick(
            f"资金池 {pot.id}：{rule.name}（{rule.source}；{CUTS[pot.cut][0]}）",
            f"Pot {pot.id}: {rule.name} ({rule.source}; {CUTS[pot.cut][1]})",
        )
        head = self.pick("额度 申请 支付 预留 结余", "amount asked paid reserved remainder").split()
        sums = [pot.fen, one.asked, one.paid, one.reserved, one.found.remainder]
        yield from aligned([head, [self.money(fen) for fen in sums]], left=0)
        yield from (f"  {said}" for said in self.of_pot(one))
        yield from self.classes(one)

    def of_pot(self, one: PotTotal) -> Lines:
        """What there is to say of it besides its sums."""
        found = one.found
        yield from self.cut(one)
        if found.short:
            yield self.pick(f"缺口 {self.money(found.short)}", f"{self.money(found.short)} short")
        if one.held_for:
            most = self.money(one.held_for)
            yield self.pick(
                f"缺数据的 {len(found.reserved)} 件最多 {most}，从额度中预留 {self.money(one.reserved)}",
                f"{len(found.reserved)} unknown amounts come to {most} at most, of which {self.money(one.reserved)} is held",
            )
        if found.unknown:
            some = self.some(dues(found.unknown))
            yield self.pick(
                f"缺数据又没有上限，未预留：{some}", f"Unknown and without a bound, nothing is held: {some}"
            )
        if found.below:
            some, least = self.some(dues(found.below)), self.money(one.rule.pot.minimum)
            yield self.pick(
                f"不到最低额 {least}，不付：{some}", f"Below the minimum of {least}, not paid: {some}"
            )
        if not found.settled:
            yield self.pick(
                f"最低额经 {one.rule.pot.rounds} 轮仍未定，余下不到的都不付",
                f"The minimum did not settle in {one.rule.pot.rounds} rounds; who is still below gets nothing",
            )
        if unclassed := self.outcome.unclassed[one.rule.pot.id]:
            some = self.some(unclassed)
            yield self.pick(f"类别不明，排在最后一类：{some}", f"Of unknown class, in the last one: {some}")
        if unranked := self.outcome.unranked(one):
            yield self.pick(*UNRANKED).format(self.some(unranked))

    def cut(self, one: PotTotal) -> Lines:
        found, pot = one.found, one.rule.pot
        if found.cut_class is None:
            return
        place = found.cut_class + 1
        who = self.pick(f"第 {place} 类", f"Class {place}") if one.rule.classes else self.pick("全部", "All")
        if pot.cut == "in_order":
            yield self.pick(
                f"{who}轮到时额度用完，排在后面的不付", f"{who}: the pot ran out; who is behind is not paid"
            )
        else:
            share = rate(found.factor)
            yield self.pick(f"{who}按比例核减，系数 {share}", f"{who} cut pro rata, factor {share}")

    def classes(self, one: PotTotal) -> Lines:
        if one.rule.classes is None:
            return
        rows = [["", *self.pick("件 申请 支付", "dues asked paid").split()]]
        for index, total in enumerate(one.classes):
            words = class_words(one.rule.classes, index, self.teller)
            name = self.pick(f"第 {index + 1} 类 {words}", f"class {index + 1}: {words}")
            rows.append([name, str(total.dues), self.money(total.asked), self.money(total.paid)])
        yield from aligned(rows)

    def steps(self) -> Lines:
        yield self.pick("步骤", "Steps")
        rows = [["", *self.pick(*STEPS).split()]]
        for step, one in self.outcome.steps.items():
            sums = [self.money(fen) for fen in (one.asked, one.paid, one.removed, one.gave_way, one.open)]
            rows.append([step, str(one.dues), *sums, str(one.unknown), self.money(one.reserved)])
        yield from aligned(rows)

    def choices(self) -> Lines:
        """Of each choice how many gave way from which step to which, and who is not decided."""
        chosen = self.outcome.allotment.chosen
        ways = Counter((lost.group, due.name, lost.to.name) for due, lost in chosen.lost.items())
        sums: Counter[tuple[str, str, str]] = Counter()
        for due, lost in chosen.lost.items():
            sums[lost.group, due.name, lost.to.name] += lost.fen or 0
        for group in self.outcome.portfolio.groups:
            yield self.pick(
                f"选择 {group.id}（{KEEPS[group.keep][0]}）", f"Choice {group.id} ({KEEPS[group.keep][1]})"
            )
            for way in sorted(way for way in ways if way[0] == group.id):
                yield self.pick(
                    f"  {way[1]} 让位于 {way[2]}：{ways[way]} 件，{self.money(sums[way])}",
                    f"  {way[1]} gives way to {way[2]}: {ways[way]}, {self.money(sums[way])}",
                )
            if undecided := [due for due, id in chosen.undecided.items() if id == group.id]:
                yield self.pick(
                    f"  缺数据，未定：{self.some(undecided)}", f"  Not yet decided: {self.some(undecided)}"
                )

    def left_over(self) -> Lines:
        found, dues = self.outcome.allotment, self.outcome.dues
        if found.outside:
            fen = self.money(sum(found.awards[due] for due in found.outside))
            some = self.some(found.outside)
            yield self.pick(f"不归任何资金池，照付 {fen}：{some}", f"In no pot, paid in full, {fen}: {some}")
        if dues.fell:
            some = self.some(dues.fell)
            yield self.pick(f"名额已满，不付：{some}", f"No place left under a quota, not paid: {some}")
        if dues.waiting:
            some = self.some(sorted(dues.waiting))
            yield self.pick(f"名额待定，预留：{some}", f"Whether there is a place is not known, held: {some}")
        if dues.unranked:
            yield self.pick(*UNRANKED).format(self.some(sorted(dues.unranked)))
        if dues.rising:
            some = self.some(dues.rising)
            yield self.pick(
                f"数据补齐后可能再增，未预留：{some}", f"May rise with more data, nothing is held: {some}"
            )

    @cached_property
    def unranked(self) -> set[Due]:
        return {due for one in self.outcome.pots for due in self.outcome.unranked(one)}

    @cached_property
    def unclassed(self) -> set[Due]:
        return {due for found in self.outcome.unclassed.values() for due in found}

    # --- every due ----------------------------------------------------------------------------------------------------

    def table(self) -> Iterator[list[str | int | None]]:
        """In the order of the things; an amount that is not known stays empty, never zero."""
        yield list(self.pick(*HEAD).split())
        pots = self.pots_of()
        for due in sorted(self.outcome.dues.amounts, key=lambda one: (one.thing, one)):
            yield self.row(due, pots.get(due, []))

    def pots_of(self) -> dict[Due, list[PotTotal]]:
        """The pots that each due came to ask."""
        found: dict[Due, list[PotTotal]] = {}
        for one in self.outcome.pots:
            allocation = one.found
            for key in (*allocation.awards, *allocation.reserved, *allocation.unknown):
                found.setdefault(cast(Due, key), []).append(one)
        return found

    def row(self, due: Due, pots: Sequence[PotTotal]) -> list[str | int | None]:
        fen, found = self.outcome.dues.amounts[due], self.outcome.allotment
        lost = found.chosen.lost.get(due)
        paid = found.awards.get(due) if lost is None else 0
        removed = None if fen is None or paid is None else fen - paid
        giving = [one for one in pots if one.found.awards.get(due) or one.found.reserved.get(due)] or pots
        names = giving[0].rule.pot.id if len(giving) == 1 else self.joined(one.rule.pot.id for one in giving)
        note = self.joined(self.notes(due, giving, pots))
        return [due.entity, due.key, due.measure, due.step, fen, paid, names, removed, note]

    def joined(self, parts: Iterable[str]) -> str:
        return self.pick("；", "; ").join(parts)

    def notes(self, due: Due, giving: Sequence[PotTotal], pots: Sequence[PotTotal]) -> Iterator[str]:
        found, dues = self.outcome.allotment, self.outcome.dues
        if lost := found.chosen.lost.get(due):
            yield self.pick(
                f"让位于 {lost.to.name}（{lost.group}）", f"gave way to {lost.to.name} ({lost.group})"
            )
            return
        if due in dues.fell:
            yield self.pick(f"{dues.fell[due]}已满", f"no place left: {dues.fell[due]}")
        if due in dues.waiting:
            yield self.pick("名额待定", "whether there is a place is not known")
        elif dues.amounts[due] is None:
            yield self.pick("缺数据", "not known")
        if due in found.chosen.undecided:
            group = found.chosen.undecided[due]
            yield self.pick(f"选择 {group} 未定", f"choice {group} is open")
        if due in found.reserved:
            held = found.reserved[due]
            yield self.pick(f"预留 {held} 分", f"{held} fen held")
        if due in dues.rising:
            yield self.pick("数据补齐后可能再增", "may rise with more data")
        yield from self.places(due)
        if len(giving) > 1 and found.removed.get(due, 1) != dues.amounts[due]:
            yield self.by_pot(due, giving)
        yield from self.why_less(due, pots)

    def places(self, due: Due) -> Iterator[str]:
        """Where it stood among others for want of a datum."""
        if due in self.unclassed:
            yield self.pick("类别不明", "of unknown class")
        if due in self.outcome.dues.unranked or due in self.unranked:
            yield self.pick("排序的数缺，排在最后", "came last, what ranks it is not known")

    def by_pot(self, due: Due, giving: Sequence[PotTotal]) -> str:
        parts = (
            (one.rule.pot.id, one.found.awards.get(due, one.found.reserved.get(due, 0))) for one in giving
        )
        return self.pick("、", ", ").join(f"{id} {fen} {self.pick('分', 'fen')}" for id, fen in parts)

    def why_less(self, due: Due, pots: Sequence[PotTotal]) -> Iterator[str]:
        """Why it was not paid in full, as the last pot that it asked has it."""
        found = self.outcome.allotment
        if not pots and due in found.awards:
            yield self.pick("不归任何资金池", "in no pot")
        if not pots or not found.removed.get(due):
            return
        last = pots[-1]
        if due in self.outcome.below:
            yield self.pick("不到最低额", "below the minimum")
        elif last.found.cut_class is not None:
            yield self.cut_short(due, last)

    def cut_short(self, due: Due, last: PotTotal) -> str:
        cut = last.found.cut_class or 0
        if self.outcome.class_in(last.rule, due) > cut:
            return self.pick(f"额度在第 {cut + 1} 类用完", f"the pot ran out in class {cut + 1}")
        if last.rule.pot.cut == "pro_rata":
            share = rate(last.found.factor)
            return self.pick(f"按比例核减，系数 {share}", f"cut pro rata, factor {share}")
        return self.pick("排到时额度不够", "the pot ran out before it")


def dues(keys: Iterable[object]) -> list[Due]:
    """The keys of claims that :mod:`allotting` makes are dues."""
    return cast(list[Due], list(keys))
