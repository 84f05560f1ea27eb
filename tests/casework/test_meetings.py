"""Decisions of meetings: entered, confirmed with the minutes, cited by others; never changed after."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from mangrove.casework.attachments import verify_files
from mangrove.casework.inbox import inbox
from mangrove.casework.meetings import actions
from mangrove.casework.meetings.access import access_meeting, cited
from mangrove.casework.meetings.actions import Decided
from mangrove.casework.meetings.models import Decision, Meeting
from mangrove.casework.meetings.verification import verify_meetings
from mangrove.casework.models import Attachment
from mangrove.casework.verification import verify_states
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui import house

from . import office
from .office import today, who

pytestmark = pytest.mark.django_db
MINUTES = "会议纪要：同意。".encode()


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    office.open_office()
    User.objects.create(
        username="reviewer", name="核稿人甲", organisation_id="gxj", unit="办公室", roles=["reviewer"]
    )


def entered(**more: Any) -> Meeting:
    given: dict[str, Any] = {
        "by": who("officer"), "on": today(), "name": "局长办公会", "held_on": today() - timedelta(days=1),
        "decisions": [Decided("拟资助计划", "同意 12 个项目。", Ref("registry", "organisation", "firm_a")), Decided("其他", "再议。")],
    }  # fmt: skip
    return actions.enter(**given | more)


def at(meeting: Meeting, username: str, **more: Any) -> dict[str, Any]:
    meeting.case.refresh_from_db()
    return {
        "by": who(username),
        "on": today(),
        "id": meeting.pk,
        "expected_version": meeting.case.version,
    } | more


def confirmed(meeting: Meeting) -> Meeting:
    return actions.confirm(**at(meeting, "reviewer", upload=io.BytesIO(MINUTES), name="纪要.txt"))


def test_it_is_entered_confirmed_by_another_and_cited() -> None:
    meeting = entered()
    decision = meeting.decisions.get(number=1)
    with pytest.raises(Refusal, match="纪要还没有确认"):
        cited(decision.ref)
    assert [todo.act for todo in inbox(who("reviewer"))] == ["附纪要确认"]
    confirmed(meeting)
    assert cited(decision.ref) == decision and house.address(decision.ref)
    assert house.names(who("officer"), [decision.ref])[decision.ref].words.endswith("局长办公会 1 拟资助计划")
    assert Attachment.objects.get().case == meeting.case
    assert verify_meetings() == [] == verify_states() == verify_files()


def test_what_was_never_decided_cannot_be_cited() -> None:
    for ref in (
        Ref("casework", "decision", str(office.unknown())),
        Ref("casework", "meeting", str(entered().pk)),
    ):
        with pytest.raises(Refusal):
            cited(ref)


def test_a_confirmed_one_is_not_struck_and_a_struck_one_not_cited() -> None:
    meeting, mistake = confirmed(entered()), entered()
    with pytest.raises(Refusal):
        actions.strike(**at(meeting, "reviewer", why="误登记"))
    actions.strike(**at(mistake, "officer", why="误登记"))
    with pytest.raises(Refusal):
        cited(mistake.decisions.get(number=1).ref)


def test_minutes_that_are_no_document_leave_nothing_behind() -> None:
    meeting = entered()
    with pytest.raises(Refusal):
        actions.confirm(**at(meeting, "reviewer", upload=io.BytesIO(b"MZ\x90\x00"), name="纪要.pdf"))
    meeting.case.refresh_from_db()
    assert meeting.case.state == "entered" and not Attachment.objects.exists() and verify_files() == []


@pytest.mark.parametrize(
    "change",
    [{"decisions": []}, {"decisions": [Decided("议题", " ")]}, {"held_on": today() + timedelta(days=1)}],
)
def test_what_cannot_be_entered(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        entered(**change)


def test_another_organisation_reads_none_of_it() -> None:
    meeting = confirmed(entered())
    for username, reads in (("auditor", True), ("inspector", True), ("firm", False), ("sysadmin", False)):
        if reads:
            assert access_meeting(who(username), meeting.pk)
        else:
            with pytest.raises(Http404):
                access_meeting(who(username), meeting.pk)


def test_words_or_minutes_changed_behind_the_ledger_are_found() -> None:
    meeting = confirmed(entered())
    Decision.objects.filter(meeting=meeting, number=1).update(text="不同意。")
    assert len(verify_meetings()) == 1
    Meeting.objects.filter(pk=meeting.pk).update(minutes=None)
    assert len(verify_meetings()) == 2


def test_by_the_pages(client: Client) -> None:
    client.force_login(who("officer"), backend="django.contrib.auth.backends.ModelBackend")
    sent = {
        "name": "局长办公会",
        "held_on": today().isoformat(),
        "decisions": "拟资助计划｜同意｜照办。",
        "on": today().isoformat(),
    }
    assert client.post("/casework/meetings/new/", sent | {"decisions": "没有分隔"}).status_code == 422
    assert client.post("/casework/meetings/new/", sent).status_code == 302
    decision = Decision.objects.get()
    assert decision.text == "同意｜照办。"
    assert "同意｜照办。" in client.get(f"/casework/meetings/decisions/{decision.pk}/").content.decode()
    assert "局长办公会" in client.get("/casework/meetings/?text=照办").content.decode()
