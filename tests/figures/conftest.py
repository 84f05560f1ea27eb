"""The city's own figures, who acts, and a browser that is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from mangrove.figures.loading import Loaded, load_figures
from mangrove.figures.models import Value
from mangrove.figures.periods import Period
from mangrove.ledger.refs import Actor
from mangrove.registry.models import User

CITY = Path(__file__).parents[2] / "cities" / "shenzhen"
LETTER_DAY = date(2021, 8, 30)
OFFICER = Actor("officer_a", "经办人甲", "经办人")


@pytest.fixture
def loaded(db: None) -> Loaded:
    return load_figures(CITY, by=OFFICER, on=LETTER_DAY, why="按存档原件补录")


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """``signed_in("case_officer")``: a browser of somebody who holds these roles."""

    def open_(*roles: str) -> Client:
        user = User.objects.create_user("_".join(roles), name="经办人甲", unit="应用处", roles=list(roles))
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_


@pytest.fixture
def officer(signed_in: Callable[..., Client]) -> Client:
    return signed_in("case_officer")


def value_of(definition: str, as_of: str, source: str = "letter") -> Value:
    """The newest revision of that definition, period and source."""
    period = Period.parse(as_of)
    same = Value.objects.filter(definition=definition, start=period.start, end=period.end, source=source)
    return same.order_by("-revision")[0]
