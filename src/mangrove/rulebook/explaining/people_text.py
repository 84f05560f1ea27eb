"""A population explained, to read: the funnel, whom one condition alone keeps out, who is nearest, what waits for data."""

from __future__ import annotations

from collections.abc import Iterator

from mangrove.rulebook.explaining.parts import sides
from mangrove.rulebook.explaining.people import ClausePeople, Near, People, Sole, Unsure
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.explaining.stakes import Stake
from mangrove.rulebook.measures import Clause


def as_text(people: People, language: str = "zh") -> str:
    say = Saying(people.measure, language)
    return "\n".join(line for one in people.clauses for line in lines(one, people, say))


def lines(one: ClausePeople, people: People, say: Saying) -> Iterator[str]:
    clause = one.clause
    status = say.pick("，", ", ").join(
        [say.text_status(clause.text_status), say.status(people.measure.version.status)]
    )
    yield say.pick(
        f"{people.measure.name} {clause.article}（{status}）",
        f"{people.measure.name} {clause.article} ({status})",
    )
    yield f"  {clause.text}"
    yield f"  {counts(one, say)}"
    yield from funnel(one, say)
    yield from sole_lines(one.soles, clause, say, "  ")
    yield from unsure_lines(one, say)
    yield from group_lines(one, people, say)


def counts(one: ClausePeople, say: Saying) -> str:
    paid = (
        ""
        if one.clause.amount is None
        else say.pick(f"，应得合计{say.fen(one.paid)}", f", paid {say.fen(one.paid)}")
    )
    return say.pick(
        f"共{one.rows:,}件：符合{one.meets:,}，不符合{one.fails:,}，缺数据{one.lacks:,}{paid}",
        f"{one.rows:,} in all: {one.meets:,} qualify, {one.fails:,} do not, {one.lacks:,} lack a datum{paid}",
    )


def condition(clause: Clause, place: int) -> str:
    return f"{place + 1}. {clause.conditions[place].text}"


def funnel(one: ClausePeople, say: Saying) -> Iterator[str]:
    if one.steps:
        yield "  " + say.pick("逐条过后还剩：", "Left after each condition:")
    for step in one.steps:
        more = (
            say.pick(f"，另有{step.undecided:,}件待补数据", f", and {step.undecided:,} undecided")
            if step.undecided
            else ""
        )
        yield f"    {condition(one.clause, step.condition)}{say.pick('：', ': ')}{step.left:,}{more}"


def sole_lines(soles: tuple[Sole, ...], clause: Clause, say: Saying, indent: str) -> Iterator[str]:
    if soles and clause.conditions:
        yield indent + say.pick("只差这一条：", "Only this one is not met:")
    for one in soles:
        yield f"{indent}  {condition(one.clause, one.condition)}{say.pick('：', ': ')}{sole(one, say)}"
        yield from (f"{indent}    {near_line(near, one, say)}" for near in one.near)
        yield from sole_lines(one.under, one.clause, say, indent + "    ")
        if one.several and one.under:
            more = say.pick(
                f"另有{one.several:,}件在其中差不止一条", f"{one.several:,} more fail several of these"
            )
            yield f"{indent}      {more}"


def sole(one: Sole, say: Saying) -> str:
    return say.pick(f"{one.count:,}件", f"{one.count:,}") + staked(one.stake, one.clause, say)


def staked(stake: Stake, clause: Clause, say: Saying) -> str:
    said = say.pick(f"，涉及{say.fen(stake.fen)}", f", {say.fen(stake.fen)} at stake") if stake.fen else ""
    unknown = say.pick(f"，{stake.unknown:,}件金额不知", f", of {stake.unknown:,} the amount is not known")
    return said + (unknown if stake.unknown else "")


def near_line(near: Near, one: Sole, say: Saying) -> str:
    at = "" if near.at == near.key else say.pick(f"（{near.at}）", f" ({near.at})")
    gap = "" if near.gap is None else say.pick("：", ": ") + near_gap(near, one, say)
    fen = (
        "" if near.fen is None else say.pick(f"，可得{say.fen(near.fen)}", f", would get {say.fen(near.fen)}")
    )
    return f"{near.key}{at}{gap}{fen}"


def near_gap(near: Near, one: Sole, say: Saying) -> str:
    found = sides(one.clause.conditions[one.condition].meaning)
    return "" if near.gap is None else say.gap(near.gap, found[1] if found else None, one.clause.entity)


def unsure_lines(one: ClausePeople, say: Saying) -> Iterator[str]:
    if one.unsure:
        yield "  " + say.pick("缺数据：", "Unknown:")
    for each in one.unsure:
        yield f"    {condition(one.clause, each.condition)}{say.pick('：', ': ')}{unsure(each, one.clause, say)}"
    if one.amount_unknown:
        yield "    " + say.pick(
            f"条件都符合、金额缺数据：{one.amount_unknown:,}件",
            f"All met, amount not known: {one.amount_unknown:,}",
        )


def unsure(each: Unsure, clause: Clause, say: Saying) -> str:
    said = say.pick(
        f"{each.count:,}件，其中{each.waiting:,}件补上就可能符合",
        f"{each.count:,}, of which {each.waiting:,} may qualify",
    )
    return said + staked(each.stake, clause, say)


def group_lines(one: ClausePeople, people: People, say: Saying) -> Iterator[str]:
    if one.groups:
        yield "  " + say.pick(f"按{people.by}：", f"By {people.by}:")
    for line in one.groups:
        head = say.pick(
            f"{line.group.said(say.language)}：符合{line.meets:,}，不符合{line.fails:,}，缺数据{line.lacks:,}",
            f"{line.group.said(say.language)}: {line.meets:,} qualify, {line.fails:,} do not, {line.lacks:,} lack a datum",
        )
        paid = (
            ""
            if one.clause.amount is None
            else say.pick(f"，应得{say.fen(line.paid)}", f", paid {say.fen(line.paid)}")
        )
        found = alone(line.soles, say)
        more = say.pick(f"；只差一条：{found}", f"; only one is not met: {found}") if found else ""
        yield f"    {head}{paid}{more}"


def alone(soles: tuple[tuple[int, int], ...], say: Saying) -> str:
    """The conditions that alone keep some of this group out."""
    found = [(n + 1, count, fen) for n, (count, fen) in enumerate(soles) if count]
    if not found:
        return ""
    listed = say.pick("、", ", ").join(
        say.pick(f"第{n}条{count:,}件", f"condition {n}: {count:,}") for n, count, _fen in found
    )
    fen = sum(each[2] for each in found)
    more = say.pick(f"，涉及{say.fen(fen)}", f", {say.fen(fen)} at stake") if fen else ""
    return f"{listed}{more}"
