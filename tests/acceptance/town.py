"""People at their browsers in a city whose days pass: what they see, click, type and hand over as files."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, Locator

from browser.people import Person
from mangrove.jobs import worker
from mangrove.ledger.sealer import seal_pending

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY, MORNING = date(2026, 3, 2), time(9)


class Clock:
    """The server's clock: it goes on from the morning of the day to which it was turned last."""

    def __init__(self) -> None:
        self.turn_to(FIRST_DAY)

    def turn_to(self, day: date) -> None:
        self.morning, self.turned_at = datetime.combine(day, MORNING, SHANGHAI), monotonic()

    def now(self) -> datetime:
        return (self.morning + timedelta(seconds=monotonic() - self.turned_at)).astimezone(UTC)


class Citizen(Person):
    """A person who finds the way by what links and buttons say."""

    def go(self, href: str) -> Citizen:
        """By the navigation at the left; a group that is folded is unfolded first."""
        link = self.page.locator(f'.nav a[href="{href}"]')
        if not link.is_visible():
            self.page.click(f'.nav__section:has(a[href="{href}"]) > summary')
        return self.clicks(link)

    def clicks(self, what: Locator) -> Citizen:
        """The page to which it leads is there when this returns."""
        with self.page.expect_navigation():
            what.click()
        return self

    def follow(self, part: str) -> Citizen:
        return self.clicks(self.page.locator(f'main a[href*="{part}"]').first)

    def open(self, words: str) -> Citizen:
        """The first link of the page that says so."""
        return self.clicks(self.offered("a", words))

    def open_row(self, words: str) -> Citizen:
        """The first link of the row that says so."""
        return self.clicks(self.offered("tr", words).locator("a").first)

    def press(self, words: str) -> Citizen:
        """A button that is a form of its own."""
        return self.clicks(self.offered("button", words))

    def offered(self, kind: str, words: str) -> Locator:
        found = self.page.locator(f"main {kind}", has_text=words)
        assert found.count(), f"no {kind} “{words}” on {self.page.url}:\n{self.page.inner_text('main')}"
        return found.first

    def upload(self, requirement: str, name: str, content: bytes) -> None:
        self.page.locator(f"#file-{requirement}").set_input_files(a_file(name, content))
        self.clicks(self.page.locator(f'form[action*="/papers/{requirement}/"] button'))

    def does_not_see(self, *texts: str) -> None:
        shown = self.page.inner_text("main")
        assert not [text for text in texts if text in shown], f"{texts} on {self.page.url}:\n{shown}"

    def sheet(self, part: str) -> list[tuple[Any, ...]]:
        """The rows of the workbook to which the link leads."""
        book = load_workbook(io.BytesIO(self.fetch(part)))
        return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]

    def cannot_know(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer is not None and answer.status == 404, f"{self.username} opens {address}"


class Town:
    """``town.at("officer_a")``: that person, signed in; the same one when asked again on the same day."""

    def __init__(self, browser: Browser, home: str, clock: Clock) -> None:
        self.browser, self.home, self.clock = browser, home, clock
        self.known: dict[str, Citizen] = {}
        self.there: set[str] = set()
        self.complaints: list[str] = []

    def at(self, username: str) -> Citizen:
        if username not in self.known:
            self.known[username] = Citizen(self.browser, self.home, username, "zh", self.complaints)
        one = self.known[username]
        if username not in self.there:
            one.sign_in()
            self.there.add(username)
        return one

    def comes(self, day: date) -> None:
        """A later day: sign-ins of before are over, and the worker did overnight what was waiting."""
        self.there.clear()
        self.clock.turn_to(day)
        self.works()

    def works(self) -> None:
        """What the worker process does between two clicks."""
        worker.work(until_idle=True)
        seal_pending()

    def close(self) -> None:
        for one in self.known.values():
            one.page.context.close()


def a_file(name: str, content: bytes) -> Mapping[str, Any]:
    kinds = {"pdf": "application/pdf", "csv": "text/csv"}
    kind = kinds.get(
        name.rpartition(".")[2], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    return {"name": name, "mimeType": kind, "buffer": content}


def workbook(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in (heads, *rows):
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()
