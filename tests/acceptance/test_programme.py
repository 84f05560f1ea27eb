"""The opening of the sample city: everything that its file tells is there, through to the money, and living it again changes nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from mangrove.casework.calendars import load_calendar
from mangrove.casework.models import Grievance, Message, Notice, Verification
from mangrove.funding import totals
from mangrove.funding.models import Award, PaymentOrder, Pot
from mangrove.intake.models import Application, Opening
from mangrove.ledger.checks import run_checks
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.registry.city import create_sample_accounts, load_registry
from mangrove.registry.models import Organisation
from mangrove.reviews.models import Round
from mangrove.reviews.results import Results
from mangrove.workbench.sample.living import live_programmes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance]


def live_once() -> None:
    city, today = Path(settings.MANGROVE_CITY), timezone.localdate()
    load_registry(city, by=SYSTEM, on=today, why="样例")
    load_calendar(by=SYSTEM, on=today)
    create_sample_accounts(city, "红树-样例-口令-2021")
    with translation.override("zh-hans"):
        live_programmes()


def states(opening: str) -> Counter[str]:
    found = Application.objects.filter(opening=opening).values_list("case__state", flat=True)
    return Counter(state or "draft" for state in found)


def one_opening_from_the_form_to_the_money() -> None:
    assert states("bm-2025") == {"accepted": 8, "refused": 1}
    assert Application.objects.filter(opening="bm-2025", rounds=2).count() == 2
    held = Round.objects.get(title__startswith="2025")
    ranked = Results(held).ranked
    assert held.case and held.case.state == "released" and len(ranked) == 8
    assert sum(one.states("recused") for one in ranked) == 1 and all(one.submitted == 3 for one in ranked)
    awarded = {award.subject_id for award in Award.objects.all()}
    assert awarded == {one.item.subject_id for one in ranked[:6]}
    notice = Notice.objects.get()
    assert notice.case.state == "answered" and Grievance.objects.get().outcome == "rejected"
    assert Counter(PaymentOrder.objects.values_list("state", flat=True)) == {
        "paid": 5,
        "returned": 1,
        "lapsed": 1,
        "prepared": 1,
    }
    assert all(one.approved_by != one.prepared_by for one in PaymentOrder.objects.exclude(state="prepared"))
    assert totals.of_pot(Pot.objects.get()).paid == 420_000_000
    assert not Event.objects.filter(act="casework.remind", business_date__lt=timezone.localdate()).exists()


def everybody_finds_something_under_way_and_all_is_marked_synthetic() -> None:
    assert states("bm-now") == {"draft": 1, "submitted": 1, "returned": 1, "accepted": 2}
    assert Opening.objects.get(pk="bm-now").is_open(timezone.now())
    assert Round.objects.get(title__contains="正在评审").case.state == "scoring"  # type: ignore[union-attr]
    assert Verification.objects.exists() and Message.objects.filter(to__username="applicant_c").exists()
    applicants = Organisation.objects.filter(applications__isnull=False)
    assert all(one.synthetic and "合成" in one.name for one in applicants)
    assert not Award.objects.filter(synthetic=False).exists()
    assert not Opening.objects.filter(synthetic=False).exists()


def it_agrees_with_the_ledger_and_lived_again_is_as_it_was() -> None:
    assert not [one.first for one in run_checks() if not one.holds]
    before = Event.objects.count()
    with translation.override("zh-hans"):
        live_programmes()
    assert Event.objects.count() == before


def test_the_programme_of_the_sample_city() -> None:
    """One life for all that is asked of it: it takes seconds to live."""
    live_once()
    one_opening_from_the_form_to_the_money()
    everybody_finds_something_under_way_and_all_is_marked_synthetic()
    it_agrees_with_the_ledger_and_lived_again_is_as_it_was()
