"""Organisations and their names as they were known on a day: as they are now, with every later act of the ledger undone.

What a load of the city's files changed is not told row by row in the ledger: :func:`loaded_since` says where that blurs it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from mangrove import vocabulary
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.registry.city import IMPORT as LOAD
from mangrove.registry.importing.entering import IMPORT
from mangrove.registry.models import District, Organisation, OrganisationName
from mangrove.vocabulary.sheets import declared

MERGED, TAKEN_BACK = MERGING = ("registry.confirm_merge", "registry.undo_merge")
Rows = dict[str, dict[str, Any]]
Names = dict[tuple[str, ...], dict[str, Any]]


def organisations_at(moment: datetime, ids: Collection[str] | None = None) -> Rows:
    """By id, values by field or link id; an empty text is unknown. ``ids``: these alone."""
    things = Organisation.objects.all() if ids is None else Organisation.objects.filter(pk__in=ids)
    rows = rows_of(things, "organisation")
    for event in later(moment):
        undo_act = UNDO.get(event.act)
        if undo_act and (payload := said(event)) is not None:
            undo_act(rows, event.object_id, payload)
    return rows


def later(moment: datetime) -> list[Event]:
    """What was entered at that moment or after it, the newest first."""
    events = Event.objects.filter(act__in=UNDO, recorded_at__gte=moment).select_related("body")
    return list(events.order_by("-pk"))


def merged_at(moment: datetime) -> dict[str, str]:
    """Which entry was answered for by which other one at that moment."""
    found: dict[str, str] = {}
    told = Event.objects.filter(act__in=MERGING, recorded_at__lt=moment).select_related("body").order_by("pk")
    for event in told:
        payload = said(event) or {}
        if event.act == MERGED and payload:
            found[payload["other"]] = payload["kept"]
        else:
            found.pop(event.object_id, None)
    return found


def loaded_since(moment: datetime) -> bool:
    return Event.objects.filter(act=LOAD, recorded_at__gte=moment).exists()


def rows_of(things: Any, entity: str) -> Rows:
    columns = {one.id: one.id for one in declared(vocabulary.entity(entity))}
    if entity == "organisation":
        columns["district"] = "district_id"
    found = things.order_by("pk").values(*columns.values())
    return {str(row["id"]): {id: known(row[name]) for id, name in columns.items()} for row in found}


def known(value: Any) -> Any:
    return None if value == "" else value


def districts() -> Rows:
    return rows_of(District.objects.all(), "district")


# --- undoing -----------------------------------------------------------------------------------------------------


def undo_import(rows: Rows, _id: str, payload: Mapping[str, Any]) -> None:
    for one in payload["changed_rows"]:
        put(rows, one["id"], one["was"])
    for id in payload["new_ids"]:
        rows.pop(id, None)


def undo_registering(rows: Rows, id: str, _payload: Mapping[str, Any]) -> None:
    rows.pop(id, None)


def undo_renaming(rows: Rows, id: str, payload: Mapping[str, Any]) -> None:
    put(rows, id, {"name": payload["from"]})


def undo_code(rows: Rows, id: str, payload: Mapping[str, Any]) -> None:
    put(rows, id, {"credit_code": payload["from"], "credit_code_status": None})


def put(rows: Rows, id: str, was: Mapping[str, Any]) -> None:
    if id in rows:
        rows[id] |= {name.removesuffix("_id"): known(value) for name, value in was.items()}


UNDO: Mapping[str, Callable[[Rows, str, Mapping[str, Any]], None]] = {
    IMPORT: undo_import,
    "registry.register_organisation": undo_registering,
    "registry.rename_organisation": undo_renaming,
    "registry.correct_credit_code": undo_code,
}


def names_at(bodies: Rows, moment: datetime) -> list[dict[str, Any]]:
    """The names of these bodies that had begun by then; one that ended later was then in use without an end."""
    day = timezone.localtime(moment).date()
    columns = [one.id for one in declared(vocabulary.entity("organisation_name")) if one.id != "organisation"]
    rows = OrganisationName.objects.filter(organisation__in=bodies).values("organisation_id", *columns)
    found = [
        {"organisation": row.pop("organisation_id")} | {id: known(value) for id, value in row.items()}
        for row in rows
        if row["valid_from"] is None or row["valid_from"] < day
    ]
    for row in found:
        until = row["valid_until"]
        row["valid_until"] = until.isoformat() if until and until < day else None
        row["valid_from"] = row["valid_from"].isoformat() if row["valid_from"] else None
    return sorted(
        found, key=lambda row: [row[id] or "" for id in ("organisation", "kind", "text", "valid_from")]
    )
