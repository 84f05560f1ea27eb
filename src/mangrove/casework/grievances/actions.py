"""Lodging an objection, a complaint, a report; taking it up, declining, answering. Nothing of it tells who it is from.

The ledger keeps a salted digest of what was lodged (``casework/sealing.py``). What somebody lodges by their own account
is recorded as the act of a person whose name is withheld; the account stands in the secret row alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from mangrove.casework.actions import open_case, take_step
from mangrove.casework.clock_actions import meet_clock, start_clock
from mangrove.casework.grievances.access import access_grievance, may_enter, takers
from mangrove.casework.grievances.admission import Lodging, admit, refuse_nobody_there
from mangrove.casework.grievances.models import Grievance, Secret
from mangrove.casework.grievances.workflow import FLOWS
from mangrove.casework.messages.actions import tell
from mangrove.casework.models import Case, CaseAct
from mangrove.casework.notices.models import Notice, NoticeItem
from mangrove.casework.rules import rules
from mangrove.casework.sealing import digest_of, new_salt, refuse_telling
from mangrove.ledger.refs import Actor
from mangrove.registry.models import Organisation, User

#: Who lodges by their own account, as the ledger writes them; no account can have this name.
WITHHELD = Actor("-withheld-", "反映人（身份保密）", "")
RECEIVED, ANSWERED = "casework.grievance_received", "casework.grievance_answered"
CHINESE = {"objection": "异议", "complaint": "投诉", "report": "举报"}
#: What of the secret the digest covers.
SEALED = (
    "name",
    "contact",
    "address",
    "handed_in_by",
    "against",
    "against_unit",
    "content",
    "papers",
    "lodged_by",
)


@dataclass(frozen=True)
class From:
    """Who it is from; all empty where it is anonymous."""

    name: str = ""
    organisation: Organisation | None = None
    contact: str = ""
    address: str = ""
    handed_in_by: str = ""

    @property
    def is_anonymous(self) -> bool:
        return not self.name.strip() and self.organisation is None


@transaction.atomic
def lodge(
    *,
    kind: str,
    by: User,
    on: date,
    content: str,
    sender: From,
    papers: Collection[str],
    notice: Notice | None = None,
    item: NoticeItem | None = None,
    against: str = "",
    against_unit: str = "",
    unit: str = "",
    organisation: Organisation | None = None,
    why: str = "",
) -> Grievance:
    """Lodge one of the three; ``unit`` handles it, by default the one that the rules (or the notice) name.

    The notice's case is locked, so that it is not closed meanwhile. Raises :class:`Refusal` as ``admission.admit`` does.
    """
    if notice is not None:
        Case.objects.select_for_update().get(pk=notice.case_id)
        notice = Notice.objects.select_related("case").get(pk=notice.pk)
    named = office_of(kind, notice)
    organisation = organisation or (notice.case.organisation if notice else by.body)
    lodging = Lodging(
        kind, by, on, content, sender, frozenset(papers), notice, item, against, against_unit, unit or named
    )
    admit(lodging)
    if lodging.unit != named:
        refuse_nobody_there(lodging, takers(kind, organisation, lodging.unit))
    refuse_telling(told_of_sender(sender), why, "")
    return keep(lodging, organisation, why)


def office_of(kind: str, notice: Notice | None) -> str:
    if kind == "objection" and notice is not None:
        return notice.objection_unit
    return rules().grievance(kind).unit


def told_of_sender(sender: From) -> list[str]:
    names = [sender.organisation.name, sender.organisation.short_name] if sender.organisation else []
    return [sender.name, sender.contact, sender.address, sender.handed_in_by, *names]


def sender_of(secret: Secret) -> From:
    return From(secret.name, secret.organisation, secret.contact, secret.address, secret.handed_in_by)


def keep(lodging: Lodging, organisation: Organisation | None, why: str) -> Grievance:
    """Write the case, the row and the secret; the ledger gets a digest."""
    by = lodging.by.actor if may_enter(lodging.by, lodging.kind) else WITHHELD
    grievance = Grievance(kind=lodging.kind, notice=lodging.notice, received_on=lodging.on)
    secret = secret_of(grievance, lodging)
    flow = FLOWS[lodging.kind]
    grievance.case = open_case(
        workflow_id=flow.id, subject=grievance.ref, title=title_of(grievance), by=by, on=lodging.on, why=why,
        unit=lodging.unit, organisation=organisation, details={"digest": sealed(secret)},
    )  # fmt: skip
    grievance.save(force_insert=True)
    secret.grievance = grievance
    secret.save(force_insert=True)
    start_clock(grievance.case, "acceptance", by=by, on=lodging.on, why=why)
    tell(
        RECEIVED,
        to=office(grievance),
        key=f"grievance/{grievance.pk}",
        about=grievance.ref,
        title=grievance.case.title,
    )
    return grievance


def title_of(grievance: Grievance) -> str:
    """In Chinese, as all that is kept: the kind and the number."""
    return f"{CHINESE[grievance.kind]} {grievance.short}"


def secret_of(grievance: Grievance, lodging: Lodging) -> Secret:
    sender = lodging.sender
    return Secret(
        grievance=grievance, name=sender.name, organisation=sender.organisation, contact=sender.contact,
        address=sender.address, handed_in_by=sender.handed_in_by, item=lodging.item, against=lodging.against,
        against_unit=lodging.against_unit, content=lodging.content, papers=sorted(lodging.papers),
        lodged_by="" if may_enter(lodging.by, lodging.kind) else lodging.by.username, salt=new_salt(),
    )  # fmt: skip


def sealed(secret: Secret) -> str:
    said: dict[str, Any] = {name: getattr(secret, name) for name in SEALED}
    said |= {"organisation": secret.organisation_id or "", "item": secret.item_id or 0}
    return digest_of(secret.salt, said)


def office(grievance: Grievance) -> list[User]:
    """The people who handle it."""
    return takers(grievance.kind, grievance.case.organisation, grievance.case.unit)


@transaction.atomic
def accept(*, by: User, on: date, id: uuid.UUID, expected_version: int, why: str = "") -> CaseAct:
    """Take it up: the limit of the answer starts."""
    grievance = access_grievance(by, id, to="accept")
    taken = step("accept", grievance, by=by, on=on, expected_version=expected_version, why=why)
    meet(grievance, "acceptance", by, on, why)
    start_clock(grievance.case, rules().grievance(grievance.kind).limit, by=by.actor, on=on, why=why)
    return taken


@transaction.atomic
def answer(
    *, by: User, on: date, id: uuid.UUID, words: str, outcome: str, expected_version: int, why: str = ""
) -> CaseAct:
    """Answer it. The words go to who it is from, and into the secret row; the ledger keeps the outcome and a digest."""
    grievance = access_grievance(by, id, to="answer")
    taken = ended(
        "answer",
        grievance,
        by=by,
        on=on,
        words=words,
        outcome=outcome,
        expected_version=expected_version,
        why=why,
    )
    grievance.outcome = outcome
    grievance.save(update_fields=["outcome"])
    return taken


@transaction.atomic
def end(
    *, by: User, on: date, id: uuid.UUID, act: str, words: str, expected_version: int, why: str = ""
) -> CaseAct:
    """Decline it, or note that it was taken back; ``words`` say why to who it is from, and stay secret."""
    grievance = access_grievance(by, id, to=act)
    return ended(
        act, grievance, by=by, on=on, words=words, outcome="", expected_version=expected_version, why=why
    )


def ended(
    act: str,
    grievance: Grievance,
    *,
    by: User,
    on: date,
    words: str,
    outcome: str,
    expected_version: int,
    why: str,
) -> CaseAct:
    secret = grievance.secret
    digest = digest_of(secret.salt, {"answer": words})
    taken = step(
        act,
        grievance,
        by=by,
        on=on,
        expected_version=expected_version,
        why=why,
        outcome=outcome,
        digest=digest,
    )
    secret.answer = words
    secret.save(update_fields=["answer"])
    for key in ("acceptance", rules().grievance(grievance.kind).limit):
        meet(grievance, key, by, on, why)
    lodger = User.objects.filter(username=secret.lodged_by, is_active=True)
    tell(
        ANSWERED,
        to=lodger,
        key=f"grievance/{grievance.pk}/{act}",
        about=grievance.ref,
        title=grievance.case.title,
    )
    return taken


def step(
    act: str, grievance: Grievance, *, by: User, on: date, expected_version: int, why: str, **details: str
) -> CaseAct:
    refuse_telling(told_of_sender(sender_of(grievance.secret)), why, "")
    return take_step(
        grievance.case_id, act, by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details=details,
    )  # fmt: skip


def meet(grievance: Grievance, key: str, by: User, on: date, why: str) -> None:
    for clock in grievance.case.clocks.filter(met_on=None):
        if clock.terms["key"] == key:
            meet_clock(clock.pk, by=by.actor, on=on, why=why)
