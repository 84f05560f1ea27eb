"""The only way to reach an organisation. Accounts and names are kept by ``mangrove account`` and ``mangrove organisation``."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.registry.models import Organisation, User

Visitor = User | AnonymousUser


def access_organisation(user: Visitor, id: str) -> Organisation:
    """The organisation, to read it. Raises ``Http404`` when unknown, and to whoever is not signed in."""
    refuse_stranger(user)
    found = Organisation.objects.select_related("district").filter(pk=id).first()
    if found is None:
        raise Http404(_("没有机构“%(id)s”。") % {"id": id})
    return found


def refuse_stranger(user: Visitor) -> None:
    if not (user.is_authenticated and user.is_active):
        raise Http404(_("请先登录。"))
