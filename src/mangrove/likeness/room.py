"""What this room registers with the house."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.likeness.access import readable_pairs
from mangrove.likeness.models import Verdict
from mangrove.ui.house import Named, NavEntry, Room, once


def to_judge(user: Any) -> int:
    return once(user, "likeness_open", readable_pairs(user).filter(verdict=Verdict.OPEN).count)


def address(id: str) -> str:
    return reverse("likeness:pair", args=[id])


def named(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """Pairs, for the lists of other rooms; only those of which this person may read both."""
    whole = [int(id) for id in ids if id.isascii() and id.isdecimal() and len(id) < 19]
    found = readable_pairs(user).filter(pk__in=whole)
    return {
        str(one.pk): Named(gettext("相近文本 %(n)s") % {"n": one.pk}, href=address(str(one.pk)))
        for one in found
    }


ROOM = Room(
    id="likeness",
    label=_("相近文本"),
    prefix="likeness",
    urls="mangrove.likeness.urls",
    navigation=(
        NavEntry(
            _("相近文本"), "likeness:pairs", "applications", order=15, count=to_judge, roles=("case_officer", "inspector", "auditor")
        ),
    ),
    acts={"likeness.judge": _("判断相近文本")},
    names={"pair": named},
    addresses={"pair": address},
)  # fmt: skip
