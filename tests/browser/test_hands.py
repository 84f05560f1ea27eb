"""Other hands than a mouse and one patient person: a keyboard, no scripts, paper, two officers at once, two clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from mangrove.proposals.models import Delivery, Draft, Reply
from mangrove.proposals.sample import live_all

from .looking import overflow, shoot
from .people import SEND, Person
from .scenes import PASSWORD, set_the_city, small_replies

pytestmark = pytest.mark.browser

FAR = 80  # presses of Tab after which something counts as out of reach
Cast = Callable[..., Person]


@pytest.fixture
def people(
    browser: Browser, transactional_db: None, live_server: LiveServer, settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Cast]:  # fmt: skip
    """``people("officer_a")``: another browser of that person, not yet signed in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    set_the_city(monkeypatch)
    opened: list[Person] = []
    complaints: list[str] = []

    def person(username: str, **how: Any) -> Person:
        opened.append(Person(browser, live_server.url, username, "zh", complaints, **how))
        return opened[-1]

    yield person
    for one in opened:
        one.page.context.close()
    told = [line for line in complaints if not line.startswith("409 ")]  # how a second writer is told
    assert told == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what the selector names."""
    for _press in range(FAR):
        if page.evaluate("css => document.activeElement.matches(css)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector} on {page.url}")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


class TestKeyboard:
    def test_signing_in_opening_a_row_and_closing_the_drawer(self, people: Cast) -> None:
        page = people("officer_a").page
        page.goto("/figures/")
        tab_to(page, "[name=username]")
        page.keyboard.type("officer_a")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector(".bar__person")
        tab_to(page, "tbody a.figure__value")
        address = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("Enter")
        page.wait_for_selector("#drawer[open] h2")
        assert page.evaluate("document.getElementById('drawer').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert page.locator("#drawer[open]").count() == 0
        assert page.evaluate("document.activeElement.getAttribute('href')") == address

    def test_the_first_tab_offers_to_skip_to_the_text(self, people: Cast) -> None:
        page = people("officer_a").sign_in().page
        page.goto("/figures/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert focused(page) == "main"

    def test_after_errors_the_focus_is_on_their_summary_whose_links_lead_to_the_fields(
        self, people: Cast
    ) -> None:
        page = people("registrar_a").sign_in().page
        page.goto("/proposals/register/")
        tab_to(page, SEND)
        page.keyboard.press("Enter")
        page.wait_for_selector("#errors")
        assert focused(page) == "errors"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name") == "number"


def test_everything_works_without_scripts(people: Cast) -> None:
    reply = small_replies("in_review")["in_review"]
    reviewer = people("reviewer_a", java_script_enabled=False).sign_in()
    reviewer.go("/proposals/").follow(f"/proposals/{reply.proposal_id}/").follow(f"/replies/{reply.pk}/")
    reviewer.follow("/figures/values/").sees("基站总数")
    reviewer.page.goto(f"/proposals/replies/{reply.pk}/")
    reviewer.follow("/acts/pass_review/").send()
    reviewer.sees("意见或理由", within="#errors")
    reviewer.send(why="核对无误。")
    reply.case.refresh_from_db()
    assert reply.case.state == "to_sign"


def test_a_second_officer_is_told_and_no_word_is_lost(people: Cast) -> None:
    """Both open the same revision; the first saves; the second keeps their text on the page and on the machine."""
    reply = small_replies("drafting")["drafting"]
    first, second = people("officer_a").sign_in(), people("officer_b").sign_in()
    for one in (first, second):
        one.page.goto(f"/proposals/replies/{reply.pk}/draft/")
    first.send(text="甲写的。")
    second.fill(text="乙写的。").page.locator("[name=text]").blur()
    second.page.locator("[data-autosave-line].autosave--bad").wait_for()
    second.sees("经办人甲")
    second.send()
    second.sees("经办人甲", within="#errors")
    assert second.page.input_value("[name=text]") == "乙写的。"
    assert Draft.objects.filter(reply=reply).latest("revision").text == "甲写的。"
    second.page.goto(f"/proposals/replies/{reply.pk}/draft/")
    second.page.click("[data-autosave-line] button")
    assert second.page.input_value("[name=text]") == "乙写的。"


def test_who_was_signed_out_while_writing_signs_in_beside_and_loses_nothing(people: Cast) -> None:
    writer = people("officer_a").sign_in()
    reply = small_replies("drafting")["drafting"]
    writer.page.goto(f"/proposals/replies/{reply.pk}/draft/")
    Session.objects.all().delete()
    writer.fill(text="没有丢的一段。").page.locator("[name=text]").blur()
    line = writer.page.locator("[data-autosave-line]")
    line.locator("a").wait_for()
    assert "登录已结束" in line.inner_text() and "连不上" not in line.inner_text()
    with writer.page.context.expect_page() as opened:
        line.locator("a").click()
    beside = opened.value
    beside.fill("[name=username]", "officer_a")
    beside.fill("[name=password]", PASSWORD)
    beside.click("main button")
    beside.wait_for_selector(".bar__person")
    beside.close()
    assert writer.page.input_value("[name=text]") == "没有丢的一段。"
    writer.page.evaluate("window.dispatchEvent(new Event('focus'))")
    line.filter(has_text="已自动保存").wait_for()
    assert Draft.objects.filter(reply=reply).latest("revision").text == "没有丢的一段。"


class TestDelivery:
    @pytest.fixture
    def officer(self, people: Cast) -> Person:
        reply = small_replies("numbered")["numbered"]
        officer = people("officer_a").sign_in()
        officer.page.goto(f"/proposals/replies/{reply.pk}/")
        return officer.follow("/acts/deliver/")

    def test_a_double_click_delivers_once(self, officer: Person) -> None:
        officer.page.locator(SEND).first.dblclick()
        officer.page.wait_for_load_state("networkidle")
        assert deliveries() == ["市人大常委会选联任工委", "市政府督查室", "张天瑜代表"]
        officer.page.goto(f"/proposals/replies/{Reply.objects.get().pk}/")
        officer.sees("张天瑜代表", within="section[aria-labelledby=deliveries]")

    def test_going_back_shows_no_form_to_send_again_but_why(self, officer: Person) -> None:
        officer.send()
        officer.page.go_back()
        officer.sees("现为“已送达，待评价”，不能“送达”")
        assert officer.page.locator(SEND).count() == 0
        assert len(deliveries()) == 3


def deliveries() -> list[str]:
    return sorted(Delivery.objects.values_list("to", flat=True))


class TestPaper:
    """What the browser prints: the thing itself with who printed it when, and none of the controls."""

    def printed(self, page: Page, name: str) -> str:
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 700, "height": 990})  # A4 less its margins
        shoot(page, f"print-{name}")
        assert overflow(page) == 0
        for gone in (".nav", ".bar", ".button", ".filters"):
            assert page.locator(f"{gone} >> visible=true").count() == 0
        paper = pypdfium2.PdfDocument(page.pdf(format="A4"))
        return "".join(sheet.get_textpage().get_text_bounded() for sheet in paper)

    def test_a_reply(self, people: Cast) -> None:
        live_all()
        page = people("officer_a").sign_in().page
        page.goto("/proposals/replies/20210615-1/")
        words = self.printed(page, "reply")
        assert "尊敬的张天瑜等代表" in words and "抄送：市人大常委会选联任工委" in words
        assert f"打印：经办人甲 · {timezone.localdate()}" in words

    def test_a_list(self, people: Cast) -> None:
        live_all()
        page = people("officer_a").sign_in().page
        page.goto("/casework/promises/")
        words = self.printed(page, "promises")
        assert "C01" in words and "C17" in words
