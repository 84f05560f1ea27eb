"""Numbers with unit and qualifier, wherever they stand; and what looks like a number and is none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mangrove.documents.reading.letter import read_letter
from mangrove.documents.reading.lexicon import words
from mangrove.documents.reading.quantities import Quantity, find_quantities
from mangrove.documents.reading.source import SourceText

UNITS = {
    "万元": (10**4, "元"),
    "亿元": (10**8, "元"),
    "元": (1, "元"),
    "%": (1, "%"),
    "个百分点": (1, "百分点"),
    "公里": (1000, "米"),
    "万平方米": (10**4, "平方米"),
    "家": (1, "家"),
    "万个": (10**4, "个"),
    "名": (1, "名"),
    "万人次": (10**4, "人次"),
    "座": (1, "座"),
    "个工作日": (1, "工作日"),
    "万千瓦时": (10**4, "千瓦时"),
    "元/千瓦时": (1, "元/千瓦时"),
    "吨": (1, "吨"),
}
BEFORE = ("", "超过", "约", "近", "不少于", "不超过", "逾", "至少", "不足", "突破")
AFTER = ("", "以上", "左右", "以下")
CONTEXTS = (
    "全市累计完成{}。",
    "据统计，共计投入{}，成效明显。",
    "（其中：{}）",
    "实际达到{}；另行报告。",
    "为{}",
)
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
NUMERALS = set("零〇一二两三四五六七八九十百千万亿几数")


@st.composite
def printed_numbers(draw: st.DrawFn) -> tuple[str, Fraction, int]:
    """A number as letters print it: (print, value, decimals)."""
    whole, decimals = draw(st.integers(0, 10**7)), draw(st.integers(0, 4))
    digits = draw(st.text("0123456789", min_size=decimals, max_size=decimals))
    head = f"{whole:,}" if draw(st.booleans()) else str(whole)
    printed = f"{head}.{digits}" if digits else head
    value = Fraction(printed.replace(",", ""))
    wide = draw(st.booleans())
    return (
        (printed.translate({ord(str(d)): 0xFF10 + d for d in range(10)}) if wide else printed),
        value,
        decimals,
    )


@given(
    printed_numbers(), st.sampled_from(sorted(UNITS)), st.sampled_from(BEFORE), st.sampled_from(AFTER),
    st.sampled_from(CONTEXTS),
)  # fmt: skip
@example(("2021", Fraction(2021), 0), "家", "", "", "为{}")
def test_a_number_in_a_sentence_is_read_exactly(
    number: tuple[str, Fraction, int], unit: str, before: str, after: str, context: str
) -> None:
    printed, value, decimals = number
    after = after if not before else ""
    factor, canonical = UNITS[unit]
    text = context.format(f"{before}{printed}{unit}{after}")

    (found,) = find_quantities(text)

    assert Fraction(found.value) == value * factor
    assert (found.unit, found.decimals, found.qualifier) == (canonical, decimals, before or after)
    assert found.text == text[found.start : found.end] == f"{before}{printed}{unit}{after}"


@given(st.text(st.one_of(HAN, st.sampled_from("，。；：、！？“”《》（）\n 　A5Gg")), max_size=80))
def test_text_without_numerals_states_no_number(text: str) -> None:
    plain = "".join(sign for sign in text if sign not in NUMERALS and not sign.isdigit())

    assert find_quantities(plain) == []


@given(st.text(max_size=120))
def test_any_text_is_read_and_every_span_indexes_it(text: str) -> None:
    reading = read_letter(SourceText("来函", "txt", text))

    for item in (
        *reading.quantities,
        *reading.commitments,
        *reading.organisations,
        *reading.dates,
        *reading.claims,
    ):
        assert text[item.start : item.end] == item.text
    assert all(0 <= doubt.start <= doubt.end <= len(text) for doubt in reading.placed_doubts)


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read_as_their_value(value: int) -> None:
    (found,) = find_quantities(f"共有{_in_chinese(value)}所学校。") or [None]
    if value == 1:  # 一所 alone is an article unless 共有 stands before it
        assert found is not None
    assert isinstance(found, Quantity) and found.value == value


def _in_chinese(value: int) -> str:
    digits = "零一二三四五六七八九"
    parts, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            parts += ("零" if zero and parts else "") + digits[digit] + name
        zero = not digit
    return parts.removeprefix("一") if 10 <= value < 20 else parts


@pytest.mark.parametrize(
    "text",
    [
        "联系电话：0755-88101234转8012，手机13800138000，热线12345。",
        "《深圳市5G发展三年行动计划（2021—2023年）》和深府〔2021〕15号文",
        "执行GB/T 9704-2012、YD/T 3754—2020和ISO 9001:2015的规定",
        "“十四五”期间、“十三五”时期和第十四个五年规划",
        "采取“一对一”方式，落实“两个确保”“三个责任人”，一网通办、一站式服务",
        "第20210615号建议、第3次会议、第二批、七届一次会议、一等奖、三级甲等",
        "二〇二一年八月三十日，2021年8月30日，2021-08-30，2021.8.30",
        "5G网络、F5G、N1路、DN100管材、3D打印、4K超高清",
        "末班车为23:30，8时30分开放，星期三休息，第三季度",
        "统一社会信用代码914403001922038216，账号4000023009200123456",
        "一、总体情况\n（二）下一步\n3.具体措施\n（4）其他",
        "数十家企业、几百个岗位、上千人次、七八个项目",
        "三级价差为1:1.5:3，比分为3:2",
        "邮箱abc123@example.com，网址https://example.com/2021/15个.html",
    ],
)
def test_what_is_no_quantity_is_not_read_as_one(text: str) -> None:
    assert [q.text for q in find_quantities(text)] == []


@pytest.mark.parametrize(
    ("text", "lower", "upper", "unit"),
    [
        ("工期3—5年", 3, 5, "年"),
        ("投资5—10万元", 50000, 100000, "元"),
        ("新建1.5万—2万个", 15000, 20000, "个"),
        ("铺设8000—1万米", 8000, 10000, "米"),
        ("每校80万元至120万元", 800000, 1200000, "元"),
        ("水压0.14～0.28MPa", Decimal("0.14"), Decimal("0.28"), "兆帕"),
        ("增长10%-15%", 10, 15, "%"),
    ],
)
def test_both_bounds_of_a_range(text: str, lower: Decimal, upper: Decimal, unit: str) -> None:
    low, high = find_quantities(text)

    assert (low.value, low.qualifier, high.value, high.qualifier) == (lower, "下限", upper, "上限")
    assert (low.unit, high.unit) == (unit, unit)


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("安排约三分之一", Fraction(1, 3), "比例", "约"),
        ("占百分之三十", 30, "%", ""),
        ("占千分之六", Fraction(3, 5), "%", ""),
        ("师生比1:16", Fraction(1, 16), "比例", ""),
        ("之比为1.2:1", Fraction(6, 5), "比例", ""),
        ("下降2.5‰", Fraction(1, 4), "%", ""),
        ("增速为-2.1%", Fraction(-21, 10), "%", ""),
        ("每个街道至少安排1处", 1, "处", "至少"),
        ("投资超过 16 亿元", 1600000000, "元", "超过"),
        ("供水120万立方米/日", 1200000, "立方米/天", ""),
        ("合计4000000000元", 4 * 10**9, "元", ""),
        ("满意度达八成五", 85, "%", ""),
        ("产量增长一倍", 1, "倍", ""),
        ("投入一亿元", 10**8, "元", ""),
        ("三成以上", 30, "%", "以上"),
        ("15日内办结", 15, "天", ""),
    ],
)
def test_other_ways_to_write_a_number(text: str, value: Fraction, unit: str, qualifier: str) -> None:
    (found,) = find_quantities(text)

    assert abs(Fraction(found.value) - value) < Fraction(1, 10**20)
    assert (found.unit, found.qualifier) == (unit, qualifier)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2023年建成5座，比2022年增加2座。", ["2023", "2023"]),
        ("2023年，比例由2022年的12.4%降至7.9%。", ["2022", "2023"]),
        ("2020年、2021年分别增长3%、4.5%。", ["", ""]),
        ("编制《规划（2025—2035年）》，建设3座。", [""]),
        ("5年内建成3座。", ["", ""]),
        ("今年11月底前建成3座。\n\n2023年9月28日", ["2023-11"]),
        ("2024年1—10月，查处287宗。", ["2024-10"]),
        ("2022年至2024年分别安排460万元、520万元。", ["", ""]),
        ("一是2025年建成3家；二是每天检测20批次。", ["2025", ""]),
        ("去年建成3座。\n\n2023年9月28日", ["2022"]),
    ],
)
def test_the_date_at_which_a_number_holds(text: str, dates: list[str]) -> None:
    assert [q.as_of for q in find_quantities(text)] == dates


def test_every_qualifier_of_the_vocabulary_is_read() -> None:
    for entry in words("qualifiers")["before"]:
        (found,) = find_quantities(f"总数{entry['word']}200个。")
        assert found.qualifier == entry["word"]
