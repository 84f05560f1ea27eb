"""Every word is declared once; what cannot be right is refused with file, line and the nearest name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mangrove import vocabulary
from mangrove.vocabulary import UnknownWord, VocabularyError, load, parse_value, show_value
from mangrove.vocabulary.model import Named
from mangrove.vocabulary.sheets import read_sheet
from mangrove.vocabulary.units import WORDS, load_units

ENTITY = """\
enums:
  colour:
    zh: 颜色
    en: Colour
    words:
      red: {zh: 红, en: Red}
entities:
  tree:
    zh: 树
    en: Tree
    key: [id]
    fields:
      id: {zh: 标识, en: Id, type: text}
      height: {zh: 树高, en: Height, type: decimal, scale: 1, unit: 米}
      colour: {zh: 颜色, en: Colour, type: enum, enum: colour}
    relations:
      wood: {zh: 林, en: Wood, to: tree}
"""


def words(folder: Path, text: str) -> Path:
    (folder / "units.yaml").write_text((WORDS / "units.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "trees.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("type: text", "type: txt", 13, "type“txt”不认识，是否想写“text”？"),
        ("unit: 米", "unit: 公尺", 14, "没有单位“公尺”"),
        ("zh: 树高", "zh: 标识", 14, "“height”与“id”的中文名都是“标识”"),
        ("to: tree", "to: trees", 17, "指向没有的实体“trees”，是否想写“tree”？"),
        ("enum: colour}", "enum: color}", 15, "没有词表“color”，是否想写“colour”？"),
        ("key: [id]", "key: [idd]", 9, "主键“idd”"),
        ("scale: 1, ", "", 14, "缺“scale”"),
        ("unit: 米", "units: 米", 14, "不认识的键“units”，是否想写“unit”？"),
        ("      height:", "      id:", 14, "键“id”重复"),
        ("key: [id]", "key: [id", 12, "不是合法的 YAML"),
    ],
)
def test_a_wrong_word_file_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in ENTITY
    with pytest.raises(VocabularyError) as error:
        load(words(tmp_path, ENTITY.replace(old, new, 1)))
    assert said in error.value.message
    assert (error.value.file, error.value.line) == ("trees.yaml", line)


def test_a_unit_declared_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.yaml"
    path.write_text(
        "dimensions:\n  长度:\n    米: {factor: 1, en: m}\n    尺: {factor: 1/3, en: chi, aliases: [米]}\n",
        encoding="utf-8",
    )
    with pytest.raises(VocabularyError, match="第4行：单位“米”已经声明过"):
        load_units(path)


def test_names_are_found_in_both_languages_and_the_nearest_is_offered() -> None:
    firm = vocabulary.entity("机构")
    assert firm.field("统一社会信用代码") is firm.field("credit_code")
    with pytest.raises(UnknownWord) as error:
        firm.field("统一信用代码")
    assert str(error.value) == "没有字段“统一信用代码”，是否想写“统一社会信用代码”？"
    with pytest.raises(UnknownWord, match="没有实体“火星”。"):
        vocabulary.entity("火星")


def test_every_field_and_word_has_both_languages() -> None:
    for entity in vocabulary.vocabulary().entities.values():
        things: list[Named] = [entity, *entity.fields.values(), *entity.relations.values()]
        assert all(thing.zh and thing.en for thing in things)


class TestValues:
    def test_read_and_show_are_inverse(self) -> None:
        project = vocabulary.entity("demonstration_project")
        for name, text, stored in (
            ("investment", "1234.5元", 123450), ("track", "政务应用", "government"), ("year", "2020年", 2020),
        ):  # fmt: skip
            assert parse_value(project.field(name), text) == stored
        assert show_value(project.field("investment"), 123450) == "1234.50元"
        assert show_value(project.field("track"), "government") == "政务应用"

    def test_units_of_the_same_dimension_are_converted(self) -> None:
        assert (
            parse_value(vocabulary.entity("demonstration_project").field("investment"), "16亿元")
            == 160_000_000_000
        )

    def test_unknown_is_not_zero(self) -> None:
        investment = vocabulary.entity("demonstration_project").field("investment")
        assert parse_value(investment, "") is None and show_value(investment, None) == ""

    @pytest.mark.parametrize(
        ("entity", "field", "text", "said"),
        [
            ("demonstration_project", "investment", "0.001元", "更细"),
            ("demonstration_project", "investment", "3个", "不能把“个”换算成“元”"),
            ("station", "opened_on", "2021年8月", "应写作 2021-08-30"),
            ("station", "synthetic", "对", "应写“是”或“否”"),
            ("station", "mode", "独立组往", "是否想写“独立组网”"),
            ("station", "id", " ", "不能为空"),
        ],
    )
    def test_what_cannot_be_read_says_why(self, entity: str, field: str, text: str, said: str) -> None:
        with pytest.raises(ValueError, match=said):
            parse_value(vocabulary.entity(entity).field(field), text)

    @pytest.mark.parametrize(
        "text",
        ["2021-08-03", "2021-8-3", "2021/8/3", "2021/08/03", "2021.8.3", "2021年8月3日", "2021年08月03日", "20210803", "２０２１／８／３"],
    )  # fmt: skip
    def test_a_date_is_read_as_people_write_it(self, text: str) -> None:
        assert parse_value(vocabulary.entity("station").field("opened_on"), text) == date(2021, 8, 3)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("01/02/2026", "有两种读法"),
            ("13/02/2026", "有两种读法"),
            ("1.2.26", "有两种读法"),
            ("2021/8-3", "不对"),
            ("2021-02-30", "不对"),
            ("2021年13月1日", "不对"),
            ("2021083", "不对"),
        ],
    )
    def test_a_date_that_is_none_or_could_be_two_is_refused(self, text: str, said: str) -> None:
        with pytest.raises(ValueError, match=said):
            parse_value(vocabulary.entity("station").field("opened_on"), text)


def test_a_sheet_reads_chinese_heads_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    text = "处室标识,处室名称,序号,来源,合成数据,所属机构\nu1,应用处,1,sample,是,szgxj\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    sheet = read_sheet(path, vocabulary.entity("unit"))
    assert sheet.problems == ()
    assert sheet.rows[0].values == {
        "id": "u1", "name": "应用处", "order": 1, "source": "sample", "synthetic": True, "organisation": "szgxj",
    }  # fmt: skip


def test_a_short_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("id,name,order,source,synthetic,organisation\nu1,应用处,1\n", encoding="utf-8")
    assert read_sheet(path, vocabulary.entity("unit")).problems == ("units.csv 第2行：应有6格，现有3格。",)


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(
        b"id,name,order,source,synthetic,organisation\n" + "u1,应用处,1,s,是,x\n".encode("gb18030")
    )
    assert read_sheet(path, vocabulary.entity("unit")).problems == (
        "units.csv 第2行：不是 UTF-8 编码，请另存为 UTF-8 的 CSV。",
    )
