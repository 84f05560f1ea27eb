"""What must be so before a plan is approved: the public had its time, and somebody else approves."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mangrove.casework.grievances.models import Grievance
from mangrove.casework.models import Case
from mangrove.casework.notices.workflow import HOLDING
from mangrove.casework.workflow import Occasion
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.models import Check, Judgement
from mangrove.policies.plans.models import Departure, Plan

#: Closed without objection, or after all were answered; a withdrawn notice does not count.
ENDED = ("clear", "answered")


def may_approve(occasion: Occasion) -> None:
    not_the_proposer(occasion)
    notice_ended(occasion)
    nothing_open(occasion)
    upheld_followed(occasion)


def not_the_proposer(occasion: Occasion) -> None:
    """Who computed the plan, sent it to the public, or checked or judged a claim in it does not approve it."""
    plan = occasion.case.plan
    if occasion.by.username in hands_in(plan):
        raise Refusal(
            _("您编制过这份计划或审核过其中的申报，不能自己批准。"), code="policies.own_plan", where=plan.title,
            rule=_("提出的人与批准的人不是同一人"), remedy=_("请由另一位签发人批准。"),
        )  # fmt: skip


def hands_in(plan: Plan) -> set[str]:
    claims = plan.lines.values("claim")
    return {
        plan.computed_by,
        *plan.case.acts.filter(act="announce").values_list("by", flat=True),
        *Check.objects.filter(claim__in=claims).values_list("by", flat=True),
        *Judgement.objects.filter(claim__in=claims).values_list("by", flat=True),
    }


def notice_ended(occasion: Occasion) -> None:
    notice = occasion.case.plan.notice
    if notice is None or notice.case.state not in ENDED:
        raise Refusal(
            _("公示还没有办结，不能批准。"), code="policies.notice_open", where=occasion.case.title,
            rule=_("公示期满、异议和举报都已办结，才能批准"), remedy=_("请先在“公示”里办结。"),
        )  # fmt: skip


def raised_about(plan: Plan) -> QuerySet[Grievance]:
    """Objections and reports about its notice; a complaint is about people and holds nothing."""
    return Grievance.objects.filter(notice=plan.notice, kind__in=HOLDING)


def nothing_open(occasion: Occasion) -> None:
    """A report may still come in after the notice was closed; its lodging waits for the same lock."""
    plan = occasion.case.plan
    Case.objects.select_for_update().get(pk=plan.notice.case_id)
    if raised_about(plan).filter(case__closed_on=None).exists():
        raise Refusal(
            _("公示还有没有办结的异议或举报，不能批准。"), code="policies.objection_open", where=plan.title,
            rule=_("公示期满、异议和举报都已办结，才能批准"), remedy=_("请等受理处室答复之后再办。"),
        )  # fmt: skip


def upheld_followed(occasion: Occasion) -> None:
    plan = occasion.case.plan
    upheld = raised_about(plan).filter(outcome__in=("upheld", "partly")).select_related("secret__item")
    if any(not followed(plan, one) for one in upheld):
        raise Refusal(
            _("公示的异议或举报有成立的，所涉申报还没有处理。"), code="policies.objection_upheld", where=plan.title,
            rule=_("异议、举报成立的，所涉申报退回审核或移出计划"),
            remedy=_("请编制人向受理处室问明编号，办“移出一件”，或“退回重编”。"),
        )  # fmt: skip


def followed(plan: Plan, one: Grievance) -> bool:
    """Its claim was taken out; of what was upheld in part a corrected line of the notice is enough."""
    gone = Departure.objects.filter(line__plan=plan)
    if gone.filter(grievance=one).exists():
        return True
    item = one.secret.item
    if item is None:
        return False
    if one.outcome == "partly" and item.corrections.exists():
        return True
    return gone.filter(line__claim__pk=item.about_id).exists()
