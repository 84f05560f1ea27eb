"""Whatever is in a draft, its page and its editor open; what is composed keeps its marks on their words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mangrove.ledger.refusals import Refusal
from mangrove.proposals import actions
from mangrove.proposals.composition import compose
from mangrove.proposals.models import Draft, Reply

from . import life

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]

PIECES = [
    "\n", "\n\n", "　　", " ", "一、", "（一）", "1.", "。", "收悉", "将办理", "[[F1|", "[[C01|", "[[C02|", "]]", "[[",
    "{{基站总数}}", "{{基站总数|时点=2020}}", "{{基站总数|显示=超0.0万个}}", "{{不存在}}", "{{", "}}", "|", "5.0万个", "60.5%",
    "1e999亿元", "全国第一", "\u2028", "\x85", "\x1c", "\u200b", "😀", "\0", "2020年", "〇", "第一，", "-", "99999999999999999999",
]  # fmt: skip
drafts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


@pytest.fixture
def reply(office: None) -> Reply:
    reply = life.lead_to("drafting")
    life.write(reply, "收悉。")
    return reply


def composed(reply: Reply, text: str) -> list[str]:
    draft = Draft(reply=reply, revision=9, text=text)
    found = compose(reply, draft, on=life.today())
    return [f"{mark.id}:{found.body[mark.start : mark.end]}" for mark in found.marks]


def test_any_draft_opens_on_both_pages(reply: Reply, browser_of: BrowserOf) -> None:
    browser = browser_of("officer")
    pages = [reverse(f"proposals:{name}", args=[reply.pk]) for name in ("reply", "draft")]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(drafts)
    def opens(text: str) -> None:
        with transaction.atomic():
            try:
                actions.save_draft(
                    by=life.who("officer"), reply_id=reply.pk, text=text, base_revision=reply.drafts.count()
                )
            except Refusal:
                return
            assert [browser.get(page).status_code for page in pages] == [200, 200]

    opens()


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("　　[[F1|甲]]\n\n 乙", ["F1:甲"]),
        ("[[C01|\n\n　　将办理\n]]\n乙", ["C01:将办理"]),
        ("甲\n[[F1| 乙 ]]", ["F1:乙"]),
        ("[[F1|甲\n\n[[C01|乙 ]]]]", ["F1:甲\n乙", "C01:乙"]),
        ("[[F1|{{基站总数}}]]", ["F1:5.0万个"]),
    ],
)
def test_marks_stay_on_their_words_when_empty_lines_and_indents_go(
    reply: Reply, text: str, marks: list[str]
) -> None:
    assert composed(reply, text) == marks


def test_figures_stay_on_their_words(reply: Reply) -> None:
    draft = Draft(reply=reply, revision=9, text="\n　　[[F1|甲]]\n\n　　已建{{基站总数}}。")
    found = compose(reply, draft, on=life.today())
    (span,) = found.figures.spans
    assert found.body[span.start : span.end] == span.printed


@pytest.mark.parametrize("text", ["[[F1|]]", "甲。\n乙[[F1| 　\n]]", "[[F1|[[C01|]]]]"])
def test_an_empty_mark_is_refused_with_its_line_and_the_page_still_opens(
    reply: Reply, browser_of: BrowserOf, text: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        composed(reply, text)
    assert refusal.value.code == "proposals.bad_mark" and "里没有文字" in refusal.value.what
    assert f"第 {2 if text.startswith('甲') else 1} 行" in refusal.value.where
    life.write(reply, text)
    for name in ("reply", "draft"):
        answer = browser_of("officer").get(reverse(f"proposals:{name}", args=[reply.pk]))
        assert answer.status_code == 200 and "里没有文字" in answer.content.decode()
