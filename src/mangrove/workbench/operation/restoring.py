"""``mangrove restore``: a backup, whole and undamaged, put into an empty place and held against its manifest.

The act is written into the ledger that was restored: whoever reads it must see that time was lost here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from mangrove.ledger.actions import record
from mangrove.ledger.checks import Checked, run_checks
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.sealer import seal_pending
from mangrove.ledger.verify import Verification, verify
from mangrove.workbench.operation import manifest
from mangrove.workbench.operation.databases import Database, house_database
from mangrove.workbench.operation.keeping import copy, is_excused, kept_names, place
from mangrove.workbench.operation.manifest import Manifest
from mangrove.workbench.operation.reading import contents

ACT = "workbench.restore"
Say = Callable[[str], object]


@dataclass(frozen=True)
class Restored:
    """What the ledger and the rooms said of themselves once everything was in place."""

    manifest: Manifest
    sha256: str
    verification: Verification
    checked: list[Checked]

    @property
    def holds(self) -> bool:
        return self.verification.holds and all(check.holds for check in self.checked)


def restore(folder: Path, *, over: bool = False, say: Say = lambda text: None) -> Restored:
    """Put the backup in place. Raises :class:`Refusal` before anything is touched, or when what lies there differs."""
    said, sha256 = manifest.read(folder)
    database = house_database()
    refuse_unfit(said, database)
    say("核对备份：每个文件重算散列")
    manifest.refuse_damaged(folder, said)
    make_room(database, over=over)
    say("放回数据库和文件")
    database.put(folder / said.database_file)
    put_files(folder, said)
    say("对照清单：每张表、每个文件")
    refuse_different(said, database)
    bring_up()
    say("核验账本和各室所存")
    return Restored(said, sha256, verify(), run_checks())


def refuse_unfit(said: Manifest, database: Database) -> None:
    if said.database != database.kind:
        raise Refusal(
            f"这份备份是 {said.database} 的，这里用的是 {database.kind}。", code="operation.other_database",
            where="MANGROVE_DATABASE", remedy="请恢复到同一种数据库。",
        )  # fmt: skip
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    known |= {
        f"{app}.{old}" for (app, _new), one in loader.disk_migrations.items() for _app, old in one.replaces
    }
    installed = {config.label for config in apps.get_app_configs()}
    newer = [name for name in said.migrations if name not in known and name.partition(".")[0] in installed]
    gone = [name for name in said.migrations if name.partition(".")[0] not in installed]
    if newer or gone:
        raise Refusal(
            f"备份由另一个版本（{said.version}）做成，这个程序没有其中的 {'、'.join([*newer, *gone][:5])}。",
            code="operation.newer", where="程序版本", remedy="请装上做备份时的版本或更新的版本，再恢复。",
        )  # fmt: skip


def make_room(database: Database, *, over: bool) -> None:
    """Refuse a place that is not empty; when told to go over it, move what is there aside and delete nothing."""
    with database.read() as reader:
        tables = reader.tables()
    names = kept_names()
    if not tables and not names:
        return
    if not over:
        what = f"数据库里有 {len(tables)} 张表" if tables else f"MANGROVE_VAR 里有 {len(names)} 个文件"
        raise Refusal(
            f"这里不是空的：{what}。", code="operation.not_empty", where=str(place()),
            remedy="请恢复到空的数据库和空的 MANGROVE_VAR；确要替换现有数据，停下服务后加 --over，现有的会挪到一旁。",
        )  # fmt: skip
    aside = place() / f"replaced-{timezone.localtime():%Y%m%d-%H%M%S}"
    aside.mkdir(parents=True, mode=0o700)
    if tables:
        database.clear(aside)
    for path in sorted(place().iterdir()):
        if not path.name.startswith(".") and not is_excused(path.name):
            path.rename(aside / path.name)


def put_files(folder: Path, said: Manifest) -> None:
    for file in said.files:
        if (
            file.name != said.database_file
            and copy(folder / file.name, place() / file.name, file.name) != file
        ):
            raise different(file.name)


def refuse_different(said: Manifest, database: Database) -> None:
    """Whether each table has the rows that it had: read from the database now, not believed."""
    with database.read() as reader:
        now = contents(reader)
    for table, content in said.tables.items():
        if now.get(table) != content:
            raise different(table)
    for table in now:
        if table not in said.tables:
            raise different(table)


def different(what: str) -> Refusal:
    return Refusal(
        f"放回以后的 {what} 与清单不符。", code="operation.different", where=what,
        remedy="请不要启用这里；清空后再恢复一次，仍不行请换一份备份。",
    )  # fmt: skip


def bring_up() -> None:
    """A backup of an earlier version is brought up to this one, after it was compared as it was."""
    connections.close_all()
    connection.ensure_connection()
    call_command("migrate", verbosity=0)


@transaction.atomic
def record_restore(restored: Restored, *, by: Actor) -> None:
    said = restored.manifest
    record(
        ACT, subject=Ref("workbench", "backup", restored.sha256), by=by, on=timezone.localdate(),
        payload={"manifest": restored.sha256, "position": said.position, "head": said.head, "taken_at": said.taken_at},
    )  # fmt: skip


def settle(restored: Restored, *, by: Actor) -> None:
    """Write the act down and seal it, so that the chain goes on from the restored head."""
    record_restore(restored, by=by)
    seal_pending()
