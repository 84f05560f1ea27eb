from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from mangrove.figures.loading import load_figures
from mangrove.ledger.refs import SYSTEM
from mangrove.registry.models import User

PASSWORD = "红树-样例-口令-2021"


@pytest.fixture
def officer(db: None) -> User:
    return User.objects.create_user("jbr", PASSWORD, name="经办人甲", unit="应用处", roles=["case_officer"])


@pytest.fixture
def auditor(db: None) -> User:
    return User.objects.create_user("sj", PASSWORD, name="审计员", roles=["auditor"])


def signed_in(user: User, password: str = PASSWORD) -> Client:
    """A browser that went through the sign-in page."""
    client = Client()
    answer = client.post("/sign-in/", {"username": user.username, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.fixture
def as_officer(officer: User) -> Client:
    return signed_in(officer)


@pytest.fixture
def as_auditor(auditor: User) -> Client:
    return signed_in(auditor)


@pytest.fixture
def city_figures(db: None) -> None:
    load_figures(settings.MANGROVE_CITY, by=SYSTEM, on=date(2021, 8, 30), why="按存档原件补录")
