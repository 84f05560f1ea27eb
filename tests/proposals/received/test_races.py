"""Two officers at one moment, on the real database: nothing is kept twice, nothing is overwritten unseen."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from mangrove.casework.models import Attachment, Case, Promise
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.received import actions, filing
from mangrove.proposals.received.intake import read_in
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.models import User

from .conftest import WATER, read

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], object]) -> list[object]:
    """Run the works in threads that start at one moment; returns what each returned or was refused with."""
    gate, results = threading.Barrier(len(works)), list[object]()

    def run(work: Callable[[], object]) -> None:
        gate.wait(timeout=60)
        try:
            results.append(work())
        except Refusal as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def reading(officer: User, text: str) -> Callable[[], object]:
    return lambda: read_in(
        by=officer, on=timezone.localdate(), content=io.BytesIO(text.encode()), name="来函.txt"
    )


def test_the_same_letter_read_twice_at_once_is_kept_once(officer: User, colleague: User) -> None:
    together(reading(officer, WATER), reading(colleague, WATER))
    assert ReceivedLetter.objects.count() == Case.objects.count() == Attachment.objects.count() == 1


def test_different_letters_read_at_once_get_numbers_of_their_own(officer: User, colleague: User) -> None:
    texts = [WATER.replace("0123", str(number)) for number in range(4)]
    together(*(reading((officer, colleague)[place % 2], text) for place, text in enumerate(texts)))
    assert sorted(ReceivedLetter.objects.values_list("pk", flat=True)) == [1, 2, 3, 4]
    assert all(letter.case.subject.id == str(letter.pk) for letter in ReceivedLetter.objects.all())


def test_of_two_decisions_about_one_item_exactly_one_stands(officer: User, colleague: User) -> None:
    letter = read(officer)
    number = letter.items.filter(kind="number")[0].number
    said = {"on": timezone.localdate(), "letter_id": letter.pk, "number": number, "expected_version": 1}
    results = together(
        lambda: actions.confirm(by=officer, **said), lambda: actions.dismiss(by=colleague, why="重复", **said)
    )
    (refusal,) = [result for result in results if isinstance(result, Refusal)]
    assert refusal.code == "proposals.received_stale"
    assert letter.items.get(number=number).version == 2
    assert Event.objects.filter(room="proposals", act__startswith="proposals.received_").count() == 1


def test_of_two_filings_at_once_one_makes_the_promises(officer: User, colleague: User) -> None:
    letter, today = read(officer, f"深圳{WATER}"), timezone.localdate()
    for one in letter.items.all():
        if one.needs_decision:
            actions.confirm(
                by=officer, on=today, letter_id=letter.pk, number=one.number, expected_version=1, why="看过"
            )
    seen = filing.prepare(letter, list(letter.items.all()), today).content_hash
    said = {"on": today, "letter_id": letter.pk, "expected_version": letter.case.version, "seen_hash": seen}
    results = together(*(lambda who=who: filing.file(by=who, **said) for who in (officer, colleague)))
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Promise.objects.count() == 2
    assert Event.objects.filter(act="proposals.received.file").count() == 1
