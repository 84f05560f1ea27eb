"""What cannot be printed is stopped before review and before the signature, in words; its pages answer and do not break."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.ledger.refusals import Refusal
from mangrove.proposals import actions
from mangrove.proposals.models import Draft, Reply, SignedLetter

from . import life
from .life import at, lead_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
BrowserOf = Callable[[str], Client]

PAPERS = ("pdf", "picture", "docx", "conformity")
UNPRINTABLE = [("😀", "“😀”（U+1F600）"), ("\ue000", "U+E000"), ("\u200b", "U+200B")]
CONTROLS = ["\0", "\x01", "\x1f", "\x0b", "\x7f", "\x85", "\u202e", "\u2066"]


def ready(text: str) -> Reply:
    reply = lead_to("drafting")
    life.contact(reply)
    life.particulars(reply)
    life.write(reply, text)
    return reply


@pytest.mark.parametrize(("character", "named"), UNPRINTABLE)
def test_a_draft_that_cannot_be_printed_is_not_submitted_and_the_place_is_named(
    character: str, named: str
) -> None:
    reply = ready(f"第一段。\n收悉{character}。")
    with pytest.raises(Refusal) as refusal:
        actions.submit(**at(reply, "officer"))
    assert refusal.value.code == "proposals.unprintable"
    assert named in refusal.value.what and refusal.value.where == "答复正文第 2 段第 3 字"


def test_a_contact_that_cannot_be_printed_is_named_by_its_field() -> None:
    reply = ready(life.TEXT)
    life.particulars(reply, contact="张工😀 88120000")
    with pytest.raises(Refusal) as refusal:
        actions.submit(**at(reply, "officer"))
    assert refusal.value.where == "联系人"


def test_it_is_not_signed_either_if_it_came_as_far() -> None:
    reply = lead_to("to_sign")
    Draft.objects.filter(reply=reply).update(text="收悉😀。")
    with pytest.raises(Refusal, match="U\\+1F600"):
        life.sign(reply)
    assert not SignedLetter.objects.exists()


@pytest.mark.parametrize("text", ["收悉😀。", "收悉\u202e。", "收悉\x01。", "收悉\x1f了。"])
def test_its_pages_answer_with_a_refusal(browser_of: BrowserOf, text: str) -> None:
    reply = ready("收悉。")
    Draft.objects.filter(reply=reply).update(text=text)
    browser = browser_of("officer")
    for name in ("reply", "draft"):
        assert browser.get(reverse(f"proposals:{name}", args=[reply.pk])).status_code == 200
    for name in PAPERS:
        answer = browser.get(reverse(f"proposals:{name}", args=[reply.pk]))
        fine = name == "docx" and text == "收悉😀。", name == "docx" and text == "收悉\u202e。"
        assert answer.status_code == (200 if any(fine) else 422), name


@pytest.mark.parametrize("character", CONTROLS)
def test_a_control_character_is_not_saved_and_its_place_is_named(character: str) -> None:
    reply = lead_to("drafting")
    with pytest.raises(Refusal) as refusal:
        life.write(reply, f"第一段。\n收悉{character}。")
    assert f"U+{ord(character):04X}" in str(refusal.value)
    assert refusal.value.where == "答复正文第 2 行第 3 字"
    assert not reply.drafts.exists()


@pytest.mark.parametrize("character", ["\0", "\x01", "\u202e"])
def test_what_was_typed_stays_on_the_page_and_autosave_says_why(
    browser_of: BrowserOf, character: str
) -> None:
    reply, browser = lead_to("drafting"), browser_of("officer")
    text = f"写了很久的稿{character}"
    answer = browser.post(reverse("proposals:draft", args=[reply.pk]), {"text": text, "draft_revision": 0})
    page = answer.content.decode()
    assert answer.status_code == 422 and "写了很久的稿" in page and "控制字符" in page
    saved = browser.post(reverse("proposals:autosave", args=[reply.pk]), {"text": text, "draft_revision": 0})
    assert saved.status_code == 422 and "控制字符" in saved.json()["message"]


def test_a_tab_is_no_control_character() -> None:
    reply = ready("收悉：\t办理如下。")
    actions.submit(**at(reply, "officer"))
