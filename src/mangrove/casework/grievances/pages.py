"""What the page of an objection, a complaint, a report shows, to its office and to who lodged it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.grievances.access import handles
from mangrove.casework.grievances.models import Grievance, Secret
from mangrove.casework.grievances.tables import TONES
from mangrove.casework.grievances.workflow import FLOWS, OUTCOMES
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.rules import rules
from mangrove.casework.things import Section, act_links, clock_facts, history, state_tag
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
        "sections": sections(grievance), "moments": history(grievance.case) if inside else None,
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


def sections(grievance: Grievance) -> list[Section]:
    secret = grievance.secret
    found = [
        Section("content", _("内容"), text=secret.content),
        Section("from", _("反映人"), lines=sender(secret)),
    ]
    if secret.answer:
        found.append(Section("answer", _("答复的话"), text=secret.answer))
    return found


def sender(secret: Secret) -> list[str]:
    said = (
        (_("反映人"), secret.name), (_("反映单位"), named(secret.organisation) if secret.organisation else ""),
        (_("联系电话"), secret.contact), (_("联系地址"), secret.address), (_("递交人"), secret.handed_in_by),
        (_("公示事项"), secret.item.words_said if secret.item else ""), (_("反映的对象"), secret.against),
        (_("对象所在处室"), secret.against_unit), (_("所附材料"), papers(secret)),
    )  # fmt: skip
    lines = [_("%(label)s：%(said)s") % {"label": label, "said": text} for label, text in said if text]
    return lines if secret.name or secret.organisation else [_("匿名"), *lines]


def papers(secret: Secret) -> str:
    known = {paper.id: paper.said for paper in rules().grievance(secret.grievance.kind).papers}
    return listed(known.get(one, one) for one in secret.papers)
