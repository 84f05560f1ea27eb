"""What rooms have the worker look after between jobs: asked every round, and none in the way of another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mangrove.jobs import rounds, worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """A round that fails, and after it one that notes that it was asked."""
    seen: list[str] = []

    def fails() -> None:
        raise ZeroDivisionError

    rounds.register("test.fails", fails)
    rounds.register("test.notes", lambda: seen.append("asked"))
    yield seen
    for name in ("test.fails", "test.notes"):
        rounds._rounds.pop(name)


def test_a_round_is_asked_though_no_job_waits_and_another_round_fails(asked: list[str]) -> None:
    assert worker.work(until_idle=True) == 0
    assert asked == ["asked"]
