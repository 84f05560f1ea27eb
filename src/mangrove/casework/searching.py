"""How promises are found: by number, by what they say, by their heading; and public notices by their title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.access import readable_cases, readable_promises
from mangrove.casework.models import Promise
from mangrove.casework.notices.access import readable_notices
from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.workflow import NOTICE
from mangrove.ui.searching import Hit, Search


def readable(user: Any) -> QuerySet[Promise]:
    return readable_promises(user)


def hits(user: Any, rows: Sequence[Promise]) -> list[Hit]:
    return [hit(row) for row in rows]


def hit(row: Promise) -> Hit:
    title = _("承诺 %(number)s") % {"number": row.number}
    said = [(gettext_lazy("内容"), row.text), (gettext_lazy("标题"), row.heading)]
    return Hit(title, reverse("casework:promise", args=[row.pk]), said)


def notices(user: Any, rows: Sequence[Notice]) -> list[Hit]:
    """The page of the office, to who may read the case; to others the public one."""
    own = set(readable_cases(user, of=[NOTICE]).filter(notice__in=rows).values_list("notice", flat=True))
    return [
        Hit(
            row.title,
            reverse("casework:notice" if row.pk in own else "casework:public_notice", args=[row.pk]),
        )
        for row in rows
    ]


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
    Search(
        "notice",
        gettext_lazy("公示"),
        readable_notices,
        notices,
        fields=("title", "body"),
        order="-published_on",
    ),
)
