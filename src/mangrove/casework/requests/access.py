"""A verification request is read by the unit that asks and the department that is asked, and by nobody else."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor, refuse_out_of_reach
from mangrove.casework.models import Case
from mangrove.casework.requests.models import Verification
from mangrove.casework.requests.workflow import OFFICER, VERIFICATION
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User


def asked_of(user: User) -> Q:
    """As a condition on the cases: those that this person's department is asked; an empty unit is the whole of it."""
    return Q(organisation__in=user.bodies, unit__in=["", user.unit] if user.unit else [""])


def asked_by(user: User) -> Q:
    return Q(verification__asker__in=user.bodies, verification__asker_unit=user.unit)


def verification_cases(user: User) -> Q:
    """Of the cases of this workflow those that the person may read; what they attach and count follows."""
    if not user.organisation_id or not user.has_role(*OFFICER):
        return Q(pk__in=[])
    return asked_of(user) | asked_by(user)


def readable_verifications(user: Visitor) -> QuerySet[Verification]:
    if not isinstance(user, User) or not user.is_active:
        return Verification.objects.none()
    cases = Case.objects.filter(verification_cases(user), workflow=VERIFICATION.id)
    return Verification.objects.filter(case__in=cases.values("pk"))


def access_verification(user: Visitor, id: uuid.UUID, to: str = "read") -> Verification:
    """To ``read``, ``withdraw``, or for an act of its workflow. Raises ``Http404`` or :class:`Refusal`."""
    found = readable_verifications(user).select_related("case__organisation", "asker").filter(pk=id).first()
    if found is None or not isinstance(user, User):
        raise Http404(_("没有这件核验请求。"))
    if to == "withdraw":
        refuse_unless_asker(user, found)
    elif to != "read":
        refuse_out_of_reach(user, found.case, to)
        refuse_after_time(found)
    return found


def is_asker(user: Visitor, verification: Verification) -> bool:
    own = isinstance(user, User) and user.has_role(*OFFICER) and verification.asker_id in user.bodies
    return own and isinstance(user, User) and user.unit == verification.asker_unit


def refuse_unless_asker(user: User, verification: Verification) -> None:
    if not is_asker(user, verification):
        raise Refusal(
            _("只有提出核验请求的处室可以撤回。"), code="casework.not_permitted", where=verification.case.title,
            remedy=_("不能答复的，请退回并写明理由。"),
        )  # fmt: skip


def refuse_after_time(verification: Verification) -> None:
    """What is due to be forgotten is no longer worked on, though the worker has not come to it yet."""
    if verification.is_over(timezone.localdate()):
        raise Refusal(
            _("这件核验请求已过保存期限（%(until)s），内容不再使用。") % {"until": verification.keep_until},
            code="casework.kept_long_enough", where=verification.case.title, remedy=_("仍需核验的，请重新提出。"),
        )  # fmt: skip


def may_ask(user: Visitor) -> bool:
    """Asking needs a division, since only it may read the answer."""
    return (
        isinstance(user, User)
        and user.is_active
        and bool(user.organisation_id and user.unit)
        and user.has_role(*OFFICER)
    )


def refuse_unless_may_ask(user: Visitor) -> None:
    if not may_ask(user):
        raise Refusal(
            _("您不能提出核验请求。"), code="casework.not_permitted", remedy=_("由处室的经办人办理。"),
        )  # fmt: skip
