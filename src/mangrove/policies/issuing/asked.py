"""The units that are asked: which have people here, whom the message of a round reached, and what then waits for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.messages.models import Message
from mangrove.policies.issuing.access import readable_drafts
from mangrove.policies.issuing.models import Opinion, Seeking
from mangrove.policies.issuing.standing import silent
from mangrove.policies.issuing.telling import ASKED, key_of
from mangrove.policies.issuing.workflow import SEEKING
from mangrove.registry.models import User
from mangrove.ui.house import Todo
from mangrove.ui.languages import in_words, listed


def offices(bodies: Collection[str], but: str) -> dict[str, int]:
    """The units of these bodies in which somebody has an account, and how many; not the drafting one."""
    people = User.objects.filter(is_active=True, organisation__in=bodies).exclude(unit__in=("", but))
    return dict(sorted(Counter(people.values_list("unit", flat=True)).items()))


# --- whom the message reached ----------------------------------------------------------------------------------------


def told(round: Seeking) -> Counter[str]:
    """By unit, how many people have the message of this round."""
    sent = Message.objects.filter(kind=ASKED, key__startswith=f"{key_of(round)}/")
    return Counter(sent.values_list("to__unit", flat=True))


def untold(round: Seeking) -> list[str]:
    reached = told(round)
    return [unit for unit in round.units if unit not in reached]


def told_words(round: Seeking) -> str:
    """Empty where nobody was."""
    reached = told(round)
    units = [_("%(unit)s（%(n)s 人）") % {"unit": in_words(unit), "n": reached[unit]} for unit in round.units if unit in reached]  # fmt: skip
    return _("已收到系统消息：%(units)s。") % {"units": listed(units)} if units else ""


def untold_words(round: Seeking) -> str:
    """Empty where everybody asked was told."""
    units = [f"“{unit}”" for unit in untold(round)]
    if not units:
        return ""
    return _("没有收到系统消息：%(units)s。本单位没有这个名称的、有账号的处室；请核对名称，或另行函送。") % {
        "units": listed(units)
    }


# --- what waits for them ---------------------------------------------------------------------------------------------


def opinions_due(user: Any) -> list[Todo]:
    """The rounds in which this person's unit is asked and of which no opinion has been entered."""
    if not isinstance(user, User) or not user.is_active or not user.unit or not user.organisation_id:
        return []
    return [todo(one) for one in running(user) if user.unit in silent(one)]


def running(user: User) -> QuerySet[Seeking]:
    """Of each draft of their house that is out for opinions the newest round."""
    newer = Seeking.objects.filter(draft=OuterRef("draft"), number__gt=OuterRef("number"))
    drafts = readable_drafts(user).filter(case__state=SEEKING, case__organisation__in=user.bodies)
    rows = Seeking.objects.filter(~Exists(newer), draft__in=drafts.values("pk")).select_related("draft__case")
    entered = Prefetch("opinions", queryset=Opinion.objects.filter(public=False))
    return rows.prefetch_related(entered).order_by("until", "pk")


def todo(round: Seeking) -> Todo:
    draft = round.draft
    return Todo(
        title=draft.title, act=_("提出意见，送起草处室登记"), url=reverse("policies:draft", args=[draft.pk]), due=round.until,
        since=round.started_on, subject=draft.ref,
    )  # fmt: skip
