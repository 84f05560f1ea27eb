"""The city without any proposal, and browsers of its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from . import life


@pytest.fixture
def office(db: None) -> None:
    life.prepare()


@pytest.fixture
def browser_of(office: None) -> Callable[[str], Client]:
    """``browser_of("officer")``: that person's browser, signed in."""

    def open_(username: str) -> Client:
        client = Client()
        client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_
