"""The end of a session is pushed back by whoever is there, without a write for each request."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mangrove.registry.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    person = User.objects.create(username="a", name="经办人甲", roles=["case_officer"])
    made = Client()
    made.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return made


def end() -> datetime:
    return Session.objects.get().expire_date


def writes(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get("/account/").status_code == 200
    return sum(one["sql"].startswith('UPDATE "django_session"') for one in asked)


def test_a_page_soon_after_another_writes_nothing_and_a_later_one_pushes_the_end_back(client: Client) -> None:
    writes(client)  # what the first page has to say of its own
    assert writes(client) == 0
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=20))
    assert writes(client) == 1
    assert end() - timezone.now() > timedelta(seconds=settings.SESSION_COOKIE_AGE - 30)


def test_a_session_that_nobody_used_for_its_time_is_over(client: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/account/").status_code == 302
