"""Acts become events, events are sealed, and nobody changes either without being named."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mangrove.ledger import hashing
from mangrove.ledger.actions import record, withhold
from mangrove.ledger.models import Body, Event, Seal
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.sealer import heads_file, seal_pending
from mangrove.ledger.verify import verify

OFFICER = Actor("officer_a", "经办人甲", "应用处")


def act(number: int = 1) -> Event:
    return record(
        "test.act", subject=Ref("test", "thing", str(number)), by=OFFICER, on=timezone.localdate(), payload={"n": number}
    )  # fmt: skip


def tamper(sql: str) -> None:
    """Change the database as somebody with full rights would: trigger off first."""
    on = " ON ledger_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_event_append_only" + on)
        cursor.execute(sql)


@pytest.mark.django_db
class TestRecord:
    def test_keeps_who_when_what_and_why(self) -> None:
        event = act()
        assert (event.act, event.subject, event.by) == ("test.act", Ref("test", "thing", "1"), OFFICER)
        assert event.body.text == '{"n":1}'
        assert not event.back_entry

    def test_back_entry_needs_a_reason(self) -> None:
        with pytest.raises(Refusal) as refusal:
            record("test.act", subject=Ref("t", "t", "1"), by=OFFICER, on=date(2021, 8, 30), payload={})
        assert refusal.value.code == "ledger.back_entry_needs_reason"
        assert not Event.objects.exists()

    def test_back_entry_with_a_reason_is_marked(self) -> None:
        event = record(
            "test.act", subject=Ref("t", "t", "1"), by=OFFICER, on=date(2021, 8, 30), payload={}, why="按存档补录"
        )  # fmt: skip
        assert event.back_entry and event.business_date == date(2021, 8, 30)

    def test_refuses_a_business_date_in_the_future(self) -> None:
        with pytest.raises(Refusal) as refusal:
            record(
                "t",
                subject=Ref("t", "t", "1"),
                by=OFFICER,
                on=timezone.localdate() + timedelta(1),
                payload={},
            )
        assert refusal.value.code == "ledger.future_date"

    def test_refuses_floats_anywhere_in_the_payload(self) -> None:
        with pytest.raises(TypeError, match="浮点"):
            record(
                "t",
                subject=Ref("t", "t", "1"),
                by=OFFICER,
                on=timezone.localdate(),
                payload={"a": [{"b": 0.1}]},
            )

    def test_goes_away_with_the_transaction_of_its_act(self) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            act()
            raise ZeroDivisionError
        assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_refuses_to_record_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        act()


@pytest.mark.django_db
class TestAppendOnly:
    def test_the_database_refuses_updates_of_events(self) -> None:
        event = act()
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE ledger_event SET why = 'x' WHERE id = %s", [event.pk])

    @pytest.mark.parametrize(
        "change",
        [
            "text = '{}'",
            "salt = ''",
            "text = '', salt = ''",
            "text = '', salt = 'x', withheld_by_id = event_id",
        ],
    )
    def test_the_database_refuses_a_changed_body(self, change: str) -> None:
        event = act()
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(f"UPDATE ledger_body SET {change} WHERE event_id = %s", [event.pk])

    def test_the_database_refuses_to_bring_a_withheld_body_back(self) -> None:
        event = act()
        withhold(event, by=OFFICER, on=timezone.localdate(), why="个人信息删除申请")
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(
                "UPDATE ledger_body SET text = '{}', withheld_by_id = NULL WHERE event_id = %s", [event.pk]
            )

    def test_the_database_refuses_to_delete_a_body(self) -> None:
        event = act()
        if connection.vendor == "sqlite":  # the tests themselves took this guard off, see tests/conftest.py
            guards = import_module("mangrove.ledger.migrations.0003_body_append_only").SQLITE
            with connection.cursor() as sql:
                sql.execute(guards[1])
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute("DELETE FROM ledger_body WHERE event_id = %s", [event.pk])

    def test_the_manager_refuses_updates_and_deletions(self) -> None:
        act()
        with pytest.raises(TypeError):
            Event.objects.all().update(why="x")
        with pytest.raises(TypeError):
            Event.objects.all().delete()


@pytest.mark.django_db
class TestSealing:
    def test_chains_what_is_pending_once(self) -> None:
        events = [act(n) for n in range(3)]
        assert (seal_pending(), seal_pending()) == (3, 0)
        seals = list(Seal.objects.all())
        assert [(s.position, s.event_id) for s in seals] == [(n + 1, e.pk) for n, e in enumerate(events)]
        assert [s.previous for s in seals[1:]] == [s.hash for s in seals[:-1]]

    def test_writes_the_head_outside_the_database(self) -> None:
        act()
        seal_pending()
        assert heads_file().read_text().split("\t")[:2] == ["1", Seal.objects.get().hash]

    def test_reports_the_unsealed_tail(self) -> None:
        act(1)
        seal_pending()
        act(2)
        found = verify()
        assert found.holds and (found.sealed, found.unsealed) == (1, 1)
        assert found.oldest_unsealed is not None and found.oldest_unsealed < timedelta(minutes=1)


@pytest.mark.django_db
class TestVerify:
    def sealed(self) -> list[Event]:
        events = [act(n) for n in range(5)]
        seal_pending()
        return events

    def test_holds_for_an_untouched_ledger(self) -> None:
        self.sealed()
        assert verify().holds

    @pytest.mark.parametrize("column", ["why", "actor", "actor_name", "act", "object_id", "payload_hash"])
    def test_names_the_event_whose_column_was_changed(self, column: str) -> None:
        victim = self.sealed()[2]
        tamper(f"UPDATE ledger_event SET {column} = 'x' WHERE id = {victim.pk}")
        broken = verify().broken
        assert broken and broken.position == 3 and str(victim.uid) in broken.event

    def test_names_a_changed_business_date(self) -> None:
        victim = self.sealed()[1]
        tamper(f"UPDATE ledger_event SET business_date = '2020-01-01' WHERE id = {victim.pk}")
        broken = verify().broken
        assert broken and broken.position == 2

    @pytest.mark.usefixtures("unguarded_bodies")
    def test_names_a_changed_body(self) -> None:
        victim = self.sealed()[3]
        Body.objects.filter(event=victim).update(text='{"n":99}')
        broken = verify().broken
        assert broken and broken.position == 4 and broken.what == "事件正文与封存时不同"

    def test_names_a_removed_seal(self) -> None:
        self.sealed()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_seal WHERE position = 2")
        broken = verify().broken
        assert broken and broken.position == 2 and "缺少" in broken.what

    def test_sees_that_the_tail_was_cut_off(self) -> None:
        self.sealed()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_seal WHERE position > 3")
        broken = verify().broken
        assert broken and broken.position == 4 and "截去" in broken.what

    def test_sees_a_chain_rewritten_from_the_middle(self) -> None:
        victim = self.sealed()[2]
        tamper(f"UPDATE ledger_event SET why = 'x' WHERE id = {victim.pk}")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_seal")
        kept = heads_file().read_text()
        seal_pending()
        heads_file().write_text(kept)
        broken = verify().broken
        assert broken and "库外" in broken.what

    def test_a_withheld_body_still_verifies(self) -> None:
        victim = self.sealed()[2]
        withhold(victim, by=OFFICER, on=timezone.localdate(), why="个人信息删除申请")
        seal_pending()
        victim.body.refresh_from_db()
        assert verify().holds and victim.body.text == ""

    @pytest.mark.parametrize(
        "forged", [{"text": '{"n":99}'}, {"salt": "x"}, {"text": '{"n":99}', "salt": "x"}]
    )
    @pytest.mark.usefixtures("unguarded_bodies")
    def test_a_withheld_body_with_something_put_in_its_place_is_named(self, forged: dict[str, str]) -> None:
        victim = self.sealed()[2]
        withhold(victim, by=OFFICER, on=timezone.localdate(), why="个人信息删除申请")
        Body.objects.filter(event=victim).update(**forged)
        broken = verify().broken
        assert broken and broken.position == 3 and "没有相应的撤下记录" in broken.what

    def test_a_body_withheld_under_the_act_for_another_event_is_named(self) -> None:
        events = self.sealed()
        taken = withhold(events[3], by=OFFICER, on=timezone.localdate(), why="个人信息删除申请")
        Body.objects.filter(event=events[1]).update(text="", salt="", withheld_by=taken)
        broken = verify().broken
        assert broken and broken.position == 2 and str(events[1].uid) in broken.event

    def test_a_body_withheld_under_any_other_act_is_named(self) -> None:
        events = self.sealed()
        other = record(
            "test.act", subject=Ref("t", "t", "1"), by=OFFICER, on=timezone.localdate(), payload={"event": str(events[1].uid)}
        )  # fmt: skip
        Body.objects.filter(event=events[1]).update(text="", salt="", withheld_by=other)
        broken = verify().broken
        assert broken and broken.position == 2

    def test_what_is_withheld_is_not_withheld_twice_nor_is_the_withholding(self) -> None:
        victim, today = self.sealed()[0], timezone.localdate()
        taken = withhold(victim, by=OFFICER, on=today, why="个人信息删除申请")
        with pytest.raises(Refusal, match="已经撤下"):
            withhold(victim, by=OFFICER, on=today, why="再次申请")
        with pytest.raises(Refusal, match="本身不能再撤下"):
            withhold(taken, by=OFFICER, on=today, why="掩盖")

    @pytest.mark.usefixtures("unguarded_bodies")
    def test_a_forged_body_of_an_event_not_sealed_yet_is_named(self) -> None:
        self.sealed()
        fresh = act(7)
        Body.objects.filter(event=fresh).update(text='{"n":99}')
        broken = verify().broken
        assert broken and broken.position == 6 and str(fresh.uid) in broken.event

    def test_an_event_that_nobody_sealed_yet_and_whose_body_is_gone_is_named(self) -> None:
        event = act()
        if connection.vendor == "postgresql":
            with connection.cursor() as sql:
                sql.execute("DROP TRIGGER ledger_body_no_delete ON ledger_body")
        Body.objects.filter(event=event).delete()
        broken = verify().broken
        assert broken and str(event.uid) in broken.event and "正文已被删除" in broken.what

    def test_a_changed_moment_of_sealing_is_named(self) -> None:
        self.sealed()
        on = " ON ledger_seal" if connection.vendor == "postgresql" else ""
        with connection.cursor() as sql:
            sql.execute("DROP TRIGGER ledger_seal_append_only" + on)
            sql.execute("UPDATE ledger_seal SET sealed_at = '2021-08-30 00:00:00+00:00' WHERE position = 3")
        broken = verify().broken
        assert broken and broken.position == 3

    def test_a_seal_with_a_digest_that_nobody_knows_is_named(self) -> None:
        self.sealed()
        on = " ON ledger_seal" if connection.vendor == "postgresql" else ""
        with connection.cursor() as sql:
            sql.execute("DROP TRIGGER ledger_seal_append_only" + on)
            sql.execute("UPDATE ledger_seal SET digest = 'md0' WHERE position = 3")
        broken = verify().broken
        assert broken and broken.position == 3 and "md0" in broken.what

    def test_seals_made_before_their_moment_was_hashed_still_verify(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as old:
            old.setattr("mangrove.ledger.sealer.DIGEST", "sha256")
            self.sealed()
        act(9)
        seal_pending()
        assert list(Seal.objects.values_list("digest", flat=True)) == ["sha256"] * 5 + [hashing.DIGEST]
        assert verify().holds

    @pytest.mark.usefixtures("unguarded_bodies")
    def test_an_emptied_body_without_an_act_does_not_verify(self) -> None:
        victim = self.sealed()[2]
        Body.objects.filter(event=victim).update(text="", salt="")
        assert not verify().holds


@pytest.mark.django_db
class TestHeads:
    """The chain's heads are kept in a file outside the database, written while a process may be killed."""

    def sealed_twice(self) -> None:
        for number in range(2):
            act(number)
            seal_pending()

    @pytest.mark.parametrize("torn", ["3", "3\t", "3\tab12", "3\tab12\t", "\udcff"])
    def test_a_torn_last_line_is_said_and_breaks_nothing(self, torn: str) -> None:
        self.sealed_twice()
        with heads_file().open("ab") as file:
            file.write(torn.encode(errors="surrogateescape"))
        found = verify()
        assert found.holds
        (note,) = found.notes
        assert "第 3 行不完整" in note

    def test_the_next_head_after_a_torn_line_stands_on_its_own(self) -> None:
        self.sealed_twice()
        with heads_file().open("a") as file:
            file.write("3\tab12")
        act(3)
        seal_pending()
        last = heads_file().read_text().splitlines()[-1]
        assert last.split("\t")[:2] == ["3", Seal.objects.get(position=3).hash]
        assert verify().holds

    def test_heads_that_are_gone_are_not_passed_over(self) -> None:
        self.sealed_twice()
        heads_file().unlink()
        broken = verify().broken
        assert broken and "heads.log" in broken.what

    def test_a_ledger_without_seals_needs_no_heads(self) -> None:
        act()
        assert verify().holds and not heads_file().exists()

    def test_a_head_added_for_a_position_that_has_one_is_named(self) -> None:
        self.sealed_twice()
        kept = heads_file().read_text()
        heads_file().write_text(f"1\t{'0' * 64}\t2021-08-30\n{kept}")
        broken = verify().broken
        assert broken and broken.position == 1 and "库外" in broken.what


def test_refs_round_trip() -> None:
    ref = Ref("proposals", "proposal", "2021/0615")
    assert Ref.parse(str(ref)) == ref


@pytest.mark.django_db
def test_batch_joins_events(own_files: Path) -> None:
    batch = uuid.uuid4()
    for number in range(2):
        record(
            "test.pay", subject=Ref("test", "order", str(number)), by=OFFICER, on=timezone.localdate(),
            payload={"fen": 100}, batch=batch,
        )  # fmt: skip
    assert Event.objects.filter(batch=batch).count() == 2
