"""Objections, complaints, reports: three different things, each with its own who, when, papers and office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from mangrove.casework.grievances import actions
from mangrove.casework.grievances.access import access_grievance
from mangrove.casework.grievances.actions import From
from mangrove.casework.grievances.models import Grievance, Secret
from mangrove.casework.grievances.verification import verify_grievances
from mangrove.casework.inbox import inbox
from mangrove.casework.messages.models import Message
from mangrove.casework.rules import rules
from mangrove.casework.verification import verify_clocks, verify_states
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User

from . import office
from .office import answered, lodge, on_grievance, published, today, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db: None) -> None:
    office.open_office()


def refused(**said: Any) -> str:
    with pytest.raises(Refusal) as found:
        lodge(**said)
    assert "待核" in found.value.rule or "已核" in found.value.rule
    return found.value.code


def test_an_objection_goes_to_the_other_office_and_is_answered_in_time() -> None:
    objection = lodge(notice=published())
    assert [todo.act for todo in inbox(who("objections"))] == ["受理、不予受理"]
    answered(objection, outcome="upheld")
    objection.refresh_from_db()
    assert (objection.outcome, objection.case.unit) == ("upheld", "政策法规处")
    keys = {clock.terms["key"]: clock.met_on for clock in objection.case.clocks.all()}
    assert keys == {"acceptance": today(), "objection_answer": today()}
    assert verify_grievances() == [] == verify_states() == verify_clocks()


def test_the_applicant_itself_objects_by_its_own_account_and_reads_the_answer() -> None:
    objection = lodge(username="firm", notice=published())
    assert objection.case.opened_by == actions.WITHHELD.username
    answered(objection)
    told = Message.objects.filter(to=who("firm"), kind=actions.ANSWERED)
    assert told.count() == 1 and access_grievance(who("firm"), objection.pk)
    with pytest.raises((Http404, Refusal)):
        access_grievance(who("firm"), objection.pk, to="answer")


def test_nobody_objects_to_the_result_of_another() -> None:
    notice = published()
    rival = Organisation.objects.get(pk="firm_b")
    assert refused(username="rival", notice=notice) == "casework.not_own_result"
    sender = From("专员丁", rival, "0755-2", "科技路 2 号", "专员丁")
    assert refused(notice=notice, sender=sender) == "casework.not_own_result"
    assert refused(username="rival", notice=notice, sender=sender) == "casework.not_own_result"


def test_an_objection_comes_within_the_period_and_to_an_open_notice() -> None:
    late = published(on=office.long_ago())
    assert refused(notice=late) == "casework.out_of_period"
    assert refused(notice=published(), on=today() - timedelta(days=1), why="补录") == "casework.out_of_period"
    assert refused(notice=office.prepared()) == "casework.notice_closed"


def test_an_anonymous_objection_is_refused_and_an_anonymous_report_is_not() -> None:
    notice = published()
    assert refused(notice=notice, sender=From()) == "casework.anonymous"
    firm = Organisation.objects.get(pk="firm_a")
    assert refused(notice=notice, sender=From("专员丙", firm)) == "casework.no_contact"
    assert lodge("report", "complaints", notice, sender=From(), papers=["written"]).case.unit == "办公室"


@pytest.mark.parametrize("paper", office.PAPERS)
def test_each_paper_is_needed(paper: str) -> None:
    left = [one for one in office.PAPERS if one != paper]
    assert refused(notice=published(), papers=left) == "casework.missing_papers"


def test_a_complaint_says_against_whom_and_never_goes_to_that_office() -> None:
    complaint: dict[str, Any] = {"kind": "complaint", "username": "complaints", "notice": published()}
    assert refused(**complaint, against="") == "casework.no_target"
    assert refused(**complaint, against_unit="办公室") == "casework.own_affair"
    assert refused(**complaint, unit="应用处") == "casework.own_affair"
    assert lodge(**complaint, against_unit="产业处")


@pytest.mark.parametrize("kind", ["objection", "complaint", "report"])
@pytest.mark.parametrize("unit", ["产业处", "没有的处"])
def test_nothing_goes_to_an_office_where_nobody_takes_it(kind: str, unit: str) -> None:
    """It would stay open for ever, and the notice with it."""
    assert refused(kind=kind, username="firm", notice=published(), unit=unit) == "casework.nobody_there"
    taker = User.objects.get(username="objections" if kind == "objection" else "complaints")
    User.objects.create(
        username="other", name="受理员乙", organisation_id="gxj", unit=unit, roles=taker.roles, password="!"
    )
    assert lodge(kind=kind, username="firm", notice=published(), unit=unit).case.unit == unit


def test_the_office_that_the_notice_names_is_open_to_objections_even_while_nobody_sits_there() -> None:
    User.objects.filter(username="objections").update(is_active=False)
    assert lodge(username="firm", notice=published()).case.unit == "政策法规处"


def test_anyone_complains_of_a_notice_and_an_office_enters_what_is_of_none() -> None:
    assert lodge("complaint", "rival", published())
    assert refused(kind="complaint", username="rival") == "casework.no_notice"
    assert lodge("complaint", "complaints")
    assert refused(kind="report", username="complaints", against="") == "casework.no_target"


def test_an_office_enters_for_itself_alone() -> None:
    User.objects.filter(username="complaints").update(unit="产业处")
    assert refused(kind="report", username="complaints", notice=published()) == "casework.other_unit"


@pytest.mark.parametrize("username", [name for name in office.PEOPLE if name != "objections"])
def test_nobody_else_knows_of_an_objection(username: str) -> None:
    objection = lodge(notice=published())
    with pytest.raises(Http404):
        access_grievance(who(username), objection.pk)


def test_the_same_role_in_another_unit_or_in_none_knows_nothing() -> None:
    objection = lodge(notice=published())
    for unit in ("产业处", ""):
        User.objects.filter(username="objections").update(unit=unit)
        with pytest.raises(Http404):
            access_grievance(who("objections"), objection.pk)


def test_a_reason_that_names_who_it_is_from_is_refused() -> None:
    objection = lodge(notice=published())
    with pytest.raises(Refusal) as found:
        actions.accept(**on_grievance(objection, "objections", why="深圳市甲样例有限公司来函"))
    assert found.value.code == "casework.telling"
    actions.accept(**on_grievance(objection, "objections", why="材料齐备"))


def test_declining_and_taking_back_say_why_to_who_it_is_from() -> None:
    for act, state in (("decline", "declined"), ("take_back", "taken_back")):
        objection = lodge(notice=published())
        actions.end(**on_grievance(objection, "objections", act=act, words="不属受理范围。"))
        objection.case.refresh_from_db()
        assert (
            objection.case.state == state and Secret.objects.get(pk=objection.pk).answer == "不属受理范围。"
        )
        assert not objection.case.clocks.filter(met_on=None).exists()


@pytest.mark.parametrize(
    "change", [{"content": "别的话"}, {"name": "别人"}, {"organisation_id": "firm_b"}, {"answer": "别的答复"}]
)
def test_a_secret_changed_behind_the_ledger_is_found(change: dict[str, str]) -> None:
    objection = answered(lodge(notice=published()))
    Secret.objects.filter(pk=objection.pk).update(**change)
    (fault,) = verify_grievances()
    assert objection.short in fault and "专员丙" not in fault


def test_a_firm_is_asked_what_it_objects_to_and_nothing_of_the_office(client: Client) -> None:
    notice = published()
    client.force_login(who("firm"))
    address = f"/casework/grievances/new/?kind=objection&notice={notice.pk}"
    page = client.get(address).content.decode()
    assert "提出异议" in page
    assert [name for name in ("unit", "on", "why", "handed_in_by") if f'name="{name}"' in page] == []
    sent = {
        "item": notice.items.get(applicant=who("firm").organisation).pk, "content": "请复核金额。", "name": "联系人",
        "organisation": who("firm").organisation_id, "contact": "0755-00000000", "address": "某路1号",
        "papers": [one.id for one in rules().grievance("objection").papers],
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    made = Grievance.objects.get()
    assert made.case.unit == notice.objection_unit and made.case.opened_on == today()
