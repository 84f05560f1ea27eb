"""One clause on a page: left what the text says, right what the machine does, in formulas and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from mangrove.rulebook.documenting.source import Source, canonical, text
from mangrove.rulebook.explaining.case_html import tag
from mangrove.rulebook.explaining.parts import group_of
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.language.typed import Typed
from mangrove.rulebook.language.wording import Wording
from mangrove.rulebook.markup import Content, Html, el
from mangrove.rulebook.measures import Clause, Formula, Quota
from mangrove.rulebook.texts.combining import KEEPS
from mangrove.rulebook.texts.nodes import Fields, Items, Node
from mangrove.vocabulary.model import Named

KEEPS_EN = {
    "highest": "the highest",
    "first": "the first that is met, in this order",
    "sum": "all of them together",
}
GROUPS = {"any": ("任一符合即可", "any of these"), "all": ("全部符合", "all of these")}


def clause_card(one: Clause, source: Source, say: Saying) -> Html:
    fields = source.clause_fields(one.id)
    return el(
        "article", el("div", words(one, fields, say), rule(one, fields, source, say), class_="rb-pair"),
        class_="rb-card", id=f"clause-{one.id}",
    )  # fmt: skip


def words(one: Clause, fields: Fields, say: Saying) -> Html:
    note = text(fields, "note")
    return el(
        "div", el("h3", one.article, tag(say.text_status(one.text_status))), el("p", one.text),
        el("p", say.pick("说明：", "Note: "), note, class_="rb-quiet") if note else None,
        el("p", el("code", one.id), class_="rb-quiet"), class_="rb-words",
    )  # fmt: skip


def rule(one: Clause, fields: Fields, source: Source, say: Saying) -> Html:
    kind = source.measure.vocabulary.entities[one.entity]
    wording = say.wording(one.entity)
    lines = [
        keyed(say.pick("对象", "For"), say.pick(kind.zh, kind.en)),
        members(one, say),
        conditions(one, fields, say, wording),
        money(one, say, wording),
        [
            keyed(say.pick("名额", "Quota"), quota(each, say))
            for each in source.measure.quotas
            if each.of == one.id
        ],
    ]
    return el("div", lines, class_="rb-rule")


def keyed(key: str, *inner: Content) -> Html:
    return el("div", el("span", key, class_="rb-key"), inner)


# --- conditions ----------------------------------------------------------------------------------------------------------


def conditions(one: Clause, fields: Fields, say: Saying, wording: Wording) -> Content:
    """As the file groups them. The time of the version, where a date of the case decides, comes first and is not written there."""
    if one.members or not one.conditions:
        return None
    listed = fields.entries.get("when")
    nodes = list(listed) if isinstance(listed, Items) else []
    implied = one.conditions[: len(one.conditions) - len(nodes)]
    said = [
        el("li", tag(say.pick("版本时间", "time of the version")), " ", formula(each, wording))
        for each in implied
    ]
    written = one.conditions[len(implied) :]
    said += [condition(node, each.meaning, say, wording) for node, each in zip(nodes, written, strict=True)]
    return keyed(say.pick("条件（全部符合）", "Conditions (all)"), el("ol", said, class_="rb-numbered"))


def condition(node: Node, meaning: Typed, say: Saying, wording: Wording) -> Html:
    if not isinstance(node, Fields):
        return el("li", read_aloud(getattr(node, "text", ""), meaning, wording))
    group = group_of(meaning)
    assert group is not None  # a mapping among conditions is a group
    kind, parts, least = group
    inner = next(one for one in node.entries.values() if isinstance(one, Items))
    head = (
        say.pick(f"至少{least}项符合", f"at least {least} of these")
        if kind == "at_least"
        else say.pick(*GROUPS[kind])
    )
    listed = [condition(one, part, say, wording) for one, part in zip(inner, parts, strict=True)]
    return el("li", head, el("ul", listed))


def formula(one: Formula, wording: Wording) -> Content:
    return read_aloud(one.text, one.meaning, wording)


def read_aloud(written: str, meaning: Typed, wording: Wording) -> Content:
    """The formula, and what it says where that is not the same."""
    code, said = canonical(written), wording.words(meaning)
    return el("code", code), el("p", said, class_="rb-quiet") if said != code else None


# --- the money -----------------------------------------------------------------------------------------------------------


def money(one: Clause, say: Saying, wording: Wording) -> Iterator[Content]:
    if one.amount is not None and not one.members:
        yield keyed(say.pick("金额", "Amount"), formula(one.amount, wording))
    for cap in one.caps:
        yield keyed(say.pick("不超过", "At most"), formula(cap, wording))
    if one.less is not None:
        yield keyed(say.pick("扣除已获", "Less what was had"), formula(one.less, wording))
    if one.shares:
        whole = sum(part for _name, part in one.shares)
        listed = [f"{name} {Fraction(part, whole)}" for name, part in one.shares]
        yield keyed(say.pick("分担", "Borne by"), say.pick("，", ", ").join(listed))
    if one.amount is None:
        yield keyed(
            say.pick("结果", "Result"), say.pick("只判断是否符合，没有金额", "only says who qualifies")
        )


def members(one: Clause, say: Saying) -> Content:
    if not one.members:
        return None
    listed = [el("a", el("code", id), href=f"#clause-{id}") for id in one.members]
    if one.keep == "total":
        return keyed(say.pick("合计", "Total of"), joined(listed))
    return keyed(say.pick(KEEPS[one.keep], KEEPS_EN[one.keep]), joined(listed))


def joined(parts: Iterable[Html]) -> Html:
    return Html("，".join(parts))


def quota(one: Quota, say: Saying) -> str:
    entity = say.measure.vocabulary.entities[say.measure.clause(one.of).entity]
    things: list[Named] = [*entity.fields.values(), *entity.relations.values()]
    names = {each.id: say.pick(each.zh, each.en) for each in things}
    groups = say.pick("、", " and ").join(names[each] for each in one.per)
    per = say.pick(f"每个{groups}", f" for each {groups}") if one.per else ""
    order = say.pick("，", ", ").join(
        say.pick(
            f"{names[name]}{'高' if falling else '低'}的在先",
            f"{names[name]} {'highest' if falling else 'lowest'} first",
        )
        for name, falling in one.order
    )
    said = say.pick(f"{per}不超过{one.at_most}个", f"at most {one.at_most}{per}")
    return f"{said}{say.pick('；', '; ')}{order}" if order else said
