"""How counting rules are found: by their own names, and by any word that texts use for their concept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.figures.access import is_reader
from mangrove.figures.labels import name
from mangrove.figures.models import Concept, Definition
from mangrove.ui.languages import listed
from mangrove.ui.searching import Hit, Search, is_held


def readable(user: Any) -> QuerySet[Definition]:
    """Whoever is signed in reads every figure."""
    return Definition.objects.select_related("concept") if is_reader(user) else Definition.objects.none()


def of_concept(user: Any, word: str) -> Q:
    """Concepts are few, and their aliases are lists, which databases keep in different ways: read here."""
    found = [
        one.pk
        for one in Concept.objects.all()
        if any(is_held(text, word) for text in (one.zh, one.en, *one.aliases))
    ]
    return Q(concept__in=found)


def hits(user: Any, rows: Sequence[Definition]) -> list[Hit]:
    return [hit(row) for row in rows]


def hit(row: Definition) -> Hit:
    words = listed(dict.fromkeys([row.concept.zh, *row.concept.aliases]))
    return Hit(name(row), reverse("figures:definition", args=[row.pk]), [(_("指标"), words)])


SEARCH = (
    Search("definition", _("指标口径"), readable, hits, fields=("zh", "en"), also=of_concept, order="order"),
)
