"""What whoever goes on with a draft looks at first: the text, what it changes, the opinions, the meeting; and who is next."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.meetings.access import readable_decisions
from mangrove.casework.meetings.models import Decision
from mangrove.casework.meetings.workflow import MEETING
from mangrove.policies.claims.workflow import OFFICER
from mangrove.policies.issuing.models import Disposition, Draft, Opinion
from mangrove.policies.issuing.standing import compared_with
from mangrove.policies.issuing.workflow import COMPETITION, DRAFT, LEGALITY, REVIEWER, SIGNER, SIGNING
from mangrove.policies.measures.house_rules import house_rules
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui.components import Fact, Link
from mangrove.ui.languages import in_words, listed, strung

#: Who has the roles of this workflow, as a sentence names them.
PEOPLE = {OFFICER: gettext_lazy("经办人"), REVIEWER: gettext_lazy("核稿人"), SIGNER: gettext_lazy("签发人")}

# --- the meeting -----------------------------------------------------------------------------------------------------


def decision(user: User, draft: Draft) -> Fact:
    """Whoever reads the draft knows which meeting passed it; its page opens for who may read the meeting."""
    cited = Decision.objects.filter(pk=draft.decision) if draft.decision else Decision.objects.none()
    found = cited.select_related("meeting__case").first()
    if found is None:
        return Fact(_("会议决定"), None)
    state = _("会议登记：%(state)s") % {"state": MEETING.state(found.meeting.case.state).label}
    if readable_decisions(user).filter(pk=found.pk).exists():
        return Fact(_("会议决定"), Link(str(found), reverse("casework:decision", args=[found.pk])), state)
    return Fact(_("会议决定"), str(found), _("%(state)s；会议的页面您无权打开") % {"state": state})


# --- who is next -----------------------------------------------------------------------------------------------------


def next_hands(draft: Draft) -> Fact | None:
    """Who takes the step that the draft waits for; nothing once nobody is asked any more."""
    steps = [one for one in DRAFT.steps_from(draft.case.state) if one.prompts and one.roles]
    if not steps or draft.case.closed_on is not None:
        return None
    acts = listed(one.label for one in steps)
    roles = listed(dict.fromkeys(PEOPLE[role] for one in steps for role in one.roles))
    return Fact(
        _("下一步"),
        _("由%(office)s的%(roles)s办理") % {"office": office(draft), "roles": roles},
        _("办理的是：%(acts)s") % {"acts": acts},
    )


def office(draft: Draft) -> str:
    """Of whom the step is asked in this state."""
    case = draft.case
    house = named(case.organisation) if case.organisation else _("本单位")
    unit = in_words(case.unit) if case.unit else _("起草处室")
    if case.state == COMPETITION:
        return _("%(unit)s以外、没有参与起草") % {"unit": unit}
    if case.state == LEGALITY:
        return _("%(unit)s没有参与起草") % {"unit": in_words(house_rules().legal_unit)}
    return _("%(house)s没有参与起草") % {"house": house} if case.state == SIGNING else unit


# --- what to look at -------------------------------------------------------------------------------------------------


def to_look_at(draft: Draft) -> list[Fact]:
    """For the page of a step on a text that is not changed any more: the ways to what is decided about."""
    if draft.sealed is None:
        return []
    page = reverse("policies:draft", args=[draft.pk])
    return [
        Fact(_("草案全文"), Link(_("第 %(n)s 稿") % {"n": draft.sealed.revision}, f"{page}#clauses"), _("校验值 %(sha)s…") % {"sha": draft.sealed.sha256[:16]}),
        Fact(_("改了什么"), changes(draft, page)),
        Fact(_("各方意见"), Link(opinions(draft), f"{page}#seekings")),
        Fact(_("审查意见"), Link(_("%(n)s 份") % {"n": draft.reviews.count()}, f"{page}#reviews") if draft.reviews.exists() else _("还没有")),
    ]  # fmt: skip


def changes(draft: Draft, page: str) -> Any:
    before = compared_with(draft)
    if before is None:
        return _("新措施，没有前一版")
    return Link(
        _("与“%(name)s”第 %(n)s 版对照") % {"name": before.name, "n": before.number}, f"{page}#changes"
    )


def opinions(draft: Draft) -> str:
    """How many, and what became of them."""
    rows = list(Opinion.objects.filter(seeking__draft=draft))
    if not rows:
        return _("没有收到意见")
    counted = Counter(_("无意见") if one.nothing else disposed(one) for one in rows)
    parts = strung(_("%(what)s %(n)s 条") % {"what": what, "n": n} for what, n in counted.items())
    return _("%(n)s 条（%(parts)s）") % {"n": len(rows), "parts": parts}


def disposed(one: Opinion) -> str:
    return str(Disposition(one.disposition).label) if one.disposition else _("待办理")
