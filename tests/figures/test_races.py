"""Two people state figures at once: both are kept, in order; without the lock one of them would fail (the control)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection

from mangrove.figures import actions
from mangrove.figures.actions import set_value
from mangrove.figures.loading import load_figures
from mangrove.figures.models import Definition, Value
from mangrove.figures.periods import Period
from mangrove.figures.values import Book, read_book

from .conftest import CITY, LETTER_DAY, OFFICER, value_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

PARTS = ("electronics_value_added", "industry_value_added")


def together(*work: Callable[[], object]) -> list[BaseException]:
    """Run each in a thread of its own, all starting at the same moment; returns what they raised."""
    barrier, raised = threading.Barrier(len(work)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait(timeout=60)
        try:
            act()
        except (IntegrityError, OperationalError) as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def stating(definition: str, amount: int) -> Callable[[], object]:
    def state() -> object:
        return set_value(
            definition, as_of=Period.parse("2020"), amount=Decimal(amount), source="letter",
            unit="亿元", by=OFFICER, on=LETTER_DAY, why="修订",
        )  # fmt: skip

    return state


@pytest.fixture
def city() -> Book:
    load_figures(CITY, by=OFFICER, on=LETTER_DAY, why="按存档原件补录")
    return read_book(on=LETTER_DAY)


def test_two_amounts_at_once_are_two_revisions(city: Book) -> None:
    assert together(stating(PARTS[0], 5400), stating(PARTS[0], 5500)) == []
    revisions = Value.objects.filter(definition=PARTS[0], source="letter").values_list("revision", flat=True)
    assert sorted(revisions) == [1, 2, 3]


def test_both_parts_of_a_ratio_at_once_end_in_the_ratio_of_both(city: Book) -> None:
    assert together(stating(PARTS[0], 4500), stating(PARTS[1], 9000)) == []
    assert value_of("electronics_share", "2020", "computed").amount == 500_000


def test_control_without_the_lock_one_of_them_fails(city: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 的写事务自带排队，演示不出无锁竞争；在 PostgreSQL 上运行")
    gate = threading.Barrier(2)

    def no_lock(definition: Definition) -> None:
        gate.wait(timeout=60)

    monkeypatch.setattr(actions, "lock", no_lock)
    assert len(together(stating(PARTS[0], 5400), stating(PARTS[0], 5500))) == 1
