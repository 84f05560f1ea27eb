"""Notices and what is said about them, requests, meetings, delegations and messages, for the scene of the browser tests."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone

from mangrove.casework.delegations import actions as delegations
from mangrove.casework.grievances import actions as grievances
from mangrove.casework.grievances.actions import From
from mangrove.casework.grievances.scans import upload
from mangrove.casework.meetings import actions as meetings
from mangrove.casework.meetings.actions import Decided
from mangrove.casework.messages.delivering import deliver
from mangrove.casework.messages.models import Message
from mangrove.casework.notices import actions as notices
from mangrove.casework.notices.actions import Line
from mangrove.casework.notices.models import Notice
from mangrove.casework.requests import actions as requests
from mangrove.casework.requests.admission import Asked
from mangrove.casework.rules import rules
from mangrove.jobs import worker
from mangrove.proposals.delegated import ACT
from mangrove.registry.models import Organisation, User


def who(username: str) -> User:
    return User.objects.get(username=username)


def today() -> Any:
    return timezone.localdate()


def live() -> dict[str, Any]:
    """One of each, as far on as shows most; the officer then has messages to read."""
    notice = published_notice()
    objection = objected(notice)
    asked = asked_department()
    entered, confirmed = meeting("专题会"), meeting("局长办公会")
    meetings.confirm(
        by=who("reviewer_a"), on=today(), id=confirmed.pk, upload=io.BytesIO("会议纪要（样例）".encode()), name="纪要.txt",
        expected_version=confirmed.case.version,
    )  # fmt: skip
    delegation = delegations.give(
        by=who("director"), on=today(), delegate=who("deputy_director"), acts=[ACT], starts_on=today(),
        ends_on=today() + timedelta(days=9), why="外出参会",
    )  # fmt: skip
    deliver()
    return {
        "notice": notice, "objection": objection, "verification": asked, "meeting": entered,
        "decision": confirmed.decisions.get(number=1), "delegation": delegation,
        "message": Message.objects.filter(to=who("deputy_director")).latest("id"),
    }  # fmt: skip


def firms() -> list[Organisation]:
    return list(Organisation.objects.filter(kind="firm").order_by("id")[:3])


def published_notice() -> Notice:
    lines = [
        Line(firm.ref, firm.name, f"拟资助 {n}0 万元", firm, firm.name_en)
        for n, firm in enumerate(firms(), start=4)
    ]
    notice = notices.prepare(
        by=who("officer_a"), on=today(), title="5G 应用示范项目拟资助计划公示（样例，合成）", lines=lines,
        objection_unit="政策法规处", body="现将拟资助计划予以公示（样例，合成）。",
    )  # fmt: skip
    notices.publish(by=who("director"), on=today(), id=notice.pk, expected_version=notice.case.version)
    notice.case.refresh_from_db()
    notices.correct(
        by=who("officer_a"), on=today(), id=notice.pk, number=1, result="拟资助 45 万元", why="录入有误",
        expected_version=notice.case.version,
    )  # fmt: skip
    return notice


def objected(notice: Notice) -> Any:
    item = notice.items.order_by("number")[0]
    objection = grievances.lodge(
        kind="objection", by=who("objection_a"), on=today(), content="认为评分有误，请复核（样例）。", notice=notice, item=item,
        sender=From("项目负责人（样例）", item.applicant, "0755-00000000", "样例地址", "递交人（样例）"),
        papers=[paper.id for paper in rules().grievance("objection").papers],
    )  # fmt: skip
    grievances.accept(
        by=who("objection_a"), on=today(), id=objection.pk, expected_version=objection.case.version
    )
    scan = io.BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    upload(id=objection.pk, file=scan, name="书面异议（样例）.pdf", by=who("objection_a"), on=today())
    worker.work(until_idle=True)
    return objection


def asked_department() -> Any:
    return requests.ask(
        by=who("officer_a"), on=today(), department=Organisation.objects.get(pk="szgxj"), unit="基础设施处",
        purpose="核对资助资格（样例）", basis="资助资金管理办法（样例）", question="有无重复申报",
        items=[Asked("other", "样例项目甲（合成）"), Asked("other", "样例项目乙（合成）")],
        keep_until=today() + timedelta(days=30),
    )  # fmt: skip


def meeting(name: str) -> Any:
    return meetings.enter(
        by=who("officer_a"), on=today(), name=f"{name}（样例）", held_on=today() - timedelta(days=1),
        decisions=[Decided("拟资助计划", "原则同意，按程序公示（样例）。"), Decided("其他事项", "再议（样例）。")],
    )  # fmt: skip
