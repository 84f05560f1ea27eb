"""The only way to reach a notice: what was published everybody signed in may read, and anybody where the house allows it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor, access_case, readable_cases, refuse_out_of_reach
from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.workflow import NOTICE, PUBLIC
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User


def public_notices(user: Visitor) -> QuerySet[Notice]:
    """What was ever published, for who is signed in, or for everybody where the house shows notices outside."""
    known = isinstance(user, User) and user.is_active
    if not known and not settings.MANGROVE_PUBLIC_NOTICES:
        return Notice.objects.none()
    return Notice.objects.filter(published_on__isnull=False, case__state__in=PUBLIC)


def readable_notices(user: Visitor) -> QuerySet[Notice]:
    """The same, and those that this person's office is preparing."""
    own = readable_cases(user, of=[NOTICE]).values("pk")
    return Notice.objects.filter(Q(pk__in=public_notices(user).values("pk")) | Q(case__in=own))


def access_public_notice(user: Visitor, id: uuid.UUID) -> Notice:
    found = public_notices(user).select_related("case__organisation").filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这份公示。"))
    return found


def access_notice(user: Visitor, id: uuid.UUID, to: str = "read") -> Notice:
    """The notice as its office sees it, to ``read`` or for an act of its workflow. Raises ``Http404`` or :class:`Refusal`."""
    found = readable_notices(user).select_related("case__organisation").filter(pk=id).first()
    if found is None or not isinstance(user, User):
        raise Http404(_("没有这份公示。"))
    if to != "read":
        refuse_out_of_reach(user, found.case, to)
        access_case(user, found.case_id, to=to)
    return found


def deals_with(user: Visitor, notice: Notice) -> bool:
    """Whether this person reads the notice as a matter of the house, and not only as everybody may."""
    return readable_cases(user, of=[NOTICE]).filter(pk=notice.case_id).exists()


def may_prepare(user: Visitor) -> bool:
    return (
        isinstance(user, User)
        and user.is_active
        and user.has_role("case_officer")
        and bool(user.organisation_id)
    )


def refuse_unless_may_prepare(user: Visitor) -> None:
    if not may_prepare(user):
        raise Refusal(
            _("您不能拟公示。"), code="casework.not_permitted", remedy=_("由业务处室的经办人办理。"),
        )  # fmt: skip
