"""A job as its officer sees it: how far it is, how it ended, and nobody else's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mangrove.jobs import actions, leases, worker
from mangrove.jobs.models import Job, State
from mangrove.registry.models import User

from . import work  # noqa: F401 -- its kinds are registered

pytestmark = pytest.mark.django_db


def signed_in(client: Client, username: str, *roles: str) -> User:
    user = User.objects.create_user(username, name=username, roles=list(roles))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def asked(user: User, kind: str = "test.at_once") -> Job:
    return actions.submit(
        kind, title=f"导入{user.name}", arguments={}, by=user.actor, on=timezone.localdate()
    )


def page(client: Client, job: Job) -> str:
    return client.get(reverse("jobs:job", args=[job.uid])).content.decode()


def test_an_open_job_says_how_far_it_is_and_asks_again_by_itself(client: Client) -> None:
    job = asked(signed_in(client, "a"))
    assert "等待办理程序接手" in page(client, job)
    held = leases.claim("worker")
    assert held
    leases.renew(held, done=1200, total=20_000, note="核对第1200行")
    shown = page(client, job)
    assert "1,200 / 20,000" in shown and "核对第1200行" in shown and 'hx-trigger="every 2s"' in shown


def test_a_job_that_ended_shows_what_it_came_to_and_asks_no_more(client: Client) -> None:
    job = asked(signed_in(client, "a"))
    worker.do(leases.claim("worker"))  # type: ignore[arg-type]
    shown = page(client, job)
    assert "pieces" in shown and "hx-trigger" not in shown
    assert client.get(reverse("jobs:state", args=[job.uid]))["HX-Refresh"] == "true"


def test_a_refusal_stands_on_the_page_with_place_and_remedy(client: Client) -> None:
    job = asked(signed_in(client, "a"), "test.refused")
    worker.do(leases.claim("worker"))  # type: ignore[arg-type]
    shown = page(client, job)
    assert "第3行没有名称" in shown and "请补上" in shown


def test_it_is_called_off_from_its_page(client: Client) -> None:
    job = asked(signed_in(client, "a"))
    assert client.post(reverse("jobs:cancel", args=[job.uid])).status_code == 302
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert client.post(reverse("jobs:cancel", args=[job.uid])).status_code == 422


@pytest.mark.parametrize("name", ["job", "state", "cancel"])
def test_nobody_reaches_the_job_of_another_but_the_system_administrator(client: Client, name: str) -> None:
    job = asked(User.objects.create_user("owner", name="经办人甲", roles=["case_officer"]))
    address = reverse(f"jobs:{name}", args=[job.uid])
    ask = client.post if name == "cancel" else client.get
    signed_in(client, "other", "case_officer", "auditor", "security")
    assert ask(address).status_code == 404
    assert "导入经办人甲" not in client.get(reverse("jobs:jobs")).content.decode()
    signed_in(client, "keeper", "sysadmin")
    assert ask(address).status_code in (200, 302)


def test_the_list_asks_no_more_for_many_jobs_than_for_one(client: Client) -> None:
    user = signed_in(client, "a")
    counts = []
    for more in (1, 9):
        for _ in range(more):
            asked(user)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("jobs:jobs"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
