"""A record that should not be there is taken out: it ends without a successor, and what was known until then stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import required
from mangrove.registry.labels import said
from mangrove.registry.models import User
from mangrove.registry.records.access import access_keeping
from mangrove.registry.records.kept import recorded
from mangrove.registry.records.models import Record
from mangrove.ui.languages import listed

WITHDRAW = "registry.withdraw_record"
#: Things that lead to it which a refusal names.
NAMED = 5


@transaction.atomic
def withdraw_record(*, entity: str, thing: UUID, by: User, on: date, why: str) -> Record:
    """Raises :class:`Refusal` where it has ended already, or where other records lead to it."""
    access_keeping(by, entity, thing)
    required(why, _("理由"))
    current = Record.objects.current().select_for_update().filter(entity=entity, thing=thing).first()
    if current is None:
        raise Refusal(
            _("这条记录已经撤下。"), code="registry.record.withdrawn", where=_("记录"),
            remedy=_("要恢复的，重新导入这一条。"),
        )  # fmt: skip
    refuse_led_to(current)
    current.known_until = max(timezone.now(), current.known_from + timedelta(microseconds=1))
    current.save(update_fields=["known_until"])
    payload = {"entity": entity, "key": current.key, "version": current.version}
    record(WITHDRAW, subject=current.ref, by=by.actor, on=on, why=why, payload=payload)
    return current


def refuse_led_to(one: Record) -> None:
    if found := list(leading_to(one)):
        raise Refusal(
            _("还有记录指向这一条：%(found)s。") % {"found": listed(found[:NAMED])},
            code="registry.record.led_to", where=one.key, rule=_("指向别的记录的，那一条须在"),
            remedy=_("请先撤下或改正指向它的记录。"),
        )  # fmt: skip


def leading_to(one: Record) -> Iterator[Any]:
    """``上市测算 c1`` for each record with a link to it."""
    for entity in recorded():
        for link in entity.relations.values():
            if link.to == one.entity:
                rows = Record.objects.current().filter(entity=entity.id, **{f"values__{link.id}": one.key})
                yield from (f"{said(entity)} {key}" for key in rows.values_list("key", flat=True)[:NAMED])
