"""Clocks of a case as kept: the due date stored, the original kept, every move an event."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from mangrove.casework.clock_actions import (
    explain_clock,
    extend_clock,
    meet_clock,
    restart_clock,
    start_clock,
    stop_clock,
)
from mangrove.casework.models import Case, Clock
from mangrove.casework.verification import verify_clocks
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal

from .conftest import BY, OPENED

pytestmark = pytest.mark.django_db
WHY = "按存档原件补录"


@pytest.fixture
def clock(case: Case) -> Clock:
    return start_clock(case, "reply", by=BY, on=OPENED, why=WHY)


def test_the_sample_case_runs_under_the_law_of_2021(clock: Clock) -> None:
    assert (clock.rule, clock.pack, clock.due_on) == (
        "cn.2015.reply",
        "cn_deputies_law@2026-11-23",
        date(2021, 9, 15),
    )
    assert "依据：代表法（2015 文本）第四十二条（已核）" in explain_clock(clock)[0]
    assert len(clock.pack_hash) == 64


def test_a_stopped_clock_has_no_due_date_and_a_restart_moves_it(clock: Clock) -> None:
    stopped = stop_clock(clock.pk, category="待代表补充", reason="来函不清", by=BY, on=date(2021, 7, 1))
    assert stopped.due_on is None
    restarted = restart_clock(clock.pk, by=BY, on=date(2021, 7, 11), why=WHY)
    assert restarted.due_on == date(2021, 9, 25) and verify_clocks() == []
    assert list(Event.objects.values_list("act", flat=True))[-2:] == [
        "casework.stop_clock",
        "casework.restart_clock",
    ]


def test_an_extension_keeps_the_original_date_and_comes_once(clock: Clock) -> None:
    given = {"total": 6, "consent_by": "市人大常委会选联任工委", "reason": "涉及面广"}
    extended = extend_clock(clock.pk, by=BY, on=date(2021, 9, 1), **given)  # type: ignore[arg-type]
    assert (extended.original_due_on, extended.due_on) == (date(2021, 9, 15), date(2021, 12, 15))
    with pytest.raises(Refusal, match="延期一次"):
        extend_clock(clock.pk, by=BY, on=date(2021, 9, 2), **given)  # type: ignore[arg-type]


def test_nothing_is_overdue_that_was_met(clock: Clock) -> None:
    met = meet_clock(clock.pk, by=BY, on=date(2021, 8, 30), why=WHY)
    assert met.met_on == date(2021, 8, 30) and "已于 2021-08-30 办结。" in explain_clock(met)
    with pytest.raises(Refusal, match="不再走动"):
        stop_clock(clock.pk, category="待代表补充", reason="x", by=BY, on=date(2021, 8, 31))


def test_a_standing_clock_is_neither_met_nor_extended(clock: Clock) -> None:
    stop_clock(clock.pk, category="待代表补充", reason="来函不清", by=BY, on=date(2021, 7, 1))
    with pytest.raises(Refusal, match="时限停着"):
        meet_clock(clock.pk, by=BY, on=date(2021, 8, 30), why=WHY)
    with pytest.raises(Refusal, match="停表期间不能延期"):
        extend_clock(clock.pk, total=6, consent_by="工委", reason="x", by=BY, on=date(2021, 8, 1))


def test_one_limit_runs_once(case: Case, clock: Clock) -> None:
    with pytest.raises(Refusal, match="不能重复起算"):
        start_clock(case, "reply", by=BY, on=OPENED, why=WHY)


def test_a_start_in_the_future_and_an_end_before_the_start_are_refused(case: Case, clock: Clock) -> None:
    today = timezone.localdate()
    with pytest.raises(Refusal, match="之后"):
        start_clock(case, "return", by=BY, on=today, started_on=date(2999, 1, 1))
    with pytest.raises(Refusal, match="早于起算日 2021-06-15"):
        meet_clock(clock.pk, by=BY, on=date(2021, 6, 14), why=WHY)


def test_verification_names_a_due_date_that_was_tampered_with(clock: Clock) -> None:
    Clock.objects.filter(pk=clock.pk).update(due_on=date(2021, 12, 31))
    assert verify_clocks() == [
        f"时限 {clock.pk}（办件 {clock.case_id}，cn.2015.reply）存的是 2021-12-31，推算是 2021-09-15"
    ]
