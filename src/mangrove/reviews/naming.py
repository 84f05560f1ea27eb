"""What people call the things of a review, for the lists of other rooms: an expert hears of an item what the round allows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.urls import reverse

from mangrove.reviews.access import bureau_experts, bureau_rounds, own_assignments
from mangrove.reviews.models import Assignment, Item
from mangrove.ui.house import Named


def whole(ids: Collection[str]) -> list[int]:
    return [int(id) for id in ids if id.isascii() and id.isdecimal() and len(id) < 19]


def keys(ids: Collection[str]) -> list[UUID]:
    found = []
    for id in ids:
        try:
            found.append(UUID(id))
        except ValueError:
            continue
    return found


def rounds(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = bureau_rounds(user).filter(pk__in=whole(ids))
    return {str(one.pk): Named(one.title, href=reverse("reviews:round", args=[one.pk])) for one in found}


def items(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = Item.objects.filter(pk__in=whole(ids), round__in=bureau_rounds(user))
    return {str(one.pk): Named(str(one), one.code, reverse("reviews:item", args=[one.pk])) for one in found}


def experts(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = bureau_experts(user).filter(pk__in=whole(ids))
    return {str(one.pk): Named(one.user.name, href=reverse("reviews:expert", args=[one.pk])) for one in found}


def assignments(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """An expert's own by code and shown title; for officers with the expert's name, leading to the item."""
    chosen, found = keys(ids), {}
    for one in own_assignments(user).filter(pk__in=chosen).select_related("item__round"):
        words = f"{one.item.code} {one.item.shown_title}"
        found[str(one.pk)] = Named(words, one.item.code, reverse("reviews:assignment", args=[one.pk]))
    overseen = Assignment.objects.filter(pk__in=chosen, item__round__in=bureau_rounds(user))
    for one in overseen.select_related("item", "expert__user"):
        words = f"{one.item} {one.expert.user.name}"
        found.setdefault(
            str(one.pk), Named(words, one.item.code, reverse("reviews:item", args=[one.item_id]))
        )
    return found


NAMES = {"round": rounds, "item": items, "expert": experts, "assignment": assignments}
