"""Lists of dishonesty (失信名单): whether a firm stands on one on a day, by the registry's records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.funding.models import Award
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, bodies_of
from mangrove.registry.records.models import Record

ENTITY = "dishonesty_record"


@dataclass(frozen=True)
class Listing:
    """One listing as the registry knows it now. ``removed_on`` is the first day on which it no longer holds."""

    key: str
    thing: str
    organisation: str
    list: str
    source: str
    listed_on: date | None
    removed_on: date | None

    def on(self, day: date) -> bool:
        """Whether it holds that day; of one whose first day is not known a person must say."""
        begun = self.listed_on is None or self.listed_on <= day
        return begun and (self.removed_on is None or day < self.removed_on)


def listings(organisations: Collection[str]) -> list[Listing]:
    """Every listing of these bodies, past ones too, by its first day."""
    rows = Record.objects.current().filter(entity=ENTITY, organisation__in=bodies_of(*organisations))
    return sorted(map(listing, rows), key=lambda one: (one.listed_on or date.min, one.key))


def listing(row: Record) -> Listing:
    said = row.values
    return Listing(
        row.key, str(row.thing), str(row.organisation_id), said.get("list", ""), row.source, day(said.get("listed_on")),
        day(said.get("removed_on")),
    )  # fmt: skip


def day(said: Any) -> date | None:
    return date.fromisoformat(said) if said else None


def listed_on(organisations: Collection[str], day: date) -> list[Listing]:
    """Those that hold that day."""
    return [one for one in listings(organisations) if one.on(day)]


def is_listed(organisation: str) -> bool:
    """Whether one names it today."""
    return bool(listed_on({organisation}, timezone.localdate()))


def refuse_listed(awards: Sequence[Award], on: date) -> None:
    """No order is prepared, approved or sent to whom a list names that day. Raises :class:`Refusal` for the first."""
    found = listed_on({award.recipient_id for award in awards}, on)
    if not found:
        return
    first = found[0]
    raise Refusal(
        _("%(firm)s 自 %(since)s 列入“%(list)s”，%(on)s 仍在名单上，不能付款。") % {
            "firm": Organisation.objects.get(pk=first.organisation).name, "since": first.listed_on or "—",
            "list": first.list or "—", "on": on,
        },
        code="policies.listed", where=_("收款单位"), rule=_("失信主体不得申报和领取资助，付款前再核一次"),
        remedy=_("已移出名单的，请先更新失信记录再办；仍在名单上的，请作废指令或移出批次，并报分管领导。"),
    )  # fmt: skip
