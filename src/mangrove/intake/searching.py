"""How applications are found: by number, as it is read out over the telephone, by who applies, by the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.intake.access import visible_applications
from mangrove.intake.models import Application, Submission
from mangrove.registry.labels import named
from mangrove.ui.searching import Hit, Search

#: Digits that a key may have; more is no number of ours, and no database takes it.
LONGEST_NUMBER = 18


def numbered(_user: Any, word: str) -> Q:
    """The number on a receipt, with its round or without, or the digits at its end."""
    opening, _dash, tail = word.rpartition("-")
    held = Q(pk__in=Submission.objects.filter(number__iexact=word).values("application"))
    if tail.isascii() and tail.isdecimal() and len(tail) <= LONGEST_NUMBER:
        held |= Q(pk=int(tail)) & (Q(opening__pk__iexact=opening) if opening else Q())
    return held


def hits(_user: Any, rows: Sequence[Application]) -> list[Hit]:
    return [hit(row) for row in rows]


def hit(row: Application) -> Hit:
    said = [(_("申报单位"), named(row.organisation)), (_("所属窗口"), str(row.opening))]
    return Hit(row.number, reverse("intake:application", args=[row.pk]), said, row.opening.synthetic)


SEARCH = (
    Search(
        "application", _("申报"), visible_applications, hits, fields=("organisation__name", "opening__title"), also=numbered
    ),
)  # fmt: skip
