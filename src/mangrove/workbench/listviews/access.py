"""Who reaches a view: its owner, or whoever is in the unit that it is shared with."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.registry.models import User
from mangrove.workbench.listviews.models import ListView


def readable_views(user: Any) -> QuerySet[ListView]:
    """The views that this person may open, and with that change."""
    if not isinstance(user, User) or not user.is_active:
        return ListView.objects.none()
    own = Q(shared=False, owner=user)
    if not user.organisation_id:
        return ListView.objects.filter(own)
    return ListView.objects.filter(own | Q(shared=True, organisation=user.organisation_id, unit=user.unit))


def access_view(user: Any, id: int) -> ListView:
    found = readable_views(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这个视图，或它不是您和本处室的。"))
    return found
