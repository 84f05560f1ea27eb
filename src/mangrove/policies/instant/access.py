"""The only way to reach an offer: the firm its own, the office those that it made, oversight all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.workflow import APPLICANT, OFFICER, READERS
from mangrove.policies.instant.models import Offer, OfferState
from mangrove.registry.models import Organisation, User

Visitor = User | AnonymousUser


def readable_offers(user: Visitor) -> QuerySet[Offer]:
    if not isinstance(user, User) or not user.is_active:
        return Offer.objects.none()
    rows = Offer.objects.select_related("organisation", "rule", "claim")
    if user.has_role(*READERS):
        return rows
    made = Q(office__in=user.bodies) if user.has_role(OFFICER) else Q(pk__in=[])
    own = Q(organisation__in=user.bodies) if user.has_role(APPLICANT) else Q(pk__in=[])
    return rows.filter(made | own)


def access_offer(user: Visitor, id: UUID | str, to: str = "read") -> Offer:
    """To ``read`` it, or to ``answer`` it for the firm."""
    found = readable_offers(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这一项，或您无权知晓它。"))
    if to == "answer":
        refuse_no_answer(user, found)
    return found


def may_answer(user: Any, offer: Offer) -> bool:
    return bool(
        user.has_role(APPLICANT)
        and offer.organisation_id in user.bodies
        and offer.state == OfferState.OFFERED
    )


def refuse_no_answer(user: Any, offer: Offer) -> None:
    if not (user.has_role(APPLICANT) and offer.organisation_id in user.bodies):
        raise Refusal(
            _("由企业自己确认。"), code="policies.not_the_firm", rule=_("免申即享由企业确认意愿之后才拨付")
        )
    if offer.state != OfferState.OFFERED:
        raise Refusal(
            _("现为“%(state)s”，不能再答复。") % {"state": offer.get_state_display()}, code="policies.answered_already",
            remedy=_("请刷新页面，看谁答复的。"),
        )  # fmt: skip


def may_match(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(OFFICER) and bool(user.organisation_id)


def access_matching(user: Visitor) -> User:
    if isinstance(user, User) and may_match(user):
        return user
    raise Refusal(
        _("比对由经办人发起。"), code="policies.not_permitted", remedy=_("请交给业务处室的经办人。")
    )


def access_overview(user: Visitor) -> Organisation | None:
    """Whose match to show: the officer's own office's; oversight, which has none, the last of any. ``Http404`` for others."""
    if not isinstance(user, User) or not may_see_overview(user):
        raise Http404(_("没有这一页，或您无权知晓它。"))
    return user.body if may_match(user) else None


def may_see_overview(user: Visitor) -> bool:
    return may_match(user) or (isinstance(user, User) and user.is_active and user.has_role(*READERS))
