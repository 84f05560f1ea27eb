"""A meeting's list of proposals: registered row by row by the act of the room, all or none, and once."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove.casework.models import Case
from mangrove.jobs import worker
from mangrove.jobs.models import Job, State
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.verify import verify
from mangrove.proposals.models import Proposal
from mangrove.registry.models import User

from .life import who

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]
HEADS = "会议,建议编号,建议题目,领衔代表,类别,联名代表"
MEETING = "市七届人大二次会议"


def rows(count: int, first: int = 1) -> list[str]:
    return [
        f"{MEETING},2022{n:04d},关于第{n}件事的建议（合成）,代表甲,建议,代表乙、代表丙"
        for n in range(first, first + count)
    ]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def looked(client: Client, lines: list[str]) -> Job:
    content = "\n".join([HEADS, *lines]).encode()
    given = {
        "file": SimpleUploadedFile("建议.csv", content),
        "source": "大会秘书处",
        "on": timezone.localdate(),
        "why": "",
    }
    assert client.post(reverse("registry:import", args=["proposals"]), given).status_code == 302
    worker.work(until_idle=True)
    return Job.objects.exclude(username=SYSTEM.username).latest("id")  # the worker asks for jobs of its own


def taken(client: Client, lines: list[str]) -> Job:
    look = looked(client, lines)
    client.post(reverse("registry:import_file", args=["proposals", look.uid]))
    worker.work(until_idle=True)
    return Job.objects.exclude(username=SYSTEM.username).latest("id")  # the worker asks for jobs of its own


def test_a_meetings_1060_proposals_are_registered_each_with_its_case_and_event() -> None:
    client = signed_in(who("registrar"))
    job = taken(client, rows(1060))
    assert (job.state, job.result["new"]) == (State.DONE, 1060), job.refusal
    assert Proposal.objects.filter(meeting=MEETING).count() == 1060
    assert Case.objects.filter(subject_id__startswith="2022").count() == 1060
    assert Event.objects.filter(act="proposals.proposal.open").count() == 1060
    assert verify().holds
    again = taken(client, rows(1060))
    assert (again.result["new"], again.result["same"]) == (0, 1060)


def test_one_bad_row_stops_all_and_every_mistake_is_named() -> None:
    client = signed_in(who("registrar"))
    bad = [
        f"{MEETING},,没有编号,代表甲,建议,", f"{MEETING},2022 0009,编号有空格,代表甲,建议,",
        f"{MEETING},20220001,与第2行重复,代表甲,建议,", f"{MEETING},20220010,类别不对,代表甲,议案,",
    ]  # fmt: skip
    look = looked(client, rows(1) + bad)
    assert {(line, column) for line, column, _what in look.result["wrong_rows"]} == {
        (3, "建议编号"), (4, "建议编号"), (5, "建议编号"), (6, "类别"),
    }  # fmt: skip
    client.post(reverse("registry:import_file", args=["proposals", look.uid]))
    assert not Proposal.objects.filter(meeting=MEETING).exists()


def test_a_number_that_stands_for_another_proposal_is_no_guess() -> None:
    client = signed_in(who("registrar"))
    taken(client, rows(1))
    look = looked(client, [rows(1)[0].replace("第1件事", "另一件事")])
    assert "已经登记为“关于第1件事的建议（合成）”" in look.result["wrong_rows"][0][2]


def test_the_same_title_is_told_and_may_be_another() -> None:
    client = signed_in(who("registrar"))
    taken(client, rows(1))
    job = looked(client, [rows(1)[0].replace("20220001", "20220002")])
    assert "题目相同" in "".join(job.result["notes"])
    assert job.result["wrong"] == 0


def test_only_a_registrar_imports_proposals() -> None:
    answer = signed_in(who("officer")).get(reverse("registry:import", args=["proposals"]))
    assert answer.status_code == 422 and "登记员" in answer.content.decode()
