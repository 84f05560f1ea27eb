"""An office, two firms with two people each, a published form and an open window; and an application led to any state."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from mangrove.casework.models import Case
from mangrove.intake import actions, checking, drafts, papers, submitting
from mangrove.intake.checking import Finding
from mangrove.intake.models import Application, FormVersion, Opening, PaperFile, Submission
from mangrove.jobs import worker
from mangrove.ledger.refs import SYSTEM
from mangrove.registry.models import Organisation, User

FORM = """
form: sample
version: 1
title: {zh: 样例申报表, en: Sample application}
source: 样例（合成）
status: 待核
sections:
- id: applicant
  title: {zh: 申报单位, en: Applicant}
  questions:
  - {id: name, field: organisation.name, required: "true"}
  - {id: trade, field: organisation.trade, required: "true"}
  - {id: contact, text: {zh: 联系人, en: Contact}, required: "true", most: "100"}
- id: project
  title: {zh: 项目, en: Project}
  questions:
  - {id: title, text: {zh: 项目名称, en: Project title}, required: "true", most: "100"}
  - {id: summary, text: {zh: 项目概述, en: Summary}, required: "true", most: "3000"}
  - {id: revenue, field: firm_year.revenue, required: "true"}
  - {id: large, text: {zh: 规模说明, en: On its size}, required: "true", most: "500", shown when: revenue >= 1亿元}
- id: papers
  title: {zh: 材料, en: Papers}
  papers:
  - {id: licence, paper: {zh: 登记证书, en: Licence}, required: "true", kinds: [pdf], most: "2"}
  - {id: audit, paper: {zh: 审计报告, en: Audit report}, kinds: [pdf], shown when: revenue >= 1亿元}
"""
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ANSWERS = {
    "applicant": {"trade": "通信设备", "contact": "经办人甲 0755-00000000"},
    "project": {"title": "5G 专网（样例）", "summary": "车间里的一张专网。", "revenue": "500万元"},
}  # fmt: skip


def today() -> date:
    return timezone.localdate()


def now() -> datetime:
    return timezone.now()


def office() -> Opening:
    """The bureau and its officers, the firms and their people, the form and a window that is open now."""
    bureau = Organisation.objects.get_or_create(id="gxj", defaults={"name": "市工信局"})[0]
    for name in ("officer", "officer_b"):
        person(name, bureau, ["case_officer"], "应用处")
    person(
        "stranger",
        Organisation.objects.get_or_create(id="fgw", defaults={"name": "市发改委"})[0],
        ["case_officer"],
    )
    person("auditor", bureau, ["auditor"])
    firm("firm_a", "深圳甲企业有限公司", "a1", "a2")
    firm("firm_b", "深圳乙企业有限公司", "b1")
    return window()


def person(username: str, organisation: Organisation, roles: list[str], unit: str = "") -> User:
    return User.objects.get_or_create(
        username=username, defaults={"name": f"经办人{username}", "organisation": organisation, "roles": roles, "unit": unit}
    )[0]  # fmt: skip


def firm(id: str, name: str, *people: str) -> Organisation:
    made = Organisation.objects.get_or_create(
        id=id, defaults={"name": name, "kind": "firm", "synthetic": True}
    )[0]
    for username in people:
        person(username, made, ["applicant"])
    return made


def published(text: str = FORM) -> FormVersion:
    return actions.publish_form(text=text, by=SYSTEM, on=today())


def window(**told: Any) -> Opening:
    said: dict[str, Any] = {
        "id": "sample-2026", "form": published(), "title": "样例申报（合成）", "title_en": "Sample call (synthetic)",
        "opens_at": now() - timedelta(days=10), "closes_at": now() + timedelta(days=10),
        "office": Organisation.objects.get(pk="gxj"), "unit": "应用处", "synthetic": True,
    }  # fmt: skip
    return actions.open_window(by=SYSTEM, on=today(), **{**said, **told})


def who(username: str) -> User:
    return User.objects.select_related("organisation").get(username=username)


def begun(username: str = "a1", opening: str = "sample-2026") -> Application:
    return actions.start(opening_id=opening, by=who(username))


def write(
    application: Application, section: str, answers: dict[str, str], by: str = "a1", base: int | None = None
) -> drafts.Kept:
    if base is None:
        base = application.sheets.get(section=section).revision
    return drafts.save(application_id=application.pk, section=section, answers=answers, base=base, by=who(by))


def hand_in(
    application: Application,
    requirement: str = "licence",
    content: bytes = PDF,
    name: str = "证书.pdf",
    by: str = "a1",
) -> PaperFile:
    return papers.upload(
        application_id=application.pk, requirement=requirement, file=io.BytesIO(content), name=name, by=who(by), on=today()
    )  # fmt: skip


def filled(username: str = "a1", opening: str = "sample-2026") -> Application:
    application = begun(username, opening)
    for section, answers in ANSWERS.items():
        write(application, section, answers, username)
    hand_in(application, by=username)
    return again(application)


def again(application: Application) -> Application:
    return Application.objects.select_related("opening__form", "organisation", "case").get(pk=application.pk)


def submit(
    application: Application, by: str = "a1", at: datetime | None = None, key: Any = None, unchanged: dict[str, str] | None = None,
) -> Submission:  # fmt: skip
    key = key or again(application).key
    return submitting.submit(
        application_id=application.pk, key=key, by=who(by), received_at=at or now(), unchanged=unchanged
    )


def case(application: Application) -> Case:
    found = again(application).case
    assert found is not None
    return found


def take(application: Application, by: str = "officer") -> Application:
    return checking.take(
        application_id=application.pk, by=who(by), on=today(), expected_version=case(application).version
    )


def decide(
    application: Application, outcome: str, *findings: Finding, by: str = "officer", why: str = "见清单。"
) -> Any:
    return checking.decide(
        application_id=application.pk, outcome=outcome, findings=findings, by=who(by), on=today(), why=why,
        expected_version=case(application).version,
    )  # fmt: skip


FAULT = Finding("summary", "unclear", "请写明用在哪里")


def lead_to(state: str, username: str = "a1", opening: str = "sample-2026") -> Application:
    """An application at ``draft``, ``filled`` or a state of the workflow."""
    if state == "draft":
        return begun(username, opening)
    application = filled(username, opening)
    if state == "filled":
        return application
    submit(application, username)
    worker.work(until_idle=True)
    if state != "submitted":
        take(application)
    if state == "returned":
        decide(application, "return", FAULT)
    if state == "accepted":
        decide(application, "accept", why="")
    if state == "refused":
        decide(application, "refuse", why="不在范围。")
    return again(application)
