"""A notice is closed while somebody objects: one of the two happens, and never both.

The control takes the lock away and shows an objection that stands open against a notice closed as without one.
"""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from mangrove.casework.grievances import actions as grievances
from mangrove.casework.grievances.models import Grievance
from mangrove.casework.models import Case
from mangrove.casework.notices import actions
from mangrove.casework.notices.models import Notice
from mangrove.casework.verification import verify_states
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify

from . import office
from .office import at, lodge, published, today
from .test_races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def notice() -> Notice:
    """Its period is over; an objection that came on the first day was not yet entered."""
    office.open_office()
    return published(on=today() - timedelta(days=40))


def objected(notice: Notice) -> Grievance:
    return lodge(notice=notice, on=today() - timedelta(days=40), why="按收文日补录")


def test_of_closing_and_objecting_at_once_one_happens(notice: Notice) -> None:
    closing = at(notice, "officer", act="close_clear")
    results = together(lambda: actions.end(**closing), lambda: objected(notice))
    (refusal,) = [result for result in results if isinstance(result, Refusal)]
    notice.case.refresh_from_db()
    assert (notice.case.state, Grievance.objects.count()) in [("clear", 0), ("open", 1)]
    assert refusal.code in ("casework.notice_closed", "casework.objection_open")
    assert verify_states() == [] and verify().holds


def test_control_without_the_lock_both_happen(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The objector has looked at the notice; before they write, it is closed."""
    looked, closed = threading.Event(), threading.Event()
    admit = grievances.admit

    def lodge_slowly() -> Grievance:
        seen = Notice.objects.select_related("case").get(pk=notice.pk)
        item = seen.items.order_by("number")[0]
        sender = grievances.From("专员丙", item.applicant, "0755-1", "科技路 1 号", "专员丙")
        said = grievances.Lodging(
            "objection", office.who("objections"), today() - timedelta(days=40), "评分有误。", sender,
            frozenset(office.PAPERS), seen, item, "", "", "政策法规处",
        )  # fmt: skip
        admit(said)
        looked.set()
        closed.wait(timeout=60)
        with transaction.atomic():
            return grievances.keep(said, seen.case.organisation, "按收文日补录")

    def close_meanwhile() -> None:
        looked.wait(timeout=60)
        try:
            actions.end(**at(notice, "officer", act="close_clear"))
        finally:
            closed.set()

    results = together(lodge_slowly, close_meanwhile)
    assert not [result for result in results if isinstance(result, Refusal)]
    assert Case.objects.get(pk=notice.case_id).state == "clear"
    assert Grievance.objects.filter(case__closed_on=None).count() == 1
    connection.close()


def test_of_two_answers_at_once_one_counts(notice: Notice) -> None:
    objection = office.accepted(objected(notice))
    said = [
        office.on_grievance(objection, "objections", words="答复", outcome=one)
        for one in ("upheld", "rejected")
    ]
    results = together(*(lambda one=one: grievances.answer(**one) for one in said))
    assert len([result for result in results if isinstance(result, Refusal)]) == 1
    objection.refresh_from_db()
    assert objection.case.acts.filter(act="answer").count() == 1 and objection.outcome in (
        "upheld",
        "rejected",
    )
