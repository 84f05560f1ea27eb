"""Two people at once, and a process killed half-way: exactly one wins, and nothing half stays.

These run on SQLite and on PostgreSQL (``MANGROVE_DATABASE``); each race has its control, which shows that the
same moment without the lock and the version really loses an act.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from mangrove.casework import actions, calendars, clock_actions
from mangrove.casework.calendars import set_day
from mangrove.casework.models import CalendarDay, Case, CaseAct, Clock
from mangrove.casework.verification import verify_clocks, verify_states
from mangrove.ledger.actions import record
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation

from .conftest import BY, FLOW, OPENED, open_test_case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case() -> Case:
    return open_test_case(Organisation.objects.get_or_create(id="gxj", defaults={"name": "市工信局"})[0])


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


def step(case: Case, act: str) -> CaseAct:
    return actions.take_step(
        case.pk, act, by=BY, roles=["officer"], on=OPENED, why="补录", expected_version=1
    )


@pytest.mark.parametrize("acts", [("sign_for", "return"), ("sign_for", "sign_for")])
def test_of_two_steps_at_once_exactly_one_is_taken(case: Case, acts: tuple[str, str]) -> None:
    results = together(*(lambda act=act: step(case, act) for act in acts))
    (refusal,) = [result for result in results if isinstance(result, Refusal)]
    assert refusal.code == "casework.stale" and "最近一步由经办人甲于 2021-06-15 办理" in str(refusal)
    (taken,) = CaseAct.objects.all()
    case.refresh_from_db()
    assert (case.version, case.state) == (2, taken.to_state) and verify_states() == []
    assert Event.objects.count() == 2


def test_control_without_lock_and_version_both_win_and_one_is_lost(case: Case) -> None:
    seen = threading.Barrier(2)

    def unguarded(act: str) -> str:
        unlocked = Case.objects.get(pk=case.pk)
        chosen = actions.permitted_step(FLOW, unlocked, act, ["officer"])
        seen.wait(timeout=60)
        with transaction.atomic():
            record("t.control", subject=case.ref, by=BY, on=OPENED, why="补录", payload={"to": chosen.target})
            Case.objects.filter(pk=case.pk).update(state=chosen.target)
        return chosen.target

    results = together(lambda: unguarded("sign_for"), lambda: unguarded("return"))
    assert sorted(map(str, results)) == ["drafting", "returned"]
    assert Event.objects.filter(act="t.control").count() == 2
    case.refresh_from_db()
    assert case.state in ("drafting", "returned") and len(verify_states()) == 1


def holiday(day: date, kind: str = "休") -> Event:
    return set_day(day, kind, name="台风", source="通告", by=BY, on=timezone.localdate(), why="停工")


def stop(clock: Clock) -> Clock:
    return clock_actions.stop_clock(
        clock.pk, category="待代表补充", reason="来函不清", by=BY, on=date(2021, 9, 20)
    )


@pytest.fixture
def clock(case: Case) -> Clock:
    """Five working days from Thursday 2021-09-16 by the bare weeks: until 2021-09-23."""
    return clock_actions.start_clock(case, "handover", by=BY, on=date(2021, 9, 16), why="补录")


def due(clock: Clock) -> date | None:
    return Clock.objects.get(pk=clock.pk).due_on


def test_a_holiday_and_a_stop_at_once_both_count(clock: Clock) -> None:
    results = together(lambda: holiday(date(2021, 9, 17)), lambda: stop(clock))
    assert not any(isinstance(result, Refusal) for result in results)
    assert due(clock) is None and verify_clocks() == []


def test_control_without_the_locks_a_holiday_undoes_a_stop(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 的写事务自带排队，演示不出无锁竞争；在 PostgreSQL 上运行")
    read, stopped = threading.Event(), threading.Event()
    running_clocks = clock_actions.running_clocks

    def read_too_early() -> list[Clock]:
        clocks = list(running_clocks())
        read.set()
        stopped.wait(timeout=60)
        return clocks

    def stop_meanwhile() -> None:
        read.wait(timeout=60)
        try:
            stop(clock)
        finally:
            stopped.set()

    for place in (clock_actions, calendars):
        monkeypatch.setattr(place, "lock_cases", lambda: None)
    monkeypatch.setattr(clock_actions, "running_clocks", read_too_early)
    together(lambda: holiday(date(2021, 9, 17)), stop_meanwhile)
    assert due(clock) is not None and len(verify_clocks()) == 1


def test_two_holidays_set_at_once_both_move_the_clock(clock: Clock) -> None:
    before = due(clock)
    together(lambda: holiday(date(2021, 9, 17)), lambda: holiday(date(2021, 9, 22)))
    assert (before, due(clock)) == (date(2021, 9, 23), date(2021, 9, 27)) and verify_clocks() == []


def test_of_two_people_who_set_one_day_the_second_says_what_the_first_had_set() -> None:
    together(lambda: holiday(date(2021, 9, 17)), lambda: holiday(date(2021, 9, 17), "班"))
    first, second = (said(event) or {} for event in Event.objects.select_related("body").order_by("pk"))
    assert first["from"] == "" and second["from"] == first["to"]
    assert CalendarDay.objects.get().kind == second["to"]


def test_a_clock_that_starts_while_a_holiday_is_set_ends_by_the_new_table(case: Case) -> None:
    together(
        lambda: holiday(date(2021, 9, 17)),
        lambda: clock_actions.start_clock(case, "handover", by=BY, on=date(2021, 9, 16), why="补录"),
    )
    assert Clock.objects.get().due_on == date(2021, 9, 24) and verify_clocks() == []


HALF_A_STEP = """
import sys, time
import django
django.setup()
from django.db import transaction
from mangrove.casework import actions
from casework.conftest import BY, OPENED
with transaction.atomic():
    actions.take_step(int(sys.argv[1]), "sign_for", by=BY, roles=["officer"], on=OPENED, why="补录", expected_version=1)
    print("written", flush=True)
    time.sleep(60)
"""


def beside(tmp_path: Path) -> dict[str, str]:
    """The environment in which another process works on this test's database."""
    settings = connection.settings_dict
    tests = str(Path(__file__).resolve().parent.parent)
    own = {
        "DJANGO_SETTINGS_MODULE": "mangrove.workbench.settings",
        "MANGROVE_VAR": str(tmp_path),
        "PYTHONPATH": tests,
    }
    if connection.vendor == "postgresql":
        address = f"{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"
        own["MANGROVE_DATABASE"] = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{address}"
    else:
        (tmp_path / "mangrove.sqlite3").symlink_to(settings["NAME"])
    return os.environ | own


def test_a_process_killed_before_its_commit_leaves_nothing_half(case: Case, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HALF_A_STEP, str(case.pk)]
    with subprocess.Popen(command, env=beside(tmp_path), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "written\n"
        process.kill()
    case.refresh_from_db()
    assert (case.state, case.version, CaseAct.objects.count(), Event.objects.count()) == ("received", 1, 0, 1)
    assert step(case, "sign_for").to_state == "drafting" and verify_states() == []


def test_control_the_other_process_does_write_when_it_may_commit(case: Case, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HALF_A_STEP.replace("time.sleep(60)", ""), str(case.pk)]
    subprocess.run(command, env=beside(tmp_path), check=True, capture_output=True)
    case.refresh_from_db()
    assert (case.state, case.version, Event.objects.count()) == ("drafting", 2, 2)
