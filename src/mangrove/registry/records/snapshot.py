"""What was known on a day as Parquet files with a manifest: made twice, the same to the byte.

facts/<entity>.parquet        as ``mangrove rulebook run --data`` reads them, in the order of their keys
names/organisation_name.parquet
records/<entity>.parquet      of each row of facts: its id in every snapshot, its version, since when it is known, its source
manifest.json                 every file with its rows and SHA-256
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.importing.kinds import underway
from mangrove.registry.records.arrow import table_of
from mangrove.registry.records.bodies import loaded_since, names_at, organisations_at
from mangrove.registry.records.facts import moment_of, tables_at
from mangrove.registry.records.kept import recorded
from mangrove.registry.records.models import Record

MANIFEST = "manifest.json"
ABOUT = pa.schema([
    ("id", pa.string()), ("key", pa.string()), ("version", pa.int64()), ("organisation", pa.string()),
    ("known_from", pa.timestamp("us", tz="UTC")), ("source", pa.string()), ("synthetic", pa.bool_()),
])  # fmt: skip


@transaction.atomic
def take_snapshot(*, out: Path, day: date, by: Actor) -> dict[str, Any]:
    """Write the files and the manifest, which it returns. Raises :class:`Refusal` for a folder with something in it."""
    refuse_unfit(out, day)
    moment = moment_of(day)
    refuse_underway(moment)
    files = [written(out, name, table) for name, table in all_tables(moment)]
    manifest = {
        "day": day.isoformat(), "known_before": moment.isoformat(), "day_is_over": moment <= timezone.now(),
        "organisations_exact": not loaded_since(moment), "left_out": personal(), "files": files,
    }  # fmt: skip
    content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (out / MANIFEST).write_text(content, encoding="utf-8")
    payload = {"day": day.isoformat(), "sha256": sha256(content.encode()).hexdigest(), "files": len(files)}
    subject = Ref("registry", "snapshot", day.isoformat())
    record("registry.snapshot", subject=subject, by=by, on=timezone.localdate(), payload=payload)
    return manifest


def refuse_unfit(out: Path, day: date) -> None:
    if day > timezone.localdate():
        raise Refusal(
            _("%(day)s 还没有到。") % {"day": day}, code="registry.snapshot.future", where="--on",
            remedy=_("请写今天或以前的日期。"),
        )  # fmt: skip
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refusal(
            _("“%(out)s”里已经有文件。") % {"out": out}, code="registry.snapshot.not_empty", where="--out",
            remedy=_("请写一个空的或还没有的文件夹。"),
        )  # fmt: skip


def refuse_underway(moment: datetime) -> None:
    """Of a day that is over the files are the same for ever: not made while something is coming in that will count for it."""
    if moment <= timezone.now() and (job := underway(moment).first()):
        raise Refusal(
            _("这一天开始的导入还没有办完：%(title)s。") % {"title": job.said}, code="registry.snapshot.underway",
            where="--on", rule=_("过完的一天，什么时候做都是同样的文件"), remedy=_("请等它办完，或先取消它，再做。"),
        )  # fmt: skip


def all_tables(moment: datetime) -> Iterator[tuple[str, Any]]:
    """By the path of their file."""
    for id, table in tables_at(moment).items():
        yield f"facts/{id}.parquet", table
    names = names_at(organisations_at(moment), moment)
    yield "names/organisation_name.parquet", table_of(vocabulary.entity("organisation_name"), names)
    for entity in recorded():
        if rows := about(entity.id, moment):
            yield f"records/{entity.id}.parquet", pa.Table.from_pylist(rows, schema=ABOUT)


def about(entity: str, moment: datetime) -> list[dict[str, Any]]:
    rows = Record.objects.known_at(moment).filter(entity=entity).order_by()
    found = [
        {"id": str(one.thing), "organisation": one.organisation_id}
        | {name: getattr(one, name) for name in ("key", "version", "known_from", "source", "synthetic")}
        for one in rows.defer("values")
    ]
    return sorted(found, key=lambda row: str(row["key"]))


def written(out: Path, name: str, table: Any) -> dict[str, Any]:
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
    return {"path": name, "rows": table.num_rows, "sha256": sha256(path.read_bytes()).hexdigest()}


def personal() -> list[str]:
    """Fields about a person, which no snapshot has."""
    entities = (vocabulary.entity("organisation"), *recorded())
    return [f"{one.id}.{field.id}" for one in entities for field in one.fields.values() if field.personal]
