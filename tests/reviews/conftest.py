"""Browsers of the people of :mod:`life`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from mangrove.registry.models import User


@pytest.fixture
def browser_of(db: None) -> Callable[[User], Client]:
    """``browser_of(user)``: that person's browser, signed in."""

    def open_(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_
