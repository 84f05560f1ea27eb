"""Two people at the same moment: one effect. Each race has a control in which the guard is away and the fault is seen."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.registry import account_changes
from mangrove.registry import actions as registry
from mangrove.registry.importing import entering
from mangrove.registry.importing.organisations import plan_of
from mangrove.registry.importing.plan import Plan
from mangrove.registry.importing.reading import Read
from mangrove.registry.merging import actions
from mangrove.registry.models import AccountChange, Merge, Organisation, User
from mangrove.registry.verification import verify_account_changes, verify_merges
from mangrove.vocabulary.sheets import Row
from racing import together, wrong

pytestmark = pytest.mark.django_db(transaction=True)
ON_SQLITE = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="on SQLite the transaction itself is the lock"
)
CODE = "91440300MA5EQ0X43G"


def today() -> date:
    return timezone.localdate()


def person(username: str, role: str) -> User:
    return User.objects.create(username=username, name=username, roles=[role], password="!")


def unlocked(monkeypatch: pytest.MonkeyPatch, *models: Any) -> None:
    for model in models:
        monkeypatch.setattr(type(model.objects.all()), "select_for_update", lambda self, *given, **more: self)


@pytest.fixture
def merge() -> Merge:
    for id, name in (("kept", "示例甲"), ("other", "示例乙")):
        registry.register_organisation(
            id=id, name=name, kind="firm", scope="city", source="样例", by=SYSTEM, on=today(), synthetic=True
        )
    one, _two, _three = (person(name, "registrar") for name in ("one", "two", "three"))
    return actions.propose(kept="kept", other="other", by=one, on=today(), why="同一家")


def confirmed(merge: Merge, by: str) -> Merge:
    return actions.confirm(merge=merge, by=User.objects.get(username=by), on=today())


class TestTwoConfirmOneMerge:
    def test_one_does(self, merge: Merge) -> None:
        results = together(lambda: confirmed(merge, "two"), lambda: confirmed(merge, "three"))
        assert wrong(results) == 1 and verify_merges() == []
        assert Event.objects.filter(act="registry.confirm_merge").count() == 1

    def test_control_without_looking_at_the_state_under_the_lock_both_do(
        self, merge: Merge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(actions, "state_of", lambda merge, state, otherwise: merge)
        monkeypatch.setattr(actions, "refuse_two_bodies", lambda kept, other: None)
        results = together(lambda: confirmed(merge, "two"), lambda: confirmed(merge, "three"))
        assert wrong(results) == 0 and verify_merges() != []
        assert Event.objects.filter(act="registry.confirm_merge").count() == 2


def planned(code: str) -> Plan:
    """A file that gives the other entry its code, read before anything was merged."""
    values = {"name": "示例乙", "credit_code": code}
    return plan_of(Read([Row(2, values)], [], []), today())


def taken(plan: Plan) -> None:
    """As the job takes a plan in: within one transaction."""
    arguments = {"source": "样例", "file": "名单.csv", "sha256": "0" * 64}
    running: Any = SimpleNamespace(
        arguments=arguments, on=today(), why="", actor=SYSTEM, progress=lambda *given: None
    )
    with transaction.atomic():
        entering.take(plan, running)


class TestAnImportBesideAMerge:
    def test_either_the_row_goes_in_first_or_nothing_of_the_file_does(self, merge: Merge) -> None:
        plan = planned(CODE)
        results = together(lambda: taken(plan), lambda: confirmed(merge, "two"))
        other = Organisation.objects.get(pk="other")
        assert wrong(results) == 1, results  # the other's code, once taken in, makes it the one to be kept
        assert (other.credit_code is None) == (other.merged_into_id == "kept")

    def test_control_without_looking_under_the_lock_the_code_goes_to_the_entry_that_answers_no_more(
        self, merge: Merge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plan = planned(CODE)
        confirmed(merge, "two")
        monkeypatch.setattr(entering, "refuse_merged", lambda ids: None)
        taken(plan)
        other = Organisation.objects.get(pk="other")
        assert other.credit_code == CODE and other.merged_into_id == "kept"


@pytest.fixture
def change() -> AccountChange:
    sysadmin, _target = person("sysadmin", "sysadmin"), person("officer", "case_officer")
    person("security_a", "security"), person("security_b", "security")
    return account_changes.propose(
        kind="roles", username="officer", roles=["reviewer"], by=sysadmin, on=today(), why="岗位调整"
    )


def decided(change: AccountChange, by: str) -> Any:
    return account_changes.confirm(change=change, by=User.objects.get(username=by), on=today(), why="同意")


class TestTwoConfirmOneAccountChange:
    def test_one_does(self, change: AccountChange) -> None:
        results = together(lambda: decided(change, "security_a"), lambda: decided(change, "security_b"))
        assert wrong(results) == 1 and verify_account_changes() == []
        assert Event.objects.filter(act="registry.change_roles").count() == 1

    def test_control_without_the_condition_on_the_row_both_do(
        self, change: AccountChange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The row is taken as long as it is ``proposed``; taken in whatever state, it is carried out twice."""
        rows = AccountChange.objects

        class Whatever:
            @staticmethod
            def filter(**found: Any) -> Any:
                return rows.filter(pk=found["pk"])

        monkeypatch.setattr(AccountChange, "objects", Whatever)
        results = together(lambda: decided(change, "security_a"), lambda: decided(change, "security_b"))
        monkeypatch.undo()
        assert wrong(results) == 0, results
        assert Event.objects.filter(act="registry.change_roles").count() == 2
        assert verify_account_changes() != []
