"""A population explained as HTML: the funnel as bars, whom one condition alone keeps out, groups as a table."""

from __future__ import annotations

from collections.abc import Sequence

from mangrove.rulebook import markup
from mangrove.rulebook.explaining import people_text as words
from mangrove.rulebook.explaining.case_html import noted, tag
from mangrove.rulebook.explaining.people import ClausePeople, People, Sole
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.markup import Content, Html, el, table


def fragment(people: People, language: str = "zh") -> Html:
    say = Saying(people.measure, language)
    head = el("h1", people.measure.name, tag(say.status(people.measure.version.status)))
    return el("section", head, [clause(one, people, say) for one in people.clauses], class_="rb-people")


def page(people: People, language: str = "zh", notes: Sequence[str] = ()) -> Html:
    """``notes`` stand below: how many have a place under each quota."""
    return markup.page(people.measure.name, (fragment(people, language), noted(notes)), language)


def clause(one: ClausePeople, people: People, say: Saying) -> Html:
    head = el("h2", one.clause.article, tag(say.text_status(one.clause.text_status)))
    return el(
        "article", head, el("p", one.clause.text, class_="rb-words"), el("p", words.counts(one, say)),
        funnel(one, say), soles(one, say), unsure(one, say), groups(one, people, say), class_="rb-card rb-long",
    )  # fmt: skip


def funnel(one: ClausePeople, say: Saying) -> Content:
    if not one.steps:
        return None
    rows = [
        (
            (el("code", words.condition(one.clause, each.condition)), bar(each.left, one.rows)),
            f"{each.left:,}", f"{each.undecided:,}" if each.undecided else "",
        )
        for each in one.steps
    ]  # fmt: skip
    heads = (
        say.pick("逐条过后", "After each condition"),
        say.pick("还剩", "Left"),
        say.pick("待补数据", "Undecided"),
    )
    return table(heads, rows, numeric=(1, 2))


def bar(part: int, whole: int) -> Html:
    """The numbers stand beside it."""
    return el("span", class_="rb-bar", style=f"width:{part * 1000 // whole / 10 if whole else 0}%")


def soles(one: ClausePeople, say: Saying) -> Content:
    if not one.soles:
        return None
    return el("h3", say.pick("只差这一条", "Only this one is not met")), el(
        "ul", [sole(each, say) for each in one.soles], class_="rb-parts"
    )


def sole(one: Sole, say: Saying) -> Html:
    """The condition, how many, the nearest; and of an earlier clause which of its conditions."""
    near = [el("li", words.near_line(each, one, say)) for each in one.near]
    several = say.pick(
        f"另有{one.several:,}件在其中差不止一条", f"{one.several:,} more fail several of these"
    )
    return el(
        "li", el("code", words.condition(one.clause, one.condition)), " ", el("strong", words.sole(one, say)),
        el("ul", near, class_="rb-quiet"),
        el("ul", [sole(each, say) for each in one.under]) if one.under else None,
        el("p", several, class_="rb-quiet") if one.under and one.several else None,
    )  # fmt: skip


def unsure(one: ClausePeople, say: Saying) -> Content:
    listed = [line.strip() for line in words.unsure_lines(one, say)][1:]
    return (
        (el("h3", say.pick("缺数据", "Unknown")), el("ul", [el("li", line) for line in listed]))
        if listed
        else None
    )


def groups(one: ClausePeople, people: People, say: Saying) -> Content:
    if not one.groups:
        return None
    has_money = one.clause.amount is not None
    heads = [people.by, *say.pick("符合 不符合 缺数据", "Qualify Do-not Unknown").split()]
    heads += [say.pick("应得", "Paid")] if has_money else []
    heads += [say.pick("只差一条", "Only one is not met")]
    rows = [
        [
            each.group.said(say.language), *(f"{count:,}" for count in (each.meets, each.fails, each.lacks)),
            *([say.fen(each.paid)] if has_money else []),
            words.alone(each.soles, say),
        ]
        for each in one.groups
    ]  # fmt: skip
    return el("h3", say.pick(f"按{people.by}", f"By {people.by}")), table(
        heads, rows, range(1, 4 + has_money)
    )
