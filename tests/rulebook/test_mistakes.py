"""Each mistake that an officer can make in a rule file: told once, at its place, in both languages; and files meant to harm."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .whole import WHOLE, changed, measure_of, problems_of

NINES = "9" * 5_000
MISTAKES: list[tuple[str, str, str, tuple[int, int], str, str]] = [
    # what stands there, what the officer wrote, code, line and column, what is said
    # inputs
    ("贷款利息: {for", "总投资: {for", "name_taken", (7, 3), "“总投资”已经有了", "“总投资” is taken"),
    ("贷款利息: {for", "决定日: {for", "name_taken", (7, 3), "“决定日”已经有了", "“决定日” is taken"),
    ("贷款利息: {for", "运营商: {for", "name_is_word", (7, 3), "“运营商”是机构类别的取值", "is a word of a list"),
    ("贷款利息: {for", "甲 + 乙: {for", "no_name", (7, 3), "不能作名称", "is no name"),
    ("贷款利息: {for", "甲.乙: {for", "no_name", (7, 3), "不能作名称", "is no name"),
    ("贷款利息: {for: 示范项目", "贷款利息: {for: 示范项木", "unknown_name", (7, 15), "是否想写“示范项目”", "did you mean “示范项目”"),
    ("type: 金额", "type: 钱", "unknown_name", (7, 27), "没有输入的种类“钱”", "No kind of input “钱”"),
    (", by: 业务处室", "", "missing_key", (7, 9), "缺“by”", "“by” is missing"),
    ("scale: 1", "scale: 9", "bad_scale", (6, 37), "小数位数应为 0 至 6", "0 to 6 places"),
    ("[0 .. 100]", "[100 .. 0]", "empty_range", (6, 50), "起点高于终点", "ends before it begins"),
    ("[0 .. 100]", "[0, 100]", "bad_range", (6, 49), "范围写成“[0元 .. 5000万元]”", "Write the range as"),
    ("[0 .. 100]", "[0元 .. 100元]", "bad_range", (6, 50), "“0元”不是这里要的数", "is not the kind of number"),
    ("[0 .. 100]", "0", "not_items", (6, 49), "应为列表", "as a list"),
    ("type: 数, scale: 1", "type: 日期", "bad_range", (6, 31), "日期没有范围", "has no range"),
    ("[一等, 二等, 三等]", "[一等, 一等]", "name_taken", (5, 33), "“一等”已经有了", "“一等” is taken"),
    ("[一等, 二等, 三等]", "[一等]", "few_words", (5, 28), "取值应列 2 至 100 个", "List 2 to 100 words"),
    ("[一等, 二等, 三等]", "[一 等, 二等]", "no_name", (5, 29), "“一 等”不能作名称", "is no name"),
    ("words: [一等", "type: 数, words: [一等", "unknown_key", (5, 21), "不认识的键“type”", "Unknown key “type”"),
    # parameters
    ("比例: 30%", "比例: 30% * 2", "not_constant", (9, 7), "参数须是写定的数或日期", "must be a written number or day"),
    ("比例: 30%", "比例: 是", "not_constant", (9, 7), "参数须是写定的数或日期", "must be a written number"),
    ("比例: 30%", "比例: '\"三成\"'", "not_constant", (9, 8), "参数须是写定的数或日期", "must be a written number"),
    ("比例: 30%", "比例: 总投资", "unknown_name", (9, 7), "没有字段或名称“总投资”", "No field or name"),
    ("比例: 30%", "决定日: 30%", "name_taken", (9, 3), "“决定日”已经有了", "“决定日” is taken"),
    ("比例: 30%", "比例: 1%\n  比例: 2%", "duplicate_key", (10, 3), "第 9 行已经有了", "already on line 9"),
    ("比例: 30%", "企业: 30%", "name_is_word", (9, 3), "“企业”是机构类别的取值", "a word of a list"),
    ("门槛: 300万元\n", "门槛: 300万元\n  总投资: 5%\n", "two_meanings", (13, 23), "既是参数，又是“示范项目”的字段", "is a parameter and a field"),
    ("门槛: 300万元\n", "门槛: 300万元\n  贷款利息: 5%\n", "two_meanings", (30, 11), "请给参数换一个名称", "give the parameter another name"),
    # definitions
    ("够大: {for: 示范项目, is", "比例: {for: 示范项目, is", "name_taken", (12, 3), "“比例”已经有了", "“比例” is taken"),
    ("够大: {", "太大: {for: 示范项目, is: 够大}\n  够大: {", "used_before", (12, 23), "“够大”在第 13 行", "comes only on line 13"),
    ("总投资 >= 门槛", "station > 1元", "used_before", (12, 23), "“station”在第 30 行", "comes only on line 30"),
    ("- 够大", "- 太大", "unknown_name", (19, 5), "没有字段或名称“太大”，是否想写“够大”", "did you mean “够大”"),
    # groups of conditions
    ("at_least: 2", "at_least: 4", "bad_group", (20, 15), "应为 1 至 3 的整数", "from 1 to 3"),
    ("at_least: 2", "at_least: 0", "bad_group", (20, 15), "应为 1 至 3 的整数", "from 1 to 3"),
    ("at_least: 2", f"at_least: {NINES}", "bad_group", (20, 15), "应为 1 至 3 的整数", "from 1 to 3"),
    ("of: [示范方向 == 行业应用, 评审等级 == 一等, 综合得分 >= 80]", "of: []", "bad_group", (21, 9), "这一组里没有条件", "no condition in this group"),
    ("of: [示范方向", "any: [示范方向", "bad_group", (20, 5), "一组条件写成", "Write a group as"),
    ("评审等级 == 一等", "评审等级 == 特等", "unknown_name", (21, 32), "没有评审等级的取值“特等”", "No word of 评审等级"),
    ("综合得分 >= 80", "综合得分", "not_a_condition", (21, 36), "这里应为条件", "A condition is wanted"),
    ("综合得分 >= 80", "'at_least(3; 够大, 够大)'", "wrong_arguments", (21, 37), "写法是 at_least(2", "Write it as at_least(2"),
    # clauses
    ("id: interest", "id: 总投资", "name_taken", (25, 7), "“总投资”已经有了", "“总投资” is taken"),
    ("id: interest", "id: 够大", "name_taken", (25, 7), "“够大”已经有了", "“够大” is taken"),
    ("id: interest", "id: 门槛", "name_taken", (25, 7), "“门槛”已经有了", "“门槛” is taken"),
    ("id: interest", "id: equipment", "clause_twice", (25, 7), "第 14 行已经有了", "stands on line 14"),
    ("id: interest", "id: on-loan", "no_name", (25, 7), "不能作名称", "is no name"),
    ("id: interest", "id: __class__", "no_name", (25, 7), "以文字开头", "a letter first"),
    ("  amount: 贷款利息 / 2\n", "  cap: 3元\n", "missing_key", (25, 3), "缺“amount”", "“amount” is missing"),
    ("  amount: 贷款利息 / 2\n", "  shares: {省级: 1}\n", "missing_key", (25, 3), "缺“amount”", "“amount” is missing"),
    ("  amount: 贷款利息 / 2\n", "  less: 3元\n", "missing_key", (25, 3), "缺“amount”", "“amount” is missing"),
    ("贷款利息 / 2", "贷款利息 / 2 + 综合得分", "unlike", (29, 20), "金额与数不能相加减", "cannot be added"),
    ("贷款利息 / 2", "if(meets(bst), 1元, 2元)", "unknown_name", (29, 20), "没有前面的条款“bst”", "No earlier clause “bst”"),
    ("贷款利息 / 2", "if(meets(best), 1元, 2元)", "used_before", (29, 20), "“best”在第 40 行", "comes only on line 40"),
    ("贷款利息 / 2", "best / 2", "used_before", (29, 11), "“best”在第 40 行，要到那里才有", "comes only on line 40"),
    ("贷款利息 / 2", "interest / 2", "used_before", (29, 11), "“interest”在第 25 行", "comes only on line 25"),
    ("贷款利息 / 2", "99999999999亿元", "overflow", (29, 11), "这个数太大", "too large to be stored"),
    ("cap: [1000万元, 总投资 / 4]", "cap: [1000万元, 4]", "not_money", (23, 17), "这里应为金额，却是数", "this is a number"),
    ("cap: [1000万元, 总投资 / 4]", "cap: []", "empty", (23, 8), "上限的列表是空的", "list of caps is empty"),
    ("cap: 1500万元", "less: 15", "not_money", (50, 9), "这里应为金额，却是数", "An amount of money"),
    ("- 够大", "- 总投资 < 5元\n  - 总投资 in [10元 .. 20元]", "unreachable", (20, 5), "与第 19 行的“总投资 < 5元”不能同时成立", "on line 19 cannot both hold"),
    ("- 够大", "- 示范方向 == 政务应用\n  - 示范方向 not in [政务应用]", "unreachable", (20, 5), "永远用不到", "never reached"),
    ("- 够大", "- 2 > 3", "unreachable", (19, 5), "“2 > 3”不可能成立", "can never hold"),
    ("- 够大", "- 申报单位.合成数据 且 非 申报单位.合成数据", "unreachable", (19, 5), "不可能成立", "can never hold"),
    # a percent sign forgotten, less than nothing
    ("比例: 30%", "比例: 30", "forgotten_percent", (9, 7), "“30”是 3000%；是百分之30请写“30%”", "“30” is 3000%; write “30%”"),
    ("amount: 比例 * 总投资", "amount: 总投资 * 30", "forgotten_percent", (22, 17), "真是 30 倍请写“3000%”", "“3000%” if 30 times is meant"),
    ("amount: 比例 * 总投资", "amount: 'tiers(总投资; <1000万元: 10%, else: 20) * 总投资'", "forgotten_percent", (22, 43), "“20”是 2000%", "“20” is 2000%"),
    ("cap: [1000万元, 总投资 / 4]", "cap: [1000万元, 总投资 * ２５]", "forgotten_percent", (23, 23), "“25”是 2500%", "“25” is 2500%"),
    ("  够大: {for", "  密: {for: 年度建网情况, is: 光纤覆盖率 >= 90}\n  够大: {for", "forgotten_percent", (12, 33), "“90”是 9000%", "“90” is 9000%"),
    ("cap: 1500万元", "cap: -1500万元", "below_zero", (50, 8), "“cap”不能小于零，却是“-1500万元”", "“cap” cannot be below zero"),
    ("cap: [1000万元, 总投资 / 4]", "cap: [-1000万元, 总投资 / 4]", "below_zero", (23, 9), "请去掉负号", "take the minus sign away"),
    ("cap: 1500万元", "less: -15元", "below_zero", (50, 9), "“less”不能小于零", "“less” cannot be below zero"),
    ("贷款利息 / 2", "-5万元", "below_zero", (29, 11), "“amount”不能小于零", "“amount” cannot be below zero"),
    # shares
    ("省级: 1", "省级: 0.5", "not_a_count", (24, 16), "“0.5”须是 1 至 1000000 的整数", "must be a whole number"),
    ("省级: 1", "省级: 0", "not_a_count", (24, 16), "须是 1 至 1000000 的整数", "must be a whole number"),
    ("省级: 1", f"省级: {NINES}", "not_a_count", (24, 16), "须是 1 至 1000000 的整数", "must be a whole number"),
    ("{省级: 1, 市级: 2}", "[省级, 市级]", "not_fields", (24, 11), "应为若干“键: 值”", "“key: value” lines"),
    # choices and totals
    ("[equipment, interest]", "[equipment, interst]", "unknown_name", (41, 23), "没有前面有金额的条款“interst”，是否想写“interest”", "did you mean “interest”"),
    ("[equipment, interest]", "[equipment, all_in]", "used_before", (41, 23), "“all_in”在第 45 行，要到那里才有", "comes only on line 45"),
    ("[equipment, interest]", "[equipment, best]", "cycle", (41, 23), "“best”不能列入它自己", "cannot be a member of itself"),
    ("[equipment, interest]", "[equipment, listed]", "no_amount", (41, 23), "“listed”没有金额", "“listed” has no amount"),
    ("[equipment, interest]", "[equipment, equipment]", "taken_twice", (41, 23), "“equipment”已并入“best”", "part of “best” already"),
    ("[equipment, interest]", "[equipment, station]", "unlike_members", (41, 23), "同一种对象的条款", "the same kind of thing"),
    ("[equipment, interest]", "[]", "no_members", (41, 11), "应列出 1 至 60 个条款", "List 1 to 60 clauses"),
    ("[best, station]", "[best, equipment]", "taken_twice", (46, 17), "“equipment”已并入“best”，不能再算一次", "cannot count twice"),
    ("keep: highest", "keep: hihest", "unknown_name", (44, 9), "是否想写“highest”", "did you mean “highest”"),
    ("[equipment, interest]\n  article: 第四条\n  text: 就高不重复\n  keep: highest", "[interest, equipment]\n  article: 第四条\n  text: 依次\n  keep: first", "unreachable", (41, 22), "“interest”没有条件，总是取它；“equipment”永远轮不到", "“equipment” is never reached"),
    ("cap: 1500万元", "unknown: pay", "unknown_name", (50, 12), "没有缺数据时的做法“pay”", "No way with unknowns “pay”"),
    ("for: 机构\n  article: 第五条", "for: 基站\n  article: 第五条", "which_link", (46, 11), "关联有 0 个", "has 0 links"),
    ("for: 机构\n  article: 第五条", "article: 第五条", "missing_key", (45, 3), "缺“for”", "“for” is missing"),
    ("id: best", "id: 够大", "name_taken", (40, 7), "“够大”已经有了", "“够大” is taken"),
    ("keep: highest", "keep: highest\n  when: [够大]", "unknown_key", (45, 3), "不认识的键“when”", "Unknown key “when”"),
    # quotas
    ("of: all_in", "of: al_in", "unknown_name", (52, 8), "没有条款“al_in”，是否想写“all_in”", "did you mean “all_in”"),
    ("of: all_in", "of: best", "quota_on_taken", (52, 8), "“best”已并入“all_in”，不再单独支付", "is part of “all_in”"),
    ("at_most: 10", "at_most: 0", "not_a_count", (52, 25), "须是 1 至 1000000 的整数", "must be a whole number"),
    ("at_most: 10", "at_most: 10, per: 申报单位", "unknown_name", (52, 34), "没有关联或字段“申报单位”", "No link or field “申报单位”"),
    ("name desc", "name down", "bad_order", (52, 37), "字段后面只可写 desc", "Only desc"),
    ("name desc", "nam desc", "unknown_name", (52, 37), "没有字段“nam”，是否想写“name”", "did you mean “name”"),
    # the version and the file
    ("决定日, status", "验收日期, status", "no_deciding_date", (3, 64), "都没有“验收日期”", "None of the things"),
    ("决定日, status", "认定年度, status", "unknown_name", (3, 64), "没有日期字段“认定年度”", "No date field"),
    # what a Chinese keyboard and a spreadsheet write
    ("  cap: 1500万元", "  cap： 1500万元", "wide_colon", (50, 6), "“cap”后面的冒号是全角的“：”；请改成半角的“:”加一个空格", "The colon behind “cap” is a full-width “：”"),
    ("measure: 测试用措施", "measure：测试用措施", "wide_colon", (1, 8), "“measure”后面的冒号", "behind “measure”"),
    ("比例: 30%\n", "比例： 30%\n", "wide_colon", (9, 5), "“比例”后面的冒号", "behind “比例”"),
    ("  - at_least: 2", "  - at_least： 2", "wide_colon", (20, 13), "“at_least”后面的冒号", "behind “at_least”"),
    ("status: 待核", "status：待核", "wide_colon", (3, 75), "“status”后面的冒号", "behind “status”"),
    ("{省级: 1", "{省级： 1", "wide_colon", (24, 14), "“省级”后面的冒号", "behind “省级”"),
    ("门槛: 300万元", "门槛: 3,000,000元", "grouped_number", (10, 7), "一个数请写成“3000000”", "write “3000000” for one number"),
    ("门槛: 300万元", "门槛: 1，5000元", "grouped_number", (10, 7), "一个数请写成“15000元”", "write “15000元” for one number"),
    ("parameters:\n  比例: 30%\n  门槛: 300万元", "parameters: {比例: 30%, 门槛: 3,000万元}", "grouped_number", (8, 27), "“3,000万元”请写成“3000万元”", "write “3000万元” for “3,000万元”"),
    ("cap: [1000万元, 总", "cap: [1,000万元, 总", "grouped_number", (23, 9), "“1,000万元”请写成“1000万元”", "No comma inside a number"),
    ("at_most: 10,", "at_most: 1,000,", "grouped_number", (52, 25), "“1,000”请写成“1000”", "write “1000” for “1,000”"),
    # closed words: what may be written is told
    ("status: 待核", "status: 试行", "unknown_name", (3, 77), "可以写：已核、待核、草案。", "One of: 已核, 待核, 草案."),
    ("  text: 每站1万元", "  text: 每站1万元\n  text_status: 摘录", "unknown_name", (33, 16), "可以写：原文、转述、待录入。", "One of: 原文"),
    ("keep: highest", "keep: best", "unknown_name", (44, 9), "可以写：highest、first、sum。", "One of: highest, first, sum."),
    ("cap: 1500万元", "unknown: pay", "unknown_name", (50, 12), "可以写：wait、skip。", "One of: wait, skip."),
    ("示范方向 == 行业应用", "示范方向 == 商业应用", "unknown_name", (21, 18), "可以写：政务应用、行业应用", "One of: government, industry"),
    ("id: whole_2022", "id: ../secret", "bad_id", (2, 5), "标识只用英文字母、数字和下划线", "Use letters, digits and _"),
    ("quotas:", "quotes:", "unknown_key", (51, 1), "是否想写“quotas”", "did you mean “quotas”"),
]  # fmt: skip


def test_the_whole_measure_reads(tmp_path: Path) -> None:
    measure = measure_of(WHOLE, tmp_path)
    assert [one.id for one in measure.paid()] == ["all_in"]
    assert set(measure.constants()) >= {"比例", "门槛", "all_in.cap", "equipment.cap1"}


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "zh", "en"),
    MISTAKES,
    ids=[f"{n}-{one[2]}" for n, one in enumerate(MISTAKES)],
)
def test_each_mistake_is_told_once_with_its_place_in_both_languages(
    tmp_path: Path, old: str, new: str, code: str, place: tuple[int, int], zh: str, en: str
) -> None:
    """Also that nothing which only follows from it is told beside it."""
    found = problems_of(changed(old, new), tmp_path)
    told = [one for one in found if one.code == code]
    assert told, [one.said() for one in found]
    first = told[0]
    assert (first.place.file, first.place.line, first.place.column) == ("m.yaml", *place), first.said()
    assert zh in first.zh and en in first.en, (first.zh, first.en)
    renamed = {
        name for name in ("贷款利息", "interest", "比例", "够大", "best") if name in old and name not in new
    }
    beside = [one for one in found if one is not first and not any(name in one.zh for name in renamed)]
    assert not [one for one in beside if one.code != code], [one.said() for one in beside]


def test_two_mistakes_are_two_problems_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = changed("keep: highest", "keep: lowest", changed("比例: 30%", "比例: 三成"))
    assert [(one.code, one.place.line) for one in problems_of(text, tmp_path)] == [
        ("unknown_name", 9), ("unknown_name", 44),
    ]  # fmt: skip


def test_nobody_reads_on_after_fifty_problems(tmp_path: Path) -> None:
    clauses = "".join(f"- {{id: c{n}, article: 一, text: 文, for: 机够}}\n" for n in range(400))
    found = problems_of(WHOLE.partition("clauses:")[0] + "clauses:\n" + clauses, tmp_path)
    assert len(found) == 50


@pytest.mark.parametrize("key", ["inputs", "parameters", "definitions", "clauses", "quotas"])
def test_more_entries_than_any_measure_has_are_refused(tmp_path: Path, key: str) -> None:
    made = (
        "[" + "x, " * 501 + "]"
        if key in ("clauses", "quotas")
        else "{" + "".join(f"a{n}: 1, " for n in range(501)) + "}"
    )
    head = "measure: 测\nid: x\nversion: {in_force: 2022-01-01, status: 待核, source: 测}\n"
    rest = "" if key == "clauses" else "clauses: [{id: a, article: 一, text: 文, for: 机构}]\n"
    (found,) = problems_of(f"{head}{rest}{key}: {made}\n", tmp_path)
    assert (found.code, found.place.line) == ("too_many", 4 if key == "clauses" else 5)


def chain(length: int) -> str:
    lines = "".join(
        f"  n{n}: {{for: 示范项目, is: {'总投资' if n == 0 else f'n{n - 1} + 1元'}}}\n" for n in range(length)
    )
    head = "measure: 测\nid: x\nversion: {in_force: 2022-01-01, status: 待核, source: 测}\n"
    return f"{head}definitions:\n{lines}clauses: [{{id: a, article: 一, text: 文, for: 示范项目, amount: n{length - 1}}}]\n"


def test_definitions_that_build_on_each_other_too_deep_are_refused(tmp_path: Path) -> None:
    assert not problems_of(chain(39), tmp_path)
    found = problems_of(chain(300), tmp_path)
    assert (
        [one.code for one in found] == ["too_deep"]
        and "套得太深" in found[0].zh
        and "too deep" in found[0].en
    )


# --- files meant to harm -------------------------------------------------------------------------------------------------

CHILD = """
import json, re, resource, sys, time
from pathlib import Path
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.problems import Problems
from mangrove.vocabulary import vocabulary
resource.setrlimit(resource.RLIMIT_AS, (900_000_000, 900_000_000))
words = vocabulary()
begun = time.monotonic()
try:
    load(Path(sys.argv[1]), words)
    codes = ["read"]
except Problems as problems:
    codes = sorted({one.code for one in problems.problems})
seconds = time.monotonic() - begun
high = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps([codes, int(high[1]), seconds]))
"""
HEAD = WHOLE.partition("clauses:")[0]
CLAUSE = "- {id: a, article: 一, text: 文, for: 示范项目, amount: %s}\n"
#: What is tried, and the codes with which it is refused.
HOSTILE: dict[str, tuple[Callable[[], str], set[str]]] = {
    "100 MB": (lambda: HEAD + "# \n" * 33_400_000, {"too_large"}),
    "a million clauses": (lambda: HEAD + "clauses:\n" + "-\n" * 990_000, {"too_many"}),
    "many clauses": (lambda: HEAD + "clauses:\n" + "".join(f"- {{id: c{n}}}\n" for n in range(12_000)), {"too_many"}),
    "a million parameters": (lambda: "parameters: {" + "".join(f"a{n}," for n in range(250_000)) + "}", {"too_many"}),
    "many parameters": (lambda: changed("门槛:", "".join(f"a{n}: {n}\n  " for n in range(20_000)) + "门槛:"), {"too_many"}),
    "a huge flow list": (lambda: changed("[equipment, interest]", "[" + "a," * 900_000 + "]"), {"too_many"}),
    "a long flow list": (lambda: changed("[equipment, interest]", "[" + "a," * 40_000 + "]"), {"no_members"}),
    "many caps": (lambda: changed("[1000万元, ", "[" + "总投次," * 40_000), {"unknown_name"}),
    "many conditions": (lambda: changed("of: [", "of: [" + "总投次 == 1," * 20_000), {"unknown_name"}),
    "many words": (lambda: changed("words: [", "words: [" + "".join(f"词{n}," for n in range(20_000))), {"few_words"}),
    "anchors": (lambda: changed("比例: 30%", "比例: &a 30%"), {"anchor"}),
    "nested brackets": (lambda: HEAD + "clauses:\n" + CLAUSE % f'"{"(" * 10_000}1元{")" * 10_000}"', {"too_long"}),
    "nested groups": (lambda: changed("- 够大", "- " + "{any: [" * 10_000 + "够大" + "]}" * 10_000), {"too_deep"}),
    "groups to the limit": (lambda: changed("- 够大", "- " + "{any: [" * 12 + "够大" + "]}" * 12), {"read"}),
    "many nots": (lambda: changed("- 够大", "- " + "not " * 900 + "够大"), {"read"}),
    "a tall sum": (lambda: HEAD + "clauses:\n" + CLAUSE % "+".join(["1元"] * 900), {"too_deep"}),
    "NUL": (lambda: changed("比例: 30%", "比例: 30%\0"), {"invisible"}),
    "a long name": (lambda: changed("- 够大", "- " + "够" * 3_900), {"unknown_name"}),
    "long unknown names": (lambda: HEAD + "clauses:\n" + "".join(f"- {{id: c{n}, article: 一, text: 文, for: {'机' * 4_000}}}\n" for n in range(100)), {"unknown_name"}),
    "a number of 3,000 digits": (lambda: changed("比例: 30%", "比例: " + "9" * 3_000), {"overflow"}),
    "__import__": (lambda: changed("贷款利息 / 2", "'__import__(\"os\")'"), {"unknown_name"}),
    "eval": (lambda: changed("贷款利息 / 2", "eval(1)"), {"unknown_name"}),
    "exec as a name": (lambda: changed("贷款利息 / 2", "exec"), {"unknown_name"}),
    "an attribute": (lambda: changed("贷款利息 / 2", "贷款利息.__class__"), {"unknown_name"}),
    "an entity of Python": (lambda: changed("for: 示范项目, is", "for: __init__, is"), {"unknown_name"}),
    "a tag": (lambda: changed("比例: 30%", "比例: !!python/object/apply:os.system ['touch was_run']"), {"tag"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_meant_to_harm_is_refused_in_little_memory(tmp_path: Path, name: str) -> None:
    """The seconds are told (``pytest -s``); only a hang fails here, for the machine may be busy."""
    make, codes = HOSTILE[name]
    path = tmp_path / "hostile.yaml"
    path.write_text(make(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    found, kilobytes, seconds = json.loads(done.stdout)
    print(f"{name}: {seconds:.2f} s, {kilobytes // 1000} MB")
    assert set(found) == codes
    assert kilobytes < 500_000
    assert seconds < 20
    assert not (tmp_path / "was_run").exists()


def test_reading_the_whole_measure_takes_no_time(tmp_path: Path) -> None:
    measure_of(WHOLE, tmp_path)
    begun = time.process_time()
    measure_of(WHOLE, tmp_path)
    assert time.process_time() - begun < 2
