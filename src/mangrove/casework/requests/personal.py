"""The persons that a verification request asks about: masked on its page, in full for who says what for."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.requests.access import access_verification
from mangrove.casework.requests.models import VerificationItem
from mangrove.registry.models import User
from mangrove.registry.personal import masking
from mangrove.registry.personal.kinds import Field, Shown

PERSONS = "casework.verification"
PERSON = "person"


def masked(item: VerificationItem) -> str:
    """Of a person whatever it is: a name, or a number that identifies."""
    if item.kind != PERSON:
        return item.value
    return masking.identity(item.value) if any(map(str.isdigit, item.value)) else masking.person(item.value)


def persons(user: User, id: str) -> Shown:
    try:
        found = access_verification(user, uuid.UUID(id))
    except ValueError as error:
        raise Http404(_("没有这件核验请求。")) from error
    if found.is_over(timezone.localdate()):
        raise Http404(_("保存期限已满，内容已清除。"))
    items = found.items.filter(kind=PERSON).order_by("number")
    fields = [Field(_("第 %(n)s 项") % {"n": item.number}, item.value, masked(item)) for item in items]
    return Shown(found.ref, str(found), reverse("casework:verification", args=[found.pk]), fields)
