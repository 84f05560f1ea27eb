"""``mangrove load``: a usable house without a sample in it: tables, catalogue, the city's registry, calendar and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from mangrove.casework.calendars import load_calendar
from mangrove.figures.loading import load_figures
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.sealer import seal_pending
from mangrove.registry.city import load_registry
from mangrove.ui.catalogue import compile_catalogues

Step = tuple[str, Callable[[], object]]
SEAL: Step = ("封存账本", seal_pending)


@contextmanager
def saying(what: str) -> Iterator[None]:
    """Say a step and how long it took."""
    start = perf_counter()
    print(f"· {what}", end="", flush=True)
    yield
    print(f"  {perf_counter() - start:.1f} 秒")


def take(steps: Iterable[Step]) -> None:
    for what, step in steps:
        with saying(what):
            step()


def city_steps(why: str) -> list[Step]:
    """What every house needs, in order; taking them again changes nothing that is already there."""
    today, city = timezone.localdate(), settings.MANGROVE_CITY
    return [
        ("建库", lambda: call_command("migrate", verbosity=0)),
        ("编译英文词表", compile_catalogues),
        ("装入机构、地名、处室", lambda: load_registry(city, by=SYSTEM, on=today, why=why)),
        ("装入假日表", lambda: load_calendar(by=SYSTEM, on=today)),
        ("装入指标与口径", lambda: load_figures(city, by=SYSTEM, on=today, why=why)),
    ]
