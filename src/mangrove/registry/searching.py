"""How organisations are found: by any name that they ever bore, by credit code, by id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.registry.access import readable_organisations
from mangrove.registry.decisions import name_key
from mangrove.registry.labels import named
from mangrove.registry.models import Organisation, OrganisationName
from mangrove.ui.searching import Hit, Search, holding


def readable(user: Any) -> QuerySet[Organisation]:
    return readable_organisations(user).prefetch_related(Prefetch("names"))


def borne(user: Any, word: str) -> Q:
    """Names are kept folded (``key``), so that a plain search of the key answers for nearly all of them."""
    folded = Q(key__contains=name_key(word)) | holding("text", word)
    return Q(pk__in=OrganisationName.objects.filter(folded).values("organisation"))


def hits(user: Any, rows: Sequence[Organisation]) -> list[Hit]:
    return [hit(row) for row in rows]


def hit(row: Organisation) -> Hit:
    title = named(row)
    others = dict.fromkeys(name.text for name in row.names.all() if name.text != title)
    details = [*((_("又名"), text) for text in others), (_("统一社会信用代码"), row.credit_code or "")]
    return Hit(title, reverse("registry:organisation", args=[row.pk]), details, row.synthetic)


SEARCH = (
    Search("organisation", _("机构"), readable, hits, numbers=("credit_code",), also=borne, order="name"),
)
