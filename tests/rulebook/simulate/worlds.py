"""Measures and synthetic populations for the tests of simulations."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from mangrove.rulebook.engines.columns import Snapshot, from_population
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.simulate.engine import Simulator
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.tables import links
from mangrove.vocabulary import vocabulary

YUAN, WAN = 100, 1_000_000  # fen

#: Two steps that a total takes over, one that stands alone, one that only says who qualifies.
MEASURE = """
measure: 支持示范项目的若干措施（合成示例）
id: simulated
version: {in_force: 2020-01-01, decided_by: 决定日, status: 待核, source: 合成示例}
parameters: {门槛: 300万元, 比例: 10%}
definitions:
  独立组网站数: {for: 机构, is: count(基站 where 组网方式 == 独立组网)}
clauses:
- id: demo
  article: 第一条
  text: 示范项目按总投资的10%补助，总投资不低于300万元，最高100万元
  for: 示范项目
  when: [总投资 >= 门槛, 示范方向 == 行业应用]
  amount: 总投资 * 比例
  cap: [100万元, 总投资 / 12]
- id: bonus
  article: 第二条
  text: 2021年度认定的再给5万元
  for: 示范项目
  when: [认定年度 == 2021]
  amount: 5万元
- id: known
  article: 第三条
  text: 投资已知
  for: 示范项目
  when: [总投资 > 0元]
- id: station
  article: 第四条
  text: 每建成一个独立组网基站奖励1万元，最高3万元
  for: 机构
  when: [kind == 运营商]
  amount: 1万元 * 独立组网站数
  cap: 3万元
- total: [demo, station]
  id: firm
  article: 第五条
  text: 每家合计最高120万元
  for: 机构
  cap: 120万元
"""

DISTRICTS = ("nanshan", "futian")
LINKS = dict(links(vocabulary()))
Row = Mapping[str, Any]


def measure_of(text: str, folder: Path, name: str = "m.yaml") -> Measure:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load(path, vocabulary())


def district(key: str) -> Thing:
    return Thing("district", key, {"id": key, "name": f"{key}区"})


def population(firms: Sequence[Row], projects: Sequence[Row], stations: Sequence[Row] = ()) -> Population:
    """Rows by field id; links of a row under ``links``. Keys are numbered."""
    things = [district(one) for one in DISTRICTS]
    for entity, letter, rows in (
        ("organisation", "f", firms),
        ("demonstration_project", "p", projects),
        ("station", "s", stations),
    ):
        for number, row in enumerate(rows):
            fields = {name: value for name, value in row.items() if name != "links"}
            things.append(
                Thing(
                    entity, f"{letter}{number}", {"id": f"{letter}{number}", **fields}, row.get("links", {})
                )
            )
    return Population(things, LINKS)


def snapshot_of(measure: Measure, people: Population) -> Snapshot:
    return from_population(people, measure.vocabulary)


def simulator_of(measure: Measure, people: Population) -> Simulator:
    return Simulator(measure, snapshot_of(measure, people))


# --- random populations ------------------------------------------------------------------------------------------------


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values, values)


MONEY = st.sampled_from(
    [0, 1, 299 * WAN, 300 * WAN, 500 * WAN, 1000 * WAN, 1200 * WAN, 1205 * WAN + 7, 5000 * WAN]
)


@st.composite
def populations(draw: st.DrawFn, known: bool = False) -> Population:
    """Up to four firms with their projects and stations; with unknowns unless ``known``."""
    some = (lambda values: values) if known else maybe
    firms = draw(
        st.lists(
            st.fixed_dictionaries(
                {"kind": some(st.sampled_from(["operator", "firm"])), "links": linked("district", DISTRICTS)}
            ),
            min_size=1, max_size=4,
        )
    )  # fmt: skip
    owners = tuple(f"f{n}" for n in range(len(firms)))
    project = st.fixed_dictionaries(
        {
            "investment": some(MONEY), "track": some(st.sampled_from(["industry", "government"])),
            "year": some(st.sampled_from([2020, 2021])),
            "links": linked("applicant", owners, always=known),
        }
    )  # fmt: skip
    station = st.fixed_dictionaries(
        {"mode": some(st.sampled_from(["sa", "nsa"])), "links": linked("operator", owners, always=True)}
    )
    return population(firms, draw(st.lists(project, max_size=6)), draw(st.lists(station, max_size=5)))


def linked(name: str, keys: Sequence[str], *, always: bool = False) -> st.SearchStrategy[dict[str, str]]:
    there = st.sampled_from(keys).map(lambda key: {name: key})
    return there if always else st.one_of(st.just({}), there, there)


# --- files -------------------------------------------------------------------------------------------------------------


def write_data(people: Population, folder: Path) -> Path:
    """CSV files as an officer would hand them over; required cells that a test does not care about are filled."""
    folder.mkdir(exist_ok=True)
    for entity in vocabulary().entities.values():
        rows = [one for one in people.things.values() if one.entity == entity.id]
        if rows:
            with (folder / f"{entity.id}.csv").open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out)
                heads = [*entity.relations, *(name for name in entity.fields)]
                writer.writerow(heads)
                for thing in rows:
                    writer.writerow(
                        [thing.links.get(name, "") for name in entity.relations]
                        + [cell(thing, name) for name in entity.fields]
                    )
    return folder


def cell(thing: Thing, name: str) -> str:
    field = vocabulary().entities[thing.entity].fields[name]
    value = thing.fields.get(name)
    if value is None:
        if not field.required:
            return ""
        fillers = {"boolean": "是", "text": "合成", "integer": "1"}
        return next(iter(field.enum.words)) if field.enum else fillers[field.type]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int) and field.type == "money":
        return f"{value // YUAN}.{value % YUAN:02d}元"
    return value.isoformat() if isinstance(value, date) else str(value)
