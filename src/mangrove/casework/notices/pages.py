"""What the pages of a notice show, for the house and for everybody."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor
from mangrove.casework.clock_actions import explain_clock
from mangrove.casework.grievances.pages import raised
from mangrove.casework.notices.access import deals_with
from mangrove.casework.notices.forms import items_of
from mangrove.casework.notices.models import Notice, NoticeCorrection
from mangrove.casework.notices.tables import CORRECTIONS, ITEMS, TONES, public_tag
from mangrove.casework.notices.workflow import OPEN, period_of
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.rules import GrievanceRule, rules
from mangrove.casework.things import Section, act_links, clock_facts, history, state_tag
from mangrove.registry.labels import named
from mangrove.ui.components import Fact
from mangrove.ui.languages import listed


def context(user: Visitor, notice: Notice) -> dict[str, Any]:
    """The page inside the house; who only reads what everybody may, reads no more than that."""
    inside = deals_with(user, notice)
    facts = [*house_facts(user, notice)] if inside else public_facts(notice)
    return {
        "heading": notice.title,
        "note": state_tag(notice.case, TONES) if inside else public_tag(notice),
        "crumb": ActLink(_("公示"), reverse("casework:notices"), False),
        "acts": [*act_links(user, notice.case, "casework:notice_act", notice.pk), *lodging_links(user, notice)],
        "facts": facts,
        "sections": [*raised(user, Q(notice=notice)), *sections(notice)],
        "moments": history(notice.case) if inside else None,
    }  # fmt: skip


def public_context(notice: Notice) -> dict[str, Any]:
    return {
        "heading": notice.title, "note": public_tag(notice),
        "crumb": ActLink(_("公示公告"), reverse("casework:public_notices"), False),
        "facts": public_facts(notice), "sections": sections(notice), "moments": None,
        "advice": _("这份公示已撤回。") if notice.case.state == "withdrawn" else "", "advice_tone": "warn",
    }  # fmt: skip


def public_facts(notice: Notice) -> list[Fact]:
    clock = period_of(notice.case)
    until = clock.due_on.isoformat() if clock and clock.due_on else None
    first = notice.published_on.isoformat() if notice.published_on else None
    return [
        Fact(_("发布单位"), named(notice.case.organisation) if notice.case.organisation else ""),
        Fact(_("公示首日"), first),
        Fact(_("公示末日"), until),
        Fact(_("业务处室"), notice.case.unit),
        Fact(_("异议受理处室"), notice.objection_unit),
    ]


def house_facts(user: Visitor, notice: Notice) -> list[Fact]:
    return [*public_facts(notice), *clock_facts(user, notice.case)]


def sections(notice: Notice) -> list[Section]:
    corrections = NoticeCorrection.objects.filter(item__notice=notice).select_related("item").order_by("id")
    found = [Section("said", _("说明"), text=notice.body)] if notice.body else []
    found.append(Section("items", _("公示内容"), ITEMS.page(items_of(notice), QueryDict())))
    if corrections:
        found.append(Section("corrections", _("更正记录"), CORRECTIONS.page(corrections, QueryDict())))
    clock = period_of(notice.case)
    if clock is not None:
        found.append(Section("period", _("公示期怎样算"), lines=explain_clock(clock, runs_out=True)))
    return [*found, *ways()]


def ways() -> list[Section]:
    """The three ways to say something about a notice, which differ in everything."""
    return [Section(f"way-{rule.id}", kind_word(rule), lines=way(rule)) for rule in rules().grievances]


def kind_word(rule: GrievanceRule) -> str:
    return {"objection": _("异议"), "complaint": _("投诉"), "report": _("举报")}[rule.id]


def way(rule: GrievanceRule) -> list[Any]:
    anonymous = _("匿名的也受理。") if rule.anonymous else _("匿名的不予受理。")
    said = {"who": rule.said(rule.who), "about": rule.said(rule.about), "when": rule.said(rule.when)}
    return [
        _("谁可以提：%(who)s。就什么提：%(about)s。何时：%(when)s。") % said,
        _("材料：%(papers)s。%(anonymous)s")
        % {"papers": listed(paper.said for paper in rule.papers), "anonymous": anonymous},
        _("受理处室：%(unit)s；身份只限该处室知悉。") % {"unit": rule.unit},
        _("依据：%(source)s") % {"source": rule.cited},
    ]


def lodging_links(user: Any, notice: Notice) -> list[ActLink]:
    """To lodge something about this notice; an objection only where it is open, by who may object."""
    if notice.published_on is None:
        return []
    base = reverse("casework:grievance_new")
    own = notice.items.filter(applicant__in=user.bodies).exists()
    offered = [("objection", _("提出异议"))] if notice.case.state == OPEN and own else []
    offered += [("complaint", _("投诉")), ("report", _("举报"))]
    return [ActLink(label, f"{base}?kind={kind}&notice={notice.pk}", False) for kind, label in offered]
