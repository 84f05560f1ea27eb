"""Populations in bulk: the same snapshot as from single things, whatever form they come in; what is wrong is told with its rows."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mangrove.rulebook.engines.arrow import from_arrow, from_csv, from_parquet
from mangrove.rulebook.engines.columns import ColumnPopulation, Snapshot, from_population
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Problem, Problems
from mangrove.rulebook.texts.tables import links, read_population
from mangrove.vocabulary import vocabulary
from mangrove.vocabulary.model import Entity, Field
from mangrove.vocabulary.values import show_value

WAN = 1_000_000  # fen
ENTITIES = ("organisation", "demonstration_project", "firm_year", "station")
LINKS = dict(links(vocabulary()))


def contents(snapshot: Snapshot) -> dict[tuple[str, str], tuple[dict[str, Any], dict[str, str]]]:
    """Every row in plain values, whatever the order of rows and the numbers of texts; unknowns left out."""
    people, found = ColumnPopulation(snapshot), {}
    for entity, table in snapshot.tables.items():
        for row in range(len(table)):
            thing = people.thing(entity, row)
            known = {name: value for name, value in thing.fields.items() if value is not None}
            found[entity, thing.key] = known, dict(thing.links)
    return found


def refused(read: Callable[[], object]) -> list[Problem]:
    with pytest.raises(Problems) as found:
        read()
    return found.value.problems


# --- random populations ---------------------------------------------------------------------------------------------------

#: As a CSV can hold it: no blanks around, not empty.
words = st.text("基站甲乙5Gabc,\"'\n-.0", min_size=1, max_size=6).filter(lambda one: one == one.strip())


def stored(field: Field) -> st.SearchStrategy[Any]:
    if field.enum:
        return st.sampled_from(list(field.enum.words))
    if field.type == "text":
        return words
    if field.type == "date":
        return st.dates(date(1900, 1, 1), date(2100, 1, 1))
    if field.type == "boolean":
        return st.booleans()
    if field.type == "money":
        return st.integers(-(2**62), 2**62) | st.sampled_from([2**53 + 1, 0, 5, -1, 4000 * WAN])
    return st.integers(0, 10**9)


@st.composite
def things(draw: Any, entity: Entity, parents: dict[str, list[str]]) -> list[Thing]:
    found = {}
    for number in range(draw(st.integers(0, 6))):
        fields = {
            name: draw(stored(one) if one.required else st.none() | stored(one))
            for name, one in entity.fields.items()
        }
        if "id" in fields:
            fields["id"] = f"{entity.id[:3]}{draw(st.integers(0, 9))}_{number}"
        ends = {}
        for name, link in entity.relations.items():
            if parents.get(link.to) and (link.required or draw(st.booleans())):
                ends[name] = draw(st.sampled_from(parents[link.to]))
        if all(link.id in ends for link in entity.relations.values() if link.required):
            key = "/".join(str(fields.get(part, ends.get(part))) for part in entity.key)
            found[key] = Thing(entity.id, key, fields, ends)
    return list(found.values())


@st.composite
def populations(draw: Any) -> Population:
    everything: list[Thing] = []
    parents: dict[str, list[str]] = {}
    for name in ("district", *ENTITIES):
        made = draw(things(vocabulary().entity(name), parents))
        parents[name] = [one.key for one in made]
        everything += made
    return Population(everything, LINKS)


def arrow_type(field: Field) -> pa.DataType:
    kinds = {"date": pa.date32(), "boolean": pa.bool_(), "text": pa.string(), "enum": pa.string()}
    return kinds.get(field.type, pa.int64())


def as_arrow(population: Population) -> dict[str, pa.Table]:
    found = {}
    for name in ("district", *ENTITIES):
        entity = vocabulary().entity(name)
        rows = [one for one in population.things.values() if one.entity == name]
        columns = {
            id: pa.array([one.fields.get(id) for one in rows], arrow_type(field))
            for id, field in entity.fields.items()
        }
        columns |= {id: pa.array([one.links.get(id) for one in rows], pa.string()) for id in entity.relations}
        found[name] = pa.table(columns)
    return found


def write_csv(population: Population, folder: Path) -> None:
    """As people write it: Chinese heads, words and units."""
    for name in ("district", *ENTITIES):
        entity = vocabulary().entity(name)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(
            [*(one.zh for one in entity.fields.values()), *(one.zh for one in entity.relations.values())]
        )
        for one in population.things.values():
            if one.entity == name:
                shown = [show_value(field, one.fields.get(id)) for id, field in entity.fields.items()]
                writer.writerow([*shown, *(one.links.get(id, "") for id in entity.relations)])
        (folder / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(population=populations())
def test_arrow_brings_what_single_things_bring(population: Population) -> None:
    wanted = contents(from_population(population, vocabulary()))
    tables = as_arrow(population)
    assert contents(from_arrow(tables, vocabulary())) == wanted
    assert contents(from_arrow({n: pl.from_arrow(t) for n, t in tables.items()}, vocabulary())) == wanted
    readers = {n: pa.RecordBatchReader.from_batches(t.schema, t.to_batches()) for n, t in tables.items()}
    assert contents(from_arrow(readers, vocabulary())) == wanted


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(population=populations())
def test_a_csv_reads_as_the_plain_reader_reads_it(
    tmp_path_factory: pytest.TempPathFactory, population: Population
) -> None:
    folder = tmp_path_factory.mktemp("data")
    write_csv(population, folder)
    slowly = from_population(read_population(folder, vocabulary()), vocabulary())
    assert contents(from_csv(folder, vocabulary())) == contents(slowly)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(population=populations())
def test_parquet_brings_the_same(tmp_path_factory: pytest.TempPathFactory, population: Population) -> None:
    folder = tmp_path_factory.mktemp("data")
    for name, table in as_arrow(population).items():
        pq.write_table(table, folder / f"{name}.parquet")
    assert contents(from_parquet(folder, vocabulary())) == contents(from_population(population, vocabulary()))


# --- forms ------------------------------------------------------------------------------------------------------------------

FIRMS = pa.table({"机构标识": ["a", "b"], "kind": ["firm", "运营商"]})


def projects(**columns: Any) -> dict[str, Any]:
    return {"示范项目": pa.table({"id": ["p1", "p2"], **columns})}


def money_of(**columns: Any) -> list[int | None]:
    snapshot = from_arrow(projects(**columns), vocabulary())
    column = snapshot.column("demonstration_project", "investment")
    known = [True] * 2 if column.known is None else column.known.tolist()
    return [int(value) if sure else None for value, sure in zip(column.values, known, strict=True)]


@pytest.mark.parametrize(
    ("column", "fen"),
    [
        (pa.array([5, None]), [5, None]),  # integers are fen
        (pa.array([5, 7], pa.int16()), [5, 7]),
        (pa.array([2**53 + 1, -1]), [2**53 + 1, -1]),
        (
            pa.array([Decimal("1.23"), Decimal("-4.50")], pa.decimal128(9, 2)),
            [123, -450],
        ),  # decimals are yuan
        (pa.array([Decimal("4000"), None], pa.decimal128(38, 0)), [400_000, None]),
        (pa.array([Decimal("1.2300"), None], pa.decimal128(20, 4)), [123, None]),
        (pa.array([Decimal("90071992547409.93")] * 2, pa.decimal128(38, 2)), [2**53 + 1] * 2),
        (pa.array([None, None]), [None, None]),
    ],
)
def test_money_comes_exactly(column: pa.Array, fen: list[int | None]) -> None:
    assert money_of(总投资=column) == fen
    assert money_of(investment=pa.chunked_array([column.slice(0, 1), column.slice(1)])) == fen


@pytest.mark.parametrize(
    ("column", "code", "rows", "zh", "en"),
    [
        (pa.array([1.0, 2.0]), "float", "", "浮点数", "Floats are not taken"),
        (pa.array([None, 2.0], pa.float32()), "float", "", "decimal128", "decimal128"),
        (pa.array(["1", "2"]), "wrong_type", "", "这里应为整数或 decimal128", "integers or decimal128 is wanted"),
        (pa.array([date(2020, 1, 1)] * 2), "wrong_type", "", "类型是 date32", "The type is date32"),
        (pa.array([Decimal("1.230"), Decimal("1.234")]), "too_fine", "2", "比记录的精度（2位小数）更细", "Finer than the 2"),
        (pa.array([Decimal(10**20), Decimal(1)], pa.decimal128(38, 2)), "overflow", "1", "存不下", "too large"),
        (pa.array([2**63, 1], pa.uint64()), "overflow", "", "存不下", "too large"),
    ],
)  # fmt: skip
def test_money_that_is_not_exact_is_refused(column: pa.Array, code: str, rows: str, zh: str, en: str) -> None:
    (found,) = refused(lambda: money_of(总投资=column))
    assert (found.code, found.place.file) == (code, "demonstration_project")
    assert "“总投资”" in found.zh and zh in found.zh and en in found.en
    assert f"第 {rows} 行" in found.zh if rows else found.place.line == 1


def test_polars_categories_dates_and_integer_keys() -> None:
    firms = pl.DataFrame({"id": [10, 11], "kind": ["firm", None]}, schema_overrides={"kind": pl.Categorical})
    stations = pl.DataFrame(
        {
            "id": [1, 2, 3],
            "operator": [11, 11, None],
            "opened_on": [date(2020, 2, 29), None, date(2021, 1, 1)],
        }
    )
    snapshot = from_arrow({"organisation": firms, "基站": stations}, vocabulary())
    people = ColumnPopulation(snapshot)
    assert people.thing("station", 0).links == {"operator": "11"}
    assert people.thing("station", 0).fields["opened_on"] == date(2020, 2, 29)
    assert [people.thing("organisation", row).fields["kind"] for row in (0, 1)] == ["firm", None]
    assert snapshot.family("station", "operator").starts.tolist() == [1, 1, 3]


def test_a_duckdb_relation_is_taken_and_pandas_is_not_needed() -> None:
    relation = duckdb.sql(
        "SELECT 'p1' AS id, 12.5::DECIMAL(18, 2) AS 总投资, TIMESTAMP '2020-01-01' AS t"
    ).select("id, 总投资")
    snapshot = from_arrow({"示范项目": relation}, vocabulary())
    assert snapshot.column("demonstration_project", "investment").values.tolist() == [1250]
    assert "pandas" not in sys.modules


def test_midnight_is_a_date_and_another_hour_is_not() -> None:
    def opened(*days: datetime) -> Snapshot:
        return from_arrow({"基站": pa.table({"id": ["a", "b"], "开通日期": list(days)})}, vocabulary())

    read = opened(datetime(2020, 2, 29), datetime(1969, 12, 31)).column("station", "opened_on")
    assert read.values.tolist() == [date(2020, 2, 29).toordinal(), date(1969, 12, 31).toordinal()]
    (found,) = refused(lambda: opened(datetime(2020, 2, 29), datetime(2020, 1, 1, 8)))
    assert found.code == "wrong_type" and "第 2 行" in found.zh and "time of day" in found.en


# --- what is wrong ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code", "zh", "en"),
    [
        ({"示范项木": FIRMS}, "unknown_name", "没有对象“示范项木”，是否想写“示范项目”", "did you mean “示范项目”"),
        ({"机构": pa.table({"id": ["a"], "类比": ["x"]})}, "unknown_name", "没有字段或关联“类比”", "No field or link"),
        ({"机构": pa.table({"id": ["a"], "机构标识": ["a"]})}, "column_twice", "有两列", "two columns"),
        ({"机构": pa.table({"kind": ["firm"]})}, "no_key", "缺主键列“id”", "key column is missing: id"),
        ({"机构": pa.table({"id": ["a", None]})}, "no_key", "“id”第 2 行：主键是空的", "row 2: The key is empty"),
        ({"机构": pa.table({"id": ["a", "b", "a", "b", "a"]})}, "duplicate_key", "第 3、4、5 行：主键与前面的行相同：a、b、a（共 3 行）", "a, b, a (3 rows in all)"),
        ({"机构": pa.table({"id": [1.5]})}, "wrong_type", "标识应为文字或整数", "keys are text or integers"),
        ({"机构": pa.table({"id": ["a"], "kind": ["企叶"]})}, "unknown_name", "“kind”第 1 行：没有机构类别的取值“企叶”，是否想写“企业”", "row 1: No word of Kind of organisation “企叶”"),
        ({"机构": pa.table({"id": ["a"], "synthetic": [1]})}, "wrong_type", "这里应为布尔", "booleans is wanted"),
        ({"机构": pa.table({"id": ["a"], "name": [True]})}, "wrong_type", "这里应为文字", "text is wanted"),
        ({"基站": pa.table({"id": ["a"], "开通日期": ["2020-01-01"]})}, "wrong_type", "这里应为日期", "dates (date32)"),
        ({"机构": FIRMS, "基站": pa.table({"id": ["s", "t", "u"], "运营商": ["a", "c", "d"]})}, "orphan", "“运营商”第 2、3 行：指向不存在的机构：c、d（共 2 行）", "Leads to no organisation: c, d (2 rows in all)"),
        ({"基站": pa.table({"id": ["s"], "运营商": ["a"]})}, "orphan", "指向不存在的机构：a", "Leads to no organisation: a"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_both_languages(data: dict[str, Any], code: str, zh: str, en: str) -> None:
    found = refused(lambda: from_arrow(data, vocabulary()))
    assert [one.code for one in found] == [code], [one.said() for one in found]
    assert zh in found[0].zh and en in found[0].en, (found[0].zh, found[0].en)


def test_all_that_is_wrong_is_told_at_once_and_nothing_twice() -> None:
    data = {
        "机构": pa.table({"id": ["a", "a"], "kind": ["x", "firm"]}),
        "基站": pa.table({"id": ["s"], "运营商": ["a"], "建站投资": [1.5]}),
    }
    assert sorted(one.code for one in refused(lambda: from_arrow(data, vocabulary()))) == [
        "duplicate_key", "float", "unknown_name",
    ]  # fmt: skip


HEAD = "项目标识,项目名称,示范方向,认定年度,总投资,来源,申报单位\n"
ROW = "p1,甲,行业应用,2020,4000万元,测试,\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "zh", "en"),
    [
        (HEAD + ROW.replace("4000万元", "四千万"), "bad_data", 2, "“总投资”第 2 行", "“四千万” cannot be read as Total investment (money"),
        (HEAD + ROW + ROW.replace("p1", "p2").replace("4000万元", "1.234"), "bad_data", 3, "比记录的精度（2位小数）更细", "“1.234” cannot be read"),
        (HEAD + ROW.replace("4000万元", "1e5"), "bad_data", 2, "“1e5”不是数", "“1e5” cannot be read"),
        (HEAD + ROW.replace("4000万元", "99999999999亿元"), "overflow", 2, "存不下", "too large"),
        (HEAD + ROW.replace("2020", ""), "empty", 2, "“认定年度”不能为空", "must be filled in"),
        (HEAD + ROW + ROW, "duplicate_key", 3, "p1", "p1"),
        (HEAD + ROW.replace("测试,", "测试,nobody"), "orphan", 2, "指向不存在的机构：nobody", "Leads to no organisation: nobody"),
        (HEAD + ROW.replace(",4000万元", ""), "bad_rows", 2, "应有7格，现有6格", "7 cells wanted, 6 found"),
        (HEAD.replace("认定年度,", "") + ROW.replace("2020,", ""), "missing_column", 1, "缺列“认定年度”", "Missing columns: year"),
        (HEAD.replace("总投资", "总投次") + ROW, "unknown_name", 1, "是否想写“总投资”", "did you mean “总投资”"),
        ("", "missing_column", 1, "缺列", "Missing columns"),
    ],
)  # fmt: skip
def test_a_csv_that_does_not_read_is_told_with_its_line(
    tmp_path: Path, text: str, code: str, line: int, zh: str, en: str
) -> None:
    (tmp_path / "demonstration_project.csv").write_text(text, encoding="utf-8")
    found = refused(lambda: from_csv(tmp_path, vocabulary()))[0]
    assert (found.code, found.place.file) == (code, "demonstration_project.csv"), found.said()
    assert found.place.line == line and zh in found.zh and en in found.en, (found.said(), found.en)


@pytest.mark.parametrize(
    "money", ["4000万元", "40,000,000", "40000000.00", "+40000000", " 40000000 ", "４０００万元", "0.4亿元"]
)
def test_money_is_the_same_however_it_is_written(tmp_path: Path, money: str) -> None:
    row = ROW.replace("4000万元", f'"{money}"')
    (tmp_path / "demonstration_project.csv").write_text("\ufeff" + HEAD + row, encoding="utf-8")
    column = from_csv(tmp_path, vocabulary()).column("demonstration_project", "investment")
    assert column.values.tolist() == [4000 * WAN]


def test_another_encoding_a_stranger_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    assert refused(lambda: from_csv(tmp_path, vocabulary()))[0].code == "no_data"
    assert "PARQUET" in refused(lambda: from_parquet(tmp_path, vocabulary()))[0].zh
    (tmp_path / "示范项木.csv").write_text("x", encoding="utf-8")
    assert refused(lambda: from_csv(tmp_path, vocabulary()))[0].code == "unknown_name"
    (tmp_path / "demonstration_project.csv").write_bytes((HEAD + ROW).encode("gbk"))
    codes = {one.code for one in refused(lambda: from_csv(tmp_path, vocabulary()))}
    assert "not_utf8" in codes
    (tmp_path / "station.parquet").write_bytes(b"PAR1 no")
    assert refused(lambda: from_parquet(tmp_path, vocabulary()))[0].code == "unreadable"


def test_empty_rows_are_passed_over_and_texts_with_line_breaks_are_kept(tmp_path: Path) -> None:
    text = HEAD + "\n" + ",,,,,,\n" + ROW.replace("甲", '"甲\n乙"')
    (tmp_path / "demonstration_project.csv").write_text(text, encoding="utf-8")
    snapshot = from_csv(tmp_path, vocabulary())
    assert contents(snapshot)["demonstration_project", "p1"][0]["name"] == "甲\n乙"
    assert contents(snapshot) == contents(
        from_population(read_population(tmp_path, vocabulary()), vocabulary())
    )


def test_lines_are_those_of_the_file_whatever_is_empty_between(tmp_path: Path) -> None:
    (tmp_path / "demonstration_project.csv").write_text(
        "id,name,track,year,investment,source\n\np1,甲,行业应用,2020,1元,合成\n,,,,,\n\np2,乙,行业应用,2020,¥2,合成\n",
        encoding="utf-8",
    )
    with pytest.raises(Problems) as caught:
        from_csv(tmp_path, vocabulary())
    assert [one.place.line for one in caught.value.problems] == [6]


def test_another_encoding_is_told_before_anything_is_read(tmp_path: Path) -> None:
    """A row with too many cells of such a file once ended in a traceback."""
    text = "id,name,track,year,investment,source\np1,甲,行业应用,2020,1元,合成,多,余\n"
    (tmp_path / "demonstration_project.csv").write_text(text, encoding="gb18030")
    with pytest.raises(Problems) as caught:
        from_csv(tmp_path, vocabulary())
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line) == ("not_utf8", 2) and "CSV UTF-8（逗号分隔）" in problem.zh
