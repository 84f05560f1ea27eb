"""What people call applications, for the lists of other rooms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from mangrove.intake.access import visible_applications, visible_openings
from mangrove.intake.models import FormVersion
from mangrove.ui.house import Named
from mangrove.ui.languages import beside


def applications(user: Any, ids: Collection[str]) -> dict[str, Named]:
    numbers = [int(id) for id in ids if id.isascii() and id.isdecimal()]
    found = visible_applications(user).filter(pk__in=numbers)
    return {
        str(one.pk): Named(beside(one.number, one.organisation.name), one.number, reverse("intake:application", args=[one.pk]))
        for one in found
    }  # fmt: skip


def openings(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = visible_openings(user).filter(pk__in=ids)
    return {one.pk: Named(str(one), "", reverse("intake:opening", args=[one.pk])) for one in found}


def forms(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """Published forms, by id and version: ``benchmark@1``."""
    found = FormVersion.objects.filter(form__in={id.partition("@")[0] for id in ids})
    return {str(one): Named(beside(one.title, str(one))) for one in found if str(one) in ids}


NAMES = {"application": applications, "opening": openings, "form": forms}
