"""A draft against what is in force: words, numbers, money, each against what a plain loop finds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rulebook.simulate import oracle
from tests.rulebook.simulate.worlds import (
    MEASURE,
    WAN,
    measure_of,
    population,
    populations,
    simulator_of,
    snapshot_of,
)

from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population
from mangrove.rulebook.simulate.compare import Comparison, compare
from mangrove.rulebook.simulate.engine import Simulator
from mangrove.rulebook.simulate.texts import article_changes, constant_changes, measure_changes, pieces
from mangrove.rulebook.simulate.waterfall import by_clauses, by_parameters, waterfall

#: One clause changed in its rule, one in a number, one renamed, one dropped, a definition changed, a total added.
DRAFT = (
    MEASURE.replace("门槛: 300万元", "门槛: 500万元")
    .replace("组网方式 == 独立组网", "组网方式 != 非独立组网")
    .replace("- id: bonus", "- id: extra")
    .replace("  cap: 3万元\n", "")
    .replace("最高3万元", "不设上限")
    .replace("cap: 120万元", "cap: 80万元")
)
#: The total goes, and what it took over is paid by itself.
WITHOUT_TOTAL = MEASURE.split("- total")[0]
NUMBERS = (
    MEASURE.replace("门槛: 300万元", "门槛: 500万元")
    .replace("比例: 10%", "比例: 7%")
    .replace("cap: 3万元", "cap: 1万元")
)
SWAPPED = MEASURE.split("- total")[0] + MEASURE[MEASURE.index("- total") :].replace(
    "[demo, station]", "[station]"
)


@pytest.fixture(scope="module")
def measures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measure]:
    folder = tmp_path_factory.mktemp("measures")
    texts = {
        "base": MEASURE,
        "draft": DRAFT,
        "untotalled": WITHOUT_TOTAL,
        "numbers": NUMBERS,
        "swapped": SWAPPED,
    }
    return {name: measure_of(text, folder, f"{name}.yaml") for name, text in texts.items()}


def compared(old: Measure, new: Measure, people: Population) -> Comparison:
    snapshot = snapshot_of(new, people)
    before, after = (Simulator(one, snapshot).results() for one in (old, new))
    return compare(before, after, "district")


@settings(max_examples=40, deadline=None)
@given(people=populations(), name=st.sampled_from(["draft", "untotalled", "numbers", "swapped"]))
def test_money_moves_as_a_loop_finds(measures: dict[str, Measure], people: Population, name: str) -> None:
    found = compared(measures["base"], measures[name], people)
    old, new = (oracle.by_thing(measures[one], people) for one in ("base", name))
    places = {**old, **new}
    moves = {place: (old.get(place, (0, False)), new.get(place, (0, False))) for place in places}
    settled = {place: b[0] - a[0] for place, (a, b) in moves.items() if not (a[1] or b[1])}
    assert found.all.before == sum(a[0] for a, _ in moves.values())
    assert found.all.after == sum(b[0] for _, b in moves.values())
    assert found.all.winners == sum(change > 0 for change in settled.values())
    assert found.all.losers == sum(change < 0 for change in settled.values())
    assert found.all.unchanged == sum(change == 0 for change in settled.values())
    assert found.all.open == len(moves) - len(settled)
    assert found.all.gained == sum(change for change in settled.values() if change > 0)
    assert found.all.lost == -sum(change for change in settled.values() if change < 0)
    told = [((one.entity, one.key), one.change) for one in found.largest]
    wanted = sorted(((p, c) for p, c in settled.items() if c), key=lambda one: (-abs(one[1]), one[0]))
    assert told == wanted[:10]
    by_district = {group.id: moved.after - moved.before for group, moved in found.groups}
    for name_of_group, change in by_district.items():
        own = [b[0] - a[0] for place, (a, b) in moves.items() if group_of(people, place) == name_of_group]
        assert change == sum(own)


def group_of(people: Population, place: tuple[str, str]) -> str:
    return oracle.district_of(people.things[place])


def test_people_are_matched_by_key_where_the_data_differ(measures: dict[str, Measure]) -> None:
    base = measures["base"]
    project = {"investment": 600 * WAN, "track": "industry", "year": 2021}
    old, new = (population([], rows) for rows in ([project] * 2, [project] * 3))
    found = compare(simulator_of(base, old).results(), simulator_of(base, new).results(), "所在区")
    assert (found.all.winners, found.all.losers, found.all.unchanged) == (1, 0, 2)
    back = compare(simulator_of(base, new).results(), simulator_of(base, old).results(), "所在区")
    assert (back.all.winners, back.all.losers, back.all.lost) == (0, 1, 5 * WAN)
    assert [group.zh for group, moved in back.groups if moved.losers] == ["（新数据中没有）"]


def test_who_lacks_a_datum_neither_gains_nor_loses(measures: dict[str, Measure]) -> None:
    """The award for the year is not known, so that more for the project itself is not the last word."""
    people = population([], [{"investment": 600 * WAN, "track": "industry", "year": None}])
    found = compared(measures["base"], measures["untotalled"], people)
    assert (found.all.winners, found.all.open, found.all.gained) == (0, 1, 0)
    assert (found.all.before, found.all.after, found.largest) == (0, 50 * WAN, ())


# --- words and numbers ---------------------------------------------------------------------------------------------------


class TestTexts:
    def test_pieces_keep_numbers_whole(self) -> None:
        found = [(one.kind, one.text) for one in pieces("门槛300万元", "门槛500万元以上")]
        assert found == [("same", "门槛"), ("old", "300"), ("new", "500"), ("same", "万元"), ("new", "以上")]

    @given(st.text("甲乙1.5%a ", max_size=12), st.text("甲乙1.5%a ", max_size=12))
    def test_pieces_give_both_texts_back(self, old: str, new: str) -> None:
        found = list(pieces(old, new))
        assert "".join(one.text for one in found if one.kind != "new") == old
        assert "".join(one.text for one in found if one.kind != "old") == new

    def test_articles_by_id(self, measures: dict[str, Measure]) -> None:
        changes = article_changes(measures["base"], measures["draft"])
        assert [(one.id, one.change) for one in changes] == [
            ("extra", "added"), ("station", "changed"), ("firm", "changed"), ("bonus", "removed"),
        ]  # fmt: skip
        station = {part.part: (part.old, part.new) for part in changes[1].parts}
        assert station["cap"] == ("3万元", "")
        assert station["text"][1].endswith("不设上限")

    def test_what_stands_above_the_articles(self, measures: dict[str, Measure]) -> None:
        changes = measure_changes(measures["base"], measures["draft"])
        assert [one.part for one in changes] == ["definitions.独立组网站数"]

    def test_numbers_by_name(self, measures: dict[str, Measure]) -> None:
        changes = constant_changes(measures["base"], measures["numbers"])
        values = [(one.name, one.old and one.old.value, one.new and one.new.value) for one in changes]
        assert values == [
            ("门槛", 300 * WAN, 500 * WAN), ("比例", Fraction(1, 10), Fraction(7, 100)), ("station.cap", 3 * WAN, WAN),
        ]  # fmt: skip
        gone = constant_changes(measures["base"], measures["draft"])
        assert {one.name for one in gone if one.new is None} == {
            "bonus.when1#1",
            "bonus.amount",
            "station.cap",
        }

    def test_nothing_changed(self, measures: dict[str, Measure]) -> None:
        base = measures["base"]
        assert (
            not article_changes(base, base)
            and not measure_changes(base, base)
            and not constant_changes(base, base)
        )


# --- one step after another ------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(people=populations(), name=st.sampled_from(["draft", "untotalled", "numbers", "swapped"]))
def test_the_steps_add_up_to_the_whole_change(
    measures: dict[str, Measure], people: Population, name: str
) -> None:
    base, new = measures["base"], measures[name]
    for found in (
        waterfall(base, new, snapshot_of(new, people)),
        by_clauses(base, new, snapshot_of(new, people)),
    ):
        assert found.base == oracle.cost(base, people)
        assert found.base + sum(step.effect for step in found.steps) == found.end == oracle.cost(new, people)


@settings(max_examples=40, deadline=None)
@given(people=populations(), order=st.permutations(["门槛", "比例", "station.cap"]))
def test_parameters_one_after_another(
    measures: dict[str, Measure], people: Population, order: list[str]
) -> None:
    base, new = measures["base"], measures["numbers"]
    values = [(name, new.constants()[name].value) for name in order]
    found = by_parameters(simulator_of(base, people), values)  # type: ignore[arg-type]
    so_far = dict[str, object]()
    for step, (name, value) in zip(found.steps, values, strict=True):
        so_far[name] = value
        assert (step.changed, step.fen) == ((name,), oracle.cost(base, people, so_far))


def test_clauses_that_did_not_change_are_no_step(measures: dict[str, Measure]) -> None:
    people = population([{"kind": "operator"}], [])
    found = waterfall(measures["base"], measures["draft"], snapshot_of(measures["draft"], people))
    assert [step.changed for step in found.steps] == [
        ("demo",),
        ("extra",),
        ("station",),
        ("firm",),
        ("bonus",),
    ]


def test_only_numbers_go_by_numbers(measures: dict[str, Measure]) -> None:
    people = population([{"kind": "operator"}], [])
    found = waterfall(measures["base"], measures["numbers"], snapshot_of(measures["numbers"], people))
    assert found.kind == "parameters"
    assert [step.changed for step in found.steps] == [("门槛",), ("比例",), ("station.cap",)]


def test_a_clause_that_becomes_another_thing_goes_with_all_that_read_it(
    tmp_path: Path, measures: dict[str, Measure]
) -> None:
    text = MEASURE.replace(
        "  for: 机构\n  when: [kind == 运营商]\n  amount: 1万元 * 独立组网站数\n  cap: 3万元\n",
        "  for: 示范项目\n  when: [认定年度 == 2020]\n  amount: 2万元\n",
    )
    new = measure_of(text, tmp_path)
    project = {"investment": 600 * WAN, "track": "industry", "year": 2020, "links": {"applicant": "f0"}}
    people = population([{"kind": "operator"}], [project])
    found = waterfall(measures["base"], new, snapshot_of(new, people))
    assert [step.changed for step in found.steps] == [("station", "firm")]
    assert found.end == oracle.cost(new, people) == 52 * WAN


def test_a_number_of_two_clauses_changes_in_one_after_the_other(tmp_path: Path) -> None:
    """While clauses of both versions stand side by side, each keeps the number of its own."""
    text = WITHOUT_TOTAL.replace("amount: 5万元", "amount: 门槛 / 60").replace(
        "  cap: [100万元, 总投资 / 12]\n", ""
    )
    old = measure_of(text, tmp_path, "old.yaml")
    new = measure_of(text.replace("300万元", "540万元"), tmp_path, "new.yaml")
    projects = [{"investment": size * WAN, "track": "industry", "year": 2021} for size in (500, 600)]
    people = population([], projects)
    found = by_clauses(old, new, snapshot_of(new, people))
    assert found.base == (50 + 60 + 5 + 5) * WAN
    assert [(step.changed, step.effect) for step in found.steps] == [
        (("demo",), -50 * WAN),
        (("bonus",), 8 * WAN),
    ]
