"""The pots that pay a measure: those of the portfolios of the library; where none does, one of any size for all its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max

from mangrove.policies.measures.library import latest, measure_of
from mangrove.policies.measures.models import RuleKind, RuleText
from mangrove.policies.measures.publishing import measures_named
from mangrove.policies.measures.publishing import portfolio as read_portfolio
from mangrove.rulebook.allotting.portfolio import Portfolio, PotRule
from mangrove.rulebook.problems import Problems

#: The pot of a measure that no portfolio pays.
ANY = "all"


@dataclass(frozen=True)
class Paying:
    """``fen`` is what the portfolio says, ``None`` where there is none; ``steps`` are clauses of the measure."""

    id: str
    name: str
    fen: int | None
    steps: frozenset[str]


def pots_of(rule: RuleText) -> list[Paying]:
    own = frozenset(one.id for one in measure_of(rule).paid())
    found = [one for text in latest(RuleKind.PORTFOLIO) for one in drawn(text, rule.rule, own)]
    return found or ([Paying(ANY, "", None, own)] if own else [])


def drawn(text: RuleText, rule: str, own: frozenset[str]) -> Iterator[Paying]:
    if rule not in measures_named(text.text):
        return
    last = RuleText.objects.aggregate(last=Max("pk"))["last"]
    found = portfolio(text.text, last)
    for one in found.pots if found else ():
        if steps := own & asking(found, one, rule):
            yield Paying(f"{text.rule}.{one.pot.id}", one.name, one.pot.fen, steps)


def asking(found: Portfolio | None, one: PotRule, rule: str) -> frozenset[str]:
    named = (step.partition(".") for step in found.asking(one.pot.id)) if found else ()
    return frozenset(step for measure, _dot, step in named if measure == rule)


@lru_cache(maxsize=50)
def portfolio(text: str, _last: int) -> Portfolio | None:
    """Read against the library as it is; ``None`` where a measure it names has changed so that it no longer reads."""
    try:
        return read_portfolio(text)
    except Problems:
        return None
