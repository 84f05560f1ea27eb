"""The only way to the page of a firm: its own people, the office that handles claims, and oversight.

What the page lists goes by the access of each thing again: claims by :mod:`claims.access`, money by ``funding.access``.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.funding.access import readable_awards
from mangrove.funding.models import Award
from mangrove.policies.claims.workflow import APPLICANT, OFFICER, READERS
from mangrove.registry.models import Organisation, Organisations, User

Visitor = User | AnonymousUser
HANDLERS = (OFFICER, "signer", "payment_officer", "payment_approver")


def readable_firms(user: Visitor) -> Organisations:
    """The entries that answer for bodies; to an applicant its own alone."""
    standing = Organisation.objects.standing()
    if not isinstance(user, User) or not user.is_active:
        return standing.none()
    if user.has_role(*HANDLERS, *READERS):
        return standing.exclude(kind__in=("government", "congress"))
    return standing.filter(pk__in=user.bodies) if user.has_role(APPLICANT) else standing.none()


def access_firm(user: Visitor, id: str) -> Organisation:
    """By any of its entries. Raises ``Http404``."""
    entry = Organisation.objects.filter(pk=id).values_list("merged_into", flat=True).first()
    found = readable_firms(user).select_related("district").filter(pk=entry or id).first()
    if found is None:
        raise Http404(_("没有这家企业，或您无权知晓它。"))
    return found


def is_own(user: Any, firm: Organisation) -> bool:
    return bool(user.has_role(APPLICANT) and firm.pk in user.bodies)


def awards_of(user: Any, firm: Organisation) -> QuerySet[Award]:
    """Money decided for the firm: to its own people all of it, to others what they handle or oversee."""
    rows = Award.objects.all() if is_own(user, firm) else readable_awards(user)
    return rows.filter(recipient__in=firm.bodies)
