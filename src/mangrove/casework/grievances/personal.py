"""Who an objection, a complaint or a report is from: masked on its page, in full for the handling office that says what for."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.grievances.access import access_grievance, handles
from mangrove.casework.grievances.models import Secret
from mangrove.registry.models import User
from mangrove.registry.personal import masking
from mangrove.registry.personal.kinds import Field, Shown

SENDER = "casework.grievance"


def fields_of(secret: Secret) -> list[Field]:
    """What tells the person, as far as it is said."""
    said = (
        (_("反映人"), secret.name, masking.person), (_("联系电话"), secret.contact, masking.contact),
        (_("联系地址"), secret.address, masking.address), (_("递交人"), secret.handed_in_by, masking.person),
    )  # fmt: skip
    return [Field(label, text, mask(text)) for label, text, mask in said if text]


def sender(user: User, id: str) -> Shown:
    """For the handling office alone: who lodged it sees it on its page, and the ledger must not say who that is."""
    try:
        grievance = access_grievance(user, uuid.UUID(id))
    except ValueError as error:
        raise Http404(_("没有这一件。")) from error
    if not handles(user, grievance):
        raise Http404(_("没有这一件。"))
    back = reverse("casework:grievance", args=[grievance.pk])
    return Shown(grievance.ref, str(grievance), back, fields_of(grievance.secret))
