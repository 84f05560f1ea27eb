"""Two entries side by side: what each says of itself, and what hangs on it in every room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.registry.labels import check_tag, enum_word, named, said
from mangrove.registry.merging.holdings import hung_on, relations, words
from mangrove.registry.models import Organisation
from mangrove.registry.tables import district
from mangrove.ui.languages import listed
from mangrove.ui.tables import Column, Table

FIELDS = vocabulary.entity("organisation")
Said = Callable[[Organisation], Any]


def compared(one: Organisation, other: Organisation) -> list[dict[str, Any]]:
    """A row for each thing that the two say, and for each relation in which something hangs on either."""
    rows = [{"what": label, "one": say(one), "other": say(other)} for label, say in sayings()]
    return [*rows, *hanging(one, other)]


def sayings() -> list[tuple[Any, Said]]:
    return [
        (said(FIELDS.field("id")), lambda one: one.pk),
        (said(FIELDS.field("credit_code")), lambda one: one.credit_code),
        (_("历次名称"), lambda one: listed(dict.fromkeys(name.text for name in one.names.all()))),
        (said(FIELDS.field("kind")), lambda one: enum_word("organisation_kind", one.kind)),
        (said(FIELDS.field("trade")), lambda one: one.trade),
        (said(FIELDS.field("scope")), lambda one: enum_word("organisation_scope", one.scope)),
        (said(FIELDS.relation("district")), district),
        (said(FIELDS.field("place")), lambda one: one.place),
        (said(FIELDS.field("source")), lambda one: one.source),
        (said(FIELDS.field("check_status")), lambda one: check_tag(one.check_status)),
    ]


def hanging(one: Organisation, other: Organisation) -> list[dict[str, Any]]:
    """Counts alone: what they are is read by who may, in the rooms themselves."""
    ours, theirs = hung_on(one), hung_on(other)
    keys = [relation.key for relation in relations() if relation.key in ours or relation.key in theirs]
    return [
        {
            "what": _("%(what)s（件数）") % {"what": words(key)},
            "one": len(ours.get(key, ())),
            "other": len(theirs.get(key, ())),
        }
        for key in keys
    ]


def table(one: Organisation, other: Organisation) -> Table:
    return Table(
        "compared",
        _("两家并排"),
        [
            Column("what", _("项目")),
            Column("one", named(one)),
            Column("other", named(other)),
        ],
    )
