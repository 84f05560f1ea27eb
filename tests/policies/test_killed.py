"""``kill -9`` at any point from the plan of awards to the money recovered: taken up again, nobody is awarded, ordered or paid twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from mangrove.funding import totals, verification
from mangrove.funding.models import Award, PaymentOrder, Recovery
from mangrove.ledger.models import Event
from mangrove.ledger.verify import verify
from mangrove.policies.plans.models import Plan
from mangrove.policies.verification import verify_plans
from mangrove.policies.year.living import CHAPTERS, live_chapter, told_of
from mangrove.policies.year.making import make
from mangrove.policies.year.people import Year
from mangrove.policies.year.summing import sums
from processes import beside

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = {"year": 2025, "firms": 60, "applications": 24, "seed": 1}
#: The year as the command lives it, but for a lease that runs out soon.
LIVING = f"""
from datetime import timedelta
import django
django.setup()
from mangrove.jobs import leases
from mangrove.policies.year.living import live
leases.LEASE = timedelta(seconds=1)
live(**{YEAR!r})
"""
#: Events between two kills.
STRIDES = (1, 48)


def lived_until_money() -> Year:
    made = make(told_of(YEAR["year"]), seed=YEAR["seed"], firms_count=YEAR["firms"], applications_count=YEAR["applications"])  # fmt: skip
    year = Year(told_of(YEAR["year"]), made)
    for name, chapter in CHAPTERS[: [name for name, _chapter in CHAPTERS].index("资助计划")]:
        live_chapter(year, name, chapter, lambda _line: None)
    return year


def killed_until_over(folder: Path, chance: random.Random) -> int:
    """How often it was killed until it came to its end. Each start gets further, so it ends."""
    environment, kills = beside(folder), 0
    while True:
        process = subprocess.Popen([sys.executable, "-c", LIVING], env=environment, stdout=subprocess.DEVNULL)
        wanted = Event.objects.count() + chance.randint(*STRIDES)
        while process.poll() is None and Event.objects.count() < wanted:
            time.sleep(0.005)
        if process.poll() is not None:
            assert process.returncode == 0
            return kills
        process.kill()
        process.wait()
        kills += 1


def paid_by_order() -> Counter[str]:
    """How often the ledger says of an order that it was paid."""
    return Counter(Event.objects.filter(act="funding.order.paid").values_list("object_id", flat=True))


def test_nobody_is_paid_twice_wherever_the_year_is_killed(tmp_path: Path, settings: Settings) -> None:
    settings.MANGROVE_VAR = tmp_path
    year = lived_until_money()
    assert killed_until_over(tmp_path, random.Random(5)) >= 5
    assert {one.case.state for one in Plan.objects.select_related("case")} == {"approved"}
    claims = Counter(Award.objects.values_list("subject_id", flat=True))
    assert claims and max(claims.values()) == 1
    orders = Counter(PaymentOrder.objects.filter(state="paid").values_list("award", "tranche"))
    assert orders and max(orders.values()) == 1
    assert set(paid_by_order().values()) == {1}
    for award in Award.objects.all():
        assert totals.of_award(award).paid <= award.decided
    assert Recovery.objects.exists() and all(one.same for one in sums(year))
    assert verification.verify_orders() == [] == verify_plans() and verify().broken is None
