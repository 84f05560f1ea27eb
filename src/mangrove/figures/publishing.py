"""Values that a room computed, stated together: one event, all or none, ratios divided once when all their parts stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from mangrove.figures.actions import (
    Stated,
    divide_dependents,
    draft_rows,
    drafted,
    hold_matching,
    payload,
    same,
    standing,
    write,
)
from mangrove.figures.listeners import tell
from mangrove.figures.models import Definition, Value
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor, Ref


@dataclass(frozen=True)
class Published:
    """What was written, ratios among it, and in sentences what followed elsewhere; nothing where all stood already."""

    values: tuple[Value, ...] = ()
    followed: tuple[str, ...] = ()


def hold(definitions: Collection[str]) -> None:
    """Until the caller's transaction is over nobody else revises these figures, nor the ratios that they are part of."""
    wanted = Definition.objects.filter(pk__in=definitions)
    hold_matching(Q(pk__in=definitions) | Q(numerator__in=wanted) | Q(denominator__in=wanted))


@transaction.atomic
def publish(stated: Sequence[Stated], *, subject: Ref, by: Actor, on: date, why: str = "") -> Published:
    """State what is new or different of ``stated`` under one event about ``subject``; the same again writes nothing.

    Raises :class:`Refusal` as :func:`mangrove.figures.actions.set_value` does.
    """
    hold({one.definition for one in stated})
    drafts = [(drafted(one), one) for one in stated]
    news = [(draft, one, old) for draft, one in drafts if not said(old := standing(draft), draft, one)]
    if not news:
        return Published()
    told = [payload(draft, draft_rows(draft, one)) for draft, one, _old in news]
    event = record("figures.publish", subject=subject, by=by, on=on, why=why, payload={"values": told})
    values = [write(draft, one, old, event) for draft, one, old in news]
    written = [*values, *divide_dependents(values, event)]
    return Published(tuple(written), tuple(tell(by=by, on=on, why=why, definitions=changed(written))))


def said(old: Value | None, draft: Value, one: Stated) -> bool:
    return old is not None and same(old, draft, one)


def changed(values: Iterable[Value]) -> set[str]:
    return {one.definition_id for one in values}
