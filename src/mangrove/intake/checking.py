"""The formal check (形式审查): an officer takes a submission up, marks each item, and lets it pass, sends it back, or refuses it.

It is sent back once, for named sections only, with every fault said at once; those sections and no others are open again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.casework.actions import reassign, take_step
from mangrove.casework.clock_actions import meet_clock
from mangrove.casework.models import Case, CaseAct
from mangrove.intake.access import access_application
from mangrove.intake.definition import Form
from mangrove.intake.guards import MEND
from mangrove.intake.hooks import Happened, tell
from mangrove.intake.models import Application, FormalCheck, Submission
from mangrove.intake.papers import locked
from mangrove.intake.submitting import CHECK, start_limit
from mangrove.intake.telling import tell_applicants
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User

FAULTS = "formal_fault"
OUTCOMES = ("accept", "return", "refuse")


@dataclass(frozen=True)
class Finding:
    """A fault of one question or paper: ``fault`` is a word of the vocabulary."""

    item: str
    fault: str
    note: str = ""


@transaction.atomic
def take(*, application_id: int, by: User, on: date, expected_version: int, why: str = "") -> Application:
    """Take the check up: from now on it is this officer's, and the applicant sees that it is under way."""
    found = access_application(by, application_id, to="take")
    application = locked(application_id)
    taken = step(found, "take", by=by, on=on, why=why, expected_version=expected_version)
    reassign(
        taken.case_id, by=by.actor, on=on, why=why or _("开始审查"), expected_version=taken.case.version, owner=by,
        unit=application.opening.unit, organisation=application.opening.office,
    )  # fmt: skip
    return application


@transaction.atomic
def decide(
    *, application_id: int, outcome: str, findings: Sequence[Finding], by: User, on: date, expected_version: int, why: str = "",
) -> FormalCheck:  # fmt: skip
    """End the check in one of :data:`OUTCOMES`. Two officers at once: one decides, the other is told who did."""
    if outcome not in OUTCOMES:
        raise Refusal(_("没有这种结论。"), code="intake.bad_outcome", where=outcome)
    found = access_application(by, application_id, to=outcome)
    application = locked(application_id)
    submission = application.submissions.get(round=application.rounds)
    form = application.opening.form.definition
    refuse_bad_findings(form, outcome, findings)
    sections = sections_of(form, findings) if outcome == "return" else []
    why = why if why.strip() or outcome == "accept" else noted(form, findings)
    said = [{"item": one.item, "fault": one.fault, "note": one.note} for one in findings]
    told = {"submission": submission.number, "findings": said, "sections": sections}
    taken = step(found, outcome, by=by, on=on, why=why, expected_version=expected_version, details=told)
    met(taken.case, by, on, why)
    if outcome == "return":
        sent_back(application, taken, sections, by, on, why)
    made = FormalCheck.objects.create(
        submission=submission, outcome=outcome, findings=said, sections=sections, opinion=why, by=by.username,
        by_name=by.name, checked_at=timezone.now(), event=taken.event,
    )  # fmt: skip
    tell_applicants(application, outcome, why)
    tell(Happened(outcome, application, submission, by.actor, on, why))
    return made


def step(application: Application, act: str, *, by: User, on: date, expected_version: int, why: str = "", details: Mapping[str, Any] | None = None) -> CaseAct:  # fmt: skip
    assert application.case is not None
    return take_step(
        application.case.pk, act, by=by.actor, roles=by.roles, on=on, why=why, expected_version=expected_version,
        details=details,
    )  # fmt: skip


def refuse_bad_findings(form: Form, outcome: str, findings: Sequence[Finding]) -> None:
    words = vocabulary.enum(FAULTS).words
    for one in findings:
        if one.item not in form.by_id or one.fault not in words:
            raise Refusal(
                _("没有这一项或这种问题。"), code="intake.bad_finding", where=f"{one.item} {one.fault}"
            )
        if one.fault == "other" and not one.note.strip():
            raise Refusal(
                _("选“其他”的须写明是什么问题。"), code="intake.finding_needs_note", where=str(form.by_id[one.item].label)
            )  # fmt: skip
    if outcome == "return" and not findings:
        raise Refusal(
            _("退回补正须指明是哪几项、什么问题。"), code="intake.nothing_named", where=_("审查清单"),
            rule=_("只退指明的部分，其余部分不再打开"), remedy=_("请在清单里标出问题。"),
        )  # fmt: skip
    if outcome == "accept" and findings:
        raise Refusal(
            _("清单里还有问题，不能通过。"), code="intake.faults_left", where=str(form.by_id[findings[0].item].label),
            remedy=_("请退回补正，或去掉所标的问题。"),
        )  # fmt: skip


def noted(form: Form, findings: Sequence[Finding]) -> str:
    """The faults in words, as the reason where the officer gave no other; empty where none was described."""
    if not any(one.note.strip() for one in findings):
        return ""
    fault, label = vocabulary.enum(FAULTS).words, form.by_id
    said = (f"{label[one.item].label.zh}：{one.note.strip() or fault[one.fault].zh}" for one in findings)
    return "；".join(said)


def sections_of(form: Form, findings: Sequence[Finding]) -> list[str]:
    named = {form.by_id[one.item].section for one in findings}
    return [id for id in form.section_ids if id in named]


def met(case: Case, by: User, on: date, why: str) -> None:
    clock = case.clocks.filter(terms__key=CHECK, met_on=None).order_by("-id").first()
    if clock is not None:
        meet_clock(clock.pk, by=by.actor, on=on, why=why)


def sent_back(
    application: Application, taken: CaseAct, sections: list[str], by: User, on: date, why: str
) -> None:
    """The case goes to the applicant, with the named sections open and a day by which they must be back."""
    application.unlocked = sections
    application.save(update_fields=["unlocked"])
    reassign(
        taken.case_id, by=by.actor, on=on, why=why, expected_version=taken.case.version, owner=None, unit="",
        organisation=application.organisation,
    )  # fmt: skip
    start_limit(taken.case, MEND, by=by, on=on, why=why)


@transaction.atomic
def lapse(*, application_id: int, by: User, on: date, why: str, expected_version: int) -> Application:
    """End what was sent back and did not come back in time."""
    found = access_application(by, application_id, to="lapse")
    application = locked(application_id)
    taken = step(found, "lapse", by=by, on=on, why=why, expected_version=expected_version)
    application.unlocked = []
    application.save(update_fields=["unlocked"])
    last: Submission = application.submissions.get(round=application.rounds)
    tell_applicants(application, "refuse", why)
    tell(Happened("refuse", application, last, by.actor, taken.on, why))
    return application
