"""Who is told that their unit is asked for its opinion: the people of the drafting house who have an account; others get a letter."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.messages.actions import tell
from mangrove.policies.issuing.models import Draft, Seeking
from mangrove.registry.models import User

ASKED = "policies.opinion_asked"
HANDED_BACK = "policies.draft_handed_back"
KINDS = {
    HANDED_BACK: _("“%(title)s”由签发人（%(who)s）退回起草处室：%(why)s。请改后重新送审。"),
    ASKED: _("请贵处室对“%(title)s”提出意见，%(until)s 前送起草处室（%(unit)s）登记；没有意见也请说明。"),
}


def key_of(round: Seeking) -> str:
    return f"{round.draft.ref}/{round.number}"


def tell_units(round: Seeking, by: User) -> None:
    """Must be called in the transaction of the act."""
    draft = round.draft
    people = User.objects.filter(is_active=True, organisation__in=by.bodies, unit__in=round.units)
    tell(
        ASKED, to=people, key=key_of(round), about=draft.ref, href=reverse("policies:draft", args=[draft.pk]),
        title=draft.title, until=round.until.isoformat(), unit=draft.case.unit,
    )  # fmt: skip


def tell_drafter(draft: Draft, by: User, why: str) -> None:
    """That who would sign has handed it back. Must be called in the transaction of the act."""
    if draft.case.owner is not None:
        tell(
            HANDED_BACK, to=[draft.case.owner], key=f"{draft.ref}/back/{draft.case.version}", about=draft.ref,
            href=reverse("policies:draft", args=[draft.pk]), title=draft.title, who=by.name, why=why.strip().rstrip("。"),
        )  # fmt: skip
