"""What a firm hears of its claim without asking: refused and why, approved and how much."""

from __future__ import annotations

import pytest
from django.test import Client

from mangrove.casework.messages.kinds import words_of
from mangrove.casework.messages.models import Message
from mangrove.policies.claims import actions as claims
from mangrove.policies.claims import telling
from mangrove.ui.numbers import yuan

from . import life, paying

pytestmark = pytest.mark.django_db


def browser(username: str) -> Client:
    client = Client()
    client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_firm_is_told_why_it_was_refused_and_of_what_was_approved() -> None:
    claim = life.claimed(life.window())
    claims.step(
        claim_id=claim.pk, act="refuse", by=life.who("officer"), on=life.today(), why="项目投资额低于条款的下限。",
        expected_version=claim.case.version,
    )  # fmt: skip
    (told,) = Message.objects.filter(to=life.who("firm_a"), kind=telling.REFUSED)
    assert "不予资助：项目投资额低于条款的下限。" in words_of(told.kind, told.said)
    page = browser("firm_a").get(told.href).content.decode()
    assert "不予资助的理由" in page and "项目投资额低于条款的下限" in page
    assert not Message.objects.filter(to=life.who("firm_b")).exists()


def test_the_firm_is_told_of_what_a_plan_gave_it() -> None:
    plan = paying.granted()
    (line,) = plan.lines.all()
    (told,) = Message.objects.filter(to=life.who("firm_a"), kind=telling.AWARDED)
    assert f"已批准资助 {yuan(line.proposed)} 元" in words_of(told.kind, told.said)
