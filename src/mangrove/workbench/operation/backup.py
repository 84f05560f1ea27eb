"""``mangrove backup``: the database at one moment, every kept file, and a manifest written last.

It is made in a hidden folder beside and renamed when it is whole, so that what was killed in the middle is no backup.
Once it is in place the ledger says so: a backup is a copy of all that the house knows, and who audits must see when
one was made; ``mangrove check --deploy`` asks the same event how old the last one is.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from mangrove import __version__
from mangrove.ledger.actions import record
from mangrove.ledger.hashing import GENESIS
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.workbench.operation import excused, manifest
from mangrove.workbench.operation.databases import Database, house_database, sync
from mangrove.workbench.operation.keeping import (
    HASH,
    File,
    copy,
    copy_heads,
    file_at,
    kept_names,
    place,
    strays,
)
from mangrove.workbench.operation.manifest import Manifest
from mangrove.workbench.operation.reading import Content, Reader, contents

ACT = "workbench.backup"
HEADS = "seals/heads.log"


@dataclass(frozen=True)
class Made:
    folder: Path
    manifest: Manifest
    sha256: str


def back_up(folder: Path) -> Made:
    """Make a backup at ``folder``, which must not be there yet. Raises :class:`Refusal`."""
    folder = folder.absolute()
    refuse_place(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.unfinished-{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700)
    said = fill(draft, house_database())
    sha256 = manifest.write(draft, said)
    draft.rename(folder)
    sync(folder.parent)
    return Made(folder, said, sha256)


def refuse_place(folder: Path) -> None:
    if folder.exists():
        raise manifest.refused(
            f"{folder} 已经存在。", folder, "exists", "备份从不覆盖：请另起一个名字，例如带日期。"
        )
    if folder.resolve().is_relative_to(place().resolve()):
        raise manifest.refused(
            "备份不能放在 MANGROVE_VAR 里面。", folder, "inside", "请放到另一块盘或另一台机器：与数据同处的备份会一起丢。"
        )  # fmt: skip


def unfinished(folder: Path) -> list[Path]:
    """What backups that were killed left beside this one."""
    return sorted(folder.absolute().parent.glob(".*.unfinished-*"))


def fill(draft: Path, database: Database) -> Manifest:
    """The snapshot first, then the files: one that is added later is in no row of the snapshot."""
    with database.copied(draft / database.file) as reader:
        taken_at, tables = timezone.now(), contents(reader)
        refuse_empty(tables)
        position, head = chain_end(reader)
        migrations = [
            f"{app}.{name}" for app, name in sorted(reader.rows("SELECT app, name FROM django_migrations"))
        ]
        known = {sha256 for (sha256,) in reader.rows("SELECT DISTINCT sha256 FROM casework_attachment")}
    names = kept_names()
    left_out = strays(names, known)
    files = [keep(draft, name, position) for name in names if name not in left_out]
    return Manifest(
        version=__version__, taken_at=taken_at.isoformat(), database=database.kind, database_file=database.file,
        migrations=migrations, tables=tables, models=counted(tables), position=position, head=head,
        files=[file_at(draft / database.file, database.file), *files], faults=faults(files, known), strays=sorted(left_out),
    )  # fmt: skip


def refuse_empty(tables: Mapping[str, Content]) -> None:
    if "ledger_event" not in tables or "django_migrations" not in tables:
        raise Refusal(
            "数据库里还没有红树的数据。", code="operation.nothing_to_keep", where="数据库",
            remedy="请核对 MANGROVE_DATABASE 和 MANGROVE_VAR；新装的先执行 mangrove load。",
        )  # fmt: skip


def chain_end(reader: Reader) -> tuple[int, str]:
    last = reader.rows("SELECT position, hash FROM ledger_seal ORDER BY position DESC LIMIT 1")
    return last[0] if last else (0, GENESIS)


def counted(tables: Mapping[str, Content]) -> dict[str, int]:
    """Rows for each model of the house, through tables of many-to-many included."""
    models = {model._meta.label: model._meta.db_table for model in every_model()}
    return {label: tables[table].rows for label, table in models.items() if table in tables}


def every_model() -> list[type[Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def keep(draft: Path, name: str, position: int) -> File:
    if name == HEADS:
        return copy_heads(draft / name, name, position)
    return copy(place() / name, draft / name, name)


def faults(files: list[File], known: set[str]) -> list[str]:
    """What is wrong with the house itself: a file that is not what its name says, an attachment without a file."""
    found = [
        f"文件 {file.name} 的内容与名字不符"
        for file in files
        if HASH.fullmatch(Path(file.name).name) and Path(file.name).name != file.sha256
    ]
    there = {Path(file.name).name for file in files if file.name.startswith("files/")}
    return found + [f"附件的文件 {sha256} 不见了" for sha256 in sorted(known - there)]


@transaction.atomic
def record_backup(made: Made, *, by: Actor) -> Event:
    """Write down that a copy of everything was made, and by which hash it is known."""
    said = made.manifest
    payload = {
        "manifest": made.sha256, "position": said.position, "head": said.head, "files": len(said.files),
        "bytes": said.size, "taken_at": said.taken_at, "faults": said.faults,
    }  # fmt: skip
    subject = Ref("workbench", "backup", made.sha256)
    return record(ACT, subject=subject, by=by, on=timezone.localdate(), payload=payload)


def excused_models() -> dict[str, str]:
    """The models in no backup, each with the reason."""
    return {
        model._meta.label: excused.TABLES[model._meta.db_table]
        for model in every_model()
        if model._meta.db_table in excused.TABLES
    }
