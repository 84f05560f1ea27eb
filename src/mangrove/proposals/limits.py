"""Which time limits start and end with which act of a reply. The limits themselves are rule packs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.casework.clock_actions import meet_clock, restart_clock, start_clock
from mangrove.casework.limits import NATIONAL, limits_of
from mangrove.casework.models import Clock
from mangrove.ledger.refs import Actor
from mangrove.proposals.models import Reply
from mangrove.proposals.rules import rules

#: Stands for the limit by which a unit answers; which one that is depends on what came in (建议, 提案).
ANSWER = "answer"
#: Limits that start when a unit is handed its part, and those that an act starts later.
STARTS_ON_HAND_OVER = {
    "主办": ("return", "contact", ANSWER),
    "分办": ("return", "contact", ANSWER),
    "会办": ("return", "co_opinion"),
}
STARTS = {"deliver": ("feedback",), "redo": ("second_handling",)}
MEETS = {
    "accept": ("return",),
    "return_to_office": ("return", "contact", ANSWER, "co_opinion"),
    "contact": ("contact",),
    "deliver": ("contact", ANSWER, "second_handling"),
    "give_opinion": ("co_opinion",),
    "rate": ("feedback",),
    "close_unrated": ("feedback",),
}  # fmt: skip


def refuse_unknown_limits() -> None:
    """Raises ``ImproperlyConfigured`` for a limit that neither the city's jurisdiction nor the nation has a rule for."""
    rules = limits_of(Path(settings.MANGROVE_RULEBOOKS) / "limits")
    known = {rule.key for rule in rules if rule.jurisdiction in (settings.MANGROVE_JURISDICTION, NATIONAL)}
    wanted = {key for table in (STARTS_ON_HAND_OVER, STARTS) for keys in table.values() for key in keys}
    wanted = wanted - {ANSWER} | set(answer_limits())
    if missing := sorted(wanted - known):
        raise ImproperlyConfigured(
            f"rulebooks/limits 里没有适用于“{settings.MANGROVE_JURISDICTION}”或“{NATIONAL}”的时限：{'、'.join(missing)}。"
            f"请补上规则及其出处，或改正 {settings.MANGROVE_CITY}/city.yaml 里的 jurisdiction。"
        )


def start_limits(reply: Reply, *, by: Actor, on: date, why: str) -> None:
    """Start the limits of a part when it is handed over on ``on``."""
    for key in STARTS_ON_HAND_OVER[reply.part]:
        limit = rules().authors[reply.proposal.kind].limit if key == ANSWER else key
        start_clock(reply.case, limit, by=by, on=on, why=why)


def follow_limits(reply: Reply, act: str, *, by: Actor, on: date, why: str) -> None:
    """End the limits that this act meets and start those that it sets running."""
    for clock in unmet(reply, MEETS.get(act, ())):
        if clock.due_on is None:  # it stood still, and what it waited for came
            restart_clock(clock.pk, by=by, on=on, why=why)
        meet_clock(clock.pk, by=by, on=on, why=why)
    for key in STARTS.get(act, ()):
        start_clock(reply.case, key, by=by, on=on, why=why)


def answer_limits() -> tuple[str, ...]:
    """Every limit by which a unit may have to answer."""
    return tuple(kind.limit for kind in rules().authors.values())


def unmet(reply: Reply, keys: tuple[str, ...]) -> list[Clock]:
    """The clocks of these limits that still run or stand still."""
    wanted = {*keys, *(answer_limits() if ANSWER in keys else ())}
    return [clock for clock in reply.case.clocks.filter(met_on=None) if clock.terms["key"] in wanted]
