"""Who an objection, a complaint or a report was from, forgotten when its time after the answer is over; what was said stays."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mangrove.casework.grievances import scans
from mangrove.casework.grievances.actions import sealed
from mangrove.casework.grievances.models import Secret
from mangrove.casework.messages.models import Mail, Message
from mangrove.casework.models import Case
from mangrove.casework.sealing import digest_of, new_salt
from mangrove.ledger.actions import record
from mangrove.ledger.refs import SYSTEM
from mangrove.registry.personal.retention import Kept
from mangrove.registry.personal.rules import rules

ID, ACT = "grievance_sender", "casework.purge_sender"
#: What tells the person. The organisation, if one objected, is no person and stays.
TELLING = ("name", "contact", "address", "handed_in_by", "lodged_by")


def over(last: date) -> QuerySet[Secret]:
    return Secret.objects.filter(purged_on=None, grievance__case__closed_on__lte=last)


def purge(last: date) -> int:
    """One after another, each whole or not at all."""
    return sum(purge_one(pk, last) for pk in over(last).values_list("pk", flat=True))


@transaction.atomic
def purge_one(id: uuid.UUID, last: date) -> bool:
    """Whether it was emptied now; another worker may have been at it.

    Scans name the sender by themselves and go. The salt goes too, so that nobody can try names at the ledger's old digest.
    What is left is sealed anew.
    """
    case = Case.objects.select_for_update().get(grievance=id)
    secret = over(last).filter(pk=id).first()
    if secret is None:
        return False
    forget_message(secret)
    for field in TELLING:
        setattr(secret, field, "")
    secret.salt, secret.purged_on = new_salt(), timezone.localdate()
    secret.save()
    payload = {
        "digest": sealed(secret), "answer": answer_digest(secret), "days": rules().kept(ID).days,
        "scans": scans.forget(secret.pk),
    }  # fmt: skip
    record(ACT, subject=case.ref, by=SYSTEM, on=secret.purged_on, payload=payload)
    return True


def forget_message(secret: Secret) -> None:
    """What the house told the sender about it: a message to an account says whose it was."""
    about = secret.grievance.ref
    told = Message.objects.filter(
        to__username=secret.lodged_by, about_room=about.room, about_kind=about.kind, about_id=about.id
    )
    Mail.objects.filter(message__in=told).delete()
    told.delete()


def answer_digest(secret: Secret) -> str:
    return digest_of(secret.salt, {"answer": secret.answer})


SENDERS = Kept(
    ID, _("异议、投诉、举报的反映人（姓名、电话、地址、递交人、账号、扫描件、给他的消息）"), _("编号、内容、答复和重新封存的摘要"),
    lambda last: over(last).count(), purge, ACT,
)  # fmt: skip
