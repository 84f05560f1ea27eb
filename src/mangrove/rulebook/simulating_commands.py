"""``mangrove rulebook whatif`` and ``diff``: what a change would cost, whom it reaches, and what a draft changes."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from mangrove.rulebook.decide import Run
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Place, Problem, Problems
from mangrove.rulebook.reader import load
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
from mangrove.rulebook.types import MONEY, NUMBER
from mangrove.vocabulary import vocabulary

LACKS = ("缺数据", "lacks")


def add(acts: Any) -> None:
    whatif = acts.add_parser("whatif", help="试算：改几个数，金额、受益对象、增减的对象各变多少")
    whatif.add_argument("file", type=Path, nargs="?", metavar="文件")
    whatif.add_argument("--data", type=Path, metavar="文件夹", help="每类对象一个 <英文标识>.csv")
    whatif.add_argument(
        "--set", action="append", default=[], metavar="名称=值", help="例如 门槛=500万元，可写多次"
    )
    whatif.add_argument(
        "--curve", metavar="名称=低..高/段数", help="例如 demo.cap=0万元..500万元/50，结果是 CSV"
    )
    whatif.add_argument(
        "--take-up", action="append", default=[], metavar="参与率", help="60%%，南山区=50%%，缺数据=30%%"
    )
    whatif.add_argument("--pot", metavar="金额", help="额度；与 --order-by 一起说出哪一天用完")
    whatif.add_argument("--order-by", metavar="日期字段", help="按这个日期先后支付")
    whatif.add_argument("--save", type=Path, metavar="文件", help="把这次试算存成文件，日后可重做")
    whatif.add_argument("--replay", type=Path, metavar="文件", help="重做存下的试算，说出是否一模一样")
    whatif.set_defaults(run=run_whatif)
    diff = acts.add_parser("diff", help="草案与现行比：条文、数，有数据时还有金额和增减的对象")
    diff.add_argument("old", type=Path, metavar="现行")
    diff.add_argument("new", type=Path, metavar="草案")
    diff.add_argument("--data", type=Path, metavar="文件夹")
    diff.set_defaults(run=run_diff)
    for one in (whatif, diff):
        one.add_argument("--by", default="", metavar="字段或关联", help="分组，例如 所在区、申报单位.类别")
        one.add_argument("--on", metavar="日期", help="决定日")
        one.add_argument("--budget-year", type=int, metavar="年度", help="预算年度")
        one.add_argument("--language", choices=("zh", "en"), default="zh", help="用哪种语言说明")


def run_whatif(chosen: argparse.Namespace) -> int:
    """0 when answered, or replayed to the last bit; 1 when something does not read, or differs."""
    act = replayed if chosen.replay else whatif
    return guarded(act, chosen)


def run_diff(chosen: argparse.Namespace) -> int:
    return guarded(compared, chosen)


def guarded(act: Any, chosen: argparse.Namespace) -> int:
    try:
        return int(act(chosen))
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
    measure = load(chosen.file, vocabulary())
    changes = dict(values.changed(measure, written) for written in chosen.set)
    take_up = assumed(chosen, measure)
    simulator = Simulator(measure, read_snapshot(chosen.data, measure.vocabulary), run_of(chosen))
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
        yield from teller.coming(coming(results, take_up))
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
