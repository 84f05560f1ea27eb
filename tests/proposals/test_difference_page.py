"""The report on figures that changed after the signature says what may still be done, as the letter now stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.proposals import signing
from mangrove.proposals.models import Reply

from . import life
from .life import lead_to, step

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]

BEFORE, STANDS = "送达前如需更新", "已经送达，照送达的文本有效"


def page_of(browser: Client, reply: Reply) -> str:
    letter = reply.signed_letters.order_by("version")[0]
    change = {
        "label": "基站总数",
        "was": "4.8万个",
        "now": "4.9万个",
        "was_value": 1,
        "now_value": 2,
        "why": "修订",
    }
    report = signing.write_report(letter, [change], life.who("officer").actor, life.today(), "")
    page = browser.get(reverse("proposals:difference", args=[report.pk])).content.decode()
    assert f'href="{reverse("proposals:reply", args=[reply.pk])}">看答复</a>' in page
    return page


@pytest.mark.parametrize("state", ["signed", "numbered"])
def test_before_delivery_it_can_be_recalled(browser_of: BrowserOf, state: str) -> None:
    page = page_of(browser_of("officer"), lead_to(state))
    assert BEFORE in page and STANDS not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("delivered", "由选联任工委“再次办理”"),
        ("rated", "由选联任工委“再次办理”"),
        ("closed", "本件已办结，需要时另行向代表说明"),
    ],
)
def test_after_delivery_the_letter_stands(browser_of: BrowserOf, state: str, words: str) -> None:
    page = page_of(browser_of("officer"), lead_to(state))
    assert STANDS in page and words in page and BEFORE not in page


def test_while_it_is_handled_again_the_next_version_has_the_new_figures(browser_of: BrowserOf) -> None:
    reply = lead_to("delivered")
    life.rate(reply, result="不满意", reason="没有回应。")
    step(reply, "redo", "liaison", why="再次办理。")
    page = page_of(browser_of("officer"), reply)
    assert STANDS in page and "正在再次办理" in page and BEFORE not in page
