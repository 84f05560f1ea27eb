"""What people call measures and drafts, for lists of any room."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.policies.issuing.access import readable_drafts
from mangrove.policies.measures.models import RuleKind, RuleText
from mangrove.policies.measures.tables import address
from mangrove.ui.house import Named


def names_of_measures(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """Published measures are for everybody; ids are ``rule@number``."""
    wanted = Q(pk__in=[])
    for rule, _at, number in (id.rpartition("@") for id in ids):
        if number.isascii() and number.isdecimal() and len(number) < 9:
            wanted |= Q(rule=rule, number=int(number))
    rows = RuleText.objects.filter(wanted, kind=RuleKind.MEASURE)
    return {str(one): Named(version_words(one), one.document_number, address(one)) for one in rows}


def version_words(one: RuleText) -> str:
    return _("%(name)s 第 %(n)s 版") % {"name": one.name, "n": one.number}


def names_of_drafts(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """Only for who may read the draft: what is not published yet has no name for others."""
    rows = readable_drafts(user).filter(pk__in=[one for one in map(uuid_of, ids) if one])
    return {str(one.pk): Named(one.title, "", reverse("policies:draft", args=[one.pk])) for one in rows}


def uuid_of(id: str) -> UUID | None:
    try:
        return UUID(id)
    except ValueError:
        return None
