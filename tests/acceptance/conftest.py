"""A city in a browser: people who click, and a clock that is turned on for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from browser.scenes import load_city

from .town import Clock, Town


@pytest.fixture
def town(
    browser: Browser, transactional_db: None, live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Town]:  # fmt: skip
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    load_city()
    found = Town(browser, live_server.url, clock)
    yield found
    found.close()
    assert found.complaints == []
