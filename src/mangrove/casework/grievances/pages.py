"""What the page of an objection, a complaint, a report shows, to its office and to who lodged it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor
from mangrove.casework.grievances.access import handles, readable
from mangrove.casework.grievances.models import Grievance, Secret
from mangrove.casework.grievances.personal import SENDER, fields_of
from mangrove.casework.grievances.tables import GRIEVANCES, SCANS, TONES
from mangrove.casework.grievances.workflow import FLOWS, OUTCOMES
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.rules import rules
from mangrove.casework.things import Section, act_links, clock_facts, history, state_tag
from mangrove.ledger.refs import Ref
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui.components import Fact, Link, Tag
from mangrove.ui.languages import listed


def crumb() -> ActLink:
    return ActLink(_("异议、投诉和举报"), reverse("casework:grievances"), False)


def context(user: User, grievance: Grievance) -> dict[str, Any]:
    """The office sees all; who lodged it sees what they said, how it stands, and the answer."""
    inside = handles(user, grievance)
    return {
        "heading": str(grievance), "note": tag(grievance, inside), "crumb": crumb(),
        "acts": act_links(user, grievance.case, "casework:grievance_act", grievance.pk) if inside else [],
        "facts": [*facts(grievance), *(clock_facts(user, grievance.case) if inside else [])],
        "sections": sections(grievance, masked=inside), "moments": history(grievance.case) if inside else None,
        "advice": _("身份和内容只有受理处室和反映人本人看得到；账本里只有编号和密封的摘要。"),
    }  # fmt: skip


def tag(grievance: Grievance, inside: bool) -> Tag:
    if inside:
        return state_tag(grievance.case, TONES)
    return Tag(
        FLOWS[grievance.kind].state(grievance.case.state).public_label,
        TONES.get(grievance.case.state, "info"),
    )


def facts(grievance: Grievance) -> list[Fact]:
    notice = grievance.notice
    about = Link(notice.title, reverse("casework:notice", args=[notice.pk])) if notice else _("不针对公示")
    return [
        Fact(_("公示"), about),
        Fact(_("受理处室"), grievance.case.unit),
        Fact(_("收到"), grievance.received_on.isoformat()),
        Fact(_("结论"), OUTCOMES.get(grievance.outcome) or _("未定")),
        Fact(_("依据"), rules().grievance(grievance.kind).cited),
    ]


def sections(grievance: Grievance, masked: bool) -> list[Section]:
    secret = grievance.secret
    whole = reverse("registry:personal", args=[SENDER, grievance.pk])
    link = ActLink(_("看全反映人的信息"), whole, False) if masked and fields_of(secret) else None
    found = [
        Section("content", _("内容"), text=secret.content),
        Section("from", _("反映人"), lines=sender(secret, masked), link=link),
    ]
    if grievance.scans.exists() or grievance.case.closed_on is None:
        found.append(scans(grievance))
    if secret.answer:
        found.append(Section("answer", _("答复的话"), text=secret.answer))
    return found


def raised(user: Visitor, about: Q) -> list[Section]:
    """What was raised about something, to who may know of it; where that is nothing, the page is as if nothing was raised."""
    rows = readable(user).filter(about).select_related("case", "notice").prefetch_related("case__clocks")
    if not rows.exists():
        return []
    return [Section("raised", _("异议、投诉和举报"), GRIEVANCES.page(rows, QueryDict()))]


def about_thing(ref: Ref) -> Q:
    """Grievances about the line of a notice that stands for a thing of some room."""
    return Q(
        secret__item__about_room=ref.room, secret__item__about_kind=ref.kind, secret__item__about_id=ref.id
    )


def scans(grievance: Grievance) -> Section:
    """What was scanned, and the way to add to it while it is not ended."""
    add = ActLink(_("附扫描件"), reverse("casework:grievance_scan_add", args=[grievance.pk]), False)
    page = SCANS.page(grievance.scans.all(), QueryDict())
    link = add if grievance.case.closed_on is None else None
    return Section("scans", _("扫描件"), page, empty=_("还没有扫描件"), link=link)


def sender(secret: Secret, masked: bool) -> list[str]:
    said = (
        *((one.label, one.masked if masked else one.whole) for one in fields_of(secret)),
        (_("反映单位"), named(secret.organisation) if secret.organisation else ""),
        (_("公示事项"), secret.item.words_said if secret.item else ""), (_("反映的对象"), secret.against),
        (_("对象所在处室"), secret.against_unit), (_("所附材料"), papers(secret)),
    )  # fmt: skip
    lines = [_("%(label)s：%(said)s") % {"label": label, "said": text} for label, text in said if text]
    if secret.purged_on:
        return [_("反映人的信息已于 %(day)s 到期清除") % {"day": secret.purged_on}, *lines]
    return lines if secret.name or secret.organisation else [_("匿名"), *lines]


def papers(secret: Secret) -> str:
    known = {paper.id: paper.said for paper in rules().grievance(secret.grievance.kind).papers}
    return listed(known.get(one, one) for one in secret.papers)
