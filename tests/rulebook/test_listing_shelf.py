"""The shelf of listing standards and recognitions: every measure reads, every test comes true, and the tests hold it fast."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from mangrove.rulebook.language.typed import Column, Constant, Use
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.texts.examples import mismatches
from mangrove.rulebook.texts.families import families

from .shelf import Shelved, Side, shelved, sides_tried, sides_wanted

ROOT = Path(__file__).parents[2]
SHELF = ROOT / "rulebooks"
NAMES = [
    f"{folder}/{path.stem}"
    for folder in ("listing", "recognition")
    for path in sorted((SHELF / folder).glob("*.yaml"))
    if not path.name.endswith(".tests.yaml")
]
every_measure = pytest.mark.parametrize("name", NAMES)
#: Conditions that another one of the same clause makes idle, as the source itself has them: above nothing, and at least 6000万.
IDLE = {"standard_1.when2#1"}
#: Sides that no datum can be on: revenue below nothing, a score below nothing, a day before the first or after the last of all.
IMPOSSIBLE = [
    (r"年\.营业收入 > 0元", {-1}), (r"科技人员得分 > 0", {-1}), (r"\[不详 \.\. .* from$", {-1, 0}), (r" \.\. \) .* until$", {0, 1}),
]  # fmt: skip


def file(name: str) -> Shelved:
    return shelved(SHELF / f"{name}.yaml")


def wrong(one: Shelved, measure: Measure | None = None) -> Iterator[str]:
    for example in one.examples:
        yield from (found.said() for found in mismatches(example, measure or one.measure))


@every_measure
def test_every_test_beside_a_measure_comes_true(name: str) -> None:
    assert list(wrong(file(name))) == []


@every_measure
def test_every_clause_is_worked_out_by_hand_and_tried_at_its_thresholds(name: str) -> None:
    """By hand: outcomes worked out in words beside the rows. Generated: labelled, and counted apart."""
    one = file(name)
    tried: dict[str, set[str]] = {"手算": set(), "生成": set()}
    for example in one.examples:
        tried[example.origin] |= {expectation.clause for expectation in example.expected}
    clauses = {clause.id for clause in one.measure.clauses}
    assert tried["生成"] == clauses
    assert tried["手算"] == clauses


@every_measure
def test_every_threshold_of_every_clause_is_tried_below_at_and_above(name: str) -> None:
    one = file(name)
    assert {
        side for side in sides_wanted(one.measure) - set(sides_tried(one)) if not impossible(side)
    } == set()


def impossible(side: Side) -> bool:
    _clause, words, where = side
    return any(re.search(part, words) and where in beyond for part, beyond in IMPOSSIBLE)


@every_measure
def test_every_input_of_every_clause_is_left_out_once_and_the_clause_then_lacks_it(name: str) -> None:
    one = file(name)
    for clause in one.measure.clauses:
        wanted = set(columns(one.measure, clause))
        assert wanted <= set(lacking(one, clause)), clause.id


def columns(measure: Measure, clause: Clause) -> Iterator[tuple[str, ...]]:
    """What a clause looks at itself or through definitions; what it takes from other clauses is theirs to try."""
    definitions = {one.name: one.formula for one in measure.definitions if one.entity == clause.entity}
    waiting = [formula for _part, formula in clause.formulas()]
    while waiting:
        for node in waiting.pop().meaning.walk():
            if isinstance(node, Column):
                yield node.steps
            elif isinstance(node, Use) and node.name in definitions:
                waiting.append(definitions[node.name])


def lacking(one: Shelved, clause: Clause) -> Iterator[tuple[str, ...]]:
    """The inputs that are missing in a test where this clause is expected to lack a datum."""
    for example in one.examples:
        for expectation in example.expected:
            if expectation.clause == clause.id and expectation.said.words("standing").text == "缺数据":
                thing = example.population.things[expectation.thing]
                for steps in columns(one.measure, clause):
                    if value(thing, steps, example.population) is None:
                        yield steps


def value(thing: Thing | None, steps: tuple[str, ...], population: Population) -> object:
    for link in steps[:-1]:
        thing = population.linked(thing, link) if thing else None
    return thing.fields.get(steps[-1]) if thing else None


@pytest.mark.parametrize("name", ["listing/main_2024", "listing/hk_18c_2023", "recognition/hightech_2016"])
def test_no_number_can_be_changed_without_a_test_noticing(name: str) -> None:
    one = file(name)
    assert unnoticed(one) <= IDLE


def unnoticed(one: Shelved) -> set[str]:
    """The numbers and days that may move up or down without any test coming out otherwise."""
    first = f"{one.measure.clauses[0].id}."
    ends = (one.measure.version.in_force, one.measure.version.until, date.max)
    return {
        name
        for name, constant in one.measure.constants().items()
        if constant.value not in ends or (name.startswith(first) and constant.value != date.max)
        for up in (True, False)
        if not any(next(wrong(one, changed), None) for changed in nudged(one.measure, name, constant, up=up))
    }


def nudged(measure: Measure, name: str, constant: Constant, *, up: bool) -> Iterator[Measure]:
    """A little further, and by a whole step where only whole numbers count."""
    value, sign = constant.value, 1 if up else -1
    if isinstance(value, date):
        yield measure.with_constants({name: value + timedelta(days=sign)})
    elif isinstance(value, Fraction):
        for step in (abs(value) / 1000, Fraction(value.denominator == 1)):
            if step:
                yield measure.with_constants({name: value + sign * step})


# --- versions ----------------------------------------------------------------------------------------------------


FAMILIES = {one.id: one for one in families(file(name).measure for name in NAMES)}


@pytest.mark.parametrize(
    ("id", "day", "name"),
    [
        ("listing_main", "2021-08-30", "listing/main_2006"),  # the day of the letter
        ("listing_chinext", "2021-08-30", "listing/chinext_2020"),
        ("star_attributes", "2021-08-30", "listing/star_attributes_2021"),
        ("listing_main", "2023-02-16", "listing/main_2006"),
        ("listing_main", "2023-02-17", "listing/main_2023"),
        ("listing_main", "2024-04-30", "listing/main_2024"),
        ("listing_chinext", "2024-04-29", "listing/chinext_2020"),
        ("listing_chinext", "2024-04-30", "listing/chinext_2024"),
        ("listing_chinext", "2026-04-23", "listing/chinext_2024"),
        ("listing_chinext", "2026-04-24", "listing/chinext_2026"),
        ("sme_giant", "2026-03-31", "recognition/sme_giant_2022"),
        ("sme_giant", "2026-04-01", "recognition/sme_giant_2026"),
        ("tech_centre_nation", "2026-01-31", "recognition/tech_centre_nation_2016"),
        ("tech_centre_nation", "2026-02-01", "recognition/tech_centre_nation_2026"),
    ],
)
def test_the_day_selects_the_version(id: str, day: str, name: str) -> None:
    assert FAMILIES[id].version_on(date.fromisoformat(day)) is file(name).measure


def test_the_beijing_exchange_had_no_standard_on_the_day_of_the_letter() -> None:
    assert FAMILIES["listing_bse"].version_on(date(2021, 8, 30)) is None


def test_versions_of_one_measure_neither_overlap_nor_leave_a_gap() -> None:
    told = [problem.said() for one in FAMILIES.values() for problem in (*one.overlaps(), *one.gaps())]
    assert told == []


# --- the shelf as a whole ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["listing", "recognition"])
def test_the_list_of_the_folder_names_every_measure(folder: str) -> None:
    text = (SHELF / folder / "README.md").read_text(encoding="utf-8")
    assert [
        name for name in NAMES if name.startswith(folder) and f"`{name.partition('/')[2]}`" not in text
    ] == []


def test_the_generated_halves_are_as_the_generator_writes_them() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "boundaries", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (made.returncode, made.stdout) == (0, "")


def test_what_the_shelf_holds_is_counted_by_where_the_expectations_come_from() -> None:
    counted: Counter[str] = Counter()
    for name in NAMES:
        for example in file(name).examples:
            counted[example.origin] += len(example.expected)
    assert len(NAMES) == 45 and counted["手算"] > 250 and counted["生成"] > 3500
