"""One case explained as HTML: a fragment with classes of its own, every text escaped; :func:`page` makes it a whole page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mangrove.rulebook import markup
from mangrove.rulebook.decide import Standing
from mangrove.rulebook.explaining import case_text
from mangrove.rulebook.explaining.case import Case, ClauseCase, Member
from mangrove.rulebook.explaining.parts import Part, Rest
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.markup import Content, Html, el, table

TINTS = {True: "rb-good", False: "rb-bad", None: "rb-warn"}
OF_STANDING = {Standing.MEETS: "rb-good", Standing.FAILS: "rb-bad", Standing.LACKS: "rb-warn"}


def fragment(case: Case, language: str = "zh") -> Html:
    say = Saying(case.measure, language, (case.thing.entity, case.thing.key))
    return el(
        "section",
        heading(case, say),
        [clause(one, say) for one in case.clauses] or el("p", case_text.nothing(case, say)),
        class_="rb-case",
    )


def page(case: Case, language: str = "zh", notes: Sequence[str] = ()) -> Html:
    """``notes`` stand below: what is to be said of the case among others, such as its place under a quota."""
    say = Saying(case.measure, language)
    title = say.pick(f"{case.measure.name}：{case.thing.key}", f"{case.measure.name}: {case.thing.key}")
    return markup.page(title, (fragment(case, language), noted(notes)), language)


def noted(notes: Sequence[str]) -> Content:
    return [el("p", one, class_="rb-quota") for one in notes]


def heading(case: Case, say: Saying) -> Content:
    kind = case.measure.vocabulary.entities[case.thing.entity]
    name = case.thing.fields.get("name")
    thing = f"{say.pick(kind.zh, kind.en)} {case.thing.key}" + (f" · {name}" if name else "")
    return el("h1", thing), el(
        "p", case.measure.name, tag(say.status(case.measure.version.status)), class_="rb-quiet"
    )


def tag(text: str, tint: str = "") -> Html:
    return el("span", text, class_=f"rb-tag {tint}".strip())


def clause(one: ClauseCase, say: Saying) -> Html:
    outcome = one.outcome
    head = el(
        "h2", one.clause.article, tag(say.standing(outcome.standing), OF_STANDING[outcome.standing]),
        tag(say.text_status(one.clause.text_status)),
    )  # fmt: skip
    conditions = el("ul", [condition(part, say) for part in one.parts], class_="rb-parts")
    return el(
        "article", head, el("p", one.clause.text, class_="rb-words"), conditions, money(one, say), turning(one, say),
        lacking(one, say), class_="rb-card",
    )  # fmt: skip


def condition(part: Part, say: Saying) -> Html:
    detail = say.pick("；", "; ").join(
        one for one in (say.compared(part), *case_text.grounds(part, say)) if one
    )
    told = case_text.is_told(part)
    inner = [condition(one, say) for one in (*part.parts, *(case_text.inner_failing(part) if told else ()))]
    inner += [rest(one, part.holds, say) for one in (() if told else part.rests)]
    return el(
        "li", tag(say.verdict(part.holds), TINTS[part.holds]), el("code", say.condition(part)),
        el("span", f" {detail}", class_="rb-quiet") if detail else None,
        el("ul", inner) if inner else None,
    )  # fmt: skip


def rest(one: Rest, holds: bool | None, say: Saying) -> Html:
    """A definition or an earlier clause; of its conditions only those that are not met, where it matters."""
    under = [*(say.rows(each) for each in one.rows), *(say.datum(each) for each in one.data)]
    parts = [condition(part, say) for part in one.parts if holds is not True and part.holds is not True]
    inner = [*parts, *(rest(each, holds, say) for each in one.rests)]
    said = el("span", say.pick("；", "; ").join(under), class_="rb-quiet") if under else None
    return el("li", say.rest(one), " ", said, el("ul", inner) if inner else None)


# --- the money -----------------------------------------------------------------------------------------------------------


def money(one: ClauseCase, say: Saying) -> Content:
    if one.clause.amount is None:
        return None
    steps = say.pick("，", ", ").join(case_text.money_steps(one, say))
    total = el(
        "p", say.pick("应得 ", "Pays "), el("strong", say.fen(one.outcome.fen)), " ",
        el("span", steps, class_="rb-quiet"), class_="rb-sum",
    )  # fmt: skip
    return (
        total,
        el("dl", list(terms(one, say))) if one.taken_by or one.money.shares else None,
        members(one, say),
    )


def terms(one: ClauseCase, say: Saying) -> Iterator[Content]:
    if one.taken_by:
        yield (
            el("dt", say.pick("并入", "Part of")),
            el("dd", say.clause_name(say.measure.clause(one.taken_by))),
        )
    for name, fen in one.money.shares:
        yield el("dt", say.pick(f"{name}承担", f"Borne by {name}")), el("dd", say.fen(fen))


def members(one: ClauseCase, say: Saying) -> Content:
    if not one.members:
        return None
    heads = say.pick("所含条款 金额 结果 少得", "Clause Amount Result Forgone").split()
    rows = [
        (
            f"{each.clause.article} {each.clause.id}", say.fen(each.fen),
            taken(each, one, say),
            say.fen(each.lost) if each.lost else "",
        )
        for each in one.members
    ]  # fmt: skip
    return table(heads, rows, numeric=(1, 3))


def taken(each: Member, one: ClauseCase, say: Saying) -> str:
    """As long as the choice lacks a datum nobody knows which it takes."""
    if one.outcome.standing == Standing.LACKS:
        return say.pick("待定", "not decided yet")
    return say.pick("计入", "counted") if each.won else say.pick("未取", "not taken")


# --- what would turn it, what is lacking -----------------------------------------------------------------------------


def turning(one: ClauseCase, say: Saying) -> Content:
    if not one.flips:
        return None
    rows = [
        (
            el("ol", [el("li", say.change(change)) for change in flip.changes]),
            case_text.flip_result(flip, one, say),
        )
        for flip in one.flips
    ]
    heads = (say.pick("要变的", "Changes"), say.pick("结果", "Result"))
    return el("h3", say.pick("怎样才符合", "What would turn it")), table(heads, rows, numeric=(1,))


def lacking(one: ClauseCase, say: Saying) -> Content:
    if not one.missing:
        return None
    return el("h3", say.pick("缺的数据", "Missing data")), el(
        "ul", [el("li", say.missing(each)) for each in one.missing]
    )
