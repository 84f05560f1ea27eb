"""What the pages of a plan show: what it rests on, who gets what and why, and the same answer once more."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.grievances.pages import raised
from mangrove.casework.notices.models import NoticeItem
from mangrove.casework.notices.workflow import OPEN
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section, act_links, history, state_tag
from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.claims.workflow import READY
from mangrove.policies.plans.actions import coming, standing
from mangrove.policies.plans.announcing import public_line
from mangrove.policies.plans.guards import names_listed
from mangrove.policies.plans.models import Plan, PlanLine
from mangrove.policies.plans.replaying import Replay
from mangrove.policies.plans.tables import TONES, lines_table, shortened
from mangrove.policies.plans.workflow import ANNOUNCED, COMPUTED
from mangrove.ui.components import Fact, Link
from mangrove.ui.dates import moment
from mangrove.ui.languages import listed
from mangrove.ui.numbers import yuan


def context(user: Any, plan: Plan, query: QueryDict) -> dict[str, Any]:
    return {
        "plan": plan,
        "heading": plan.title,
        "note": state_tag(plan.case, TONES),
        "crumb": ActLink(_("资助计划"), reverse("policies:plans"), False),
        "acts": [*act_links(user, plan.case, "policies:plan_step", plan.pk), *replay_link(plan)],
        "advice": advice(plan), "advice_tone": "warn",
        "facts": facts(plan),
        "sections": [lines_section(plan, query), *raised_sections(user, plan), *rests_on(plan)],
        "moments": history(plan.case),
    }  # fmt: skip


def advice(plan: Plan) -> str:
    """Who is on a list of dishonest firms by now; what the notice still says of lines taken out, while it can be corrected; what a
    computation left for another plan."""
    if plan.case.state in (COMPUTED, ANNOUNCED) and (names := names_listed(plan, timezone.localdate())):
        return _("在失信名单上：%(names)s。在名单上的付不了款；公示以前请退回审核。") % {
            "names": listed(names)
        }
    if plan.case.state == COMPUTED and (waiting := coming(plan).filter(case__state=READY).count()):
        return _(
            "另有 %(n)s 件审核完成、没有列入：是算定之后办完的（再算定一次），或按较新一版措施申报（另编一份计划）。"
        ) % {"n": waiting}
    count = len(still_announced(plan))
    return (
        _("已移出的 %(n)s 件，公示里仍写着原来的结果：请打开公示，办“更正公示”。") % {"n": count}
        if count
        else ""
    )


def still_announced(plan: Plan) -> list[NoticeItem]:
    gone = {
        str(one.claim_id): one
        for one in plan.lines.exclude(departure=None).select_related("claim__organisation")
    }
    items = NoticeItem.objects.filter(notice=plan.notice_id, notice__case__state=OPEN, about_id__in=gone)
    return [one for one in items if one.result == public_line(gone[one.about_id]).result]


def raised_sections(user: Any, plan: Plan) -> list[Section]:
    """What was raised about its notice, to who may know of it."""
    return raised(user, Q(notice=plan.notice_id)) if plan.notice_id else []


def replay_link(plan: Plan) -> list[ActLink]:
    return (
        [ActLink(_("重做一遍"), reverse("policies:plan_replay", args=[plan.pk]), False)]
        if plan.result
        else []
    )


def lines_of(plan: Plan) -> QuerySet[PlanLine]:
    return plan.lines.select_related("claim__organisation", "departure")


def facts(plan: Plan) -> list[Fact]:
    sums = standing(plan).aggregate(asked=Sum("asked"), proposed=Sum("proposed"))
    notice = (
        Link(plan.notice.title, reverse("casework:notice", args=[plan.notice_id])) if plan.notice else None
    )
    return [
        Fact(_("扶持事项"), listed(scheme_words(one) for one in plan.schemes)), Fact(_("预算年度"), str(plan.budget_year)),
        *pot_facts(plan), Fact(_("件数"), str(standing(plan).count())),
        Fact(_("按条款应得"), _("%(amount)s 元") % {"amount": yuan(sums["asked"] or 0)}),
        Fact(_("拟资助"), _("%(amount)s 元") % {"amount": yuan(sums["proposed"] or 0)}),
        Fact(_("决定日"), plan.decide_on.isoformat() if plan.decide_on else None, _("以这一天有效的措施为准")),
        Fact(_("公示"), notice, state_tag(plan.notice.case, {}).text if plan.notice else ""), *([Fact(_("批准依据"), plan.basis)] if plan.basis else []),
        *([Fact(_("合成数据"), _("是"))] if plan.synthetic else []),
    ]  # fmt: skip


def pot_facts(plan: Plan) -> list[Fact]:
    """Each pot in its order, with what it pays where there are several."""
    return [
        Fact(_("资金池"), f"{one.pot.name}（{one.pot.document_number}）", listed(scheme_words(id) for id in one.schemes))
        for one in plan.pots.select_related("pot").order_by("name")
    ]  # fmt: skip


def lines_section(plan: Plan, query: QueryDict) -> Section:
    page = lines_table().page(lines_of(plan), query, reverse("policies:plan_export", args=[plan.pk]))
    return Section("lines", _("拟资助名单"), page, empty=_("算定之后列在这里。"))


def rests_on(plan: Plan) -> list[Section]:
    """All that the answer rests on, by its hashes; years later the same comes out."""
    if not plan.result or plan.known_at is None:
        return []
    rules = [
        Link(
            f"{one.name} {_('第 %(n)s 版') % {'n': one.number}}",
            reverse("policies:measure", args=[one.rule, one.number]),
        )
        for one in plan.measures.order_by("rule")
    ]
    words = [
        _("资料截至 %(at)s，校验值 %(hash)s")
        % {"at": moment(plan.known_at), "hash": shortened(plan.population_hash)},
        _("结果校验值 %(hash)s，计算口径第 %(n)s 版")
        % {"hash": shortened(plan.result_hash), "n": plan.semantics},
    ]
    return [Section("rests", _("依据"), lines=[*rules, *words])]


def replay_context(plan: Plan, again: Replay) -> dict[str, Any]:
    said = _("重做一遍，逐位相同。") if again.same else _("重做一遍，与当时不同。")
    back = ActLink(plan.title, reverse("policies:plan", args=[plan.pk]), False)
    total = sum(one.proposed for one in again.found)
    return {
        "heading": _("重做一遍"), "crumb": back, "note": plan.title, "advice": said, "advice_tone": "good" if again.same else "bad",
        "facts": [Fact(_("件数"), str(len(again.found))), Fact(_("拟资助"), _("%(amount)s 元") % {"amount": yuan(total)})],
        "sections": [Section("notes", _("不同之处"), lines=again.notes, empty=_("没有不同。")), *rests_on(plan)],
        "moments": None,
    }  # fmt: skip
