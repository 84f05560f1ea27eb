"""What must be so before a plan is approved: the public had its time, and somebody else approves."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mangrove.casework.grievances.models import Grievance
from mangrove.casework.models import Case, CaseAct
from mangrove.casework.notices.actions import period_end
from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.workflow import HOLDING, OPEN
from mangrove.casework.workflow import Occasion
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.credit import listed_on
from mangrove.policies.claims.models import Check, Claim, Doubt, Judgement
from mangrove.policies.plans.announcing import public_line
from mangrove.policies.plans.models import Departure, Plan
from mangrove.policies.plans.replaying import replay
from mangrove.registry.labels import named
from mangrove.registry.models import Organisation
from mangrove.ui.languages import listed as enumerated

#: Closed without objection, or after all were answered; a withdrawn notice does not count.
ENDED = ("clear", "answered")
#: What was raised and found to be so, in whole or in part.
UPHELD = ("upheld", "partly")


def may_approve(occasion: Occasion) -> None:
    not_the_proposer(occasion)
    notice_ended(occasion)
    nothing_open(occasion)
    upheld_followed(occasion)
    as_announced(occasion)
    comes_out_again(occasion)


def comes_out_again(occasion: Occasion) -> None:
    """What is approved is what the rules come to: it is computed once more from what was kept, and from nothing else."""
    plan = occasion.case.plan
    again = replay(plan)
    if not again.same:
        raise Refusal(
            _("用保存的规则和资料重算，与公示的结果不同：%(notes)s") % {"notes": " ".join(again.notes)}, code="policies.not_again",
            where=plan.title, rule=_("批准的就是规则算出的"), remedy=_("请在计划页“重做一遍”里看哪里不同，撤回公示后办“退回重编”，再算定、再公示。"),
        )  # fmt: skip


def may_announce(occasion: Occasion) -> None:
    """What is not known is not refused in public, nor for good; nobody on a list is named as one who gets money."""
    plan = occasion.case.plan
    refuse_listed_in(plan, occasion.on)
    if count := plan.lines.filter(because__code="lacks").count():
        raise Refusal(
            _("有 %(n)s 件缺数据，还不能定，不能公示。") % {"n": count}, code="policies.lines_lack", where=plan.title,
            rule=_("缺数据不等于不符合"), remedy=_("请办“退回重编”，把这些申报退回审核，补齐数据后再算定。"),
        )  # fmt: skip


def refuse_listed_in(plan: Plan, on: date) -> None:
    names = names_listed(plan, on)
    if names:
        raise Refusal(
            _("%(names)s 在失信名单上，不能公示为拟资助单位。") % {"names": enumerated(names)}, code="policies.plan_listed",
            where=plan.title, rule=_("失信主体不得申报和领取资助"),
            remedy=_("请办“退回重编”，把这些申报退回审核、重做信用核查，再算定；已移出名单的，请先更新失信记录。"),
        )  # fmt: skip


def names_listed(plan: Plan, on: date) -> list[str]:
    """Of the firms that are to get money out of the plan those that a list of dishonest firms names that day."""
    firms = plan.lines.filter(departure=None, proposed__gt=0).values_list("claim__organisation", flat=True)
    found = {one.organisation for one in listed_on(set(firms), on)}
    return [named(one) for one in Organisation.objects.filter(pk__in=found).order_by("name")]


def may_return(occasion: Occasion) -> None:
    """The public is not left with a notice of what is being made anew, nor with something raised about it unanswered."""
    notice = occasion.case.plan.notice
    if occasion.case.state != "announced" or notice is None:
        return
    if notice.case.state in ("draft", OPEN):
        raise Refusal(
            _("公示还没有撤回，不能退回重编。"), code="policies.notice_stands", where=occasion.case.title,
            rule=_("计划退回重编，原来的公示先撤回"), remedy=_("请签发人先在“公示”里撤回。"),
        )  # fmt: skip
    nothing_open(occasion)


def not_the_proposer(occasion: Occasion) -> None:
    """Who computed the plan, sent it to the public, or checked or judged a claim in it does not approve it."""
    plan = occasion.case.plan
    if occasion.by.username in hands_in(plan):
        raise Refusal(
            _("您编制过这份计划或审核过其中的申报，不能自己批准。"), code="policies.own_plan", where=plan.title,
            rule=_("提出的人与批准的人不是同一人"), remedy=_("请由另一位签发人批准。"),
        )  # fmt: skip


def hands_in(plan: Plan) -> set[str]:
    """Everybody who had a hand in what is proposed: in the plan, and in the claims of which it is made."""
    claims = plan.lines.values("claim")
    cases = Claim.objects.filter(pk__in=claims).values("case")
    return {
        plan.computed_by,
        *plan.case.acts.exclude(act="return").values_list("by", flat=True),
        *CaseAct.objects.filter(case__in=cases, act__in=("finish", "recheck")).values_list("by", flat=True),
        *Check.objects.filter(claim__in=claims).values_list("by", flat=True),
        *Judgement.objects.filter(claim__in=claims).values_list("by", flat=True),
        *Doubt.objects.filter(claim__in=claims).exclude(judged_by="").values_list("judged_by", flat=True),
    }


def notice_ended(occasion: Occasion) -> None:
    notice = occasion.case.plan.notice
    if notice is None or notice.case.state not in ENDED:
        raise Refusal(
            _("公示还没有办结，不能批准。"), code="policies.notice_open", where=occasion.case.title,
            rule=_("公示期满、异议和举报都已办结，才能批准"), remedy=closing_of(notice),
        )  # fmt: skip
    if notice.case.closed_on is not None and occasion.on < notice.case.closed_on:
        raise Refusal(
            _("公示 %(on)s 才办结，不能在此之前批准。") % {"on": notice.case.closed_on}, code="policies.notice_open",
            where=_("业务日期"), rule=_("公示期满、异议和举报都已办结，才能批准"), remedy=_("请改业务日期。"),
        )  # fmt: skip


def closing_of(notice: Notice | None) -> str:
    """When the notice can be closed, and by whom."""
    until = period_end(notice) if notice is not None else ""
    if notice is None or not until:
        return _("请先在“公示”里办结。")
    return _("公示到 %(until)s 为止；期满后由%(unit)s的经办人在“公示”里办结。") % {
        "until": until, "unit": notice.case.unit,
    }  # fmt: skip


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
    upheld = raised_about(plan).filter(outcome__in=UPHELD).select_related("secret__item")
    if any(not followed(plan, one) for one in upheld):
        raise Refusal(
            _("公示的异议或举报有成立的，所涉申报还没有处理。"), code="policies.objection_upheld", where=plan.title,
            rule=_("异议、举报成立的，所涉申报退回审核或移出计划"),
            remedy=_("请编制人向受理处室问明编号，办“移出一件”，或“退回重编”。"),
        )  # fmt: skip


def followed(plan: Plan, one: Grievance) -> bool:
    """Its claim was taken out, to be checked anew or for a later plan."""
    gone = Departure.objects.filter(line__plan=plan)
    if gone.filter(grievance=one).exists():
        return True
    item = one.secret.item
    return item is not None and gone.filter(line__claim__pk=item.about_id).exists()


def as_announced(occasion: Occasion) -> None:
    """What is approved is what the public read: a line that was corrected since is computed and announced anew."""
    plan = occasion.case.plan
    said = {one.about_id: one.result for one in plan.notice.items.all()}
    standing = plan.lines.filter(departure=None).select_related("claim__organisation")
    differing = [one for one in standing if said.get(str(one.claim_id)) != public_line(one).result]
    if differing:
        raise Refusal(
            _("公示的结果与计划不同（%(n)s 件），不能批准。") % {"n": len(differing)}, code="policies.unlike_notice", where=plan.title,
            rule=_("批准的就是公示过的"), remedy=_("请“移出一件”，或“退回重编”，算定后再公示。"),
        )  # fmt: skip
