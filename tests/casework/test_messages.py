"""Messages: written with the act, delivered once after it, mailed at least once; reminders once a threshold."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from mangrove.casework.clock_actions import meet_clock, start_clock, stop_clock
from mangrove.casework.messages import mailing
from mangrove.casework.messages.access import access_message, unread
from mangrove.casework.messages.actions import mark_read, tell
from mangrove.casework.messages.delivering import deliver
from mangrove.casework.messages.models import Mail, Message, Reminder
from mangrove.casework.messages.reminders import reached, remind
from mangrove.casework.messages.verification import verify_reminders
from mangrove.casework.models import Case, Clock, Promise
from mangrove.jobs import worker
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.registry.models import Organisation, User
from mangrove.ui.catalogue import compile_catalogues
from mangrove.ui.thresholds import thresholds
from processes import beside

from .conftest import open_test_case
from .promising import letter_promises
from .test_races import together

REF = Ref("casework", "case", "1")


def people(*names: str, roles: list[str] | None = None) -> list[User]:
    bureau = Organisation.objects.get_or_create(id="gxj", defaults={"name": "市工信局"})[0]
    said: dict[str, Any] = {"organisation": bureau, "unit": "通信处", "roles": roles or ["officer"]}
    return [User.objects.get_or_create(username=name, defaults={"name": name, **said})[0] for name in names]


def told(key: str, *to: User) -> None:
    with transaction.atomic():
        tell("casework.due", to=to, key=key, about=REF, title="件", due="2026-01-01", what="答复")


# --- written and delivered -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_message_belongs_to_an_act_and_goes_with_it() -> None:
    (jia,) = people("jia")
    with pytest.raises(RuntimeError, match="inside the transaction"):
        tell("casework.due", to=[jia], key="k", about=REF)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told("k", jia)
        raise ZeroDivisionError
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_what_is_told_twice_is_told_once_and_to_each_once() -> None:
    jia, yi = people("jia", "yi")
    told("k", jia, yi, jia)
    told("k", jia)
    assert Message.objects.count() == 2 and deliver() == 2 and deliver() == 0
    assert unread(jia) == 1


@pytest.mark.django_db
def test_a_message_is_not_there_before_it_is_delivered_and_read_by_its_own_person() -> None:
    jia, yi = people("jia", "yi")
    told("k", jia)
    (message,) = Message.objects.all()
    with pytest.raises(Http404):
        access_message(jia, message.pk)
    deliver()
    with pytest.raises(Http404):
        access_message(yi, message.pk)
    assert mark_read(yi) == 0 and mark_read(jia, access_message(jia, message.pk)) == 1
    first = Message.objects.get().read_at
    assert mark_read(jia) == 0 and Message.objects.get().read_at == first


@pytest.mark.django_db
def test_each_reader_reads_it_in_their_own_language() -> None:
    told("k", *people("jia"))
    compile_catalogues()
    translation.trans_real._translations.clear()
    message = Message.objects.get()
    assert message.words == "“件”须于 2026-01-01 前办结：答复。"
    with translation.override("en"):
        assert message.words == "“件” is due by 2026-01-01: 答复."


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_deliver_each_message_once() -> None:
    told("k", *people(*(f"u{n}" for n in range(40))))
    counts = together(deliver, deliver, deliver)
    assert sum(int(str(count)) for count in counts) == 40
    assert not Message.objects.filter(delivered_at=None).exists()


HALF = """
import time
import django
django.setup()
from django.db import transaction
from mangrove.casework.messages import delivering
with transaction.atomic():
    delivering.deliver_stretch()
    print("held", flush=True)
    time.sleep({pause})
"""


def in_another_process(folder: Path, script: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script]
    return subprocess.Popen(command, env=beside(folder), stdout=subprocess.PIPE, text=True)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_delivers_has_delivered_nothing_and_the_next_delivers_once(
    tmp_path: Path,
) -> None:
    told("k", *people("jia", "yi"))
    with in_another_process(tmp_path, HALF.format(pause=60)) as process:
        assert process.stdout and process.stdout.readline() == "held\n"
        process.kill()
    assert Message.objects.filter(delivered_at=None).count() == 2
    worker.work(until_idle=True)
    assert Message.objects.filter(delivered_at__isnull=False).count() == 2 and deliver() == 0


@pytest.mark.django_db(transaction=True)
def test_control_the_other_process_does_deliver_when_it_may_commit(tmp_path: Path) -> None:
    told("k", *people("jia", "yi"))
    with in_another_process(tmp_path, HALF.format(pause=0)) as process:
        assert process.wait(timeout=60) == 0
    assert not Message.objects.filter(delivered_at=None).exists()


# --- by mail ---------------------------------------------------------------------------------------------------


class Broken(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


@pytest.fixture
def by_mail(settings: Settings) -> None:
    settings.MANGROVE_MAIL_DOMAIN = "example.test"


def due_now() -> None:
    Mail.objects.update(next_at=timezone.now())


@pytest.mark.django_db
def test_no_mail_goes_out_where_the_house_has_not_switched_it_on() -> None:
    told("k", *people("jia"))
    deliver()
    assert mailing.send() == 0 and not Mail.objects.exists() and outbox.outbox == []


@pytest.mark.django_db
def test_a_mail_goes_out_once_with_a_number_that_stays(by_mail: None) -> None:
    told("k", *people("jia"))
    deliver()
    assert mailing.send() == 1 and mailing.send() == 0
    (sent,) = outbox.outbox
    assert sent.to == ["jia@example.test"] and "须于 2026-01-01 前办结" in sent.subject
    assert sent.extra_headers == mailing.composed(Mail.objects.get()).extra_headers


@pytest.mark.django_db
def test_a_mail_that_fails_waits_longer_each_time_and_then_who_runs_the_system_is_told(
    by_mail: None, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    (operator,) = people("operator", roles=["sysadmin"])
    told("k", *people("jia"))
    deliver()
    waits = []
    for _n in range(thresholds().mail_attempts):
        assert mailing.send() == 0
        waits.append(Mail.objects.get().next_at - timezone.now())
        due_now()
    assert all(later > sooner for sooner, later in zip(waits, waits[1:], strict=False))
    mail = Mail.objects.get()
    assert mail.failed_at is not None and mail.error == "ConnectionRefusedError"
    (failure,) = Message.objects.filter(to=operator)
    assert failure.kind == "casework.mail_failed" and "jia" not in failure.words
    deliver()
    assert mailing.send() == 0 and Mail.objects.count() == 1  # and that is not told by mail


@pytest.mark.django_db
def test_a_claim_keeps_others_away_until_it_runs_out(by_mail: None) -> None:
    """A sender killed after its claim: the mail waits, and is sent again when the claim is over (at least once)."""
    told("k", *people("jia"))
    deliver()
    claimed = mailing.claim()
    assert claimed is not None and mailing.claim() is None and mailing.send() == 0
    Mail.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert mailing.send() == 1 and Mail.objects.get().attempts == 2
    mailing.put_off(claimed, "Late")  # the first one wakes: it changes nothing any more
    assert Mail.objects.get().error == "" and Mail.objects.get().sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_claim_each_mail_once(by_mail: None) -> None:
    told("k", *people(*(f"u{n}" for n in range(8))))
    deliver()

    def claims() -> int:
        found = 0
        while mailing.claim():
            found += 1
        return found

    assert sum(int(str(n)) for n in together(claims, claims)) == 8
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}


# --- reminders -------------------------------------------------------------------------------------------------


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sets(st.integers(0, 40), max_size=5),
    st.sets(st.integers(1, 40), max_size=5),
)
def test_each_threshold_counts_once_on_the_way_through_the_days(
    due: date, before: set[int], overdue: set[int]
) -> None:
    days = [due + timedelta(days=n) for n in range(-45, 46)]
    passed = [reached(due, day, before, overdue) for day in days]
    changes = [
        now for was, now in zip([None, *passed], passed, strict=False) if now != was and now is not None
    ]
    expected = [*sorted(before, reverse=True), *(-n for n in sorted(overdue))]
    assert changes == expected


@given(st.integers(-60, 60), st.sets(st.integers(0, 40), min_size=1), st.sets(st.integers(1, 40), min_size=1))
def test_nobody_is_told_of_an_overdue_date_before_it_nor_of_a_coming_one_after(
    left: int, before: set[int], overdue: set[int]
) -> None:
    today = date(2026, 1, 1)
    found = reached(today + timedelta(days=left), today, before, overdue)
    if found is not None:
        assert (found < 0) == (left < 0) and (abs(found) <= abs(left) if left < 0 else found >= left)


@pytest.fixture
def clock() -> Iterator[Clock]:
    people("jia")
    case = open_test_case(Organisation.objects.get(id="gxj"))
    yield start_clock(case, "handover", by=SYSTEM, on=date(2021, 9, 16), why="补录")  # until 2021-09-23


def days_told(clock: Clock, first: date, last: date) -> list[str]:
    kinds = []
    for n in range((last - first).days + 1):
        before = set(Message.objects.values_list("pk", flat=True))
        remind(first + timedelta(days=n))
        kinds += [m.kind.split(".")[1] for m in Message.objects.exclude(pk__in=before)]
    return kinds


@pytest.mark.django_db
def test_a_clock_reminds_at_each_threshold_once_however_often_it_is_looked_at(clock: Clock) -> None:
    kinds = days_told(clock, date(2021, 9, 16), date(2021, 10, 30))
    assert kinds == ["due", "due", "due_today", "overdue", "overdue", "overdue", "overdue"]
    assert Reminder.objects.count() == len(kinds) == Event.objects.filter(act="casework.remind").count()
    assert days_told(clock, date(2021, 9, 16), date(2021, 10, 30)) == [] or verify_reminders() == []


@pytest.mark.django_db
def test_slept_through_thresholds_make_one_reminder_and_not_seven(clock: Clock) -> None:
    assert remind(date(2021, 11, 1)) == 1 and remind(date(2021, 11, 1)) == 0
    assert Reminder.objects.get().threshold == -20 and verify_reminders() == []


@pytest.mark.django_db
def test_a_clock_that_stands_or_is_met_or_whose_case_is_over_reminds_nobody(clock: Clock) -> None:
    stop_clock(clock.pk, category="待补充", reason="来函不清", by=SYSTEM, on=date(2021, 9, 20))
    assert remind(date(2021, 9, 23)) == 0
    Clock.objects.get().stops.all().delete()
    Clock.objects.update(due_on=date(2021, 9, 23))
    Case.objects.update(closed_on=date(2021, 9, 20))
    assert remind(date(2021, 9, 23)) == 0
    Case.objects.update(closed_on=None)
    meet_clock(clock.pk, by=SYSTEM, on=date(2021, 9, 20), why="补录")
    assert remind(date(2021, 9, 23)) == 0


@pytest.mark.django_db
def test_a_case_with_an_owner_reminds_the_owner_alone(clock: Clock) -> None:
    (bing,) = people("bing", roles=["head"])
    Case.objects.update(owner=bing)
    remind(date(2021, 9, 23))
    assert list(Message.objects.values_list("to__username", flat=True)) == ["bing"]


@pytest.mark.django_db
def test_a_new_due_date_has_its_own_reminders(clock: Clock) -> None:
    assert remind(date(2021, 9, 23)) == 1
    Clock.objects.update(due_on=date(2021, 9, 30))
    assert remind(date(2021, 9, 30)) == 1 and Reminder.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_remind_at_once_remind_once(clock: Clock) -> None:
    day = timezone.localdate()
    results = together(lambda: remind(day), lambda: remind(day))
    assert sum(int(str(n)) for n in results) == 1
    assert Reminder.objects.count() == 1 == Message.objects.count() and verify_reminders() == []


@pytest.mark.django_db
def test_a_reminder_row_that_is_not_as_recorded_is_found(clock: Clock) -> None:
    remind(date(2021, 9, 23))
    Reminder.objects.update(threshold=3)
    assert len(verify_reminders()) == 1
    Reminder.objects.all().delete()
    assert "提醒记录不见了" in verify_reminders()[0]


@pytest.fixture
def promise(case: Case) -> Promise:
    """One of the promises of a letter, with a date that an officer set, and its unit's officer."""
    made = letter_promises(case)[0]
    Promise.objects.filter(pk=made.pk).update(due_on=date(2021, 9, 23))
    people("ban")
    Case.objects.filter(pk=made.case_id).update(owner=User.objects.get(username="ban"))
    return made


@pytest.mark.django_db
def test_a_promise_with_a_date_reminds_at_each_threshold_once_and_one_without_never(promise: Promise) -> None:
    days = [date(2021, 9, 16) + timedelta(days=n) for n in range(45)]
    assert sum(remind(day) for day in days) == 7 and sum(remind(day) for day in days[-1:]) == 0
    rows = Reminder.objects.filter(promise=promise, clock=None)
    assert rows.count() == 7 == Message.objects.filter(to__username="ban").count()
    assert verify_reminders() == []
    assert "落实这项承诺" in Message.objects.first().words  # type: ignore[union-attr]
    Case.objects.filter(pk=promise.case_id).update(closed_on=date(2021, 10, 1))
    Promise.objects.filter(pk=promise.pk).update(due_on=date(2021, 12, 1))
    assert remind(date(2021, 12, 1)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_remind_of_a_promise_at_once_remind_once(promise: Promise) -> None:
    day = timezone.localdate()
    results = together(lambda: remind(day), lambda: remind(day))
    assert sum(int(str(n)) for n in results) == 1 == Reminder.objects.count() == Message.objects.count()


@pytest.mark.django_db(transaction=True)
def test_control_without_the_unique_key_two_may_remind_of_one_promise(
    promise: Promise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What holds them is the key of the database; without it, a second row of the same threshold can be written."""
    remind(date(2021, 9, 23))
    first, every = Reminder.objects.get(), Reminder._meta.constraints
    again = Reminder(promise=promise, due_on=first.due_on, threshold=first.threshold, event=other_event())
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    held = next(one for one in every if one.name == "casework_reminded_of_promise_once")
    monkeypatch.setattr(Reminder._meta, "constraints", [one for one in every if one != held])
    with (
        connection.schema_editor() as editor
    ):  # SQLite makes the table anew, by the constraints that are left
        editor.remove_constraint(Reminder, held)
    try:
        again.save()
        assert Reminder.objects.count() == 2
    finally:
        Reminder.objects.all().delete()
        monkeypatch.undo()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reminder, held)


def other_event() -> Event:
    with transaction.atomic():
        return record("casework.remind", subject=REF, by=SYSTEM, on=timezone.localdate(), payload={})


# --- pages -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_counts_what_is_unread_and_opening_one_reads_it(client: Client) -> None:
    (jia,) = people("jia")
    told("k", jia)
    told("l", jia)
    deliver()
    client.force_login(jia, backend="django.contrib.auth.backends.ModelBackend")
    assert '消息<span class="nav__count">2</span>' in client.get("/casework/messages/").content.decode()
    client.get(f"/casework/messages/{Message.objects.latest('id').pk}/")
    assert Message.objects.filter(read_at=None).count() == 1
    assert client.get("/casework/messages/read/").status_code == 405
    client.post("/casework/messages/read/")
    assert not Message.objects.filter(read_at=None).exists()
    assert client.get("/casework/messages/export/").status_code == 200
    connection.close()
