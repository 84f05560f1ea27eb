"""Somebody with full rights changes a signature in the database: ``mangrove ledger verify`` names it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from mangrove.casework.models import Promise
from mangrove.cli import main
from mangrove.ledger.models import Body, Event
from mangrove.ledger.sealer import seal_pending
from mangrove.proposals.composition import hash_of
from mangrove.proposals.models import SignedLetter

from . import life

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


@pytest.fixture
def letter(office: None) -> SignedLetter:
    signed = life.sign(life.lead_to("to_sign"))
    seal_pending()
    return signed


def verify(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    return main(["ledger", "verify"]), capsys.readouterr().out


def change(sql: str, *values: object) -> None:
    on = " ON ledger_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_event_append_only" + on)
        cursor.execute(sql, values)


def test_an_untouched_ledger_holds(letter: SignedLetter, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = verify(capsys)
    assert (
        status == 0
        and "账本完整" in said
        and "签发的正式函：相符" in said
        and f"已核验 {Event.objects.count()} 条" in said
    )


def test_a_changed_opinion_is_named_as_the_first_break(
    letter: SignedLetter, capsys: pytest.CaptureFixture[str]
) -> None:
    change("UPDATE ledger_event SET why = %s WHERE id = %s", "不同意。", letter.event_id)
    status, said = verify(capsys)
    assert status == 1
    assert f"断裂：第 {letter.event.seal.position} 条，事件内容与封存时不同" in said
    assert f"{letter.event.uid} proposals.reply.sign" in said


@pytest.mark.usefixtures("unguarded_bodies")
def test_a_changed_hash_of_the_signed_text_is_named(
    letter: SignedLetter, capsys: pytest.CaptureFixture[str]
) -> None:
    body = Body.objects.get(event=letter.event)
    Body.objects.filter(event=letter.event).update(text=body.text.replace(letter.content_hash, "0" * 64))
    status, said = verify(capsys)
    assert status == 1 and "事件正文与封存时不同" in said and str(letter.event.uid) in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": "改写的正文"}, "的文字与其摘要不符"),
        ({"head": {"title": "别的标题"}}, "的文字与其摘要不符"),
        ({"body": "改写的正文", "head": {}, "content_hash": hash_of({}, "改写的正文")}, "与账本事件"),
        ({"content_hash": "0" * 64}, "的文字与其摘要不符"),
        ({"signer": "someone"}, "签发人"),
        ({"opinion": "不同意。"}, "意见"),
    ],
)
def test_a_letter_that_is_not_as_it_was_signed_is_named(
    letter: SignedLetter, changes: dict[str, Any], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    SignedLetter.objects.filter(pk=letter.pk).update(**changes)
    status, said = verify(capsys)
    assert status == 1 and "账本完整" in said
    assert f"签发的正式函：正式函 {letter.reply} v1" in said and words in said


def test_a_signature_whose_letter_is_gone_is_named(
    letter: SignedLetter, capsys: pytest.CaptureFixture[str]
) -> None:
    SignedLetter.objects.filter(pk=letter.pk).delete()
    status, said = verify(capsys)
    assert status == 1 and f"账本事件 {letter.event.uid} 签发的正式函不见了" in said


def test_changed_words_of_a_promise_are_named(
    letter: SignedLetter, capsys: pytest.CaptureFixture[str]
) -> None:
    promise = Promise.objects.order_by("pk")[0]
    Promise.objects.filter(pk=promise.pk).update(text="以后再说")
    status, said = verify(capsys)
    assert status == 1 and f"承诺内容：承诺 {promise.number}" in said


def test_of_two_changes_the_first_is_named(letter: SignedLetter, capsys: pytest.CaptureFixture[str]) -> None:
    first = Event.objects.filter(act="proposals.reply.accept").get()
    change("UPDATE ledger_event SET actor_name = %s WHERE id IN (%s, %s)", "别人", first.pk, letter.event_id)
    _status, said = verify(capsys)
    assert str(first.uid) in said and str(letter.event.uid) not in said


def test_what_is_not_sealed_yet_is_reported_with_its_age(
    letter: SignedLetter, capsys: pytest.CaptureFixture[str]
) -> None:
    life.number(letter.reply)
    status, said = verify(capsys)
    assert status == 0 and "尚未封存 1 条，最早的一条已等" in said
    assert main(["ledger", "seal"]) == 0
    assert "尚未封存" not in verify(capsys)[1]
