"""The time limit of an assignment: a date that the bureau sets, kept as a clock of its case, so that the inbox shows it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from mangrove.casework.clock_actions import iso, log, meet_clock
from mangrove.casework.clocks import FARTHEST_YEARS
from mangrove.casework.limits import Limit
from mangrove.casework.models import Case, Clock
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal

KEY = "reviews_due"


def refuse_past(due_on: date, on: date) -> None:
    if not on < due_on or due_on.year > on.year + FARTHEST_YEARS:
        raise Refusal(
            _("截止日期须晚于 %(on)s，且不超过 %(years)s 年。") % {"on": on, "years": FARTHEST_YEARS},
            code="reviews.bad_due", where=_("截止日期"),
        )  # fmt: skip


def set_limit(due_on: date, on: date) -> Limit:
    """The limit as a rule of its own: so many calendar days from the day of assignment, as the bureau set it."""
    return Limit(
        id=KEY, key=KEY, what="提交评审", what_en="Submit the review", amount=(due_on - on).days, unit="日",
        start_event="指派之日", start_event_en="the day of assignment", roll=False, clip_month_end=True,
        extended_total=0, consent="", consent_status="", article="本轮评审安排", article_en="schedule of this round",
        source="开轮次的单位所定", status="已核", in_force=on, until=None, jurisdiction="本轮", notes="",
        pack="reviews", pack_hash="",
    )  # fmt: skip


def start_clock(case: Case, due_on: date, *, by: Actor, on: date, why: str = "") -> Clock:
    """Part of an act that has the case to itself: it was opened in it, or is locked."""
    refuse_past(due_on, on)
    limit = set_limit(due_on, on)
    clock = Clock.objects.create(
        case=case, rule=limit.id, pack=limit.pack, pack_hash=limit.pack_hash, terms=limit.terms(),
        started_on=on, due_on=due_on,
    )  # fmt: skip
    log(clock, "start_clock", {"started_on": iso(on), "due": iso(due_on)}, by=by, on=on, why=why)
    return clock


def end_clocks(case: Case, *, by: Actor, on: date, why: str = "") -> None:
    """Whatever the assignment came to, nothing is due any more."""
    for clock in case.clocks.filter(met_on=None):
        meet_clock(clock.pk, by=by, on=on, why=why)
