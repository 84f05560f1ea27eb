"""Quotas in simulations: who has no place costs nothing, and a what-if may let another in."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from textwrap import dedent

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.simulate.engine import Simulator
from mangrove.rulebook.simulate.totals import totals
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

from ..test_interpret import LINKS

TEXT = dedent("""\
    measure: 名额（测试用）
    id: places
    version: {in_force: 不详, status: 待核, source: 测试用}
    parameters: {门槛: 3元}
    clauses:
    - {id: prize, article: 一, text: 最大的两个, for: 示范项目, when: [总投资 >= 门槛], amount: 总投资}
    quotas: [{of: prize, at_most: 2, order: [总投资 desc]}]
    """)


def test_only_the_chosen_cost_and_a_what_if_chooses_anew(tmp_path: Path) -> None:
    path = tmp_path / "places.yaml"
    path.write_text(TEXT, encoding="utf-8")
    measure = load(path, vocabulary())
    things = [Thing("demonstration_project", f"p{fen}", {"investment": fen}) for fen in (100, 350, 400, 900)]
    simulator = Simulator(measure, from_population(Population(things, LINKS), measure.vocabulary), Run())
    before = totals(simulator.results())
    assert (before.fen, before.beneficiaries) == (900 + 400, 2)
    raised = totals(simulator.results({"门槛": Fraction(500)}))
    assert (raised.fen, raised.beneficiaries) == (900, 1)
    assert totals(simulator.results()).fen == before.fen


def test_who_waits_for_a_place_costs_nothing_yet_but_is_in_the_upper_bound(tmp_path: Path) -> None:
    """p3 names no firm: whether each firm's one place has room for it cannot be said."""
    path = tmp_path / "places.yaml"
    path.write_text(TEXT.replace("at_most: 2,", "at_most: 1, per: [申报单位],"), encoding="utf-8")
    measure = load(path, vocabulary())
    firms = [Thing("organisation", name, {}) for name in ("甲", "乙")]
    links = ({"applicant": "甲"}, {"applicant": "乙"}, {})
    things = [
        Thing("demonstration_project", f"p{n}", {"investment": fen}, link)
        for n, (fen, link) in enumerate(zip((400, 900, 500), links, strict=True), 1)
    ]
    simulator = Simulator(
        measure, from_population(Population([*firms, *things], LINKS), measure.vocabulary), Run()
    )
    found = totals(simulator.results())
    assert (found.fen, found.cost.high) == (1300, 1800)
