"""Acts started at one moment in threads of their own, for tests of what two people do at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from mangrove.ledger.refusals import Refusal


def together(*acts: Callable[[], object]) -> list[object]:
    """What each came to, started at one moment in threads of their own; a refusal is a result."""
    results: list[object] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def go(n: int) -> None:
        try:
            barrier.wait()
            results[n] = acts[n]()
        except (Refusal, IntegrityError) as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def wrong(results: list[object]) -> int:
    return sum(isinstance(one, Exception) for one in results)


def seen_by_both(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Both pass this look before either goes on: the moment at which a guard matters."""
    look, barrier = getattr(module, name), threading.Barrier(2)

    def looked(*given: Any, **more: Any) -> Any:
        found = look(*given, **more)
        barrier.wait(timeout=10)
        return found

    monkeypatch.setattr(module, name, looked)
