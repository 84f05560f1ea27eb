"""The page of a measure and the index of all: static, without script, the same bytes for the same files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from mangrove.rulebook import markup
from mangrove.rulebook.documenting.clauses import clause_card, read_aloud
from mangrove.rulebook.documenting.source import Source, Tested, canonical, text
from mangrove.rulebook.explaining.case_html import tag
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.language.types import type_of
from mangrove.rulebook.markup import Content, Html, el, table
from mangrove.rulebook.measures import Input
from mangrove.rulebook.showing import shown
from mangrove.rulebook.texts.nodes import Fields, Items, Words

ORIGINS = {"来源": "stated by the source", "手算": "worked out by hand", "生成": "generated"}
#: Mismatches of one test that are told.
MOST_WRONG = 5


def measure_page(source: Source, language: str = "zh") -> Html:
    say = Saying(source.measure, language)
    cards = [clause_card(one, source, say) for one in source.measure.clauses]
    body = (
        el("p", el("a", say.pick("全部措施", "All measures"), href="index.html"), class_="rb-quiet"),
        heading(source, say), el("h2", say.pick("条款：左为条文，右为规则", "Clauses: the words left, the rule right")), cards,
        parameters(source, say), definitions(source, say), inputs(source, say), worked(source, say), tests(source, say),
    )  # fmt: skip
    return markup.page(source.measure.name, body, language)


def heading(source: Source, say: Saying) -> Content:
    measure, version = source.measure, source.measure.version
    fields = source.top.fields("version")
    unknown = say.pick("不详", "not known")
    terms = [
        (say.pick("标识", "Id"), measure.id),
        (say.pick("施行日", "In force from"), str(version.in_force or unknown)),
        (say.pick("失效日", "Until"), str(version.until or say.pick("未写", "not said"))),
        (
            say.pick("以何日期定适用", "Decided by"),
            version.decided_by or say.pick("决定日", "the day of the decision"),
        ),
        (say.pick("出处", "Source"), version.source),
        (say.pick("版本说明", "About the version"), text(fields, "note")),
        (say.pick("说明", "Note"), text(source.top, "note")),
    ]
    listed = [(el("dt", key), el("dd", value)) for key, value in terms if value]
    tint = "rb-good" if version.status == "已核" else "rb-warn"
    return el("h1", measure.name, tag(say.status(version.status), tint)), el(
        "div", el("dl", listed), class_="rb-card"
    )


# --- names of the measure ------------------------------------------------------------------------------------------------


def section(title: str, *inner: Content) -> Content:
    return el("h2", title), el("div", inner, class_="rb-card rb-long")


def parameters(source: Source, say: Saying) -> Content:
    rows = [
        (name.text, el("code", canonical(value.text)))
        for name, value in source.top.fields("parameters").all_words()
    ]
    heads = (say.pick("名称", "Name"), say.pick("数值", "Value"))
    return (
        section(say.pick("参数（试算时可改）", "Parameters (a what-if may change them)"), table(heads, rows))
        if rows
        else None
    )


def definitions(source: Source, say: Saying) -> Content:
    entities = source.measure.vocabulary.entities
    rows = [
        (
            one.name, say.pick(entities[one.entity].zh, entities[one.entity].en),
            read_aloud(one.formula.text, one.formula.meaning, say.wording(one.entity)),
        )
        for one in source.measure.definitions
    ]  # fmt: skip
    heads = (say.pick("名称", "Name"), say.pick("对象", "For"), say.pick("怎么算", "How"))
    return section(say.pick("定义", "Definitions"), table(heads, rows)) if rows else None


def inputs(source: Source, say: Saying) -> Content:
    entities = source.measure.vocabulary.entities
    written = source.top.fields("inputs")
    rows = [
        (
            one.name, say.pick(entities[one.entity].zh, entities[one.entity].en), one.by, values(one, source, say),
            note_of(written, one.name),
        )
        for one in source.measure.inputs
    ]  # fmt: skip
    heads = say.pick("名称 对象 谁判断 取值 说明", "Name For Judged-by Values Note").split()
    return section(say.pick("由人判断的输入", "What people judge"), table(heads, rows)) if rows else None


def note_of(fields: Fields, name: str) -> str:
    entry = fields.entries.get(name)
    return text(entry, "note") if isinstance(entry, Fields) else ""


def values(one: Input, source: Source, say: Saying) -> str:
    """The words that may be given, or the range; else the kind."""
    field = source.measure.vocabulary.entities[one.entity].fields[one.name]
    if field.enum:
        return say.pick("、", ", ").join(field.enum.words)
    kind = type_of(field)
    if one.low is None:
        return say.pick(kind.zh, kind.en)
    low, high = (shown(end, kind, source.measure.vocabulary, say.language) for end in (one.low, one.high))
    return say.pick(f"{low}至{high}", f"{low} to {high}")


# --- tests beside --------------------------------------------------------------------------------------------------------


def worked(source: Source, say: Saying) -> Content:
    """Numbers that the source itself states, reproduced."""
    rows = [
        (one.example.name, one.why, expected(one), result(one, say))
        for one in source.tests
        if one.example.origin == "来源"
    ]
    heads = say.pick("算例 出处与算法 应得 结果", "Example Source-and-working Expected Result").split()
    return (
        section(say.pick("来源写明的算例", "Worked numbers of the source"), table(heads, rows))
        if rows
        else None
    )


def expected(one: Tested) -> Html:
    """Thing, clause and what is expected of it, as written in the test."""
    lines = []
    for each in one.example.expected:
        said = "，".join(f"{key}: {written_value(value)}" for key, value in each.said.entries.items())
        lines.append(el("li", f"{each.thing[1]} ", el("code", each.clause), f" {said}"))
    return el("ul", lines)


def written_value(node: object) -> str:
    if isinstance(node, Words):
        return node.text
    if isinstance(node, Items):
        return "[" + ", ".join(written_value(one) for one in node) + "]"
    assert isinstance(node, Fields)
    return "{" + ", ".join(f"{key}: {written_value(value)}" for key, value in node.entries.items()) + "}"


def tests(source: Source, say: Saying) -> Content:
    title = say.pick("旁边的检验", "Tests beside")
    if source.problem is not None:
        return section(title, el("p", source.problem.said(say.language)))
    if not source.tests:
        return section(title, el("p", say.pick("还没有检验。", "There are no tests yet.")))
    rows = [
        (one.example.name, origin(one.example.origin, say), str(len(one.example.expected)), result(one, say))
        for one in source.tests
    ]
    heads = say.pick("检验 期望值来自 期望 结果", "Test Expected-values Expectations Result").split()
    return section(title, el("p", counted([source], say)), table(heads, rows, numeric=(2,)))


def origin(written: str, say: Saying) -> str:
    return say.pick(written, ORIGINS[written])


def result(one: Tested, say: Saying) -> Content:
    if not one.wrong:
        return tag(say.pick("相符", "as expected"), "rb-good")
    said = [el("li", wrong.en if say.english else wrong.zh) for wrong in one.wrong[:MOST_WRONG]]
    return tag(say.pick(f"不符{len(one.wrong)}处", f"{len(one.wrong)} wrong"), "rb-bad"), el("ul", said)


def counted(sources: Iterable[Source], say: Saying) -> str:
    """How many tests of each origin, counted apart, and how many are wrong."""
    listed = [one for source in sources for one in source.tests]
    by = Counter(one.example.origin for one in listed)
    kinds = say.pick("，", ", ").join(f"{origin(name, say)} {by[name]}" for name in ORIGINS if by[name])
    wrong = sum(bool(one.wrong) for one in listed)
    return say.pick(
        f"检验{len(listed)}项（{kinds}），不符{wrong}项。", f"{len(listed)} tests ({kinds}), {wrong} wrong."
    )


# --- the index -----------------------------------------------------------------------------------------------------------


def index_page(named: list[tuple[str, Source]], language: str = "zh") -> Html:
    """``named`` are the file names of the pages."""
    title = "规则库" if not language.startswith("en") else "The rulebook"
    if not named:
        return markup.page(title, el("h1", title), language)
    say = Saying(named[0][1].measure, language)
    heads = say.pick(
        "措施 施行日 失效日 状态 条款 检验 不符", "Measure From Until Status Clauses Tests Wrong"
    ).split()
    rows = [list(index_row(name, source, say)) for name, source in named]
    body = (
        el("h1", title),
        el("p", counted((source for _name, source in named), say), class_="rb-quiet"),
        el("div", table(heads, rows, numeric=(4, 5, 6)), class_="rb-card rb-long"),
    )
    return markup.page(title, body, language)


def index_row(name: str, source: Source, say: Saying) -> Iterator[Content]:
    version = source.measure.version
    yield el("a", source.measure.name, href=name), " ", el("code", source.measure.id)
    yield el("time", str(version.in_force)) if version.in_force else say.pick("不详", "not known")
    yield el("time", str(version.until)) if version.until else ""
    yield tag(say.status(version.status), "rb-good" if version.status == "已核" else "rb-warn")
    yield str(len(source.measure.clauses))
    yield str(len(source.tests)) if source.problem is None else say.pick("读不通", "does not read")
    yield str(source.wrong) if source.wrong else ""
