"""Showing personal data in full: with a purpose, and an event that says who looked at what and why, never what it was."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.registry.personal.kinds import Shown, reach
from mangrove.registry.personal.rules import rules

SHOW = "registry.show_personal"
#: The purpose of whoever takes a list of persons to verify.
TO_VERIFY = "verify"


@transaction.atomic
def show(*, kind: str, id: str, purpose: str, by: User, on: date, note: str = "") -> Shown:
    """The whole of it, once. Raises :class:`Refusal` without a purpose that the rules know."""
    found, why = reach(by, kind, id), rules().purpose(purpose)
    if why is None:
        raise Refusal(
            _("须选定查看的目的。"), code="registry.personal.purpose", where=_("目的"),
            rule=rules().showing_cited, remedy=_("请从所列的目的里选；都不是的，不看。"),
        )  # fmt: skip
    payload = {"kind": kind, "purpose": purpose, "note": note, "fields": len(found.fields)}
    record(SHOW, subject=found.subject, by=by.actor, on=on, why=why.zh, payload=payload)
    return found
