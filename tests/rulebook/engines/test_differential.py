"""Random rulebooks on random data: every engine answers every row as the interpreter does, to the last bit of the reasons.

``make test`` runs the same 60 rulebooks each time, ``make test-long`` thousands (``MANGROVE_RANDOM_RULEBOOKS``). Compiling takes
Numba seconds for each structure, so its passes run as plain Python on all of them and compiled on the first 20, in
``make test-long`` on the first 200 (``MANGROVE_COMPILED``); what is compiled stays on disk for the next time.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from mangrove.rulebook.decide import Deciding, Run
from mangrove.rulebook.engines.columns import Snapshot, from_population
from mangrove.rulebook.engines.results import Row, row_of
from mangrove.rulebook.language.typed import Function
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Problem, Problems
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.tables import links

from . import random_snapshots
from .comparing import ENGINES, answers, differences, kept, unlike
from .random_rulebooks import Draft, draft, text_of
from .random_words import words
from .shrinking import shrunk

RULEBOOKS = int(os.environ.get("MANGROVE_RANDOM_RULEBOOKS", "60"))
COMPILED = int(os.environ.get("MANGROVE_COMPILED", "20"))
#: So many seeds in one test, so that a run says how far it is.
CHUNK = 10 if RULEBOOKS <= 100 else 50
CHUNKS = [range(first, min(first + CHUNK, RULEBOOKS)) for first in range(0, RULEBOOKS, CHUNK)]
#: Of a chunk, how many texts the language may refuse: conditions that exclude each other, numbers too large.
REFUSED = 0.2
QUICK = {name: engine for name, engine in ENGINES.items() if name != "numba"}


@dataclass(frozen=True)
class Case:
    seed: int
    measure: Measure
    population: Population
    run: Run


def loaded(made: Draft, folder: Path) -> Measure | None:
    """The measure; ``None`` where the language refuses it, in words and with a place."""
    path = folder / "random.yaml"
    path.write_text(text_of(made), encoding="utf-8")
    try:
        return load(path, words())
    except Problems as problems:
        assert all(isinstance(one, Problem) and one.place.line >= 1 for one in problems.problems)
        return None


def case(seed: int, folder: Path) -> Case | None:
    measure, r = loaded(draft(seed), folder), Random(seed)
    if measure is None:
        return None
    population = random_snapshots.population(r, measure.vocabulary)
    return Case(seed, measure, population, random_snapshots.run(r))


def cases(seeds: range, folder: Path) -> list[Case]:
    found = [one for seed in seeds if (one := case(seed, folder))]
    assert len(found) >= (1 - REFUSED) * len(seeds) - 1, "too few random texts are read"
    return found


def report(one: Case, name: str, found: list[str], folder: Path) -> str:
    """The smallest measure and population that still show the difference."""

    def shows(made: Draft, population: Population) -> bool:
        measure = loaded(made, folder)
        return measure is not None and bool(differences(measure, population, one.run, ENGINES[name]))

    made, population = shrunk(draft(one.seed), one.population, shows)
    measure = loaded(made, folder)
    rows = "\n".join(str(thing) for thing in population.things.values())
    now = "\n".join(differences(measure, population, one.run, ENGINES[name])[:3]) if measure else ""
    first = "\n".join(found[:3])
    return f"seed {one.seed}, {name}, {one.run}:\n{first}\n\n{text_of(made)}\n{rows}\n{now}"


# --- every engine ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_every_engine_answers_as_the_interpreter_does(seeds: range, tmp_path: Path) -> None:
    for one in cases(seeds, tmp_path):
        snapshot = from_population(one.population, one.measure.vocabulary)
        wanted = answers(one.measure, one.population, one.run, snapshot)
        for name, engine in QUICK.items():
            found = unlike(wanted, engine(one.measure, snapshot, one.run))
            assert not found, report(one, name, found, tmp_path)


@pytest.mark.parametrize("seed", range(COMPILED))
def test_compiled_passes_too(seed: int, tmp_path: Path) -> None:
    one = case(seed, tmp_path)
    if one is not None:
        found = differences(one.measure, one.population, one.run, ENGINES["numba"])
        assert not found, report(one, "numba", found, tmp_path)


def test_most_rows_are_the_engines_own(tmp_path: Path) -> None:
    """Rows that int64 does not hold go to the interpreter: were that most of them, nothing would have been compared."""
    rows = interpreted = paid = 0
    for one in cases(range(60), tmp_path):
        snapshot = from_population(one.population, one.measure.vocabulary)
        results = ENGINES["numpy"](one.measure, snapshot, one.run)
        rows += sum(len(result) for result in results.clauses.values())
        interpreted += sum(len(result.beyond) for result in results.clauses.values())
        paid += sum(int((result.paid() != 0).sum()) for result in results.clauses.values())
    assert interpreted < rows * 0.35
    assert paid > rows * 0.01


# --- one firm with very many projects ----------------------------------------------------------------------------------

MANY = """\
measure: 一家企业很多项目
id: many
version: {in_force: 2020-01-01, status: 待核, source: 测试}
definitions:
  均分: {for: 企业, is: "sum(评分 of 项目.申报单位) / count(项目.申报单位)"}
clauses:
- {id: each, article: 一, text: 甲, for: 项目, when: [评分 >= 3], amount: 总投资 * 33.3%, cap: 7元}
- id: all_of_it
  article: 二
  text: 乙
  for: 企业
  when: [count(项目.申报单位 where 绿色项目) >= 3]
  amount: sum(each of 项目.申报单位) / 3
- {id: mean, article: 三, text: 丙, for: 企业, when: [均分 > 2.5], amount: "max_of(总投资 of 项目.申报单位)"}
"""


FIRMS = ["a", "b", "c", "d"]
Many = tuple[Measure, Snapshot, dict[tuple[str, int], Row]]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Many:
    """One firm has 100,000 projects, two a few and one none; with what the interpreter says of the firms."""
    path = tmp_path_factory.mktemp("many") / "many.yaml"
    path.write_text(MANY, encoding="utf-8")
    measure, r = load(path, words()), Random(1)
    things = [Thing("firm", key, {"id": key}) for key in FIRMS]
    for n in range(100_050):
        fields = dict(
            zip(("investment", "equipment", "score"), map(r.randrange, (5000, 900, 600)), strict=True)
        )
        firm = "b" if n < 100_000 else r.choice("ac")
        things.append(Thing("project", f"p{n}", {**fields, "green": n % 3 > 0}, {"applicant": firm}))
    population = Population(things, dict(links(words())))
    deciding, clauses = Deciding(measure, population), measure.clauses[1:]
    wanted = {
        (clause.id, row): row_of(deciding.outcome(clause, population.things["firm", key]))
        for clause in clauses
        for row, key in enumerate(FIRMS)
    }
    return measure, from_population(population, words()), wanted


@pytest.mark.parametrize("name", ENGINES)
def test_one_firm_with_100_000_projects(name: str, many: Many) -> None:
    measure, snapshot, wanted = many
    results = ENGINES[name](measure, snapshot, Run())
    assert not unlike(wanted, results)
    assert results.interpreted == 0


# --- what-if -----------------------------------------------------------------------------------------------------------


def steps(measure: Measure) -> set[str]:
    """Numbers that must stay above zero: what is rounded to."""
    nodes = (node for formula in measure.formulas() for node in formula.meaning.walk())
    found = (node.arguments[1] for node in nodes if isinstance(node, Function) and node.name == "round_to")
    return {part.name for step in found for part in step.walk() if hasattr(part, "name")}


def changed(value: Fraction | date, r: Random) -> Fraction | date:
    if isinstance(value, date):
        return min(value + timedelta(r.choice([-366, -1, 1, 31, 366])), date.max)
    return r.choice(
        [value + 1, value * 2, value / 3, -value, Fraction(0), value * Fraction(11, 10), Fraction(1 << 61)]
    )


@pytest.mark.parametrize(
    "seeds", CHUNKS[: max(2, len(CHUNKS) // 4)], ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}"
)
def test_changed_numbers_answer_as_a_measure_written_so(seeds: range, tmp_path: Path) -> None:
    """Several edits in a row on one engine that keeps what it has worked out."""
    for one in cases(seeds, tmp_path):
        r, population = Random(one.seed), fewer(one.population)
        snapshot = from_population(population, one.measure.vocabulary)
        engines = kept(one.measure, snapshot)
        known = {name: node.value for name, node in one.measure.constants().items()}
        free = sorted(known.keys() - steps(one.measure))
        for edit in range(4):
            names = r.sample(free, min(len(free), r.choice([0, 1, 1, 2, 5])))
            constants = {name: changed(known[name], r) for name in names}
            run = replace(one.run, budget_year=2020) if edit == 2 else one.run
            wanted = answers(one.measure.with_constants(constants), population, run, snapshot)
            for name, again in engines.items():
                found = unlike(wanted, again(run, constants))
                said = f"seed {one.seed}, {name}, edit {edit}, {constants}"
                assert not found, f"{said}:\n{found[0]}\n{text_of(draft(one.seed))}"


def fewer(population: Population) -> Population:
    """Every third row that nothing leads to stays; enough for what-ifs, which ask many times."""
    ends = {
        (population.leads_to[one.entity, link], key)
        for one in population.things.values()
        for link, key in one.links.items()
    }
    kept = [
        one for n, one in enumerate(population.things.values()) if n % 3 == 0 or (one.entity, one.key) in ends
    ]
    return Population(kept, population.leads_to)
