"""How organisations are found: by any name that they ever bore, by credit code, by id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.registry.access import readable_organisations
from mangrove.registry.decisions import name_key
from mangrove.registry.labels import named
from mangrove.registry.models import Organisation, OrganisationName, Organisations
from mangrove.ui.searching import Hit, Search, holding


def readable(user: Any) -> Organisations:
    return readable_organisations(user).standing().prefetch_related("names", "merged__names")


def borne(user: Any, word: str) -> Q:
    """Names are kept folded (``key``), so that a plain search of the key answers for nearly all of them."""
    folded = Q(key__contains=name_key(word)) | holding("text", word)
    names = OrganisationName.objects.filter(folded)
    return Q(pk__in=names.values("organisation")) | Q(pk__in=names.values("organisation__merged_into"))


def hits(user: Any, rows: Sequence[Organisation]) -> list[Hit]:
    return [hit(row) for row in rows]


def hit(row: Organisation) -> Hit:
    title = named(row)
    entries = [row, *row.merged.all()]
    others = dict.fromkeys(name.text for one in entries for name in one.names.all() if name.text != title)
    details = [*((_("又名"), text) for text in others), (_("统一社会信用代码"), row.credit_code or "")]
    return Hit(title, reverse("registry:organisation", args=[row.pk]), details, row.synthetic)


SEARCH = (
    Search("organisation", _("机构"), readable, hits, numbers=("credit_code",), also=borne, order="name"),
)
