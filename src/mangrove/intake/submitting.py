"""Handing in: once for each key, by the server's clock, with a receipt; and taking back what was handed in.

Whoever sends the same key again, by a double click, a request replayed or from a colleague's page, gets the submission that
was made of it. All is done in one transaction: the submission, its case, its limit, its events, and what programmes make of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.actions import open_case, reassign, take_step
from mangrove.casework.clock_actions import meet_clock, start_clock
from mangrove.casework.file_states import FileState
from mangrove.casework.models import Case
from mangrove.intake.access import access_application, opens_now
from mangrove.intake.actions import closed
from mangrove.intake.decisions import Answered, Lack, answered, content_hash, lacks, stored, unmended
from mangrove.intake.definition import Form
from mangrove.intake.guards import mending_limit
from mangrove.intake.hooks import Happened, tell
from mangrove.intake.known import known_answers
from mangrove.intake.likeness import free_text
from mangrove.intake.models import Application, Enclosure, FormalCheck, PaperFile, Submission
from mangrove.intake.papers import current, locked
from mangrove.intake.workflow import APPLICATION
from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.likeness.looking import enter
from mangrove.registry.models import User
from mangrove.ui.dates import moment
from mangrove.ui.languages import listed

CHECK = "intake_check"


@dataclass(frozen=True)
class Draft:
    """A draft read whole: what it asks, what it says, the files with it, what is missing, and what a return named and nobody changed."""

    form: Form
    read: Answered
    papers: Sequence[PaperFile]
    missing: Sequence[Lack]
    unmended: Sequence[Lack]

    @property
    def answers(self) -> dict[str, Any]:
        """As JSON keeps them; questions that are not asked or not answered are left out."""
        said = {one.id: stored(self.read.values.get(one.id)) for one in self.read.questions}
        return {id: value for id, value in said.items() if value is not None}

    @property
    def files(self) -> list[dict[str, Any]]:
        return [
            {"requirement": one.requirement, "name": one.name, "sha256": one.sha256, "size": one.size}
            for one in self.papers
        ]


def draft_of(application: Application) -> Draft:
    form = application.opening.form.definition
    typed = {id: text for sheet in application.sheets.all() for id, text in sheet.answers.items()}
    read = answered(form, typed, known_answers(form, application.organisation))
    asked = {paper.id for paper in read.papers}
    papers = [paper for paper in current(application) if paper.requirement in asked]
    refused = {paper.requirement for paper in papers if paper.state == FileState.REFUSED}
    empty = {paper.requirement for paper in papers if paper.reading.get("empty")}
    missing = lacks(form, read, {paper.requirement for paper in papers}, refused, empty)
    draft = Draft(form, read, papers, missing, [])
    return replace(draft, unmended=still_unmended(application, draft))


def still_unmended(application: Application, draft: Draft) -> list[Lack]:
    """What the return of the last submission named and the draft says again; empty where nothing was sent back."""
    checks = FormalCheck.objects.filter(
        submission__application=application, submission__round=application.rounds
    )
    check = checks.filter(outcome="return").select_related("submission").first()
    if check is None:
        return []
    now = {"answers": draft.answers, "papers": draft.files}
    return unmended(draft.form, [row["item"] for row in check.findings], check.submission.content, now)


@transaction.atomic
def submit(
    *, application_id: int, key: uuid.UUID, by: User, received_at: datetime, why: str = "",
    unchanged: Mapping[str, str] | None = None,
) -> Submission:  # fmt: skip
    """Hand the draft in. ``received_at``: when the request came in, by this server's clock; the deadline is held against it.

    ``why`` is the reason of what is entered after its day (补录); a request that came in before midnight needs none.
    ``unchanged``: by item, why what a return named is handed in as it was.
    Raises :class:`Refusal` after the deadline and its grace, and where something is missing, naming it.
    """
    access_application(by, application_id, to="submit")
    application = locked(application_id)
    made = application.submissions.filter(key=key).first()
    if made is not None:
        return made
    refuse_other_key(application, key)
    refuse_late(application, received_at)
    draft = draft_of(application)
    refuse_lacking(application, draft)
    reasons = reasons_of(draft, unchanged or {})
    refuse_unmended(application, draft, reasons)
    return handed_in(application, draft, reasons, key, by, received_at, why or why_late(received_at))


def refuse_other_key(application: Application, key: uuid.UUID) -> None:
    if application.key == key and application.writable:
        return
    raise Refusal(
        _("这一页打开之后，此件已有变动。"), code="intake.stale", where=application.number,
        remedy=_("请刷新页面，看过现在的情况后再提交。"),
    )  # fmt: skip


def refuse_late(application: Application, received_at: datetime) -> None:
    """A first submission keeps the window; a second one keeps the limit that its return set."""
    if application.case is None:
        standing = opens_now(application.opening, received_at)
        if standing != "open":
            raise closed(application.opening, standing)
        return
    clock = mending_limit(application.case)
    if clock and clock.due_on and timezone.localtime(received_at).date() > clock.due_on:
        raise Refusal(
            _("补正期限 %(due)s 已过。") % {"due": clock.due_on}, code="intake.mended_late", where=application.number,
            rule=clock.what, remedy=_("请联系受理处室。"),
        )  # fmt: skip


def refuse_lacking(application: Application, draft: Draft) -> None:
    if not draft.missing:
        return
    raise Refusal(
        _("还有 %(n)s 处没有填好：%(what)s。") % {"n": len(draft.missing), "what": listed(lack.label for lack in draft.missing[:8])},
        code="intake.lacking", where=application.number, remedy=_("请补上后再提交。"),
    )  # fmt: skip


def reasons_of(draft: Draft, said: Mapping[str, str]) -> dict[str, str]:
    """The reasons that are needed; what is said of an item that was changed is no longer one."""
    needed = {lack.item: said.get(lack.item, "").strip() for lack in draft.unmended}
    return {item: reason for item, reason in needed.items() if reason}


def refuse_unmended(application: Application, draft: Draft, reasons: Mapping[str, str]) -> None:
    """The number of returns is limited: one is not used up by pressing the button once more."""
    left = [lack.label for lack in draft.unmended if lack.item not in reasons]
    if not left:
        return
    raise Refusal(
        _("退回所指的 %(n)s 处与上次所交相同：%(what)s。") % {"n": len(left), "what": listed(left[:8])},
        code="intake.unmended", where=application.number, rule=_("退回补正的次数有限，原样再交会用掉一次"),
        remedy=_("请改好再交；确实不改的，请逐项写明理由。"),
    )  # fmt: skip


def handed_in(
    application: Application, draft: Draft, reasons: Mapping[str, str], key: uuid.UUID, by: User, received_at: datetime, why: str
) -> Submission:  # fmt: skip
    content = content_of(application, draft, reasons)
    digest = content_hash(content)
    kept = {
        "round": application.rounds + 1, "number": number_of(application), "key": key, "content": content,
        "content_hash": digest, "received_at": received_at, "submitted_at": timezone.now(),
        "closes_at": application.opening.closes_at, "by": by.username, "by_name": by.name,
        "in_grace": application.case is None and received_at >= application.opening.closes_at,
    }  # fmt: skip
    event = recorded(application, kept, by, why)
    made = Submission.objects.create(application=application, event=event, **kept)
    Enclosure.objects.bulk_create(Enclosure(submission=made, paper=paper) for paper in draft.papers)
    first = application.case is None
    moved(application, by, received_at, why)
    application.rounds, application.key, application.unlocked = made.round, uuid.uuid4(), []
    application.save(update_fields=["rounds", "key", "unlocked", "case"])
    enter(application.ref, free_text(draft.form, content))
    tell(Happened("submit" if first else "resubmit", application, made, by.actor, day(received_at), why))
    return made


def number_of(application: Application) -> str:
    """The number of the receipt: that of the application, and of its round from the second on."""
    return f"{application.number}-{application.rounds + 1}" if application.rounds else application.number


def content_of(application: Application, draft: Draft, reasons: Mapping[str, str]) -> dict[str, Any]:
    """All that is handed in, as JSON. Questions that were not asked have no answer in it.

    ``unchanged`` is there only where a reason was given for an item that a return named.
    """
    organisation, form, office = application.organisation, draft.form, application.opening.office
    content = {
        "form": {"id": form.id, "version": form.version, "sha256": form.sha256},
        "opening": application.opening_id, "round": application.rounds + 1,
        "office": {"id": office.pk, "name": office.name},
        "organisation": {"id": organisation.pk, "name": organisation.name, "credit_code": organisation.credit_code or ""},
        "answers": draft.answers,
        "known": sorted(one.id for one in draft.read.questions if one.id in draft.read.known), "papers": draft.files,
    }  # fmt: skip
    return content | ({"unchanged": dict(reasons)} if reasons else {})


def recorded(application: Application, kept: dict[str, Any], by: User, why: str) -> Any:
    """The act of handing in. The ledger has the hash of what was said, not what was said."""
    at = kept["received_at"]
    payload = {
        "number": kept["number"], "round": kept["round"], "content_hash": kept["content_hash"],
        "received_at": at.isoformat(), "closes_at": kept["closes_at"].isoformat(), "in_grace": kept["in_grace"],
        "papers": [one["sha256"] for one in kept["content"]["papers"]],
    }  # fmt: skip
    return record("intake.submit", subject=application.ref, by=by.actor, on=day(at), why=why, payload=payload)


def day(at: datetime) -> Any:
    return timezone.localtime(at).date()


def why_late(received_at: datetime) -> str:
    """What came in before midnight and is written down after it counts for the day on which it came in."""
    if day(received_at) >= timezone.localdate():
        return ""
    return _("请求于 %(at)s 到达服务器。") % {"at": f"{timezone.localtime(received_at):%Y-%m-%d %H:%M:%S}"}


def moved(application: Application, by: User, received_at: datetime, why: str) -> None:
    """Open the case, or take it back to the office; the limit of the check starts."""
    office: dict[str, Any] = {
        "organisation": application.opening.office,
        "unit": application.opening.unit,
        "owner": None,
    }
    told: dict[str, Any] = {"by": by.actor, "on": day(received_at), "why": why}
    if application.case is None:
        application.case = open_case(
            workflow_id=APPLICATION.id,
            subject=application.ref,
            title=application.title[:300],
            **office,
            **told,
        )
    else:
        back_to_office(application.case, by, told, office)
    start_limit(application.case, CHECK, by=by, on=told["on"], why=told["why"])


def back_to_office(case: Case, by: User, told: dict[str, Any], office: dict[str, Any]) -> None:
    clock = mending_limit(case)
    if clock is not None:
        meet_clock(clock.pk, **told)
    taken = take_step(case.pk, "resubmit", roles=by.roles, expected_version=case.version, **told)
    why = told["why"] or _("补正后提交")
    reassign(taken.case_id, expected_version=taken.case.version, **{**told, "why": why}, **office)


def start_limit(case: Case, key: str, *, by: User, on: Any, why: str = "") -> None:
    """Start a limit where the city has a rule for it; without one the case has no date, and nothing is made up."""
    try:
        with transaction.atomic():
            start_clock(case, key, by=by.actor, on=on, why=why)
    except Refusal as refusal:
        if refusal.code != "casework.no_limit":
            raise


@transaction.atomic
def withdraw(*, application_id: int, by: User, on: Any, why: str, expected_version: int) -> Application:
    """Take back what was handed in, with a reason; it ends there."""
    found = access_application(by, application_id, to="withdraw")
    application = locked(application_id)
    assert found.case is not None
    take_step(
        found.case.pk,
        "withdraw",
        by=by.actor,
        roles=by.roles,
        on=on,
        why=why,
        expected_version=expected_version,
    )
    application.unlocked = []
    application.save(update_fields=["unlocked"])
    last = application.submissions.get(round=application.rounds)
    tell(Happened("withdraw", application, last, by.actor, on, why))
    return application


def received(at: datetime) -> str:
    return f"{moment(at)}:{timezone.localtime(at):%S}"
