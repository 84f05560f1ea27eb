"""A saved scenario replays to the last bit, and says exactly what has changed when it does not."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rulebook.simulate.worlds import (
    LINKS,
    MEASURE,
    WAN,
    measure_of,
    population,
    populations,
    simulator_of,
    write_data,
)  # fmt: skip

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Snapshot, from_population
from mangrove.rulebook.population import Population
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.simulate import identity
from mangrove.rulebook.simulate.data import read_snapshot
from mangrove.rulebook.simulate.engine import Simulator
from mangrove.rulebook.simulate.scenario import Replay, replay, save, scenario
from mangrove.rulebook.simulate.takeup import TakeUp
from mangrove.rulebook.texts.tables import read_population
from mangrove.vocabulary import vocabulary

PEOPLE = population(
    [{"name": "甲", "kind": "operator", "links": {"district": "nanshan"}}, {"name": "乙", "kind": "firm"}],
    [
        {"name": f"项目{n}", "investment": 200 * WAN * n or None, "track": "industry", "year": 2020 + n % 2,
         "links": {"applicant": f"f{n % 2}"}}
        for n in range(6)
    ],
    [{"mode": "sa", "links": {"operator": "f0", "district": "nanshan"}}],
)  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A what-if on two numbers with a take-up, saved beside its measure and its data."""
    measure = measure_of(MEASURE, tmp_path)
    folder = write_data(PEOPLE, tmp_path / "data")
    simulator = Simulator(measure, read_snapshot(folder, measure.vocabulary), Run(date(2022, 12, 31), 2022))
    changes = {"门槛": Fraction(500 * WAN), "比例": Fraction(1, 3)}
    take_up = TakeUp(Fraction(3, 5), Fraction(1, 2), "所在区", {"nanshan": Fraction(1, 3)})
    save(scenario(tmp_path / "m.yaml", folder, simulator, changes, take_up), tmp_path / "s.yaml")
    return tmp_path / "s.yaml"


def again(path: Path) -> Replay:
    return replay(path, vocabulary())


def codes(found: Replay) -> list[str]:
    return [one.code for one in found.differences]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestReplay:
    def test_bit_identical(self, saved: Path) -> None:
        found = again(saved)
        assert found.differences == () and found.same_result
        assert found.saved.take_up == found.now.take_up and found.saved.run == Run(date(2022, 12, 31), 2022)

    def test_saving_again_gives_the_same_bytes(self, saved: Path) -> None:
        before = saved.read_bytes()
        save(again(saved).now, saved)
        assert saved.read_bytes() == before

    def test_the_files_may_move_together(self, saved: Path, tmp_path: Path) -> None:
        other = tmp_path / "elsewhere"
        other.mkdir()
        for name in ("m.yaml", "s.yaml"):
            shutil.move(tmp_path / name, other / name)
        shutil.move(tmp_path / "data", other / "data")
        assert again(other / "s.yaml").differences == ()

    def test_the_order_of_rows_does_not_matter(self, saved: Path, tmp_path: Path) -> None:
        for path in (tmp_path / "data").glob("*.csv"):
            head, *rows = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
        assert again(saved).differences == ()

    def test_words_of_the_text(self, saved: Path, tmp_path: Path) -> None:
        edit(tmp_path / "m.yaml", "再给5万元", "另给5万元")
        found = again(saved)
        assert codes(found) == ["text_changed"] and found.same_result

    def test_a_number_of_the_text(self, saved: Path, tmp_path: Path) -> None:
        edit(tmp_path / "m.yaml", "amount: 5万元", "amount: 6万元")
        found = again(saved)
        assert codes(found)[:2] == ["text_changed", "numbers_changed"]
        assert "bonus.amount" in found.differences[1].zh and "5000000 → 6000000" in found.differences[1].en
        assert set(codes(found)[2:]) == {"result_changed"} and not found.same_result

    def test_a_number_that_the_scenario_sets_itself(self, saved: Path, tmp_path: Path) -> None:
        edit(tmp_path / "m.yaml", "门槛: 300万元", "门槛: 350万元")
        found = again(saved)
        assert codes(found) == ["text_changed", "numbers_changed"] and found.same_result

    def test_the_rules(self, saved: Path, tmp_path: Path) -> None:
        edit(tmp_path / "m.yaml", "总投资 >= 门槛", "总投资 > 门槛")
        assert "structure_changed" in codes(again(saved))

    def test_the_data(self, saved: Path, tmp_path: Path) -> None:
        edit(tmp_path / "data" / "demonstration_project.csv", "6000000.00元", "6000000.01元")
        found = again(saved)
        assert codes(found)[0] == "data_changed" and "demonstration_project" in found.differences[0].zh

    def test_data_that_change_no_outcome(self, saved: Path, tmp_path: Path) -> None:
        edit(tmp_path / "data" / "organisation.csv", "甲", "丙")
        found = again(saved)
        assert codes(found) == ["data_changed"] and found.same_result

    def test_the_meaning_of_the_engine(self, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(identity, "SEMANTICS", 2)
        assert codes(again(saved)) == ["semantics_changed"]

    def test_a_result_that_was_tampered_with(self, saved: Path) -> None:
        fen = again(saved).now.totals["fen"]
        edit(saved, f"fen = {fen}", f"fen = {fen}0")
        assert codes(again(saved)) == ["result_changed"]

    def test_single_outcomes_that_were_tampered_with(self, saved: Path) -> None:
        edit(saved, f"result: {again(saved).now.result}", "result: beef")
        found = again(saved)
        assert codes(found) == ["result_changed"] and "逐件" in found.differences[0].zh

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("scenario: '1'", "scenario: '9'", "版本"), ("门槛 = 500000000", "门槛 = 多", "不是数"),
            ("changes:", "change:", "changes"), ("门槛 = 500000000", "门坎 = 500000000", "已经没有“门坎”"),
            ("meets: 3/5", "meets: 8/5", "参与率"),
        ],
    )  # fmt: skip
    def test_what_does_not_read(self, saved: Path, old: str, new: str, said: str) -> None:
        edit(saved, old, new)
        with pytest.raises(Problem, match=said):
            again(saved)


# --- names for data and answers --------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(people=populations(), seed=st.integers(0, 100))
def test_an_identity_knows_no_order(people: Population, seed: int) -> None:
    things = list(people.things.values())
    named = [replace(one, fields={**one.fields, "name": f"名{one.key}"}) for one in things]
    shuffled = random.Random(seed).sample(named, len(named))
    one, other = (unsorted(Population(rows, LINKS)) for rows in (named, shuffled))
    assert identity.identity(one) == identity.identity(other)


def unsorted(people: Population) -> Snapshot:
    """Rows as they came: the snapshot of a reader that does not sort."""
    from mangrove.rulebook.engines.columns import table_of

    known, texts = vocabulary(), dict[str, int]()
    by_entity = {
        name: [one for one in people.things.values() if one.entity == name] for name in known.entities
    }
    rows = {(one.entity, one.key): n for things in by_entity.values() for n, one in enumerate(things)}
    tables = [
        table_of(known.entities[name], things, texts, rows) for name, things in by_entity.items() if things
    ]
    return Snapshot(tables, known, texts)


def test_every_datum_counts() -> None:
    seen = {identity.identity(from_population(PEOPLE, vocabulary()))}
    project = PEOPLE.things["demonstration_project", "p1"]
    edits = [
        replace(project, fields={**project.fields, "investment": 0}),
        replace(project, fields={**project.fields, "investment": None}),
        replace(project, fields={**project.fields, "track": "government"}),
        replace(project, fields={**project.fields, "name": "改名"}),
        replace(project, links={}),
        replace(project, links={"applicant": "f0"}),
        replace(project, key="p9"),
    ]
    for one in edits:
        others = [thing for thing in PEOPLE.things.values() if thing is not project]
        seen.add(identity.identity(from_population(Population([*others, one], LINKS), vocabulary())))
    assert len(seen) == len(edits) + 1


def test_a_column_that_was_only_asked_for_says_nothing() -> None:
    snapshot = from_population(PEOPLE, vocabulary())
    before = identity.identity(snapshot)
    del snapshot.tables["organisation"].columns["trade"]
    snapshot.column("organisation", "trade")
    assert identity.identity(snapshot) == before
    del snapshot.tables["organisation"].columns["trade"]
    assert identity.identity(snapshot) == before


def test_an_answer_has_one_name_whichever_order_and_engine(tmp_path: Path) -> None:
    measure = measure_of(MEASURE, tmp_path)
    huge = population([{"kind": "operator"}], [{"investment": 2**62, "track": "industry", "year": 2020}])
    names = {
        identity.of_results(simulator_of(measure, one).results({"门槛": Fraction(WAN)}))
        for one in (PEOPLE, huge)
    }
    assert len(names) == 2
    in_order = identity.of_results(simulator_of(measure, PEOPLE).results())
    assert in_order == identity.of_results(Simulator(measure, unsorted(PEOPLE)).results())


def test_whichever_reader_brought_the_data(tmp_path: Path) -> None:
    """CSV by the plain reader, CSV and Parquet by the fast one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = write_data(PEOPLE, tmp_path / "csv")
    plain = from_population(read_population(folder, vocabulary()), vocabulary())
    parquet = tmp_path / "parquet"
    parquet.mkdir()
    for name in plain.tables:
        rows = [
            {**one.fields, **one.links}
            for one in read_population(folder, vocabulary()).things.values()
            if one.entity == name
        ]
        if rows:
            pq.write_table(pa.Table.from_pylist(rows), parquet / f"{name}.parquet")
    names = {
        identity.identity(one)
        for one in (plain, *(read_snapshot(at, vocabulary()) for at in (folder, parquet)))
    }
    assert len(names) == 1
