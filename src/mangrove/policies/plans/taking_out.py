"""A claim leaves an announced plan after an objection or a report about it was upheld: for checking anew, or for a later plan.

Who raised it, and that it was raised, only its office may tell: the officer cites the number that the office gave. The ledger
has the reason, and of the number a digest that only the secret row can show (``casework/sealing.py``).
"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mangrove.casework.actions import take_step
from mangrove.casework.grievances.actions import sender_of, told_of_sender
from mangrove.casework.grievances.models import Grievance
from mangrove.casework.grievances.pages import about_thing
from mangrove.casework.sealing import digest_of, refuse_telling
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.workflow import ANNOUNCED, READY
from mangrove.policies.plans.access import access_plan
from mangrove.policies.plans.actions import move, standing
from mangrove.policies.plans.guards import raised_about
from mangrove.policies.plans.models import Departure, Plan, PlanLine, Way
from mangrove.registry.actions import required
from mangrove.registry.models import User


@transaction.atomic
def take_out(
    *, plan_id: uuid.UUID, line: PlanLine, way: str, number: str, by: User, on: date, expected_version: int, why: str
) -> Departure:  # fmt: skip
    """``number``: of the upheld objection or report. What was computed is kept, so that the plan still replays."""
    required(why, _("移出的理由"))
    plan = access_plan(by, plan_id, to="take_out")
    found = standing_line(plan, line)
    cited = cited_for(plan, found, number)
    refuse_telling(told_of_sender(sender_of(cited.secret)), why, _("理由"))
    about = str(found.claim.ref)
    taken = take_step(
        plan.case_id, "take_out", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details={"claim": about, "way": way, "cited": digest_of(cited.secret.salt, {"taken_out": about})},
    )  # fmt: skip
    leave(found, way, by, on, why)
    return Departure.objects.create(
        line=found, grievance=cited, way=way, reason=why, by=by.username, by_name=by.name, on=on, event=taken.event
    )  # fmt: skip


def leave(line: PlanLine, way: str, by: User, on: date, why: str) -> None:
    """The claim is ready again, and back at its checks where it has to be looked at anew."""
    details = {"plan": str(line.plan.ref)}
    move([line.claim], ANNOUNCED, "unplan", by, on, why, details)
    if way == Way.RECHECK:
        move([line.claim], READY, "recheck", by, on, why, details)


def standing_line(plan: Plan, line: PlanLine) -> PlanLine:
    found = standing(plan).select_related("claim__case", "plan").filter(pk=line.pk).first()
    if found is None:
        raise Refusal(_("这一件不在计划里，或已经移出。"), code="policies.no_line", where=plan.title)
    return found


def cited_for(plan: Plan, line: PlanLine, number: str) -> Grievance:
    """Upheld, about this claim, by its number in full; whatever else there is answers like what is not there."""
    about = about_thing(line.claim.ref) | Q(kind="report", secret__item=None)
    upheld = raised_about(plan).filter(about, outcome__in=("upheld", "partly")).select_related("secret")
    found = next((one for one in upheld if one.short == number.strip().lower()), None)
    if found is None:
        raise Refusal(
            _("没有这个编号的、已成立的、针对这一件的异议或举报。"), code="policies.not_upheld", where=_("异议或举报的编号"),
            rule=_("异议、举报成立的，所涉申报退回审核或移出计划"), remedy=_("请向受理处室核对编号；其他情形请办“退回重编”。"),
        )  # fmt: skip
    return found
