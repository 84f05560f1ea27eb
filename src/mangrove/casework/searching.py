"""How promises are found: by number, by what they say, by their heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.access import readable_promises
from mangrove.casework.models import Promise
from mangrove.ui.searching import Hit, Search


def readable(user: Any) -> QuerySet[Promise]:
    return readable_promises(user)


def hits(user: Any, rows: Sequence[Promise]) -> list[Hit]:
    return [hit(row) for row in rows]


def hit(row: Promise) -> Hit:
    title = _("承诺 %(number)s") % {"number": row.number}
    said = [(gettext_lazy("内容"), row.text), (gettext_lazy("标题"), row.heading)]
    return Hit(title, reverse("casework:promise", args=[row.pk]), said)


SEARCH = (
    Search(
        "promise",
        gettext_lazy("承诺"),
        readable,
        hits,
        fields=("text", "heading"),
        numbers=("number",),
        order="number",
    ),
)
