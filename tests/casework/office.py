"""The bureau as notices need it: a business office, an objection office, who signs, who oversees, and firms that applied."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from laying import laid
from mangrove.casework.calendars import load_calendar
from mangrove.casework.grievances import actions as grievances
from mangrove.casework.grievances.actions import From
from mangrove.casework.grievances.models import Grievance
from mangrove.casework.notices import actions
from mangrove.casework.notices.actions import Line
from mangrove.casework.notices.models import Notice
from mangrove.casework.rules import rules
from mangrove.ledger.refs import SYSTEM
from mangrove.registry.models import Organisation, Unit, User

#: username: (name, organisation, unit, roles)
PEOPLE: dict[str, tuple[str, str, str, list[str]]] = {
    "officer": ("经办人甲", "gxj", "应用处", ["case_officer"]),
    "neighbour": ("经办人乙", "gxj", "产业处", ["case_officer"]),
    "signer": ("局长", "gxj", "局领导", ["signer"]),
    "objections": ("异议受理员甲", "gxj", "政策法规处", ["objection_office"]),
    "complaints": ("投诉举报受理员甲", "gxj", "办公室", ["complaint_office"]),
    "inspector": ("督查室督办员", "sz_inspection", "督查一处", ["inspector"]),
    "auditor": ("审计员", "sz_audit", "", ["auditor"]),
    "sysadmin": ("系统管理员", "gxj", "信息中心", ["sysadmin"]),
    "security": ("安全管理员", "gxj", "信息中心", ["security"]),
    "firm": ("甲公司专员", "firm_a", "", []),
    "rival": ("乙公司专员", "firm_b", "", []),
}
NAMES = {
    "gxj": "市工业和信息化局", "sz_inspection": "市政府督查室", "sz_audit": "市审计局",
    "firm_a": "深圳市甲样例有限公司", "firm_b": "深圳市乙样例有限公司",
}  # fmt: skip
PAPERS = [paper.id for paper in rules().grievance("objection").papers]


@laid
def open_office() -> None:
    """The people, their organisations and units, and the holiday table."""
    for id, name in NAMES.items():
        Organisation.objects.get_or_create(id=id, defaults={"name": name, "synthetic": True})
    for order, name in enumerate(
        dict.fromkeys(unit for _n, org, unit, _r in PEOPLE.values() if org == "gxj")
    ):
        Unit.objects.get_or_create(id=f"gxj_{order}", organisation_id="gxj", name=name)
    for username, (name, organisation, unit, roles) in PEOPLE.items():
        User.objects.create(
            username=username, name=name, organisation_id=organisation, unit=unit, roles=roles, password="!"
        )
    load_calendar(by=SYSTEM, on=timezone.localdate())


def who(username: str) -> User:
    return User.objects.get(username=username)


def today() -> date:
    return timezone.localdate()


def line(organisation: str, result: str = "拟资助 120 万元") -> Line:
    firm = Organisation.objects.get(pk=organisation)
    return Line(firm.ref, firm.name, result, firm)


def prepared(**more: Any) -> Notice:
    given: dict[str, Any] = {
        "by": who("officer"), "on": today(), "title": "2026 年 5G 应用示范项目拟资助计划公示（样例）",
        "lines": [line("firm_a"), line("firm_b", "拟资助 80 万元")], "objection_unit": "政策法规处",
    }  # fmt: skip
    return actions.prepare(**given | more)


def at(notice: Notice, username: str, **more: Any) -> dict[str, Any]:
    """Who acts on the notice as it now stands, today."""
    notice.case.refresh_from_db()
    now = {"by": who(username), "on": today(), "id": notice.pk, "expected_version": notice.case.version}
    return now | more


def published(on: date | None = None, **more: Any) -> Notice:
    """Published ``on`` that day; in the past as back-entry."""
    on = on or today()
    why = "" if on == today() else "按存档原件补录"
    notice = prepared(on=on, why=why, **more)
    return actions.publish(**at(notice, "signer", on=on, why=why))


def long_ago() -> date:
    """A first day whose period is surely over."""
    return today() - timedelta(days=60)


def lodge(
    kind: str = "objection", username: str = "objections", notice: Notice | None = None, **more: Any
) -> Grievance:
    """One of the three about the first line of a notice, with all papers, from the firm of that line."""
    item = notice.items.order_by("number")[0] if notice and kind != "complaint" else None
    given: dict[str, Any] = {
        "kind": kind, "by": who(username), "on": today(), "content": "评分有误。", "notice": notice, "item": item,
        "papers": PAPERS, "against": "" if kind == "objection" else "样例第三方机构",
        "sender": From("专员丙", item.applicant if item else None, "0755-1", "科技路 1 号", "专员丙"),
    }  # fmt: skip
    return grievances.lodge(**given | more)


def on_grievance(grievance: Grievance, username: str, **more: Any) -> dict[str, Any]:
    grievance.case.refresh_from_db()
    now = {"by": who(username), "on": today(), "id": grievance.pk, "expected_version": grievance.case.version}
    return now | more


def accepted(grievance: Grievance, username: str = "objections") -> Grievance:
    grievances.accept(**on_grievance(grievance, username))
    return grievance


def answered(grievance: Grievance, username: str = "objections", outcome: str = "rejected") -> Grievance:
    accepted(grievance, username)
    grievances.answer(**on_grievance(grievance, username, words="经复核，评分无误。", outcome=outcome))
    return grievance


def unknown() -> uuid.UUID:
    return uuid.uuid4()
