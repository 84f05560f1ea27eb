"""People at their own browsers: they sign in, click links, fill forms by field name, in either language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import translation
from playwright.sync_api import Browser, Locator, Page

from .conftest import LOCALES, WIDTHS, listen
from .scenes import PASSWORD

CATALOGUES = {"zh": "zh-hans", "en": "en"}
SEND = "main .form__acts button"


class Person:
    """One account at its own browser. ``complaints`` gathers what any of the browsers complains of."""

    def __init__(
        self, browser: Browser, home: str, username: str, language: str, complaints: list[str], **how: Any
    ) -> None:
        size = {"width": WIDTHS["wide"], "height": 860}
        context = browser.new_context(base_url=home, locale=LOCALES[language], viewport=size, **how)
        self.page: Page = context.new_page()
        self.username, self.language = username, language
        listen(self.page, home, complaints)

    def words(self, chinese: str) -> str:
        """What the catalogue makes of a Chinese source string for this person."""
        with translation.override(CATALOGUES[self.language]):
            return translation.gettext(chinese)

    def sign_in(self) -> Person:
        self.page.goto("/")
        self.fill(username=self.username, password=PASSWORD)
        self.page.click("main button")
        self.page.wait_for_selector(".bar__person")
        return self

    def go(self, href: str) -> Person:
        """By the navigation at the left; a group that is folded is unfolded first."""
        link = self.page.locator(f'.nav a[href="{href}"]')
        if not link.is_visible():
            self.page.click(f'.nav__section:has(a[href="{href}"]) > summary')
        link.click()
        return self

    def follow(self, part: str) -> Person:
        """The first link of the page whose address contains ``part``."""
        self.page.locator(f'main a[href*="{part}"]').first.click()
        self.page.wait_for_load_state()
        return self

    def fill(self, **fields: Any) -> Person:
        for name, value in fields.items():
            put(self.page.locator(f'main [name="{name}"]'), value)
        return self

    def send(self, **fields: Any) -> Person:
        """Fill the form and press its button; the answer is on the page when this returns."""
        self.fill(**fields)
        with self.page.expect_navigation():
            self.page.locator(SEND).first.click()
        return self

    def sees(self, *texts: str, within: str = "main") -> None:
        shown = self.page.inner_text(within)
        missing = [text for text in texts if text not in shown]
        assert not missing, f"{missing} not on {self.page.url}:\n{shown}"

    def fetch(self, part: str) -> bytes:
        """What the link leads to, with this person's session."""
        href = self.page.locator(f'main a[href*="{part}"]').first.get_attribute("href")
        answer = self.page.request.get(href or "")
        assert answer.ok, f"{answer.status} {href}"
        return answer.body()


def put(field: Locator, value: Any) -> None:
    """Write, choose or tick, as the field wants it."""
    kind = field.first.evaluate("one => one.type")
    if kind == "select-one":
        field.select_option(value)
    elif kind == "radio" or (kind == "checkbox" and isinstance(value, str)):
        field.and_(field.page.locator(f'[value="{value}"]')).check()
    elif kind == "checkbox":
        field.set_checked(value)
    elif isinstance(value, Mapping | Path):
        field.set_input_files(value)  # type: ignore[arg-type]
    else:
        field.fill(value)
