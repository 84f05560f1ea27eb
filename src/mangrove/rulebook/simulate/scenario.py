"""A saved scenario: what was asked, of which text and which data, and what came out; a replay says what has changed since.

scenario: 1
measure: ../measures/x.yaml          # from the folder of this file
text: 9f86d081…                      # SHA-256 of its bytes
structure: 1f0c…                     # of the rules apart from their numbers
numbers: [门槛 = 30000000]            # in base units: fen, a fraction, a day
changes: [门槛 = 50000000]
run: {decide_on: 2022-12-31, budget_year: 2022}
take_up: {meets: 3/5, lacks: 1, by: 所在区, groups: [nanshan = 1/2]}
data: ../data
tables: [organisation = 55ab…]       # of the rows, whatever their order
semantics: 1
totals: [fen = 120000000, …]
result: 77de…                        # of the standing and money of every row of every clause
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import yaml

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.simulate import identity
from mangrove.rulebook.simulate.data import read_snapshot
from mangrove.rulebook.simulate.engine import Changes, Simulator
from mangrove.rulebook.simulate.takeup import TakeUp, coming
from mangrove.rulebook.simulate.totals import totals
from mangrove.rulebook.texts.nodes import Fields
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.reading import read
from mangrove.vocabulary.model import Vocabulary

FORMAT = "1"
TOP = (
    "scenario", "measure", "text", "structure", "numbers", "changes", "run", "take_up", "data", "tables", "semantics",
    "totals", "result",
)  # fmt: skip
EQUALS = " = "
#: The totals of a scenario, in both languages.
TOLD = {
    "fen": ("已知金额（分）", "known cost (fen)"), "high": ("金额上限（分）", "cost at most (fen)"),
    "open": ("缺数据", "lacking a datum"), "unbounded": ("没有上限的", "without a bound"),
    "beneficiaries": ("受益", "beneficiaries"), "expected_fen": ("预计支出（分）", "expected cost (fen)"),
    "expected_high": ("预计支出上限（分）", "expected cost at most (fen)"), "expected_claims": ("预计笔数", "expected claims"),
}  # fmt: skip
Reading = Callable[[Path, Vocabulary], Snapshot]


@dataclass(frozen=True)
class Scenario:
    """``measure`` and ``data`` are paths; numbers, tables and totals by name, as text."""

    measure: Path
    text: str
    structure: str
    numbers: Mapping[str, str]
    changes: Changes
    run: Run
    take_up: TakeUp
    data: Path
    tables: Mapping[str, str]
    semantics: str
    totals: Mapping[str, str]
    result: str


@dataclass(frozen=True)
class Difference:
    """``code``: text, numbers, structure, data, semantics or result, each with ``_changed``."""

    code: str
    zh: str
    en: str

    def said(self, language: str = "zh") -> str:
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Replay:
    """What was saved, what comes out now, and all that differs; nothing where it is the same to the last bit."""

    saved: Scenario
    now: Scenario
    differences: tuple[Difference, ...]

    @property
    def same_result(self) -> bool:
        return self.saved.result == self.now.result and self.saved.totals == self.now.totals


def scenario(
    path: Path, data: Path, simulator: Simulator, changes: Changes, take_up: TakeUp = TakeUp()  # noqa: B008 a frozen value
) -> Scenario:  # fmt: skip
    """Ask, and write down everything the answer rests on. ``path`` is the file of the measure."""
    return answered(hashlib.sha256(path.read_bytes()).hexdigest(), simulator, changes, take_up, path, data)


def answered(
    text: str, simulator: Simulator, changes: Changes, take_up: TakeUp, measure: Path = Path(), data: Path = Path()
) -> Scenario:  # fmt: skip
    """``text`` is the SHA-256 of the measure's words; the paths are empty for who keeps measure and data elsewhere."""
    results = simulator.results(changes)
    return Scenario(
        measure=measure,
        text=text,
        structure=identity.structure(simulator.measure),
        numbers=identity.numbers(simulator.measure),
        changes=dict(changes),
        run=simulator.run,
        take_up=take_up,
        data=data,
        tables=identity.tables(simulator.snapshot),
        semantics=str(identity.SEMANTICS),
        totals=told(results, take_up),
        result=identity.of_results(results),
    )


def told(results: Results, take_up: TakeUp) -> dict[str, str]:
    """Fen and counts by name, those of the steps last."""
    found, expected = totals(results), coming(results, take_up)
    whole = {
        "fen": found.cost.low, "high": found.cost.high, "open": found.cost.open, "unbounded": found.cost.unbounded,
        "beneficiaries": found.beneficiaries, "expected_fen": expected.fen, "expected_high": expected.high,
        "expected_claims": expected.things,
    }  # fmt: skip
    steps = {f"step {one.clause.id}": one.cost.low for one in found.steps}
    return {name: str(value) for name, value in (whole | steps).items()}


# --- the file ----------------------------------------------------------------------------------------------------------


def save(one: Scenario, path: Path) -> None:
    """Paths are written as seen from the folder of the file."""
    run = {"decide_on": one.run.decide_on, "budget_year": one.run.budget_year}
    take_up = {"meets": str(one.take_up.meets), "lacks": str(one.take_up.lacks), "by": one.take_up.by}
    groups = {name: str(share) for name, share in one.take_up.groups.items()}
    written = {
        "scenario": FORMAT,
        "measure": seen_from(one.measure, path), "text": one.text, "structure": one.structure,
        "numbers": listed(one.numbers),
        "changes": listed({name: identity.written(value) for name, value in one.changes.items()}),
        "run": {name: str(value) for name, value in run.items() if value is not None},
        "take_up": {key: value for key, value in {**take_up, "groups": listed(groups)}.items() if value},
        "data": seen_from(one.data, path), "tables": listed(one.tables),
        "semantics": one.semantics, "totals": listed(one.totals), "result": one.result,
    }  # fmt: skip
    path.write_text(
        yaml.safe_dump(written, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8"
    )


def seen_from(target: Path, path: Path) -> str:
    return Path(os.path.relpath(target.resolve(), path.resolve().parent)).as_posix()


def listed(named: Mapping[str, str]) -> list[str]:
    return [f"{name}{EQUALS}{value}" for name, value in named.items()]


def read_scenario(path: Path) -> Scenario:
    """Raises :class:`Problem` at the first thing that does not read."""
    top = read(path)
    top.only(*TOP)
    top.need(*TOP)
    if top.words("scenario").text != FORMAT:
        zh, en = "不认识这种试算文件的版本。", "The format of this scenario is not known."
        raise Problem("bad_scenario", top.words("scenario").place, zh, en)
    folder = path.resolve().parent
    return Scenario(
        measure=folder / top.words("measure").text,
        data=folder / top.words("data").text,
        changes={name: parsed(top, "changes", text) for name, text in pairs(top, "changes")},
        run=run_of(top.fields("run")),
        take_up=take_up_of(top.fields("take_up")),
        numbers=dict(pairs(top, "numbers")), tables=dict(pairs(top, "tables")), totals=dict(pairs(top, "totals")),
        **{name: top.words(name).text for name in ("text", "structure", "semantics", "result")},
    )  # fmt: skip


def pairs(fields: Fields, key: str) -> Iterator[tuple[str, str]]:
    for words in fields.items(key).all_words():
        name, equals, value = words.text.rpartition(EQUALS)
        if not equals:
            raise Problem("bad_scenario", words.place, "写法是“名称 = 值”。", "Write it as “name = value”.")
        yield name, value


def parsed(fields: Fields, key: str, text: str) -> Fraction | date:
    """A number in base units, or a day."""
    try:
        return date.fromisoformat(text) if text.count("-") == 2 else Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        place = fields.keys[key].place
        zh, en = f"“{text}”不是数，也不是日期。", f"“{text}” is neither a number nor a day."
        raise Problem("bad_scenario", place, zh, en) from error


def run_of(fields: Fields) -> Run:
    fields.only("decide_on", "budget_year")
    day = parsed(fields, "decide_on", fields.words("decide_on").text) if "decide_on" in fields else None
    year = (
        parsed(fields, "budget_year", fields.words("budget_year").text) if "budget_year" in fields else None
    )
    return Run(day if isinstance(day, date) else None, int(year) if isinstance(year, Fraction) else None)


def take_up_of(fields: Fields) -> TakeUp:
    fields.only("meets", "lacks", "by", "groups")
    groups = {name: share(fields, text) for name, text in pairs(fields, "groups")}
    meets, lacks = (share(fields, fields.words(key, "1").text, key) for key in ("meets", "lacks"))
    try:
        return TakeUp(meets, lacks, fields.words("by", "").text if "by" in fields else "", groups)
    except ValueError as error:
        raise Problem("bad_scenario", fields.place, str(error), str(error)) from error


def share(fields: Fields, text: str, key: str = "groups") -> Fraction:
    found = parsed(fields, key, text)
    assert isinstance(found, Fraction)
    return found


# --- once more -----------------------------------------------------------------------------------------------------------


def replay(path: Path, vocabulary: Vocabulary, reading: Reading = read_snapshot) -> Replay:
    """Ask again what a file says was asked. Raises :class:`Problem` or :class:`Problems` for what is gone or unreadable."""
    saved = read_scenario(path)
    measure = load(saved.measure, vocabulary)
    refuse_gone(saved, measure, path)
    snapshot = reading(saved.data, measure.vocabulary)
    now = scenario(
        saved.measure, saved.data, Simulator(measure, snapshot, saved.run), saved.changes, saved.take_up
    )
    return Replay(saved, now, tuple(differences(saved, now)))


def refuse_gone(saved: Scenario, measure: Measure, path: Path) -> None:
    known = measure.constants()
    for name in saved.changes:
        if name not in known:
            top = read(path)
            zh = f"措施里已经没有“{name}”，这个试算不能重做。"
            en = f"The measure no longer has “{name}”; this scenario cannot be replayed."
            raise Problem("number_gone", top.keys["changes"].place, zh, en)


def differences(saved: Scenario, now: Scenario) -> Iterator[Difference]:
    if saved.text != now.text:
        yield Difference("text_changed", "措施的文字改过了。", "The text of the measure has changed.")
    yield from changed("numbers_changed", ("数", "number"), saved.numbers, now.numbers)
    if saved.structure != now.structure:
        zh, en = "算法改过了（不只是数）。", "The rules have changed, not only their numbers."
        yield Difference("structure_changed", zh, en)
    yield from changed("data_changed", ("数据表", "table"), saved.tables, now.tables, show=False)
    if saved.semantics != now.semantics:
        zh = f"计算口径的版本由 {saved.semantics} 变为 {now.semantics}。"
        en = f"The version of the engine's meaning went from {saved.semantics} to {now.semantics}."
        yield Difference("semantics_changed", zh, en)
    yield from changed("result_changed", ("结果", "result"), saved.totals, now.totals)
    if saved.result != now.result and saved.totals == now.totals:
        zh, en = "合计没有变，逐件的结果变了。", "The totals are the same, single outcomes are not."
        yield Difference("result_changed", zh, en)


def changed(
    code: str, what: tuple[str, str], old: Mapping[str, str], new: Mapping[str, str], *, show: bool = True
) -> Iterator[Difference]:
    for name in {**old, **new}:
        before, after = old.get(name, "—"), new.get(name, "—")
        if before != after:
            zh, en = (f"：{before} → {after}", f": {before} → {after}") if show else ("", "")
            named = called(name)
            yield Difference(
                code, f"{what[0]}“{named[0]}”变了{zh}。", f"The {what[1]} “{named[1]}” has changed{en}."
            )


def called(name: str) -> tuple[str, str]:
    """A total by its name in both languages; other names as they are."""
    step = name.removeprefix("step ")
    return TOLD.get(name, (name, name)) if step == name else (f"条款 {step}（分）", f"clause {step} (fen)")
