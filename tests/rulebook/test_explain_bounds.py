"""What waits for a missing datum of one case is bounded by what bounds the cost of the whole: caps, members, things below."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.explaining import case, case_text
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.simulate.upper import Uppers
from mangrove.rulebook.texts.tables import links

from .whole import WAN, firm, measure_of, project

TEXT = dedent("""\
    measure: 上限（测试用）
    id: bounds
    version: {in_force: 不详, status: 待核, source: 测试用}
    clauses:
    - {id: each, article: 第一条, text: 每个项目, for: 示范项目, amount: 总投资 * 10%, cap: 100万元}
    - {id: fixed, article: 第二条, text: 行业应用, for: 示范项目, when: [示范方向 == 行业应用], amount: 20万元}
    - {id: firm_total, total: [each, fixed], for: 机构, article: 第三条, text: 每家合计UNKNOWN}
    """)


def bounds(measure: Measure, *things: Thing) -> tuple[case.Case, int, str]:
    """One case, what whatif holds to be the most, and the text of the explanation."""
    people = Population(things, dict(links(measure.vocabulary)))
    found = case.explain(measure, things[0], people, Run())
    snapshot = from_population(people, measure.vocabulary)
    uppers = Uppers(Vector(lower(measure), snapshot).run(Run()))
    most = int(uppers.of(measure.clause("firm_total")).fen[0])
    return found, most, case_text.as_text(found)


@pytest.mark.parametrize("more", ["", ", unknown: skip"])
def test_a_total_over_things_below_is_bounded_by_their_caps(tmp_path: Path, more: str) -> None:
    measure = measure_of(TEXT.replace("UNKNOWN", more), tmp_path)
    rows = [
        firm(),
        project("p", "f", track="industry"),
        project("q", "f", track="government", investment=5000 * WAN),
        project("r", "f"),
    ]
    found, most, said = bounds(measure, *rows)
    (total,) = (one for one in found.clauses if one.clause.id == "firm_total")
    if not more:  # what is skipped pays meanwhile, and nothing of it is lacking
        assert {one.stake for one in total.missing if one.matters} == {most}
    assert most == (100 + 20 + 100 + 100 + 20) * WAN
    assert "没有上限" not in said
