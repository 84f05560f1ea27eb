"""DuckDB against the interpreter, trap by trap: what SQL does of its own accord with NULL, division, widths, days and no rows."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.engines.duck import Duck
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.warehouse import Stock
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.tables import links
from mangrove.vocabulary import vocabulary

from .comparing import by_duckdb, by_numpy, differences

HEAD = "measure: 试\nid: t\nversion: {in_force: 2000-01-01, until: 2099-01-01, status: 待核, source: 测试}\n"
LEAP = [
    date(2020, 2, 29),
    date(2019, 2, 28),
    date(2021, 2, 28),
    date(2021, 3, 1),
    date(2024, 2, 29),
    date(2000, 2, 28),
    None,
]
Fields = dict[str, Any]


def measure(folder: Path, *clauses: str, top: str = "") -> Measure:
    """Clauses in braces without article and text."""
    rows = "".join(f"- {{article: 一, text: 试, {one}}}\n" for one in clauses)
    path = folder / "t.yaml"
    path.write_text(f"{HEAD}{top}clauses:\n{rows}", encoding="utf-8")
    return load(path, vocabulary())


def firms(projects: dict[str, list[Fields]], **fields: Fields) -> Population:
    """Firms by key with their projects; ``fields`` are those of the firms."""
    things = []
    for firm, members in projects.items():
        things.append(Thing("organisation", firm, fields.get(firm, {})))
        rows = enumerate(members)
        things += [
            Thing("demonstration_project", f"{firm}{n:06}", one, {"applicant": firm}) for n, one in rows
        ]
    return Population(things, dict(links(vocabulary())))


def alone(*projects: Fields) -> Population:
    return firms({"a": list(projects)})


def investing(*fen: int | None) -> list[Fields]:
    return [{"investment": one} for one in fen]


def agree(measure: Measure, population: Population, run: Run = Run()) -> None:  # noqa: B008 a frozen value
    assert differences(measure, population, run, by_duckdb) == []


# --- unknowns --------------------------------------------------------------------------------------------------------

UNKNOWNS = [{"investment": fen, "track": track, "year": year}
            for fen in (None, 0, 300_00) for track in (None, "industry", "government") for year in (None, 2020, 2021)]  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        "when: [总投资 >= 3元 or 示范方向 == 行业应用, not 认定年度 == 2020]",
        "when: [{at_least: 2, of: [总投资 > 0元, 示范方向 == 行业应用, 认定年度 == 2020]}]",
        "when: ['认定年度 in [2020 .. 2021)', '示范方向 not in [行业应用]']",
        "amount: 'min(总投资, 2元, 认定年度 * 1元)', cap: [总投资, 1元]",
        "amount: 'if(示范方向 == 行业应用, 总投资, 认定年度 * 1元)', cap: 总投资 / 2, less: 认定年度 * 1分",
        "amount: 'tiers(总投资; <1元: 1元, <=300元: 2元, else: 3元)'",
        "amount: 'match(示范方向; 行业应用: 总投资, else: 1元)'",
    ],
)
def test_what_is_unknown_stays_unknown(tmp_path: Path, rule: str) -> None:
    agree(measure(tmp_path, f"id: c, for: 示范项目, {rule}"), alone(*UNKNOWNS))


@pytest.mark.parametrize("where", ["", " where 认定年度 == 2020"])
@pytest.mark.parametrize("function", ["sum(总投资 of 示范项目{})", "min_of(总投资 of 示范项目{})", "max_of(总投资 of 示范项目{})",
                                      "1元 * count(示范项目{})"])  # fmt: skip
def test_a_sum_knows_what_it_does_not_know(tmp_path: Path, function: str, where: str) -> None:
    """No rows, rows that do not belong, rows that may; the last parent has no children."""
    families = {
        "none": [], "out": [{"investment": None, "year": 2021}], "may": [{"investment": 5, "year": None}],
        "blank": [{"investment": None, "year": 2020}, {"investment": 7, "year": 2020}],
        "some": [{"investment": 5, "year": 2020}, {"investment": -9, "year": 2021}], "zlast": [],
    }  # fmt: skip
    agree(
        measure(tmp_path, f"id: c, for: 机构, amount: '{function.format(where)}', cap: 5元"), firms(families)
    )


@pytest.mark.parametrize("function", ["any", "all"])
def test_any_and_all_are_decided_by_one(tmp_path: Path, function: str) -> None:
    families: dict[str, list[Fields]] = {"none": [], "zlast": []}
    for a in (None, 1, 300_00):
        for b in (None, 1, 300_00):
            families[f"f{a}{b}"] = investing(a, b)
    rule = f"id: c, for: 机构, when: ['{function}(示范项目 where 总投资 > 2元)']"
    agree(measure(tmp_path, rule, "id: d, for: 机构, when: [any(示范项目)]"), firms(families))


def test_a_link_that_is_not_known_leads_to_nothing_known(tmp_path: Path) -> None:
    people = [
        Thing("organisation", "a", {"kind": "operator"}),
        Thing("organisation", "b", {}),
        *(
            Thing("demonstration_project", f"p{n}", {}, to)
            for n, to in enumerate([{"applicant": "a"}, {"applicant": "b"}, {}])
        ),
    ]
    population = Population(people, dict(links(vocabulary())))
    agree(measure(tmp_path, "id: c, for: 示范项目, when: [申报单位.kind == 运营商], amount: 1元"), population)


def test_a_run_that_does_not_say_its_day(tmp_path: Path) -> None:
    rules = measure(tmp_path, "id: c, for: 示范项目, when: [决定日 >= 2020-01-01], amount: 总投资 / 预算年度")
    for run in (Run(), Run(date(2020, 1, 1), 2020), Run(date(2019, 12, 31))):
        agree(rules, alone(*investing(None, 5, 2020)), run)


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["half_up", "down", "up"])
def test_rounding_goes_by_size_and_the_sign_comes_after(tmp_path: Path, way: str) -> None:
    """DuckDB cuts towards zero."""
    amounts = alone(*investing(*range(-36, 37), None))
    agree(measure(tmp_path, f"id: c, for: 示范项目, amount: 'round_to(总投资, 0.07元, \"{way}\")'"), amounts)
    agree(measure(tmp_path, "id: c, for: 示范项目, amount: 总投资 / -8, cap: 总投资 * 12.5%"), amounts)


def test_nothing_is_divided_by_zero(tmp_path: Path) -> None:
    things = alone(
        *({"investment": fen, "year": year} for fen in (None, 0, 7, -7) for year in (None, 0, 2, -2))
    )
    for amount in (
        "总投资 / 认定年度",
        "1元 / 认定年度",
        'round_to(总投资 / 认定年度, 0.03元, "up")',
        "总投资 / (认定年度 - 2)",
    ):
        agree(measure(tmp_path, f"id: c, for: 示范项目, amount: '{amount}'"), things)


def test_the_first_of_equal_caps_binds(tmp_path: Path) -> None:
    rule = "id: c, for: 示范项目, amount: 总投资, cap: [3元, 总投资 / 2, 2元, 2元]"
    agree(measure(tmp_path, rule), alone(*investing(100, 200, 300, 400, 600, 700, -5, None)))


def test_numbers_that_a_float_does_not_hold(tmp_path: Path) -> None:
    near = [2**53 + n for n in (-1, 0, 1, 2)]
    rules = ("amount: 总投资 * 100%", "amount: 总投资 / 3", "when: [总投资 > 90071992547409.92元]")
    for rule in rules:
        agree(measure(tmp_path, f"id: c, for: 示范项目, {rule}"), alone(*investing(*near)))


WIDE = [2**62 - 1, 2**62, 2**62 + 1, 2**63 - 1, -(2**62) - 1, -(2**63), 5, None]


@pytest.mark.parametrize(
    "amount",
    [
        "总投资 * 99.99%", "总投资 * 300% / 7", "总投资 + 总投资 - 总投资", "-总投资", "总投资 * 700% / 总投资 * 1元",
        "min(总投资 * 500%, 1元)", "总投资 * (总投资 / 1元) * (总投资 / 1元) / (总投资 / 1元)", "round_to(总投资, 0.03元, \"up\")",
    ],
)  # fmt: skip
def test_64_bits_are_left_where_they_must(tmp_path: Path, amount: str) -> None:
    """In 128 bits, and past 126 by the interpreter; what does not come back to 64 bits stands apart."""
    agree(measure(tmp_path, f"id: c, for: 示范项目, amount: '{amount}'"), alone(*investing(*WIDE)))


def test_sums_past_64_bits(tmp_path: Path) -> None:
    families = {
        "a": investing(*[2**62] * 9),
        "b": investing(2**62, -(2**62), 7),
        "c": investing(1, None),
        "d": [],
    }
    square = "sum(总投资 * (总投资 / 1元) * (总投资 / 1元) of 示范项目)"
    for amount in ("sum(总投资 of 示范项目)", "sum(总投资 of 示范项目) / 100", square):
        agree(measure(tmp_path, f"id: c, for: 机构, amount: '{amount}'"), firms(families))


def test_what_128_bits_hold_needs_no_interpreter(tmp_path: Path) -> None:
    rules = measure(tmp_path, "id: c, for: 示范项目, amount: 总投资 * 123456700% / 9999991")
    snapshot = from_population(alone(*investing(2**61, 2**60, 7)), rules.vocabulary)
    assert Duck(lower(rules), snapshot).run().interpreted == 0


# --- days ------------------------------------------------------------------------------------------------------------


def test_years_are_counted_as_the_law_does(tmp_path: Path) -> None:
    """DuckDB's own date_diff counts turns of the year."""
    stations = [
        Thing("station", f"s{n}", {"opened_on": day}, {"operator": "a"}) for n, day in enumerate(LEAP)
    ]
    population = Population([Thing("organisation", "a", {}), *stations], dict(links(vocabulary())))
    rules = [
        "id: c, for: 基站, amount: 'years_between(开通日期, 决定日) * 1元'",
        "id: d, for: 基站, when: ['years_after(开通日期, 1) <= 决定日', 'years_after(开通日期, -3) < 2018-02-28']",
        "id: e, for: 机构, when: ['any(基站 where years_after(开通日期, 4) == 决定日)']",
    ]
    for day in LEAP:
        agree(measure(tmp_path, *rules), population, Run(day))


# --- the whole -------------------------------------------------------------------------------------------------------


def levels(folder: Path) -> Measure:
    """Up and down twice: each kind of thing needs what the other one came to."""
    return measure(
        folder,
        "id: demo, for: 示范项目, when: [示范方向 == 行业应用], amount: 总投资 * 33.3%, cap: 2元",
        "id: firm, for: 机构, amount: sum(demo of 示范项目), cap: 5元",
        "id: share, for: 示范项目, when: [meets(demo)], amount: 'demo * (申报单位.firm / 1元)'",
        "id: most, for: 机构, when: [any(示范项目 where meets(share))], amount: max_of(share of 示范项目)",
    )


def test_levels_upon_levels(tmp_path: Path) -> None:
    rows = [dict(one) for one in UNKNOWNS]
    agree(
        levels(tmp_path),
        firms({"a": rows[:9], "b": rows[9:], "c": [], "d": [{"investment": 400, "track": "industry"}]}),
    )


def test_one_parent_with_100_000_children(tmp_path: Path) -> None:
    people = firms({"a": investing(*range(100_000)), "b": investing(5), "c": []})
    rules = measure(
        tmp_path, "id: c, for: 机构, amount: sum(总投资 of 示范项目 where 总投资 > 3元), cap: 1亿元"
    )
    snapshot = from_population(people, rules.vocabulary)
    found = Duck(lower(rules), snapshot).run().clauses["c"]
    assert [found.row(row).uncapped for row in range(3)] == [sum(range(301, 100_000)), 0, 0]


def test_a_clause_that_is_the_same_for_all(tmp_path: Path) -> None:
    people = firms({"a": investing(1, None), "b": []})
    agree(measure(tmp_path, "id: c, for: 机构, amount: 3元", "id: d, for: 示范项目, when: [1 == 1]"), people)


def test_no_rows_at_all(tmp_path: Path) -> None:
    agree(levels(tmp_path), Population([], dict(links(vocabulary()))))


def test_texts_do_not_change_with_a_threshold(tmp_path: Path) -> None:
    """Nor is anything prepared anew."""
    rules = measure(
        tmp_path,
        "id: c, for: 示范项目, when: [总投资 >= 门槛], amount: 总投资 * 比例, cap: 2元",
        top="parameters: {门槛: 3元, 比例: 33.3%}\n",
    )
    duck = Duck(lower(rules), from_population(alone(*investing(1, 299, 300, 4_000)), rules.vocabulary))
    duck.run()
    [before] = duck.drafts.made.values()
    changed = duck.run(constants={"门槛": Fraction(299), "比例": Fraction(1, 7)})
    assert list(duck.drafts.made.values()) == [before]
    assert [changed.clauses["c"].row(row).fen for row in range(4)] == [0, 43, 43, 200]
    text = before.queries["demonstration_project"]
    assert "300" not in text and "333" not in text


@pytest.mark.parametrize("tell", ["paid", "reasons"])
def test_less_may_be_told(tmp_path: Path, tell: str) -> None:
    """Two plans share what is loaded; a clause that another takes up tells no amount among reasons."""
    rules = measure(
        tmp_path,
        "id: demo, for: 示范项目, when: [总投资 > 1元], amount: 总投资, cap: 2元",
        "id: firm, for: 机构, total: [demo], cap: 3元",
    )
    snapshot = from_population(
        firms({"a": investing(500, 50, None), "b": investing(500, 250)}), rules.vocabulary
    )
    stock = Stock(snapshot, threads=1, memory_limit="500MB")
    full = Duck(lower(rules), snapshot, stock=stock).run().clauses
    told = Duck(lower(rules), snapshot, stock=stock, tell=tell).run().clauses
    for id, one in full.items():
        assert told[id].standing.tolist() == one.standing.tolist()
        if tell == "reasons":
            assert (
                told[id].failed.tolist() == one.failed.tolist()
                and told[id].unsure.tolist() == one.unsure.tolist()
            )
            assert told[id].binding is not None and one.binding is not None
            assert told[id].binding.tolist() == one.binding.tolist()  # type: ignore[union-attr]
    assert (told["demo"].result is None) == (tell == "reasons")
    assert told["firm"].paid().tolist() == full["firm"].paid().tolist()


def test_only_what_is_asked(tmp_path: Path) -> None:
    rules = levels(tmp_path)
    snapshot = from_population(firms({"a": [dict(one) for one in UNKNOWNS]}), rules.vocabulary)
    assert list(Duck(lower(rules), snapshot, only=["firm"]).run().clauses) == ["firm"]


def test_a_long_sum_does_not_grow_in_the_text(tmp_path: Path) -> None:
    """Each step doubles; said in place, it would be a text of 2^40 terms."""
    steps = "".join(f"  步{n}: {{for: 示范项目, is: 步{n - 1} / 2 + 步{n - 1} / 2}}\n" for n in range(1, 25))
    top = f"definitions:\n  步0: {{for: 示范项目, is: 总投资}}\n{steps}"
    rules = measure(tmp_path, "id: c, for: 示范项目, amount: 步24", top=top)
    assert differences(rules, alone(*investing(1, 3, None)), Run(), by_duckdb) == []
    assert differences(rules, alone(*investing(1, 3, None)), Run(), by_numpy) == []


def test_a_hundred_words_and_a_deep_nest(tmp_path: Path) -> None:
    years = ", ".join(str(year) for year in range(1800, 2000))
    nest = "(" * 35 + "总投资" + " + 1分)" * 35
    rules = measure(
        tmp_path, f"id: c, for: 示范项目, when: ['认定年度 in [{years}, 2020]'], amount: '{nest}'"
    )
    agree(rules, alone(*UNKNOWNS))


def test_the_database_is_shut_off(tmp_path: Path) -> None:
    stock = Stock(from_population(alone({}), vocabulary()))
    settings = ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access")
    found = [stock.execute(f"SELECT current_setting('{name}')", {}).fetchall() for name in settings]
    assert found == [[(False,)]] * 3
