"""What the experts found goes before a meeting, then before the public; an objection is lodged and answered."""

from __future__ import annotations

import io

from django.db import transaction

from mangrove.casework.grievances import actions as grievances
from mangrove.casework.grievances import scans
from mangrove.casework.grievances.actions import From
from mangrove.casework.meetings import actions as meetings
from mangrove.casework.meetings.actions import Decided
from mangrove.casework.meetings.models import Meeting
from mangrove.casework.notices import actions as notices
from mangrove.casework.notices.actions import Line as Said
from mangrove.casework.notices.models import Notice
from mangrove.casework.requests import actions as requests
from mangrove.casework.requests.admission import Asked
from mangrove.casework.requests.models import Verification
from mangrove.casework.rules import rules
from mangrove.intake.models import Application, Opening
from mangrove.reviews.models import Round
from mangrove.workbench.sample.applying import accepted
from mangrove.workbench.sample.paper import paper
from mangrove.workbench.sample.telling import Line, Telling, day, fen, who

CONFIRMS, PUBLISHES, TAKES_OBJECTIONS = "reviewer_a", "director", "objection_a"


def ask(told: Telling) -> None:
    """Another unit is asked to verify; asked once."""
    said = told.said["question"]
    if Verification.objects.filter(purpose=said["purpose"]).exists():
        return
    requests.ask(
        department=told.bureau, unit=said["unit"], purpose=said["purpose"], basis=said["basis"], question=said["question"],
        items=[Asked("other", one) for one in said["items"]], keep_until=day(said["kept_until"]), **told.at(said["asked"]),
    )  # fmt: skip


@transaction.atomic
def decide(told: Telling, opening: Opening, reviewed: Round) -> None:
    if not Meeting.objects.filter(
        name=told.said["meeting"]["name"], held_on=told.said["meeting"]["held"]
    ).exists():
        meet(told, reviewed)
    if not Notice.objects.filter(title=told.said["notice"]["title"]).exists():
        notice = publish(told, opening)
        answer_objection(told, notice)
        close(told, notice)


def meet(told: Telling, reviewed: Round) -> None:
    """The meeting decides; its minutes confirm what was entered."""
    said = told.said["meeting"]
    decided = [Decided(said["subject"], said["text"], reviewed.ref)]
    made = meetings.enter(
        name=said["name"], held_on=day(said["held"]), decisions=decided, **told.at(said["entered"])
    )
    minutes = f"{said['name']}纪要\n\n{said['subject']}：{said['text']}\n"
    meetings.confirm(
        id=made.pk, upload=io.BytesIO(minutes.encode()), name="会议纪要（合成）.txt", expected_version=made.case.version,
        **told.at(said["confirmed"], who(CONFIRMS)),
    )  # fmt: skip


def publish(told: Telling, opening: Opening) -> Notice:
    said, unit = told.said["notice"], rules().grievance("objection").unit
    lines = [public_line(line, one) for line, one in accepted(told, opening)]
    made = notices.prepare(title=said["title"], lines=lines, objection_unit=unit, **told.at(said["prepared"]))
    return notices.publish(
        id=made.pk, expected_version=made.case.version, **told.at(said["published"], who(PUBLISHES))
    )


def public_line(line: Line, one: Application) -> Said:
    firm, amount = one.organisation, line.get("amount")
    result = f"拟资助 {fen(amount) // 1_000_000} 万元" if amount else "不予资助"
    result_en = f"Proposed grant: CNY {fen(amount) // 100:,}" if amount else "No grant"
    return Said(one.ref, f"{firm.name} · {line['title']}", result, firm, firm.name_en, result_en)


def answer_objection(told: Telling, notice: Notice) -> None:
    """The applicant objects to its own result; the office that takes objections answers within the period."""
    said, office = told.said["notice"]["objection"], who(TAKES_OBJECTIONS)
    user = who(said["by"])
    rule = rules().grievance("objection")
    sender = From(user.name, user.organisation, "0755-00000000", "样例地址（合成）", user.name)
    made = grievances.lodge(
        kind="objection", content=said["content"], sender=sender, papers=[paper.id for paper in rule.papers],
        notice=notice, item=notice.items.get(applicant=user.organisation), **told.at(said["lodged"], user),
    )  # fmt: skip
    scans.upload(
        id=made.pk, file=io.BytesIO(paper("written objection")), name="书面异议（合成）.pdf", **told.at(said["lodged"], user)
    )  # fmt: skip
    grievances.accept(id=made.pk, expected_version=made.case.version, **told.at(said["accepted"], office))
    made.case.refresh_from_db()
    grievances.answer(
        id=made.pk, words=said["answer"], outcome=said["outcome"], expected_version=made.case.version,
        **told.at(said["answered"], office),
    )  # fmt: skip


def close(told: Telling, notice: Notice) -> None:
    notice.case.refresh_from_db()
    notices.end(
        id=notice.pk, act="close_answered", expected_version=notice.case.version, **told.at(told.said["notice"]["closed"])
    )  # fmt: skip
