"""Publishing a year's results as figures, so that a letter can cite them; and what of them is published already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.figures import publishing
from mangrove.figures.access import access_stating
from mangrove.figures.actions import Stated, drafted, same
from mangrove.figures.models import Definition, Value
from mangrove.figures.publishing import Published
from mangrove.figures.values import newest, readable_values
from mangrove.ledger.actions import record
from mangrove.ledger.hashing import canonical
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.policies.results.access import READERS, access_results
from mangrove.policies.results.gathering import pots_of, years
from mangrove.policies.results.lineage import (
    BUDGET,
    SHARE,
    STATED,
    UNSPENT,
    Basis,
    basis,
    manifest,
    period_of,
    stated,
)
from mangrove.registry.models import User
from mangrove.vocabulary.quantity import round_half_away
from mangrove.vocabulary.units import convert

#: Of those who may state figures, who also sees the money; an officer publishes the money of the own organisation.
PUBLISHERS = ("case_officer", "chain_chief")
WHOLE = "{}"


def year_ref(year: int) -> Ref:
    return Ref("policies", "year", str(year))


def may_publish(user: Any) -> bool:
    return bool(user.has_role(*PUBLISHERS) and user.has_role(*READERS))


def access_publishing(user: Any, year: int | None = None) -> User:
    """Who may publish; of a ``year``, who may publish that. ``Http404`` or :class:`Refusal`."""
    access_results(user)
    stating = access_stating(user)
    if year is not None and year not in years():
        raise Http404(_("没有这一预算年度的资助计划。"))
    if year is not None and not may_publish_money(stating, year):
        raise Refusal(
            _("%(year)s 年度的资金池不是本单位的，不能由您发布。") % {"year": year}, code="policies.not_permitted", where=str(year),
            rule=_("资金执行的数由出资金的单位发布"), remedy=_("请资金池所在单位的经办人发布。"),
        )  # fmt: skip
    return stating


def may_publish_money(user: User, year: int) -> bool:
    return user.has_role("chain_chief") or pots_of(year).filter(organisation__in=user.bodies).exists()


@transaction.atomic
def publish(*, year: int, by: User, on: date, why: str = "") -> Published:
    """State the year as it stands now. What stands already is not stated again, on whatever day it was published.

    Raises :class:`Refusal` where the city has no such figures.
    """
    access_publishing(by, year)
    refuse_undefined()
    publishing.hold(STATED)
    found = basis(year)
    wanted = stated(found, on)
    wanted += gone(found, wanted)
    if all_stand(wanted):
        return Published()
    done = publishing.publish(wanted, subject=year_ref(year), by=by.actor, on=on, why=why)
    if done.values:
        record(
            "policies.results.publish", subject=year_ref(year), by=by.actor, on=on, why=why,
            payload={**manifest(found), "period": str(period_of(year, on)), "values": [told(one) for one in done.values]},
        )  # fmt: skip
    return done


def refuse_undefined() -> None:
    known = set(Definition.objects.filter(pk__in=(*STATED, SHARE)).values_list("pk", flat=True))
    if missing := sorted({*STATED, SHARE} - known):
        raise Refusal(
            _("指标库里没有“%(id)s”的口径，不能发布。") % {"id": missing[0]}, code="policies.no_definition", where=_("指标与口径"),
            remedy=_("请在本市的 figures/definitions.yaml 里写明口径，再装入。"),
        )  # fmt: skip


def told(value: Value) -> dict[str, Any]:
    return {
        "value": value.pk, "definition": value.definition_id, "dimensions": value.dimensions, "amount": value.amount,
        "revision": value.revision,
    }  # fmt: skip


def gone(found: Basis, wanted: Sequence[Stated]) -> list[Stated]:
    """Schemes that were published and have nothing any more: each is now nothing."""
    period, now = wanted[0].period, {canonical(dict(one.dimensions or {})) for one in wanted}
    past = [one for one in last_published(found.year) if one.dimensions not in now and one.amount]
    return [
        Stated(one.definition_id, period, Decimal(), found.source, dimensions=cut_of(one), rows=())
        for one in past
    ]


def cut_of(value: Value) -> dict[str, str]:
    found: dict[str, str] = json.loads(value.dimensions)
    return found


def all_stand(wanted: Sequence[Stated]) -> bool:
    """Whether the last published values of the year, of whatever day, say just this."""
    last = {
        (one.definition_id, one.dimensions, one.source_id): one
        for one in last_published(wanted[0].period.start.year)
    }
    return all(stands(one, last) for one in wanted)


def stands(one: Stated, last: dict[tuple[str, str, str], Value]) -> bool:
    draft = drafted(one)
    before = last.get((draft.definition_id, draft.dimensions, draft.source_id))
    return before is not None and same(before, draft, one)


def last_published(year: int) -> list[Value]:
    """Of each figure and cut the value of the latest day, in its last revision."""
    rows = readable_values().filter(
        definition__in=(*STATED, SHARE), start=date(year, 1, 1), end__lte=date(year, 12, 31)
    )
    latest: dict[tuple[str, str, str], Value] = {}
    for one in sorted(newest(rows), key=lambda value: value.end):
        latest[one.definition_id, one.dimensions, one.source_id] = one
    return list(latest.values())


@dataclass(frozen=True)
class Shown:
    """A figure of the year: what it comes to now, what of it is published, and whether that still is so."""

    definition: Definition
    now: Value | None
    published: Value | None
    current: bool


def shown(year: int, on: date) -> list[Shown]:
    """Each figure as a whole, in the order in which they are declared; empty where the city has not all of them."""
    definitions = list(Definition.objects.filter(pk__in=(*STATED, SHARE)).order_by("order"))
    if len(definitions) <= len(STATED):
        return []
    now = {one.definition: drafted(one) for one in stated(basis(year), on) if not one.dimensions}
    if now[BUDGET].amount:
        now |= {
            one.pk: unspent_share(one, now[UNSPENT], now[BUDGET]) for one in definitions if one.pk == SHARE
        }
    last = {one.definition_id: one for one in last_published(year) if one.dimensions == WHOLE}
    changed = {id for id in now if id not in last or now[id].amount != last[id].amount}
    return [Shown(one, now.get(one.pk), last.get(one.pk), not parts(one) & changed) for one in definitions]


def spread(year: int, on: date) -> list[Stated]:
    """What is published besides: the same figures by scheme."""
    return [one for one in stated(basis(year), on) if one.dimensions]


def unspent_share(definition: Definition, unspent: Value, budget: Value) -> Value:
    """As the room of figures divides it once both are published; the budget is not nothing."""
    share = Fraction(unspent.amount, budget.amount)
    amount = round_half_away(convert(share, "倍", definition.unit) * 10**definition.scale)
    return Value(definition=definition, amount=amount)


def parts(definition: Definition) -> set[str | None]:
    """What a figure rests on: a ratio on its parts."""
    return {definition.pk, definition.numerator_id, definition.denominator_id}
