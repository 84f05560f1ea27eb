"""A bureau, firms, the library published, a scheme's window; and claims led to any place of their way, by the acts themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import yaml
from django.utils import timezone

from laying import laid
from mangrove.casework.messages.models import Message  # noqa: F401 -- tables of the whole house are there
from mangrove.casework.notices import actions as notices
from mangrove.casework.rules import rules
from mangrove.funding import actions as funding
from mangrove.funding.models import Pot
from mangrove.intake import actions as intake
from mangrove.intake import checking, drafts, papers, submitting
from mangrove.intake.models import Application, Opening
from mangrove.jobs import worker
from mangrove.ledger.refs import SYSTEM
from mangrove.policies.claims import actions as claims
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.searching_doubts import search
from mangrove.policies.claims.standing import checks
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.publishing import publish_shelf
from mangrove.policies.plans import actions as plans
from mangrove.policies.plans.models import Plan
from mangrove.policies.schemes.definition import schemes
from mangrove.policies.schemes.forming import form_text
from mangrove.policies.schemes.opening import open_scheme
from mangrove.policies.schemes.rules import rule_on
from mangrove.registry.models import Organisation, User

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
COSTS = "行号,费用内容\n1,交换机\n".encode()
WHY = "样例补录（合成）"
FIRMS = ("a", "b", "c", "d")
#: Who plays whom where the scene is another city's; see ``scene.py``.
CAST: dict[str, str] = {}


def today() -> date:
    return timezone.localdate()


#: How many days earlier than usual all is done, inside :func:`long_ago`.
SHIFT: list[int] = [0]


@contextmanager
def long_ago(days: int) -> Iterator[None]:
    """What is done inside happened so many days earlier: money paid then can be measured today."""
    SHIFT.append(days)
    try:
        yield
    finally:
        SHIFT.pop()


def at(on: date | None = None) -> dict[str, Any]:
    """The business day of all that is done here: some weeks ago, so that a notice of it can have ended; entered later, with a reason."""
    return {"on": on or days_ago(40), "why": WHY}


def days_ago(n: int) -> date:
    return today() - timedelta(days=n + SHIFT[-1])


def moment() -> datetime:
    return timezone.now() - timedelta(days=40 + SHIFT[-1])


def who(name: str) -> User:
    return User.objects.select_related("organisation").get(username=CAST.get(name, name))


def person(username: str, organisation: Organisation, roles: list[str], unit: str = "") -> User:
    return User.objects.get_or_create(
        username=username, defaults={"name": f"经办人{username}", "organisation": organisation, "roles": roles, "unit": unit}
    )[0]  # fmt: skip


@laid
def bureau() -> None:
    """The people, the firms, and the whole shelf in the library."""
    office = Organisation.objects.get_or_create(
        id="gxj", defaults={"name": "市工信局", "kind": "government"}
    )[0]
    person("officer", office, ["case_officer"], "应用处")
    person("officer_b", office, ["case_officer"], "基础设施处")
    person("director", office, ["signer"], "局领导")
    person("deputy", office, ["signer"], "局领导")
    person("payer", office, ["payment_officer"])
    person("approver", office, ["payment_approver"])
    person(
        "auditor", Organisation.objects.get_or_create(id="sj", defaults={"name": "市审计局"})[0], ["auditor"]
    )
    person(
        "stranger",
        Organisation.objects.get_or_create(id="fgw", defaults={"name": "市发改委"})[0],
        ["case_officer"],
    )
    for name in FIRMS:
        one = Organisation.objects.get_or_create(
            id=f"firm_{name}", defaults={"name": f"深圳{name.upper()}企业有限公司（合成）", "kind": "firm", "synthetic": True}
        )[0]  # fmt: skip
        person(f"firm_{name}", one, ["applicant"])
    publish_shelf(by=SYSTEM, on=days_ago(70), why="样例补录（合成）")


def window(scheme: str = "testbed", **told: Any) -> Opening:
    if not RuleText.objects.exists():
        bureau()
    said: dict[str, Any] = {
        "scheme_id": scheme, "id": f"{scheme}-w", "title": "样例申报（合成）", "title_en": "Sample call (synthetic)",
        "opens_at": timezone.now() - timedelta(days=60 + SHIFT[-1]), "closes_at": timezone.now() + timedelta(days=10),
        "by": who("officer"), "synthetic": True, **at(),
    }  # fmt: skip
    return open_scheme(**{**said, **told})


def worded_window(scheme: str = "testbed") -> Opening:
    """Open under a form as it was published before indicators were rows: a free text for each of the scheme's."""
    bureau()
    said = yaml.safe_load(form_text(schemes()[scheme], rule_on(schemes()[scheme], days_ago(40)), 1))
    for section in said["sections"]:
        section["questions" if "questions" in section else "papers"] = [
            WORDED if one["id"] == "promises" else one
            for one in section.get("questions") or section["papers"]
        ]
    form = intake.publish_form(text=yaml.safe_dump(said, allow_unicode=True), by=SYSTEM, **at())
    return intake.open_window(
        id=f"{scheme}-old", form=form, title="样例旧申报（合成）", title_en="Sample old call (synthetic)",
        opens_at=timezone.now() - timedelta(days=60 + SHIFT[-1]), closes_at=timezone.now() + timedelta(days=10),
        office=who("officer").organisation, unit="应用处", by=who("officer").actor, synthetic=True, **at(),
    )  # fmt: skip


WORDED = {
    "id": "promise_1", "text": {"zh": "预期新增营业收入", "en": "Expected: Added revenue"}, "required": "true", "most": "200",
}  # fmt: skip
ANSWERS = {
    "title": "测试验证环境（合成）", "summary": "在园区建一处5G测试验证环境。", "results": "已为三家企业做过测试。",
    "total_investment": "400万元", "equipment_investment": "300万元", "joint": "是", "class": "面上项目",
    "begins_on": "2025-01-10", "finished_on": "2025-11-20", "product_sales": "900万元", "promises": "新增营业收入\t200\t万元\t2027",
}  # fmt: skip


def applied(opening: Opening, firm: str = "a", **answers: str) -> Application:
    """Filled in and handed in by the firm's person."""
    user, said = who(f"firm_{firm}"), {**ANSWERS, **answers}
    one = intake.start(opening_id=opening.pk, by=user, at=moment())
    form = opening.form.definition
    for section in form.sections:
        asked = {item.id: said[item.id] for item in section.questions if item.id in said}
        applicant = (
            {"contact": "联系人 0755-00000000", "credit_code": "无（合成单位）"}
            if section.id == "applicant"
            else {}
        )
        drafts.save(
            application_id=one.pk, section=section.id, answers={**asked, **applicant}, base=0, by=user
        )
    for paper in form.papers:
        content, name = (COSTS, "清单.csv") if paper.id == "costs" else (PDF, "材料.pdf")
        papers.upload(
            application_id=one.pk,
            requirement=paper.id,
            file=io.BytesIO(content),
            name=name,
            by=user,
            on=today(),
        )
    submitting.submit(application_id=one.pk, key=one.key, by=user, received_at=moment(), why=WHY)
    worker.work(until_idle=True)
    one.refresh_from_db()
    return one


def claimed(opening: Opening, firm: str = "a", **answers: str) -> Claim:
    one = applied(opening, firm, **answers)
    checking.take(application_id=one.pk, by=who("officer"), **at(), expected_version=one.case.version)
    one.case.refresh_from_db()
    checking.decide(
        application_id=one.pk, outcome="accept", findings=[], by=who("officer"), **at(), expected_version=one.case.version
    )  # fmt: skip
    return Claim.objects.get(application=one)


def checked(claim: Claim, recognised: int = 400_000_000, on: date | None = None) -> Claim:
    """Every check of the scheme passed. ``recognised``: what the audit let stand, in fen."""
    for one in search(claim_id=claim.pk, by=who("officer"), **at(on)):
        claims.weigh(
            doubt_id=one.pk, upheld=False, reason="核对了原件，各是各的", by=who("officer"), **at(on)
        )
    for one in checks(claim):
        detail = {"recognised": {"audited_investment": recognised}} if one.kind == "audit" else {}
        claims.check(
            claim_id=claim.pk, kind=one.kind, passed=True, opinion="符合", detail=detail, by=who("officer"), **at(on)
        )  # fmt: skip
    claim.case.refresh_from_db()
    return claim


def ready(claim: Claim, recognised: int = 400_000_000, on: date | None = None) -> Claim:
    """Checked, and finished."""
    checked(claim, recognised, on)
    claims.step(
        claim_id=claim.pk, act="finish", by=who("officer"), expected_version=claim.case.version, **at(on)
    )  # fmt: skip
    claim.case.refresh_from_db()
    return claim


def pot(amount: int = 500_000_000, code: str = "pot-2026") -> Pot:
    return funding.open_pot(
        code=code, name="2026年专项（合成）", organisation=who("officer").organisation, budget_year=2026,
        document_number="样例财〔2026〕1号", amount=amount, by=who("payer").actor, **at(), synthetic=True,
    )  # fmt: skip


def started(
    schemes: tuple[str, ...] = ("testbed",), money: Pot | None = None, on: date | None = None
) -> Plan:
    return plans.start(
        title="2026年测试验证环境资助计划（合成）", schemes_=schemes, budget_year=2026, pots={"main": money or pot()},
        by=who("officer"), synthetic=True, **at(on),
    )  # fmt: skip


def planned(
    schemes: tuple[str, ...] = ("testbed",), money: Pot | None = None, on: date | None = None
) -> Plan:
    return computed(started(schemes, money, on), on)


def computed(plan: Plan, on: date | None = None) -> Plan:
    plan.case.refresh_from_db()
    return plans.compute(
        plan_id=plan.pk, decide_on=on or days_ago(40), by=who("officer"), **at(on), expected_version=plan.case.version
    )  # fmt: skip


def announced(plan: Plan, on: date | None = None) -> Plan:
    plan = plans.announce(
        plan_id=plan.pk, objection_unit=rules().grievance("objection").unit, by=who("officer"), **(at() if on is None else {"on": on, "why": WHY}),
        expected_version=plan.case.version,
    )  # fmt: skip
    assert plan.notice is not None
    notices.publish(
        id=plan.notice.pk, expected_version=plan.notice.case.version, by=who("director"), **(at() if on is None else {"on": on, "why": WHY})
    )  # fmt: skip
    return plan
