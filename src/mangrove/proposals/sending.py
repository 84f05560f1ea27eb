"""After the signature: the letter gets its number and goes to everybody it names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.promises import send_promises
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.access import access_reply
from mangrove.proposals.actions import step, unless_taken
from mangrove.proposals.decisions import refuse_document_number, refuse_long_names
from mangrove.proposals.models import Delivery, Numbering, Reply, SignedLetter
from mangrove.registry.models import User
from mangrove.ui.languages import listed


@transaction.atomic
def give_number(
    *, by: User, on: date, reply_id: str, document_number: str, expected_version: int, why: str = ""
) -> Reply:
    """Give the signed letter its 发文字号; a number is used once, by one letter."""
    refuse_document_number(document_number)
    reply = access_reply(by, reply_id, to="number")
    taken = step(
        "number", by=by, on=on, reply_id=reply_id, expected_version=expected_version, why=why, number=document_number
    )  # fmt: skip
    used = Refusal(
        _("%(document_number)s 已经用过。") % {"document_number": document_number}, code="proposals.number_used", where=_("发文字号"), remedy=_("请用下一个号。")
    )  # fmt: skip
    letter = reply.signed_letters.order_by("-version")[0]
    with unless_taken(used):
        Numbering.objects.create(letter=letter, number=document_number, event=taken.event)
    reply.document_number = document_number
    reply.save(update_fields=["document_number"])
    return reply


@transaction.atomic
def deliver(
    *, by: User, on: date, reply_id: str, to: Sequence[str], means: str, expected_version: int, why: str = ""
) -> list[Delivery]:
    """Deliver the signed letter to the deputies and the copied offices."""
    reply = access_reply(by, reply_id, to="deliver")
    letter = reply.signed_letters.order_by("-version")[0]
    refuse_long_names(to, _("送达对象"))
    refuse_missing_recipients(letter, to)
    taken = step(
        "deliver", by=by, on=on, reply_id=reply_id, expected_version=expected_version, why=why,
        to="、".join(to), means=means, content_hash=letter.content_hash,
    )  # fmt: skip
    send_promises(letter=letter.ref, letter_text=letter.body, by=by.actor, on=on, why=why)
    return [
        Delivery.objects.create(letter=letter, to=name, means=means, on=on, event=taken.event) for name in to
    ]


def refuse_missing_recipients(letter: SignedLetter, to: Sequence[str]) -> None:
    """A letter goes to the deputy it is addressed to and to every office that it says is copied."""
    lead = letter.reply.proposal.lead_deputy
    missing = [] if any(lead in name for name in to) else [f"{lead}代表"]
    missing += [name for name in letter.head["copies"] if name not in to]
    if missing:
        raise Refusal(
            _("送达对象缺少%(missing)s。") % {"missing": listed(missing)},
            code="proposals.missing_recipients", where=_("送达对象"), rule=_("函上写明的主送和抄送"), remedy=_("请补上后再送达。"),
        )  # fmt: skip
