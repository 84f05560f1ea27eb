"""What the pages of a review show: what was promised and measured, what the rules say follows, how the numbers were found."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.access import steps_for
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section, act_links, history, state_tag
from mangrove.policies.claims.tables import claim_link, scheme_words
from mangrove.policies.performance import amounts
from mangrove.policies.performance.access import may_reopen, of_the_firm
from mangrove.policies.performance.decisions import Tally, percent
from mangrove.policies.performance.guards import hindrance
from mangrove.policies.performance.models import Indicator, Performance
from mangrove.policies.performance.rules import rules
from mangrove.policies.performance.tables import (
    INDICATORS,
    TONES,
    due_words,
    promised_cell,
    public_tag,
    share_words,
)
from mangrove.registry.labels import named
from mangrove.ui.components import Fact, Link
from mangrove.ui.languages import in_words
from mangrove.ui.numbers import yuan

LIST = "policies:performances"


def crumb() -> ActLink:
    return ActLink(_("绩效评价"), reverse(LIST), False)


def context(user: Any, performance: Performance) -> dict[str, Any]:
    firm = of_the_firm(user, performance)
    return {
        "heading": performance.claim.title,
        "note": public_tag(performance) if firm else state_tag(performance.case, TONES),
        "crumb": crumb(),
        "acts": acts(user, performance),
        "advice": advice(user, performance),
        "facts": facts(performance, firm),
        "sections": [compared(performance), *following(performance)],
        "moments": None if firm else history(performance.case),
    }


def acts(user: Any, performance: Performance) -> list[ActLink]:
    but = ["confirm"] if hindrance(performance, user.username) else []
    found = act_links(user, performance.case, "policies:performance_step", performance.pk, but)
    if may_reopen(user, performance):
        href = reverse("policies:performance_step", args=[performance.pk, "reopen"])
        found.append(ActLink(_("重新核定"), href, False))
    return found


def advice(user: Any, performance: Performance) -> str:
    """Why the reader, who could else, does not confirm it."""
    could = any(step.act == "confirm" for step in steps_for(user, performance.case))
    hindered = hindrance(performance, user.username) if could else ""
    return f"{hindered}{_('请由另一位经办人核定。')}" if hindered else ""


def facts(performance: Performance, firm: bool) -> list[Fact]:
    claim, plan, known = performance.claim, performance.award.plan_line.plan, rules()
    made_by = (
        [] if firm else [Fact(_("资助计划"), Link(plan.title, reverse("policies:plan", args=[plan.pk])))]
    )
    bar = _("不低于承诺的 %(met)s%% 为达到，不低于 %(partly)s%% 为部分达到") % {
        "met": percent(known.bar.met), "partly": percent(known.bar.partly),
    }  # fmt: skip
    return [
        Fact(_("企业"), named(claim.organisation)), Fact(_("扶持事项"), scheme_words(claim.scheme)), Fact(_("申报"), claim_link(claim)), *made_by,
        Fact(_("资助金额"), _("%(amount)s 元") % {"amount": yuan(performance.award.decided)}), Fact(_("首笔支付"), performance.paid_on.isoformat()),
        Fact(_("应评价日"), performance.due_on.isoformat(), _("首笔支付后 %(n)s 天（待核）") % {"n": (performance.due_on - performance.paid_on).days}),
        Fact(_("怎样算达到"), bar, in_words(known.status)), *([Fact(_("合成数据"), _("是"))] if performance.synthetic else []),
    ]  # fmt: skip


def compared(performance: Performance) -> Section:
    rows = performance.indicators.select_related("paper").order_by("place")
    return Section("compared", _("承诺与实测"), INDICATORS.page(rows, QueryDict()))


def compared_lines(performance: Performance) -> list[str]:
    """In a line each: what somebody who is to confirm compares."""
    rows = performance.indicators.order_by("place")
    return [compared_line(one) for one in rows if one.measured is not None]


def compared_line(one: Indicator) -> str:
    said = {
        "name": amounts.name(one), "promised": promised_cell(one) or _("须折算"), "text": one.promised_text,
        "measured": amounts.words(one, one.measured), "share": share_words(one) or _("未定"), "until": one.until, "source": one.source,
        "year": due_words(one),
    }  # fmt: skip
    if one.in_words:
        return _("%(name)s：承诺 %(promised)s（原话“%(text)s”），实测 %(measured)s，占承诺 %(share)s；统计截止 %(until)s；来源：%(source)s") % said  # fmt: skip
    return _("%(name)s：承诺 %(promised)s，完成年份 %(year)s，实测 %(measured)s，占承诺 %(share)s；统计截止 %(until)s；来源：%(source)s") % said  # fmt: skip


def following(performance: Performance) -> list[Section]:
    """What the rule texts say follows, once something was found that was not fully kept."""
    outcomes = {one.outcome for one in performance.indicators.all()}
    said = [one for one in rules().consequences if outcomes & one.outcomes]
    if not said:
        return []
    lines = [
        _("%(words)s 来源：%(source)s（%(status)s）")
        % {"words": one.words, "source": one.source, "status": in_words(one.status)}
        for one in said
    ]
    return [Section("following", _("规则写明的后果（只列出，不自动执行；由人依规办理）"), lines=lines)]


def tally_facts(found: Tally) -> list[Fact]:
    """The whole in a few numbers."""
    none = _("无数据")
    return [
        Fact(_("资助件数"), str(found.awards), _("有承诺指标的")), Fact(_("未到评价时间"), str(found.not_due)),
        Fact(_("达到"), str(found.met)), Fact(_("部分达到"), str(found.partly)), Fact(_("未达到"), str(found.missed)),
        Fact(_("待核定"), str(found.unconfirmed)), Fact(_("未填报"), str(found.unreported)),
        Fact(_("达到的占比"), none if found.kept is None else f"{found.kept}%", _("在已核定的指标中")),
        Fact(_("实测占承诺，中位"), none if found.median is None else f"{found.median}%", _("已核定的指标的中位数")),
    ]  # fmt: skip
