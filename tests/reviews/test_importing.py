"""Lists of experts and of assignments by the spreadsheet: looked at, wrong row by row, taken whole, and once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mangrove.jobs import worker
from mangrove.jobs.models import Job
from mangrove.ledger.models import Event
from mangrove.reviews.models import Assignment, Expert
from mangrove.reviews.verification import verify_experts

from . import life

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client_of(client: Client) -> Client:
    client.force_login(life.officer(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def look(client: Client, what: str, *lines: str, why: str = "") -> Job:
    given: dict[str, Any] = {"source": "样例", "on": life.today(), "why": why, "file": SimpleUploadedFile("表.csv", "\r\n".join(lines).encode())}  # fmt: skip
    answer = client.post(reverse("registry:import", args=[what]), given)
    assert answer.status_code == 302, answer.content.decode()
    worker.work(until_idle=True)
    return Job.objects.latest("id")


def take(client: Client, what: str, *lines: str, why: str = "") -> Job:
    looked = look(client, what, *lines, why=why)
    assert not looked.result["wrong"], looked.result
    assert client.get(reverse("registry:import_file", args=[what, looked.uid])).status_code == 200
    client.post(reverse("registry:import_file", args=[what, looked.uid]))
    worker.work(until_idle=True)
    return Job.objects.latest("id")


EXPERTS = "专家账号,专长,聘期起,聘期至"


def test_a_list_of_experts_is_taken_whole_and_the_same_list_changes_nothing(client_of: Client) -> None:
    life.expert_user(1), life.expert_user(2)
    rows = (EXPERTS, "expert_1,行业应用、政务应用,2026-01-01,2027-01-01", "expert_2,行业应用,,")
    assert take(client_of, "experts", *rows).result["new"] == 2
    first = Expert.objects.get(user__username="expert_1")
    assert (set(first.fields), str(first.active_until)) == ({"industry", "government"}, "2027-01-01")
    assert first.agreed_on is None and Event.objects.filter(act="reviews.admit").count() == 2
    again = look(client_of, "experts", *rows)
    assert (again.result["new"], again.result["changed"], again.result["same"]) == (0, 0, 2)
    changed = take(client_of, "experts", EXPERTS, "expert_1,行业应用,,2028-01-01")
    first.refresh_from_db()
    assert changed.result["changed"] == 1 and (first.fields, str(first.active_until)) == (
        ["industry"],
        "2028-01-01",
    )
    assert verify_experts() == []


def test_what_is_wrong_is_told_by_row_and_column_and_nothing_is_taken(client_of: Client) -> None:
    life.expert_user(1)
    looked = look(
        client_of, "experts", EXPERTS, "expert_1,园艺,,", "nobody,行业应用,,", "officer_a,行业应用,,", "expert_1,,,", "expert_1,行业应用,2026-05-01,2026-04-01",
    )  # fmt: skip
    wrong = {(line, column): what for line, column, what in looked.result["wrong_rows"]}
    assert "没有“园艺”" in wrong[2, "专长"] and "没有账号“nobody”" in wrong[3, "专家账号"]
    assert "没有专家角色" in wrong[4, "专家账号"] and wrong[5, "专长"] == "不能为空。"
    assert (6, "专家账号") in wrong and (6, "聘期至") in wrong
    client_of.post(reverse("registry:import_file", args=["experts", looked.uid]))
    worker.work(until_idle=True)
    assert not Expert.objects.exists()


def assignments() -> tuple[Any, list[Expert], str]:
    found = life.started(items=2)
    return found, [life.admit(n) for n in (1, 2, 3)], "评审轮次,评审编号,专家账号"


def test_a_list_of_assignments_is_taken_in_one_batch_and_once(client_of: Client) -> None:
    found, experts, heads = assignments()
    codes = list(found.items.values_list("code", flat=True))
    rows = [f"{found.title},{code},{one.user.username}" for code in codes for one in experts[:2]]
    assert take(client_of, "assignments", heads, *rows).result["new"] == 4
    assert Assignment.objects.count() == 4 and set(
        Assignment.objects.values_list("case__clocks__due_on", flat=True)
    ) == {found.due_on}
    assert look(client_of, "assignments", heads, *rows).result["same"] == 4
    assert client_of.get(reverse("reviews:round", args=[found.pk])).status_code == 200


def test_who_may_not_review_is_named_by_row(client_of: Client) -> None:
    found, experts, heads = assignments()
    item = found.items.first()
    own = item.parties.get()
    experts[0].user.organisation = own
    experts[0].user.save()
    Expert.objects.filter(pk=experts[1].pk).update(agreed_on=None)
    looked = look(
        client_of, "assignments", heads, f"{found.title},{item.code},expert_1", f"{found.title},{item.code},expert_2",
        f"{found.title},00000,expert_3", f"别的轮次,{item.code},expert_3", f"{found.title},{item.code},expert_9",
    )  # fmt: skip
    told = [what for _line, _column, what in looked.result["wrong_rows"]]
    assert len(told) == 5 and "同一法人" in told[0] and "保密" in told[1]
    assert "没有评审件" in told[2] and "没有评审中的轮次" in told[3] and "专家库里没有" in told[4]
    assert not Assignment.objects.exists()


def test_others_do_not_import_them(client: Client) -> None:
    life.officer()
    client.force_login(life.expert_user(1), backend="django.contrib.auth.backends.ModelBackend")
    for what in ("experts", "assignments"):
        assert client.get(reverse("registry:import", args=[what])).status_code == 404
