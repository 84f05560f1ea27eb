"""One case explained, to read: the article, each condition with value, gap and source, the money, what would turn it."""

from __future__ import annotations

from collections.abc import Iterator

from mangrove.rulebook.decide import Standing
from mangrove.rulebook.explaining.case import Case, ClauseCase, Member
from mangrove.rulebook.explaining.flips import Flip
from mangrove.rulebook.explaining.parts import Part, Rest
from mangrove.rulebook.explaining.saying import Saying


def as_text(case: Case, language: str = "zh") -> str:
    say = Saying(case.measure, language, (case.thing.entity, case.thing.key))
    if not case.clauses:
        return nothing(case, say)
    return "\n".join(line for one in case.clauses for line in lines(case, one, say))


def nothing(case: Case, say: Saying) -> str:
    kind = case.measure.vocabulary.entities[case.thing.entity]
    return say.pick(f"没有对“{kind.zh}”的条款。", f"No clause is for “{kind.en}”.")


def lines(case: Case, one: ClauseCase, say: Saying) -> Iterator[str]:
    clause, measure = one.clause, case.measure
    marks = say.pick("，", ", ").join(
        [say.text_status(clause.text_status), say.status(measure.version.status)]
    )
    standing = say.standing(one.outcome.standing)
    yield say.pick(
        f"{measure.name} {clause.article}（{marks}）：{standing}",
        f"{measure.name} {clause.article} ({marks}): {standing}",
    )
    yield f"  {clause.text}"
    for part in one.parts:
        yield from condition_lines(part, say, "  ")
    yield from money_lines(one, say)
    yield from after_lines(one, say)


def condition_lines(part: Part, say: Saying, indent: str) -> Iterator[str]:
    """The condition, then its parts where it is a group, then what it rests on as far as that is not met."""
    inside = [one for one in (say.compared(part), *grounds(part, say)) if one]
    detail = say.pick("（%s）", " (%s)") % say.pick("；", "; ").join(inside) if inside else ""
    yield f"{indent}{say.verdict(part.holds)}  {say.condition(part)}{detail}"
    for inner in part.parts:
        yield from condition_lines(inner, say, indent + "    ")
    for rest in () if is_told(part) else part.rests:
        yield from rest_lines(rest, part.holds, say, indent + "    ")
    for inner in inner_failing(part) if is_told(part) else ():
        yield from condition_lines(inner, say, indent + "    ")


def is_told(part: Part) -> bool:
    """The condition is an earlier clause, called by its article already."""
    return part.kind == "truth" and not part.written and [bool(one.clause) for one in part.rests] == [True]


def inner_failing(part: Part) -> list[Part]:
    """What of that clause is not met, where it matters."""
    return (
        []
        if part.holds is True
        else [one for rest in part.rests for one in rest.parts if one.holds is not True]
    )


def grounds(part: Part, say: Saying) -> Iterator[str]:
    yield from (say.rows(one) for one in part.rows)
    yield from (say.datum(one) for one in part.data)


def rest_lines(rest: Rest, holds: bool | None, say: Saying, indent: str) -> Iterator[str]:
    yield f"{indent}{say.rest(rest)}"
    under = [*(say.rows(one) for one in rest.rows), *(say.datum(one) for one in rest.data)]
    if under:
        yield f"{indent}  " + say.pick("；", "; ").join(under)
    for part in rest.parts if holds is not True else ():
        if part.holds is not True:
            yield from condition_lines(part, say, indent + "  ")
    for inner in rest.rests:
        yield from rest_lines(inner, holds, say, indent + "  ")


# --- the money -----------------------------------------------------------------------------------------------------------


def money_lines(one: ClauseCase, say: Saying) -> Iterator[str]:
    if one.clause.amount is None:
        return
    outcome = one.outcome
    steps = list(money_steps(one, say))
    tail = say.pick("：", ": ") + say.pick("，", ", ").join(steps) if steps else ""
    taken = ""
    if one.taken_by:
        name = say.clause_name(say.measure.clause(one.taken_by))
        taken = say.pick(f"，并入{name}，不单独支付", f"; part of {name}, not paid by itself")
    yield "  " + say.pick(f"应得{say.fen(outcome.fen)}", f"Pays {say.fen(outcome.fen)}") + tail + taken
    if one.money.shares:
        listed = [f"{name} {say.fen(fen)}" for name, fen in one.money.shares]
        yield "  " + say.pick("分担：", "Borne by: ") + say.pick("，", ", ").join(listed)
    for member in one.members:
        yield f"    {member_line(member, one, say)}"


def money_steps(one: ClauseCase, say: Saying) -> Iterator[str]:
    """From what was worked out to what is paid: what the cap took, which cap, what was had already."""
    outcome, money = one.outcome, one.money
    if outcome.removed or money.deducted:
        yield say.pick(f"算得{say.fen(outcome.uncapped)}", f"worked out at {say.fen(outcome.uncapped)}")
    if outcome.removed:
        which = outcome.binding_cap
        many = len(one.clause.caps) > 1 and which is not None
        named = say.pick(f"（{which.text}）", f" ({which.text})") if many and which else ""
        took = say.fen(outcome.removed)
        yield say.pick(f"封顶{named}减去{took}", f"the cap{named} took {took}")
    if money.deducted:
        yield say.pick(
            f"扣除已获{say.fen(money.deducted)}", f"{say.fen(money.deducted)} had already was taken off"
        )
    if outcome.standing == Standing.FAILS and outcome.ungated is not None and outcome.ungated > 0:
        yield say.pick(
            f"若全部符合，为{say.fen(outcome.ungated)}", f"{say.fen(outcome.ungated)} if all were met"
        )


def member_line(member: Member, one: ClauseCase, say: Saying) -> str:
    name = say.clause_name(member.clause)
    many = member.clause.entity != one.clause.entity
    count = say.pick(f"，{member.row_count}件", f", {member.row_count} rows") if many else ""
    said = f"{name}{count}{say.pick('：', ': ')}{say.fen(member.fen)}"
    if member.won:
        return said + say.pick("，计入", ", counted")
    return (
        said + say.pick(f"，未取，少得{say.fen(member.lost)}", f", not taken, {say.fen(member.lost)} forgone")
        if member.lost
        else said
    )


# --- what would turn it, what is lacking -----------------------------------------------------------------------------


def after_lines(one: ClauseCase, say: Saying) -> Iterator[str]:
    if one.flips:
        yield "  " + say.pick("怎样才符合：", "What would turn it:")
        yield from (f"    {flip_line(flip, one, say)}" for flip in one.flips)
    if one.missing:
        yield "  " + say.pick("缺的数据：", "Missing data:")
        yield from (f"    {say.missing(missing)}" for missing in one.missing)


def flip_line(flip: Flip, one: ClauseCase, say: Saying) -> str:
    changes = say.pick("，并且", ", and ").join(say.change(change) for change in flip.changes)
    return f"{changes}{say.pick(' → ', ' → ')}{flip_result(flip, one, say)}"


def flip_result(flip: Flip, one: ClauseCase, say: Saying) -> str:
    if one.clause.amount is None:
        return say.standing(flip.standing)
    if flip.fen is None:
        return say.pick(
            "条件都符合，金额还缺数据", "all conditions are met, a datum for the amount is missing"
        )
    return say.pick(f"得{say.fen(flip.fen)}", f"pays {say.fen(flip.fen)}")
