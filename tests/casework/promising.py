"""A signed letter with two promises, evidence for them, and the people who deal with them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from mangrove.casework.models import Case, Promise, PromiseEvidence
from mangrove.casework.promises import Span, add_evidence, record_promises
from mangrove.ledger.refs import Ref
from mangrove.registry.models import Organisation, User

from .conftest import BY

LETTER = Ref("proposals", "letter", "1")
TEXT = "我局将尽快出台奖励补贴政策。此外，继续加快基站建设，并推进示范。"
SPANS = [Span("C01", 3, 13, "二（一）", "policies"), Span("C02", 17, 25, "二（二）", "buildout")]
SIGNED = date(2021, 8, 30)


def letter_promises(case: Case, text: str = TEXT, letter: Ref = LETTER, spans: Any = SPANS) -> list[Promise]:
    return record_promises(
        letter=letter,
        letter_text=text,
        letter_hash="0" * 64,
        spans=spans,
        parent=case,
        by=BY,
        on=SIGNED,
        why="补录",
    )


def evidence(promise: Promise, dated: date = date(2022, 10, 24)) -> PromiseEvidence:
    return add_evidence(
        promise.pk,
        what="印发若干措施",
        source="深府办〔2022〕某号",
        dated=dated,
        by=BY,
        on=timezone.localdate(),
    )


def account(username: str, *roles: str, organisation: Organisation | None = None, unit: str = "") -> User:
    return User.objects.create(
        username=username, name=f"账号{username}", roles=list(roles), organisation=organisation, unit=unit
    )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())
