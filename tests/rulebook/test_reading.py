"""Rule files as nodes: what is let in reads back as written, with its place; what is not, is refused and said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mangrove.rulebook.problems import START, Place, Problem
from mangrove.rulebook.texts import reading
from mangrove.rulebook.texts.nodes import Fields, Items, Words
from mangrove.rulebook.texts.reading import clean, is_invisible, read, read_text


def taken(source: str | bytes) -> Fields:
    raw = source.encode() if isinstance(source, str) else source
    return read_text(clean(raw, "f"), "f")


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def plain(node: Any) -> Any:
    if isinstance(node, Words):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node]
    return {key: plain(value) for key, value in node.entries.items()}


def said(problem: Problem) -> tuple[str, int, int]:
    return problem.code, problem.place.line, problem.place.column


# What the file itself may not hold: code, line, column and a piece of both sentences.
REFUSALS = [
    (
        "a: 1\nb: \x00",
        "invisible",
        2,
        4,
        "看不见的字符 U+0000；请删去",
        "invisible character U+0000 here; delete it",
    ),
    ("a: \x1b[31m", "invisible", 1, 4, "U+001B", "U+001B"),
    ("a:\rb: 1", "invisible", 1, 3, "U+000D", "U+000D"),
    ("a: x\x85y", "invisible", 1, 5, "U+0085", "U+0085"),
    ("a: x\u2028y", "invisible", 1, 5, "U+2028", "U+2028"),
    ("a: 上限\u202e万元", "invisible", 1, 6, "U+202E", "U+202E"),
    ("a: \uffff", "invisible", 1, 4, "U+FFFF", "U+FFFF"),
    ("\ufeffa: 1\n\ufeffb: 1", "invisible", 2, 1, "U+FEFF", "U+FEFF"),
    ('a: "年\\n月\\u200b日"', "invisible", 1, 9, "U+200B", "U+200B"),
    ('a: "\\0"', "invisible", 1, 5, "U+0000", "U+0000"),
    ("a:\n\tb: 1", "tab", 2, 1, "制表符（Tab）；请改用空格", "a tab here; use spaces"),
    ("a: b\tc", "tab", 1, 5, "制表符", "tab"),
    ('a: "b\\tc"', "tab", 1, 6, "制表符", "tab"),
    ("# 说明\n%YAML 1.1\n---\na: 1", "directive", 2, 1, "YAML 指令", "YAML directive"),
    (
        "a: 1\n---\nb: 2",
        "many_documents",
        2,
        1,
        "只能有一份文档；请删去“---”",
        "one document; delete the “---”",
    ),
    ("", "empty_file", 1, 1, "文件是空的；请写上内容", "file is empty; write something"),
    ("# 只有说明\n", "empty_file", 1, 1, "文件是空的", "file is empty"),
    ("---\n", "empty_file", 1, 1, "文件是空的", "file is empty"),
    ("- a\n", "not_fields", 1, 1, "文件顶层应为若干“键: 值”", "top of the file as “key: value” lines"),
    ("文字\n", "not_fields", 1, 1, "文件顶层", "top of the file"),
    ("a: &x 1", "anchor", 1, 4, "锚点“&x”；请写全", "no YAML anchors (“&x”); write it in full"),
    ("a: *x", "alias", 1, 4, "引用“*x”；请写全", "no YAML aliases (“*x”); write it in full"),
    ("a: !!str 1", "tag", 1, 4, "类型标记“!”；请写全", "no YAML tags (“!”); write it in full"),
    ("a: ! 1", "tag", 1, 4, "类型标记", "tags"),
    ("a: [1, !!python/name:os.system '']", "tag", 1, 8, "类型标记", "tags"),
    ("a:\n  <<: {b: 1}", "merge_key", 2, 3, "合并键“<<”；请把内容写全", "merge key “<<” is not used; write"),
    (
        "a: 1\nb: 2\n'a': 3",
        "duplicate_key",
        3,
        2,
        "键“a”重复，第 1 行已经有了；请删去",
        "“a” is already on line 1; delete",
    ),
    ("? [a, b]\n: 1", "complex_key", 1, 3, "键应为一个名称；请写成", "A key is one name; write"),
    ("? {a: b}\n: 1", "complex_key", 1, 3, "键应为一个名称", "A key is one name"),
    ("? |\n  a\n  b\n: 1", "complex_key", 2, 3, "键应为一个名称", "A key is one name"),
    ("a: {? }", "empty_key", 1, 7, "“:”前面没有键；请写上", "no key before “:”; write a name"),
    ("'  ': 1", "empty_key", 1, 2, "没有键", "no key"),
    (
        f"a: 1\n{'键' * 65}: 1",
        "long_key",
        2,
        1,
        "键超过 64 字；请改短",
        "more than 64 characters; shorten it",
    ),
]


@pytest.mark.parametrize(("source", "code", "line", "column", "zh", "en"), REFUSALS)
def test_what_is_not_let_in_is_refused_with_its_place(
    source: str, code: str, line: int, column: int, zh: str, en: str
) -> None:
    problem = refused(lambda: taken(source))
    assert said(problem) == (code, line, column)
    assert problem.place.file == "f"
    assert zh in problem.zh
    assert problem.zh.endswith("。")
    assert en in problem.en
    assert problem.en.endswith(".")


# What libyaml refuses, said in the words of an officer and at the place where the mistake was made.
BROKEN = [
    ("a: 1\nb: c: d", 2, 5, "请给整段文字加引号", "in quotes"),
    ("a: 1\nfoo\nb: 2", 2, 1, "这一行缺“: ”", "This line lacks “: ”"),
    ("a: @所", 1, 4, "文字不能以这个字符开头", "cannot begin with this character"),
    ("a: 'x' y", 1, 8, "引号后面不要再写", "nothing after a closing quote"),
    ("- a\nb: c", 2, 1, "应为列表的下一项", "next item of the list"),
    ("a: - x", 1, 4, "列表请另起一行", "line of its own"),
    ("when: [区域 in [沿海, 乡村], b]", 1, 14, "含括号的式子请加引号", "expressions with brackets in quotes"),
    ("a: [1, 2\n", 1, 4, "方括号里的列表", "list in brackets"),
    ("a: {b: 1\n", 1, 4, "花括号", "braces"),
    ("a: 1\nb: 'x\nc: 2\n", 2, 4, "引号到文件末尾都没有配对", "never closed"),
    ('a: "\\q"', 1, 5, "改用单引号", "use single quotes"),
    ("a: *(b)", 1, 5, "请给整段文字加引号", "in quotes"),
    ("a: !e!x 1", 1, 4, "类型标记", "tags"),
    ("}", 1, 1, "请检查这里的缩进、引号和括号", "check indentation, quotes and brackets"),
]


@pytest.mark.parametrize(("source", "line", "column", "zh", "en"), BROKEN)
def test_broken_yaml_is_said_in_plain_words(source: str, line: int, column: int, zh: str, en: str) -> None:
    problem = refused(lambda: taken(source))
    assert said(problem) == ("broken_yaml", line, column)
    assert zh in problem.zh
    assert en in problem.en


def test_bytes_that_are_not_utf8_are_refused_where_they_begin() -> None:
    problem = refused(lambda: taken("a: 1\r\n名: 好".encode() + "坏".encode("gbk")))
    assert said(problem) == ("not_utf8", 2, 5)
    assert "另存为 UTF-8" in problem.zh
    assert "save the file as UTF-8" in problem.en
    assert said(refused(lambda: taken("a: 1".encode("utf-16")))) == ("not_utf8", 1, 1)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "missing.yaml", tmp_path, tmp_path / "pipe"):
        problem = refused(partial(read, path))
        assert said(problem) == ("unreadable", 1, 1)
        assert problem.place.file == str(path)
    assert "请检查文件名和权限" in refused(lambda: read(tmp_path / "missing.yaml")).zh
    assert "check its name" in refused(lambda: read(tmp_path / "missing.yaml")).en
    assert "不是普通文件" in refused(lambda: read(tmp_path)).zh
    assert "not a regular file" in refused(lambda: read(tmp_path)).en


def test_the_limits_hold_to_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken("a: " + "[" * (reading.DEEPEST - 1) + "]" * (reading.DEEPEST - 1))
    deep = refused(lambda: taken("a: " + "[" * reading.DEEPEST + "]" * reading.DEEPEST))
    assert said(deep) == ("too_deep", 1, 3 + reading.DEEPEST)
    assert ("嵌套超过 32 层" in deep.zh, "more than 32 deep" in deep.en) == (True, True)

    # The mapping, its key and the list are three of them.
    taken("a:\n" + "- x\n" * (reading.MOST_NODES - 3))
    many = refused(lambda: taken("a:\n" + "- x\n" * (reading.MOST_NODES - 2)))
    assert said(many) == ("too_many", reading.MOST_NODES - 1, 3)
    assert ("超过 50000 个节点" in many.zh, "more than 50000 nodes" in many.en) == (True, True)

    path = tmp_path / "a.yaml"
    path.write_text("a: " + "x" * (reading.LARGEST_FILE - 3))
    read(path)
    path.write_text("a: " + "x" * (reading.LARGEST_FILE - 2))
    large = refused(lambda: read(path, "rules/a.yaml"))
    assert large.place == Place("rules/a.yaml", 1, 1)
    assert (large.code, "请拆成几个文件" in large.zh, "split it" in large.en) == ("too_large", True, True)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs a file that is longer than it says")
def test_a_file_longer_than_it_was_measured_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", 10)
    assert refused(lambda: read(Path("/proc/self/status"))).code == "too_large"


def test_every_scalar_is_text_as_written() -> None:
    source = "a: yes\nb: 1.0\nc: 2022-10-24\nd: ~\ne: 0x1F\nf: null\ng: 1_000\nno: =\n1: 1:30\n"
    assert plain(taken(source)) == {
        "a": "yes",
        "b": "1.0",
        "c": "2022-10-24",
        "d": "~",
        "e": "0x1F",
        "f": "null",
        "g": "1_000",
        "no": "=",
        "1": "1:30",
    }


def test_a_bom_and_crlf_change_no_place() -> None:
    fields = taken(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - |\r\n    x\r\n    y\r\n")
    assert plain(fields) == {"a": "1", "b": ["x\ny\n"]}
    [words] = fields.items("b").all_words()
    assert (words.place, words.at(2)) == (Place("f", 4, 5), Place("f", 5, 5))
    assert fields.keys["a"].place == Place("f", 1, 1)


def test_full_width_blanks_and_rare_letters_stay() -> None:
    assert plain(taken("a: 一\u3000二\u00a0\U00020bb7😀\ue000\U000323af")) == {
        "a": "一\u3000二\u00a0\U00020bb7😀\ue000\U000323af"
    }


def test_the_text_of_a_scalar_begins_after_its_quote_or_below_its_bar() -> None:
    source = """\
a: 😀 文
b: '文'
c: [ "文", 文 ]
d: |  # 说明
  文
e: >2

   文
f: |+

g: |"""
    fields = taken(source)
    begins = {key: fields.words(key).place for key in "abdefg"}
    assert {key: (place.line, place.column) for key, place in begins.items()} == {
        "a": (1, 4),
        "b": (2, 5),
        "d": (5, 3),
        "e": (7, 3),
        "f": (10, 1),
        "g": (12, 1),
    }
    assert [(one.place.line, one.place.column) for one in fields.items("c").all_words()] == [(3, 7), (3, 11)]
    assert fields.words("e").at(2) == Place("f", 8, 4)


def test_a_place_inside_a_folded_or_escaped_text_is_found() -> None:
    source = "a: 文 +\n   字\nb: \"\\u6587\\x20\\\n    字\\n  好\"\nc: '甲''乙'\nd: >-\n    文\n    字\n"
    fields = taken(source)
    assert fields.words("a").text == "文 + 字"
    assert fields.words("a").at(4) == Place("f", 2, 4)
    assert fields.words("a").at(2) == Place("f", 1, 6)
    assert fields.words("b").text == "文 字\n  好"
    assert [fields.words("b").at(one) for one in (0, 2, 6)] == [
        Place("f", 3, 5),
        Place("f", 4, 5),
        Place("f", 4, 10),
    ]
    assert fields.words("c").text == "甲'乙"
    assert [fields.words("c").at(one) for one in (1, 2, 3)] == [
        Place("f", 5, 6),
        Place("f", 5, 8),
        Place("f", 5, 9),
    ]
    assert fields.words("d").at(2) == Place("f", 8, 5)


def test_a_problem_found_in_the_text_alone_gets_its_place_in_the_file() -> None:
    words = taken("a:\n  - |\n    基站\n    坏\n").items("a").all_words()[0]
    alone = Problem("bad", START.after(words.text, 3), "坏。", "Bad.")
    moved = words.in_file(alone)
    assert (said(moved), moved.zh, moved.en) == (("bad", 4, 5), "坏。", "Bad.")
    assert moved.place.file == "f"


MEASURE = """\
measure: 若干措施
version: {in_force: 2022-10-24}
clauses:
- id: coastal
  when: [甲, 乙]
- id: rural
until:
note: ''
"""


def test_fields_are_asked_for_what_they_should_hold() -> None:
    fields = taken(MEASURE)
    fields.only("measure", "version", "clauses", "until", "note")
    fields.need("measure", "clauses")
    assert fields.words("measure").text == "若干措施"
    assert fields.words("note").text == ""
    assert fields.words("absent", "默认").text == "默认"
    assert fields.words("absent", "默认").at(1) == fields.place
    assert [(key.text, words.text) for key, words in fields.fields("version").all_words()] == [
        ("in_force", "2022-10-24")
    ]
    clauses = fields.items("clauses").all_fields()
    assert [clause.words("id").text for clause in clauses] == ["coastal", "rural"]
    assert [words.text for words in clauses[0].items("when").all_words()] == ["甲", "乙"]
    assert [key.text for key, _ in taken("a: {b: c}\nd: {}").all_fields()] == ["a", "d"]
    assert (len(fields.fields("absent")), len(fields.items("absent"))) == (0, 0)
    assert ("until" in fields, "absent" in fields, len(fields)) == (True, False, 5)


ASKED: list[tuple[Callable[[Fields], object], str, int, int, str, str]] = [
    (
        lambda f: f.only("measures", "version"),
        "unknown_key",
        1,
        1,
        "“measure”，是否想写“measures”？",
        "did you mean",
    ),
    (
        lambda f: f.only("measure", "名"),
        "unknown_key",
        2,
        1,
        "这里可以写：measure、名。",
        "known here: measure, 名.",
    ),
    (lambda f: f.words("cap"), "missing_key", 1, 1, "缺“cap”；请补上", "“cap” is missing here; add it"),
    (lambda f: f.need("measure", "cap"), "missing_key", 1, 1, "缺“cap”", "“cap” is missing"),
    (
        lambda f: f.words("until"),
        "empty",
        7,
        7,
        "“until”是空的；请写上，或删去",
        "“until” is empty; fill it in",
    ),
    (
        lambda f: f.words("version"),
        "not_words",
        2,
        10,
        "“version”应为一段文字",
        "Write “version” as one text",
    ),
    (
        lambda f: list(f.all_words()),
        "not_words",
        2,
        10,
        "“version”应为一段文字",
        "Write “version” as one text",
    ),
    (lambda f: f.fields("measure"), "not_fields", 1, 10, "“measure”应为若干“键: 值”", "“key: value” lines"),
    (lambda f: list(f.all_fields()), "not_fields", 1, 10, "应为若干“键: 值”", "“key: value” lines"),
    (
        lambda f: f.items("measure"),
        "not_items",
        1,
        10,
        "“measure”应为列表；每项以“- ”开头",
        "each item after “- ”",
    ),
    (
        lambda f: f.items("clauses").all_words(),
        "not_words",
        4,
        3,
        "这一项应为一段文字",
        "this item of the list as one text",
    ),
    (
        lambda f: f.items("clauses").all_fields()[0].items("when").all_fields(),
        *("not_fields", 5, 10, "这一项应为若干", "this item of the list as “key: value”"),
    ),
]


@pytest.mark.parametrize(("ask", "code", "line", "column", "zh", "en"), ASKED)
def test_what_is_not_as_it_should_be_is_said(
    ask: Callable[[Fields], object], code: str, line: int, column: int, zh: str, en: str
) -> None:
    fields = taken(MEASURE)
    problem = refused(lambda: ask(fields))
    assert said(problem) == (code, line, column)
    assert zh in problem.zh
    assert en in problem.en


def test_an_empty_item_is_refused() -> None:
    problem = refused(lambda: taken("a:\n- 甲\n-\n").items("a").all_words())
    assert said(problem) == ("empty", 3, 2)
    assert problem.en.startswith("This item of the list is empty")


def test_invisible_characters_are_those_of_unicode() -> None:
    wrong = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    kept = [chr(code) for code in range(sys.maxunicode + 1) if not is_invisible(chr(code))]
    assert not [letter for letter in kept if unicodedata.category(letter) in wrong and letter != "\n"]
    assert {" ", "\n", "\u3000", "é", "基", "😀", "\ufe0f", "\ue000"} <= set(kept)


letters = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]).filter(
    lambda one: not is_invisible(one)
)
texts = st.lists(letters | st.sampled_from(" \n'\"\\\\:#-,[]{}*&!%@|>?基站"), max_size=30).map("".join)
names = st.text(letters, min_size=1, max_size=20).filter(lambda name: name.strip() and name != "<<")
trees = st.dictionaries(
    names,
    st.recursive(
        texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)
STYLES = st.sampled_from(['"', "'", "|", ">", None])


def dumped(tree: object, style: str | None, flow: bool, wide: bool, unicode: bool) -> str:
    return yaml.safe_dump(
        tree,
        default_style=style,
        default_flow_style=flow,
        width=1000 if wide else 20,
        allow_unicode=unicode,
        sort_keys=False,
    )


def every_text(node: Any) -> list[Words]:
    if isinstance(node, Words):
        return [node]
    return [
        words
        for below in (node if isinstance(node, Items) else node.entries.values())
        for words in every_text(below)
    ]


@settings(deadline=None, max_examples=300)
@given(tree=trees, style=STYLES, flow=st.booleans(), wide=st.booleans(), unicode=st.booleans())
@example(tree={"a": " 基站\n\n  - x y"}, style="|", flow=False, wide=True, unicode=True)
def test_what_yaml_writes_reads_back_equal_and_every_letter_is_found(
    tree: dict[str, Any], style: str | None, flow: bool, wide: bool, unicode: bool
) -> None:
    source = dumped(tree, style, flow, wide, unicode)
    fields = taken(source)
    assert plain(fields) == yaml.load(source, Loader=yaml.CBaseLoader)
    # In block style PyYAML writes a text now and then that means another.
    assert plain(fields) == tree or style in {"|", ">"}
    lines = source.split("\n")
    for words in every_text(fields):
        for offset, letter in enumerate(words.text):
            place = words.at(offset)
            if letter not in " \n":
                assert lines[place.line - 1][place.column - 1] in (
                    {letter, "\\"} if words.style == '"' else {letter}
                )


@settings(deadline=None, max_examples=300)
@given(
    raw=st.binary(max_size=200)
    | st.text("ab: -[]{}#'\"|>&*!?%,\n\t\\基\x00\ufeff", max_size=60).map(str.encode)
)
def test_whatever_the_bytes_are_it_is_read_or_refused_in_the_file(raw: bytes) -> None:
    try:
        fields = taken(raw)
    except Problem as problem:
        lines = raw.count(b"\n") + raw.count(b"\r") + 1
        assert 1 <= problem.place.line <= lines + 1
        assert problem.place.column >= 1
    else:
        assert plain(fields) == yaml.load(raw, Loader=yaml.CBaseLoader)


# Reads one file in a process that may take little memory; says the refusal and the most memory it ever held.
CHILD = """
import json, re, resource, sys
from pathlib import Path
from mangrove.rulebook.texts.reading import read
from mangrove.rulebook.problems import Problem
resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))
try:
    code = f"read {len(read(Path(sys.argv[1])))}"
except Problem as problem:
    code = problem.code
high = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())  # of this program, not of who began it
print(json.dumps([code, int(high[1])]))
"""
LAUGHS = "a0: &a0 [哈, 哈]\n" + "".join(
    f"a{one}: &a{one} [{', '.join([f'*a{one - 1}'] * 10)}]\n" for one in range(1, 30)
)
HOSTILE = {
    "flow depth": (lambda: "a: " + "[" * 10_000 + "]" * 10_000, "too_deep"),
    "flow depth to the limit": (lambda: "a: " + "[" * 1_999_990, "too_deep"),
    "block depth": (lambda: "- " * 10_000 + "x", "too_deep"),
    "block depth by lines": (lambda: "".join(" " * one + "a:\n" for one in range(1_900)), "too_deep"),
    "question marks": (lambda: "? " * 900_000, "complex_key"),
    "a million items": (lambda: "-\n" * 1_000_000, "too_many"),
    "a million flow items": (lambda: "a: [" + "x," * 999_000 + "]", "too_many"),
    "laughs": (lambda: LAUGHS, "anchor"),
    "nul": (lambda: "a: 1\n" + "\0" * 1_000_000, "invisible"),
    "tag directives": (lambda: "".join(f"%TAG !{one}! x\n" for one in range(110_000)), "directive"),
    "later tag directives": (
        lambda: "a: 1\n...\n" + "".join(f"%TAG !{one}! x\n" for one in range(110_000)),
        "directive",
    ),
    "open quote": (lambda: 'a: "' + "x\n" * 900_000, "broken_yaml"),
    "one long text": (lambda: "a: " + "x" * 1_900_000, "read 1"),
    "one long key": (lambda: "? " + "x" * 1_900_000, "long_key"),
}


def read_in_child(path: Path) -> tuple[str, int]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True
    )
    code, most = json.loads(done.stdout)
    return code, most


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_little_memory(tmp_path: Path, name: str) -> None:
    make, code = HOSTILE[name]
    path = tmp_path / "hostile.yaml"
    path.write_text(make())
    assert path.stat().st_size <= reading.LARGEST_FILE
    found, kilobytes = read_in_child(path)
    assert found == code
    assert kilobytes < 500_000


def test_a_file_of_100_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"- a\n" * 25_000_000)
    found, kilobytes = read_in_child(path)
    assert found == "too_large"
    assert kilobytes < 300_000


@pytest.mark.parametrize("call", ["!!python/object/apply:os.system", "!!python/object/new:os.system"])
def test_no_code_in_a_file_is_run(tmp_path: Path, call: str) -> None:
    path, mark = tmp_path / "code.yaml", tmp_path / "was_run"
    path.write_text(f"a: {call} ['touch {mark}']\n")
    assert read_in_child(path)[0] == "tag"
    assert not mark.exists()
