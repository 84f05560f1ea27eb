"""Writing the ledger. Every room's acts end in :func:`record`, inside their own transaction."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.hashing import canonical, payload_hash
from mangrove.ledger.models import WITHHOLD, Body, Event
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal


def record(
    act: str,
    *,
    subject: Ref,
    by: Actor,
    on: date,
    payload: Mapping[str, Any],
    why: str = "",
    batch: uuid.UUID | None = None,
) -> Event:
    """Write one event and its body; must be called inside the act's own ``transaction.atomic()``.

    ``on`` is the business date. A business date before today is back-entry (补录) and needs ``why``;
    one in the future is refused. Raises :class:`Refusal`; ``RuntimeError`` outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of the act it records")
    today = timezone.localdate()
    refuse_bad_date(on, today, why)
    salt, text = secrets.token_hex(16), canonical(payload)
    event = Event.objects.create(
        act=act, room=subject.room, kind=subject.kind, object_id=subject.id,
        actor=by.username, actor_name=by.name, actor_role=by.role,
        business_date=on, recorded_at=timezone.now(), back_entry=on < today,
        why=why, batch=batch, payload_hash=payload_hash(salt, text),
    )  # fmt: skip
    Body.objects.create(event=event, salt=salt, text=text)
    return event


def refuse_bad_date(on: date, today: date, why: str) -> None:
    if on > today:
        raise Refusal(
            _("业务日期 %(on)s 在今天（%(today)s）之后。") % {"on": on, "today": today},
            code="ledger.future_date", where=_("业务日期"), remedy=_("请填写实际发生的日期。"),
        )  # fmt: skip
    if on < today and not why.strip():
        raise Refusal(
            _("业务日期 %(on)s 早于今天（%(today)s），属于补录，须写明理由。") % {"on": on, "today": today},
            code="ledger.back_entry_needs_reason", where=_("补录理由"), remedy=_("请写明为何补录，例如“按存档原件补录”。"),
        )  # fmt: skip


@transaction.atomic
def withhold(event: Event, *, by: Actor, on: date, why: str) -> Event:
    """Empty the body of an event (personal data erased, say); the event and its seal stay and still verify."""
    body = Body.objects.select_for_update().get(event=event)
    refuse_to_withhold(event, body, why)
    act = record(WITHHOLD, subject=event.subject, by=by, on=on, why=why, payload={"event": str(event.uid)})
    Body.objects.filter(event=event).update(text="", salt="", withheld_by=act)
    return act


def refuse_to_withhold(event: Event, body: Body, why: str) -> None:
    if not why.strip():
        raise Refusal(_("撤下账本内容须写明理由。"), code="ledger.withhold_needs_reason", where=_("理由"))
    if body.withheld_by_id is not None:
        raise Refusal(_("这条账本内容已经撤下。"), code="ledger.withheld", where=str(event.uid))
    if event.act == WITHHOLD:
        raise Refusal(
            _("撤下的记录本身不能再撤下。"), code="ledger.withholding_stays", where=str(event.uid),
            rule=_("撤下了哪一条，须能从账本核验"),
        )  # fmt: skip
