"""Asking, answering, giving back, withdrawing, forgetting. What is asked about and the answers stand in rows alone.

The ledger has a salted digest of each; when the time is over the rows are emptied and the bodies of these events
withheld, so that neither can be tried out any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.actions import lock_case, open_case, refuse_out_of_order, take_step, write_step
from mangrove.casework.clock_actions import meet_clock, start_clock
from mangrove.casework.messages.actions import tell
from mangrove.casework.models import Case
from mangrove.casework.requests.access import access_verification, refuse_unless_may_ask
from mangrove.casework.requests.admission import Asked, refuse_answers, refuse_request
from mangrove.casework.requests.models import Verification, VerificationItem
from mangrove.casework.requests.workflow import OFFICER, VERIFICATION
from mangrove.casework.sealing import digest_of, new_salt, refuse_telling
from mangrove.casework.workflow import no_such_step
from mangrove.ledger.actions import record, withhold
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM, Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User, bodies_of

ASKED, ANSWERED, RETURNED = (
    "casework.verification_asked",
    "casework.verification_answered",
    "casework.verification_returned",
)
#: The events whose bodies say something of what was asked or answered.
TELLING = tuple(f"{VERIFICATION.id}.{act}" for act in ("open", "answer"))
#: Kept with the act; what is kept is in Chinese.
TIME_OVER = "保存期限已满"


@transaction.atomic
def ask(
    *,
    by: User,
    on: date,
    department: Organisation,
    purpose: str,
    basis: str,
    question: str,
    items: Sequence[Asked],
    keep_until: date,
    unit: str = "",
    why: str = "",
) -> Verification:
    """Ask a department about these; the limit of its answer starts. Raises :class:`Refusal`."""
    refuse_unless_may_ask(by)
    refuse_request(by, department, unit, items, (purpose, basis, question), on, keep_until)
    refuse_telling([one.value for one in items], "\n".join((purpose, basis, question, why)), "")
    verification = Verification(
        asker=by.body,
        asker_unit=by.unit,
        purpose=purpose,
        basis=basis,
        question=question,
        keep_until=keep_until,
    )
    rows = [
        VerificationItem(
            verification=verification, number=number, kind=one.kind, value=one.value, salt=new_salt()
        )
        for number, one in enumerate(items, start=1)
    ]
    verification.case = open_case(
        workflow_id=VERIFICATION.id, subject=verification.ref, title=title_of(verification, department), by=by.actor,
        on=on, why=why, unit=unit, organisation=department,
        details={
            "purpose": purpose, "basis": basis, "question": question, "keep_until": keep_until.isoformat(),
            "digests": [asked_digest(row) for row in rows],
        },
    )  # fmt: skip
    verification.save(force_insert=True)
    VerificationItem.objects.bulk_create(rows)
    start_clock(verification.case, "verification_answer", by=by.actor, on=on, why=why)
    say(ASKED, verification, people(department.pk, [unit] if unit else None))
    return verification


def title_of(verification: Verification, department: Organisation) -> str:
    return f"核验请求 {str(verification.pk)[:8]}（{department.name}）"


def asked_digest(row: VerificationItem) -> str:
    return digest_of(row.salt, {"kind": row.kind, "value": row.value})


def answered_digest(row: VerificationItem) -> str:
    return digest_of(row.salt, {"value": row.value, "answer": row.answer, "remark": row.remark})


def people(organisation: str, units: Sequence[str] | None) -> list[User]:
    found = User.objects.filter(is_active=True, organisation__in=bodies_of(organisation))
    if units is not None:
        found = found.filter(Q(unit__in=units))
    return [user for user in found if user.has_role(*OFFICER)]


def say(kind: str, verification: Verification, to: Sequence[User]) -> None:
    tell(kind, to=to, key=f"{kind}/{verification.pk}", about=verification.ref, title=verification.case.title)


@transaction.atomic
def answer(
    *,
    by: User,
    on: date,
    id: uuid.UUID,
    answers: Mapping[int, tuple[str, str]],
    expected_version: int,
    why: str = "",
) -> Verification:
    """Answer each by its number: hit, no hit or unclear, and a remark. All at once, or not at all."""
    verification = access_verification(by, id, to="answer")
    rows = list(verification.items.order_by("number"))
    refuse_answers(rows, answers)
    refuse_telling([row.value for row in rows], why, "")
    for row in rows:
        row.answer, row.remark = answers[row.number]
    take_step(
        verification.case_id, "answer", by=by.actor, roles=by.roles, on=on, expected_version=expected_version,
        why=why, details={"answered": len(rows), "digests": [answered_digest(row) for row in rows]},
    )  # fmt: skip
    VerificationItem.objects.bulk_update(rows, ["answer", "remark"], batch_size=200)
    meet(verification, by.actor, on, why)
    say(ANSWERED, verification, people(verification.asker_id, [verification.asker_unit]))
    return verification


@transaction.atomic
def give_back(*, by: User, on: date, id: uuid.UUID, expected_version: int, why: str) -> Verification:
    """The department cannot answer, and says why."""
    verification = access_verification(by, id, to="give_back")
    refuse_telling(verification.items.values_list("value", flat=True), why, "")
    take_step(
        verification.case_id,
        "give_back",
        by=by.actor,
        roles=by.roles,
        on=on,
        expected_version=expected_version,
        why=why,
    )
    meet(verification, by.actor, on, why)
    say(RETURNED, verification, people(verification.asker_id, [verification.asker_unit]))
    return verification


@transaction.atomic
def withdraw(*, by: User, on: date, id: uuid.UUID, expected_version: int, why: str) -> Verification:
    """The unit that asked no longer needs to know."""
    verification = access_verification(by, id, to="withdraw")
    refuse_telling(verification.items.values_list("value", flat=True), why, "")
    case = lock_case(verification.case_id, expected_version)
    step = VERIFICATION.move(case.state, "withdraw")
    if step is None:
        raise no_such_step(VERIFICATION, case.state, "withdraw")
    if not why.strip():
        raise Refusal(
            _("“%(label)s”须写明理由。") % {"label": step.label},
            code="casework.needs_reason",
            where=_("理由"),
        )
    refuse_out_of_order(case, on)
    write_step(VERIFICATION, case, step, by=by.actor, on=on, why=why, details={})
    meet(verification, by.actor, on, why)
    return verification


def meet(verification: Verification, by: Actor, on: date, why: str) -> None:
    for clock in verification.case.clocks.filter(met_on=None):
        meet_clock(clock.pk, by=by, on=on, why=why)


def forget() -> int:
    """Empty every request whose time is over; returns how many. One after another, each whole or not at all."""
    over = Verification.objects.filter(keep_until__lt=timezone.localdate(), cleared_on=None)
    return sum(forget_one(pk) for pk in over.values_list("pk", flat=True))


@transaction.atomic
def forget_one(id: uuid.UUID) -> bool:
    """Whether it was emptied now; another worker may have been at it."""
    today = timezone.localdate()
    case = Case.objects.select_for_update().get(verification=id)
    verification = Verification.objects.get(pk=id)
    if verification.cleared_on is not None or today <= verification.keep_until:
        return False
    verification.case = case
    lapse(verification, today)
    events = Event.objects.filter(room="casework", kind="case", object_id=str(case.pk), act__in=TELLING)
    for event in events.filter(body__withheld_by=None):
        withhold(event, by=SYSTEM, on=today, why=TIME_OVER)
    verification.items.update(value="", answer="", remark="", salt="")
    verification.cleared_on = today
    verification.save(update_fields=["cleared_on"])
    payload = {"items": verification.items.count(), "keep_until": verification.keep_until.isoformat()}
    record("casework.clear_verification", subject=case.ref, by=SYSTEM, on=today, payload=payload)
    return True


def lapse(verification: Verification, today: date) -> None:
    """What was never answered ends with its time."""
    step = VERIFICATION.move(verification.case.state, "lapse")
    if step is not None:
        write_step(VERIFICATION, verification.case, step, by=SYSTEM, on=today, why="", details={})
        meet(verification, SYSTEM, today, "")
