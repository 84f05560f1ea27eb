"""What people do with a notice: prepare, publish, correct, withdraw, close. Each is atomic and writes its event."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.actions import lock_case, open_case, take_step
from mangrove.casework.clock_actions import meet_clock, start_clock
from mangrove.casework.grievances.offices import refuse_same_office
from mangrove.casework.messages.actions import tell
from mangrove.casework.models import CaseAct
from mangrove.casework.notices.access import access_notice, refuse_unless_may_prepare
from mangrove.casework.notices.models import Notice, NoticeCorrection, NoticeItem
from mangrove.casework.notices.workflow import NOTICE, PERIOD, period_of
from mangrove.casework.rules import rules
from mangrove.casework.working_days import ONE_DAY
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User, bodies_of

PUBLISHED = "casework.notice_published"


@dataclass(frozen=True)
class Line:
    """One line to publish: the thing, its public words, its public result, and whose it is."""

    about: Ref
    words: str
    result: str
    applicant: Organisation | None = None
    words_en: str = ""
    result_en: str = ""

    def told(self) -> dict[str, Any]:
        """What the ledger keeps of it; everything of a notice is public."""
        own = {name: value for name, value in asdict(self).items() if name not in ("about", "applicant")}
        return own | {"about": str(self.about), "applicant": self.applicant.pk if self.applicant else ""}


@transaction.atomic
def prepare(
    *,
    by: User,
    on: date,
    title: str,
    lines: Sequence[Line],
    objection_unit: str,
    body: str = "",
    why: str = "",
) -> Notice:
    """Draw a notice up; the unit of who prepares it is its business office. Raises :class:`Refusal`."""
    refuse_unless_may_prepare(by)
    refuse_same_office(by.unit, objection_unit)
    refuse_empty(lines)
    notice = Notice(title=title, body=body, objection_unit=objection_unit)
    notice.case = open_case(
        workflow_id=NOTICE.id, subject=notice.ref, title=title, by=by.actor, on=on, why=why, unit=by.unit,
        organisation=by.body,
        details={"body": body, "objection_unit": objection_unit, "lines": [line.told() for line in lines]},
    )  # fmt: skip
    notice.save(force_insert=True)
    NoticeItem.objects.bulk_create(item(notice, number, line) for number, line in enumerate(lines, start=1))
    return notice


def item(notice: Notice, number: int, line: Line) -> NoticeItem:
    return NoticeItem(
        notice=notice, number=number, about_room=line.about.room, about_kind=line.about.kind,
        about_id=line.about.id, applicant=line.applicant, words=line.words, words_en=line.words_en,
        result=line.result, result_en=line.result_en,
    )  # fmt: skip


def refuse_empty(lines: Sequence[Line]) -> None:
    if not lines or any(not line.words.strip() or not line.result.strip() for line in lines):
        raise Refusal(
            _("公示至少有一项，每项写明对象和结果。"), code="casework.empty_notice", where=_("公示内容"),
        )  # fmt: skip


@transaction.atomic
def publish(*, by: User, on: date, id: uuid.UUID, expected_version: int, why: str = "") -> Notice:
    """Open the period. Its first day counts, as in the bureau's notices, so the clock starts the day before."""
    notice = access_notice(by, id, to="publish")
    step("publish", notice, by=by, on=on, expected_version=expected_version, why=why)
    start_clock(notice.case, PERIOD, by=by.actor, on=on, started_on=on - ONE_DAY, why=why)
    notice.published_on = on
    notice.save(update_fields=["published_on"])
    tell_applicants(notice, f"notice/{notice.pk}")
    return notice


def period_end(notice: Notice) -> str:
    clock = period_of(notice.case)
    return clock.due_on.isoformat() if clock and clock.due_on else ""


def step(
    act: str, notice: Notice, *, by: User, on: date, expected_version: int, why: str, **details: Any
) -> CaseAct:
    return take_step(
        notice.case_id, act, by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details=details,
    )  # fmt: skip


@transaction.atomic
def correct(
    *, by: User, on: date, id: uuid.UUID, number: int, result: str, expected_version: int, why: str
) -> NoticeCorrection:
    """Correct the published result of one line. What it said stays readable; the period starts anew where the rules say so."""
    notice = access_notice(by, id, to="correct")
    lock_case(notice.case_id, expected_version)
    line = NoticeItem.objects.get(notice=notice, number=number)
    refuse_no_correction(notice, line, result, on)
    taken = step(
        "correct", notice, by=by, on=on, expected_version=expected_version, why=why,
        number=number, was=line.result, now=result,
    )  # fmt: skip
    kept = NoticeCorrection.objects.create(
        item=line, was=line.result, now=result, reason=why, corrected_on=on, event=taken.event
    )
    line.result, line.result_en = result, ""
    line.save(update_fields=["result", "result_en"])
    if rules().correction_restarts:
        restart(notice, by, on, why)
    return kept


def refuse_no_correction(notice: Notice, line: NoticeItem, result: str, on: date) -> None:
    clock = period_of(notice.case)
    if clock is not None and clock.due_on is not None and on > clock.due_on:
        raise Refusal(
            _("公示期已于 %(until)s 届满，不能再更正。") % {"until": clock.due_on},
            code="casework.notice_period", where=notice.title, remedy=_("请撤回后重新公示。"),
        )  # fmt: skip
    if not result.strip() or result == line.result:
        raise Refusal(
            _("更正后的结果与原来相同或为空。"), code="casework.same_result", where=_("更正为"),
        )  # fmt: skip


def restart(notice: Notice, by: User, on: date, why: str) -> None:
    """The running period ends with the correction, and a whole one begins."""
    clock = period_of(notice.case)
    if clock is not None and clock.started_on < on - ONE_DAY:
        meet_clock(clock.pk, by=by.actor, on=on, why=why)
        start_clock(notice.case, PERIOD, by=by.actor, on=on, started_on=on - ONE_DAY, why=why)


@transaction.atomic
def end(*, by: User, on: date, id: uuid.UUID, act: str, expected_version: int, why: str = "") -> Notice:
    """Close the notice (``close_clear``, ``close_answered``) or withdraw it; its period no longer runs."""
    notice = access_notice(by, id, to=act)
    step(act, notice, by=by, on=on, expected_version=expected_version, why=why)
    clock = period_of(notice.case)
    if clock is not None and clock.met_on is None:
        meet_clock(clock.pk, by=by.actor, on=on, why=why)
    return notice


@transaction.atomic
def reopen(*, by: User, on: date, id: uuid.UUID, expected_version: int, why: str) -> Notice:
    """Open again what was closed by mistake. Its period runs anew, or goes on from its first day, as the rules say."""
    notice = access_notice(by, id, to="reopen")
    before = period_of(notice.case)
    anew = rules().reopening_restarts or before is None
    taken = step(
        "reopen", notice, by=by, on=on, expected_version=expected_version, why=why, rule=rules().reopening_cited, anew=anew
    )  # fmt: skip
    started = on - ONE_DAY if anew else before.started_on  # type: ignore[union-attr]
    start_clock(notice.case, PERIOD, by=by.actor, on=on, started_on=started, why=why)
    tell_applicants(notice, f"notice/{notice.pk}/{taken.sequence}")
    return notice


def tell_applicants(notice: Notice, key: str) -> None:
    applicants = bodies_of(*notice.items.values_list("applicant", flat=True))
    own = User.objects.filter(is_active=True, organisation__in=applicants)
    tell(PUBLISHED, to=own, key=key, about=notice.ref, title=notice.title, until=period_end(notice))
