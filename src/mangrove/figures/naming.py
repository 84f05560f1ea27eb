"""What people call counting rules and values, for the lists of other rooms. Whoever is signed in reads every figure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.figures.labels import lineage_href, name, period_words
from mangrove.figures.models import Definition, Source, Value
from mangrove.ui.house import Named


def definitions(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = Definition.objects.filter(pk__in=ids).only("zh", "en")
    return {one.pk: Named(name(one), "", reverse("figures:definition", args=[one.pk])) for one in found}


def values(user: Any, ids: Collection[str]) -> dict[str, Named]:
    numbers = [int(id) for id in ids if id.isascii() and id.isdecimal()]
    found = Value.objects.filter(pk__in=numbers).select_related("definition")
    return {
        str(one.pk): Named(
            f"{name(one.definition)} {period_words(one)}", name(one.definition), lineage_href(one)
        )
        for one in found
    }


def cities(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """All the figures of a city, which are loaded in one act."""
    return {id: Named(_("全部指标与口径"), "", reverse("figures:list")) for id in ids}


def sources(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """A source has no page of its own; it is named where its values are."""
    return {one.pk: Named(one.title) for one in Source.objects.filter(pk__in=ids).only("title")}


NAMES = {"definition": definitions, "value": values, "city": cities, "source": sources}
