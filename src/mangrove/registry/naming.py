"""What people call organisations, accounts and files of records, for the lists of other rooms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.registry.labels import named, said
from mangrove.registry.models import Organisation, User
from mangrove.registry.personal.retention import kept
from mangrove.registry.records.access import readable_records, reads_records
from mangrove.registry.records.models import Record
from mangrove.ui.house import Named
from mangrove.ui.languages import beside


def organisations(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """Whoever is signed in reads every organisation."""
    found = Organisation.objects.filter(pk__in=ids).only("name", "name_en")
    return {one.pk: Named(named(one), "", reverse("registry:organisation", args=[one.pk])) for one in found}


def accounts(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """An account has no page; the person's name with what they sign in with."""
    found = User.objects.filter(username__in=ids).only("username", "name")
    return {one.username: Named(beside(one.name, one.username)) for one in found}


def retentions(user: Any, ids: Collection[str]) -> dict[str, Named]:
    return {one.id: Named(str(one.label)) for one in kept() if one.id in ids}


def cities(user: Any, ids: Collection[str]) -> dict[str, Named]:
    return {id: Named(_("城市资料")) for id in ids}


def batches(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """The records that one file entered, by their kind."""
    found = Record.objects.filter(batch__in=ids).order_by().values_list("batch", "entity").distinct()
    shown = reads_records(user)
    return {
        str(batch): Named(
            said(vocabulary.entity(entity)),
            "",
            reverse("registry:records_of", args=[entity]) if shown else "",
        )
        for batch, entity in found
    }


def records(user: Any, things: Collection[str]) -> dict[str, Named]:
    """By kind and key, for who may read them."""
    rows = (
        readable_records(user)
        .filter(thing__in=things)
        .order_by()
        .values_list("thing", "entity", "key")
        .distinct()
    )
    return {
        str(thing): Named(
            beside(said(vocabulary.entity(entity)), key), "", reverse("registry:record", args=[entity, thing])
        )
        for thing, entity, key in rows
    }


def snapshots(user: Any, days: Collection[str]) -> dict[str, Named]:
    return {day: Named(_("%(day)s 的快照") % {"day": day}) for day in days}


NAMES = {
    "organisation": organisations, "account": accounts, "city": cities, "records": batches,
    "record": records, "snapshot": snapshots, "retention": retentions,
}  # fmt: skip
