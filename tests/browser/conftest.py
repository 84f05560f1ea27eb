"""The real pages in a real browser: Debian's Chromium against a live server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from pytest_django.live_server_helper import LiveServer

from mangrove.registry.models import User

PASSWORD = "红树-样例-口令-2021"
WIDTHS = {"wide": 1280, "phone": 390}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@pytest.fixture
def officer(transactional_db: None) -> User:
    return User.objects.create_user(
        "jbr", PASSWORD, name="经办人甲", unit="应用处", roles=["case_officer", "auditor"]
    )


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Opener]:
    """``open_page("/inbox/", width="phone", language="en")``; what the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(path: str = "/", width: str = "wide", language: str = "zh") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale=LOCALES[language],
            viewport={"width": WIDTHS[width], "height": 860},
        )
        contexts.append(context)
        page = context.new_page()
        listen(page, live_server.url, complaints)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def listen(page: Page, home: str, complaints: list[str]) -> None:
    """Gather script errors, breaches of the content policy, requests to elsewhere, and parts that could not be had."""

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"{response.status} {response.url}")

    page.on("console", said)
    page.on("response", answered)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((home, "data:")) else complaints.append(asked.url),
    )


@pytest.fixture
def signed_in(open_page: Opener, officer: User) -> Opener:
    def open_(path: str = "/", **how: str) -> Page:
        page = open_page(f"/sign-in/?next={path}", **how)
        page.fill("[name=username]", officer.username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(f"**{path}")
        return page

    return open_
