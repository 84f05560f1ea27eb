"""Loading a city's folder of CSV files: all or nothing, one event with the manifest, nothing twice.

Rows are matched by their key. A row that a person has changed since through an act of this room is kept as the
person left it and reported. Rows that are no longer in the files stay: removing a body is an act, not an omission.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone

from mangrove import vocabulary
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM, Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.accounts import create_account
from mangrove.registry.credit_code import check, read
from mangrove.registry.decisions import name_key
from mangrove.registry.models import District, Organisation, OrganisationName, Source, Unit, User
from mangrove.vocabulary.sheets import Row, Sheet, orphans, read_sheet

FILES = {
    "sources.csv": "source",
    "districts.csv": "district",
    "organisations.csv": "organisation",
    "organisation_names.csv": "organisation_name",
    "units.csv": "unit",
}
SHOWN = 20
IMPORT = "registry.load_city"


@dataclass
class Loaded:
    """What an import did: rows created and changed by model name, and organisations kept as a person left them."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(self.created.values()) or any(self.changed.values())


@transaction.atomic
def load_registry(city_dir: Path, *, by: Actor, on: date, why: str = "") -> Loaded:
    """Load sources, districts, organisations, names and units. Raises :class:`Refusal` listing what is wrong by row.

    Loading the same files again changes nothing and writes no event.
    """
    sheets = {
        name: read_sheet(existing(city_dir, name), vocabulary.entity(kind)) for name, kind in FILES.items()
    }
    refuse_problems([*(text for sheet in sheets.values() for text in sheet.problems)])
    refuse_problems(cross_problems(sheets))
    manifest = {name: {"sha256": sheet.sha256, "rows": len(sheet.rows)} for name, sheet in sheets.items()}
    if manifest == last_manifest(city_dir.name):
        return Loaded()
    loaded = store(sheets)
    if loaded:
        payload = {
            "manifest": manifest,
            "created": loaded.created,
            "changed": loaded.changed,
            "kept": loaded.kept,
        }
        record(IMPORT, subject=Ref("registry", "city", city_dir.name), by=by, on=on, why=why, payload=payload)
    return loaded


def create_sample_accounts(
    city_dir: Path, password: str, *, by: Actor = SYSTEM, on: date | None = None
) -> list[User]:
    """Open the accounts of ``accounts.csv`` that do not exist yet, all with ``password``; returns the new ones."""
    sheet = read_sheet(existing(city_dir, "accounts.csv"), vocabulary.entity("account"))
    refuse_problems([*sheet.problems, *orphans(sheet, "organisation", ids(Organisation), "机构", whole)])
    known = set(User.objects.values_list("username", flat=True))
    hashed = make_password(password) if any(row.text("username") not in known for row in sheet.rows) else ""
    with transaction.atomic():
        return [
            create_account(
                username=row.text("username"), name=row.text("name"), roles=several(row.text("roles")),
                organisation=Organisation.objects.filter(pk=row.text("organisation")).first(),
                unit=row.text("unit"), rank=row.text("rank"), synthetic=row.values["synthetic"] is True,
                password=password, hashed=hashed, must_change_password=False, by=by, on=on or timezone.localdate(),
            )
            for row in sheet.rows if row.text("username") not in known
        ]  # fmt: skip


def existing(city_dir: Path, name: str) -> Path:
    path = city_dir / name
    if not path.is_file():
        raise Refusal(f"城市资料夹“{city_dir.name}”缺文件“{name}”。", code="registry.city.file_missing", where=name,
                      remedy="请补齐文件后重新导入。")  # fmt: skip
    return path


def refuse_problems(problems: list[str]) -> None:
    if not problems:
        return
    more = f"（另有{len(problems) - SHOWN}处）" if len(problems) > SHOWN else ""
    raise Refusal(
        f"共有{len(problems)}处错误，一行也没有导入：\n" + "\n".join(problems[:SHOWN]) + more,
        code="registry.city.bad_rows", remedy="请逐行更正后重新导入。",
    )  # fmt: skip


def cross_problems(sheets: Mapping[str, Sheet]) -> list[str]:
    """What one file alone cannot show: sources, districts and organisations that no row declares, wrong codes."""
    known = {name: [row.text("id") for row in sheet.rows] for name, sheet in sheets.items()}
    problems = [
        text
        for sheet in sheets.values() if sheet.file != "sources.csv"
        for text in orphans(sheet, "source", known["sources.csv"], "来源", several)
    ]  # fmt: skip
    organisations = sheets["organisations.csv"]
    problems += orphans(organisations, "district", known["districts.csv"], "区", whole)
    for name in ("organisation_names.csv", "units.csv"):
        problems += orphans(sheets[name], "organisation", known["organisations.csv"], "机构", whole)
    return problems + wrong_codes(organisations) + shared_names(organisations)


def shared_names(sheet: Sheet) -> list[str]:
    """Two rows with one full name: the database holds that no two bodies bear the same today."""
    lines: dict[str, int] = {}
    return [
        f"{sheet.file} 第{row.line}行：机构名称“{row.text('name')}”与第{first}行相同。"
        for row in sheet.rows
        if (first := lines.setdefault(name_key(row.text("name")), row.line)) != row.line
    ]


def wrong_codes(sheet: Sheet) -> list[str]:
    """Codes that fail a check digit, and codes that two rows share."""
    problems: list[str] = []
    owners: dict[str, int] = {}
    for row in sheet.rows:
        if not (code := row.text("credit_code")):
            continue
        problems += [f"{sheet.file} 第{row.line}行：{one.message}" for one in check(code) if one.certain]
        if (first := owners.setdefault(read(code).code, row.line)) != row.line:
            problems.append(f"{sheet.file} 第{row.line}行：代码“{code}”与第{first}行相同。")
    return problems


def last_manifest(city: str) -> Any:
    event = Event.objects.filter(act=IMPORT, object_id=city).select_related("body").last()
    return json.loads(event.body.text).get("manifest") if event and event.body.text else None


def store(sheets: Mapping[str, Sheet]) -> Loaded:
    loaded = Loaded()
    kept = set(Event.objects.filter(room="registry", kind="organisation").values_list("object_id", flat=True))
    organisations = [row for row in sheets["organisations.csv"].rows if row.text("id") not in kept]
    listed = [row for row in sheets["organisation_names.csv"].rows if row.text("organisation") not in kept]
    loaded.kept = sorted(kept.intersection(row.text("id") for row in sheets["organisations.csv"].rows))
    put(Source, map(plain, sheets["sources.csv"].rows), by_id, loaded)
    put(District, map(plain, sheets["districts.csv"].rows), by_id, loaded)
    put(Organisation, map(organisation, organisations), by_id, loaded)
    put(OrganisationName, all_names(organisations, listed), by_name, loaded)
    put(Unit, map(plain, sheets["units.csv"].rows), by_id, loaded)
    return loaded


def put(
    model: type[models.Model], rows: Iterable[dict[str, Any]], key: Callable[[Any], Any], loaded: Loaded
) -> None:
    """Create what is missing, change what differs, and count both."""
    manager = model._default_manager
    present = {key(one): one for one in manager.all()}
    new, different, touched = [], [], set()
    for values in rows:
        candidate = model(**values)
        held = present.get(key(candidate))
        if held is None:
            new.append(candidate)
        elif changed := [name for name, value in values.items() if getattr(held, name) != value]:
            for name in changed:
                setattr(held, name, values[name])
            different.append(held)
            touched.update(changed)
    manager.bulk_create(new)
    if different:
        manager.bulk_update(different, sorted(touched))
    loaded.created[model.__name__], loaded.changed[model.__name__] = len(new), len(different)


def by_id(one: Any) -> str:
    return str(one.pk)


def by_name(one: OrganisationName) -> tuple[str, str, str, date | None]:
    return one.organisation_id, one.kind, one.text, one.valid_from


def plain(row: Row) -> dict[str, Any]:
    """A row as model fields: relations as ``<name>_id``, unknown text as empty where the column has no null."""
    relations = {"organisation", "district"}
    nullable = {"code", "credit_code", "valid_from", "valid_until", "district"}
    return {
        f"{name}_id" if name in relations else name: "" if value is None and name not in nullable else value
        for name, value in row.values.items()
    }


def organisation(row: Row) -> dict[str, Any]:
    values = plain(row)
    code = row.text("credit_code")
    return {
        **values,
        "credit_code": read(code).code if code else None,
        "credit_code_status": values["credit_code_status"] or "unverified",
    }


def all_names(organisations: Iterable[Row], listed: Iterable[Row]) -> list[dict[str, Any]]:
    """The names listed with dates, and today's names of each organisation where the list does not date them."""
    names = [{**plain(row), "key": name_key(row.text("text"))} for row in listed]
    dated = {(one["organisation_id"], one["kind"], one["text"]) for one in names}
    for row in organisations:
        for kind, column in (("full", "name"), ("short", "short_name"), ("english", "name_en")):
            text = row.text(column)
            if text and (row.text("id"), kind, text) not in dated:
                names.append(undated_name(row, kind, text))
    return names


def undated_name(row: Row, kind: str, text: str) -> dict[str, Any]:
    return {
        "organisation_id": row.text("id"), "kind": kind, "text": text, "key": name_key(text),
        "valid_from": None, "valid_until": None,
        "source": row.text("source"), "check_status": row.text("check_status"),
    }  # fmt: skip


def several(text: str) -> list[str]:
    """The ids of a cell, separated by semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def whole(text: str) -> list[str]:
    return [text] if text else []


def ids(model: type[models.Model]) -> list[str]:
    return list(model._default_manager.values_list("pk", flat=True))
