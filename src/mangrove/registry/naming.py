"""What people call organisations and accounts, for the lists of other rooms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.registry.labels import named
from mangrove.registry.models import Organisation, User
from mangrove.ui.house import Named
from mangrove.ui.languages import beside


def organisations(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """Whoever is signed in reads every organisation."""
    found = Organisation.objects.filter(pk__in=ids).only("name", "name_en")
    return {one.pk: Named(named(one), "", reverse("registry:organisation", args=[one.pk])) for one in found}


def accounts(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """An account has no page; the person's name with what they sign in with."""
    found = User.objects.filter(username__in=ids).only("username", "name")
    return {one.username: Named(beside(one.name, one.username)) for one in found}


def cities(user: Any, ids: Collection[str]) -> dict[str, Named]:
    return {id: Named(_("城市资料")) for id in ids}


NAMES = {"organisation": organisations, "account": accounts, "city": cities}
