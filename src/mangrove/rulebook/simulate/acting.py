"""What ``mangrove rulebook whatif`` and ``diff`` do with what was typed."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction

from mangrove.rulebook.decide import Run
from mangrove.rulebook.language.types import MONEY, NUMBER
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Place, Problem, Problems
from mangrove.rulebook.running import refuse_not_in_force
from mangrove.rulebook.simulate import values
from mangrove.rulebook.simulate.compare import compare
from mangrove.rulebook.simulate.curve import curve
from mangrove.rulebook.simulate.data import joint, read_snapshot
from mangrove.rulebook.simulate.dry import dry
from mangrove.rulebook.simulate.engine import Changes, Simulator
from mangrove.rulebook.simulate.scenario import Replay, replay, save, scenario
from mangrove.rulebook.simulate.takeup import TakeUp, coming
from mangrove.rulebook.simulate.telling import Teller, note_of_quotas
from mangrove.rulebook.simulate.texts import (
    ConstantChange,
    article_changes,
    constant_changes,
    measure_changes,
)
from mangrove.rulebook.simulate.waterfall import by_parameters, waterfall
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

#: One act of the command line: what was typed, and the exit code.
Act = Callable[[argparse.Namespace], int]
LACKS = ("缺数据", "lacks")


def guarded(act: Act, chosen: argparse.Namespace) -> int:
    try:
        return act(chosen)
    except Problems as problems:
        return refused(one.said(chosen.language) for one in problems.problems)
    except Problem as problem:
        return refused([problem.said(chosen.language)])


def refused(sentences: Iterable[str]) -> int:
    for one in sentences:
        sys.stderr.write(one + "\n")
    return 1


def say(lines: Iterable[str]) -> None:
    """All or nothing: what is refused half-way prints no half."""
    sys.stdout.write("".join(line + "\n" for line in lines))


# --- what if -----------------------------------------------------------------------------------------------------------


def whatif(chosen: argparse.Namespace) -> int:
    if chosen.file is None or chosen.data is None:
        zh, en = (
            "请给出措施文件和 --data 数据文件夹。",
            "Name the file of a measure, and its data with --data.",
        )
        raise Problem("no_file", Place("whatif", 1, 1), zh, en)
    measure, run = load(chosen.file, vocabulary()), run_of(chosen)
    refuse_not_in_force(measure, run)
    changes = dict(values.changed(measure, written) for written in chosen.set)
    take_up = assumed(chosen, measure)
    simulator = Simulator(measure, read_snapshot(chosen.data, measure.vocabulary), run)
    if chosen.curve:
        return write_curve(simulator, chosen)
    say(told(simulator, changes, take_up, chosen))
    if chosen.save:
        save(scenario(chosen.file, chosen.data, simulator, changes, take_up), chosen.save)
    return 0


def told(
    simulator: Simulator, changes: Changes, take_up: TakeUp, chosen: argparse.Namespace
) -> Iterator[str]:
    measure, teller = simulator.measure, Teller(simulator.measure.vocabulary, chosen.language)
    yield measure.name
    known = measure.constants()
    after = measure.with_constants(changes).constants()
    yield from teller.constants([ConstantChange(name, known[name], after[name]) for name in changes])
    results = simulator.results(changes)
    yield from teller.comparison(compare(simulator.results(), results, chosen.by), chosen.by)
    if len(changes) > 1:
        yield from teller.waterfall(by_parameters(simulator, list(changes.items())))
    if chosen.take_up:
        yield from teller.coming(coming(results, take_up, Place("--take-up", 1, 1)))
    if chosen.pot:
        place = Place("--order-by", 1, 1)
        pot = values.value(chosen.pot, MONEY, measure.vocabulary, Place("--pot", 1, 1))
        yield from teller.dry(dry(results, whole_fen(pot), chosen.order_by or "", take_up, place))
    yield from note_of_quotas(measure, teller)


def whole_fen(pot: Fraction | date) -> int:
    assert isinstance(pot, Fraction)
    return int(pot)


def write_curve(simulator: Simulator, chosen: argparse.Namespace) -> int:
    constant, points = values.points(simulator.measure, chosen.curve)
    teller = Teller(simulator.measure.vocabulary, chosen.language)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow([constant.name, *teller.pick("金额_分 受益", "fen beneficiaries").split()])
    for one in curve(simulator, constant.name, points):
        out.writerow([teller.constant(constant, one.value), one.fen, one.beneficiaries])
    return 0


def run_of(chosen: argparse.Namespace) -> Run:
    day = None
    if chosen.on:
        try:
            day = date.fromisoformat(chosen.on)
        except ValueError:
            zh, en = (
                f"“{chosen.on}”不是日期；请写成 2022-10-24。",
                f"“{chosen.on}” is not a date; write it as 2022-10-24.",
            )
            raise Problem("not_a_day", Place("--on", 1, 1), zh, en) from None
    return Run(day, chosen.budget_year)


def assumed(chosen: argparse.Namespace, measure: Measure) -> TakeUp:
    """``60%`` of all, ``南山区=50%`` of a group, ``缺数据=30%`` of those that may yet qualify."""
    shares: dict[str, Fraction] = {}
    for written in chosen.take_up:
        name, _equals, text = written.rpartition("=")
        found = values.value(text, NUMBER, measure.vocabulary, Place("--take-up", 1, 1))
        assert isinstance(found, Fraction)
        shares[name.strip()] = found
    meets = shares.pop("", Fraction(1))
    lacks = next((shares.pop(word) for word in LACKS if word in shares), Fraction(1))
    try:
        return TakeUp(meets, lacks, chosen.by, shares)
    except ValueError as error:
        en = "A take-up lies between 0 and 1, and one for a group needs --by."
        raise Problem("bad_take_up", Place("--take-up", 1, 1), str(error), en) from error


# --- once more, and a draft ----------------------------------------------------------------------------------------------


def replayed(chosen: argparse.Namespace) -> int:
    found = replay(chosen.replay, vocabulary())
    teller = Teller(vocabulary(), chosen.language)
    say(verdict(found, teller))
    return 1 if found.differences else 0


def verdict(found: Replay, teller: Teller) -> Iterator[str]:
    fen = teller.money(int(found.now.totals["fen"]))
    if not found.differences:
        yield teller.pick(
            f"重做一遍，逐位相同；金额 {fen}。", f"Replayed, the same to the last bit; cost {fen}."
        )
        return
    if found.same_result:
        yield teller.pick(
            f"结果逐位相同（金额 {fen}），但：", f"The result is the same to the last bit (cost {fen}), but:"
        )
    else:
        yield teller.pick("结果变了：", "The result has changed:")
    yield from (f"  {one.said(teller.language)}" for one in found.differences)


def compared(chosen: argparse.Namespace) -> int:
    old, new = (load(path, vocabulary()) for path in (chosen.old, chosen.new))
    teller = Teller(joint([old, new]), chosen.language)
    say(teller.articles(article_changes(old, new), measure_changes(old, new)))
    say(teller.constants(constant_changes(old, new)))
    if chosen.data:
        say(money(old, new, teller, chosen))
    return 0


def money(old: Measure, new: Measure, teller: Teller, chosen: argparse.Namespace) -> Iterator[str]:
    snapshot, run = read_snapshot(chosen.data, teller.vocabulary), run_of(chosen)
    before, after = (Simulator(one, snapshot, run).results() for one in (old, new))
    yield from teller.comparison(compare(before, after, chosen.by), chosen.by)
    yield from teller.waterfall(waterfall(old, new, snapshot, run))
    yield from note_of_quotas(new, teller)
