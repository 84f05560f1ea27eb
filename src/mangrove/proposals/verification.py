"""What the room keeps, checked against the ledger: signed letters are what was signed, withdrawn proposals were withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.proposals.composition import hash_of
from mangrove.proposals.models import Proposal, SignedLetter
from mangrove.proposals.workflow import WITHDRAWN

SIGNING = "proposals.reply.sign"


def verify_letters() -> list[str]:
    """One sentence for each letter that is not as it was signed, and for each signature whose letter is gone."""
    letters = SignedLetter.objects.select_related(
        "reply__proposal", "reply__organisation", "event__body"
    ).order_by("pk")
    found = [check_letter(letter) for letter in letters]
    lost = Event.objects.filter(act=SIGNING, signed_letter=None).order_by("pk")
    gone = [_("账本事件 %(event)s 签发的正式函不见了") % {"event": event.uid} for event in lost]
    return [fault for fault in found if fault] + gone


def verify_registrations() -> list[str]:
    """One sentence for each proposal whose number is free, or is not, against what its case says.

    The state of a case is checked against its acts elsewhere.
    """
    told = Q(case__state=WITHDRAWN)
    wrong = Proposal.objects.filter((told & Q(withdrawn=False)) | (~told & Q(withdrawn=True)))
    return [
        _("建议 %(proposal)s 是否已撤销，与账本所记不同") % {"proposal": one} for one in wrong.order_by("pk")
    ]


def check_letter(letter: SignedLetter) -> str | None:
    named = {"letter": f"{letter.reply} v{letter.version}", "event": letter.event.uid}
    if hash_of(letter.head, letter.body) != letter.content_hash:
        return _("正式函 %(letter)s 的文字与其摘要不符") % named
    if not signed(letter, letter.event, said(letter.event)):
        return _("正式函 %(letter)s 的摘要、签发人、意见或日期与账本事件 %(event)s 所记不同") % named
    return None


def signed(letter: SignedLetter, event: Event, told: Mapping[str, Any] | None) -> bool:
    """Whether the event is this letter's signature; one that was withheld still says who, when and with what opinion."""
    kept = (letter.signer, letter.opinion, letter.signed_on)
    return (
        event.act == SIGNING
        and kept == (event.actor, event.why, event.business_date)
        and (told is None or told["content_hash"] == letter.content_hash)
    )
