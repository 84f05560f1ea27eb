"""What a backup is, and what is none: damaged, unfinished, of another database, or in the way of what is there."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from mangrove.casework import attachments
from mangrove.casework.models import Attachment
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.sealer import heads_file, seal_pending
from mangrove.workbench.operation import manifest, programs
from mangrove.workbench.operation.backup import back_up
from mangrove.workbench.operation.databases import house_database
from mangrove.workbench.operation.keeping import copy_heads, kept_names, strays
from mangrove.workbench.operation.places import fresh_place
from mangrove.workbench.operation.restoring import restore
from processes import beside

from .conftest import a_case, a_file, mangrove

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(house: Path, tmp_path: Path) -> Path:
    return back_up(tmp_path / "kept").folder


def flipped(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << (place % 8)
    path.write_bytes(bytes(content))


def test_a_backup_holds_the_database_the_files_and_a_manifest_and_no_secret(house: Path, kept: Path) -> None:
    (house / "outbox").mkdir()
    (house / "outbox" / "letter.zip").write_bytes(b"kept though nobody named it")
    for name in ("secret_key", "demo_password"):
        (house / name).write_text("secret")
    (house / "files" / "incoming").mkdir(exist_ok=True)
    (house / "files" / "incoming" / "half").write_text("half")
    names = manifest.names_in(back_up(kept.with_name("second")).folder)
    attached = Attachment.objects.get().sha256
    assert names == {
        "manifest.json", house_database().file, "seals/heads.log", f"files/{attached[:2]}/{attached}", "outbox/letter.zip",
    }  # fmt: skip


@pytest.mark.parametrize("what", ["database", "attachment", "heads"])
def test_one_flipped_byte_is_refused_and_the_file_named(kept: Path, what: str) -> None:
    attached = Attachment.objects.get().sha256
    name = {
        "database": house_database().file, "attachment": f"files/{attached[:2]}/{attached}", "heads": "seals/heads.log",
    }[what]  # fmt: skip
    chance = random.Random(7)
    for _ in range(5):
        before, place = (kept / name).read_bytes(), chance.randrange(1_000_000)
        flipped(kept / name, place)
        with pytest.raises(Refusal, match=name):
            restore(kept)
        (kept / name).write_bytes(before)
    assert manifest.refuse_damaged(kept, manifest.read(kept)[0]) is None


def test_any_flipped_byte_of_the_manifest_is_refused(kept: Path) -> None:
    path = kept / "manifest.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        flipped(path, place)
        with pytest.raises(Refusal, match=r"manifest\.json"):
            manifest.read(kept)
        path.write_bytes(whole)
    manifest.read(kept)


def test_a_missing_and_an_added_file_are_named(kept: Path) -> None:
    (kept / "added").write_text("?")
    with pytest.raises(Refusal, match="added"):
        restore(kept)
    (kept / "added").unlink()
    (kept / "seals" / "heads.log").rename(kept.with_name("away"))
    with pytest.raises(Refusal, match=r"heads\.log"):
        restore(kept)


def test_without_a_manifest_a_folder_is_no_backup(kept: Path) -> None:
    (kept / "manifest.json").unlink()
    with pytest.raises(Refusal, match="不是备份"):
        restore(kept)


def test_it_never_overwrites_and_never_lies_beside_its_data(house: Path, kept: Path) -> None:
    with pytest.raises(Refusal, match="已经存在"):
        back_up(kept)
    with pytest.raises(Refusal, match="另一块盘"):
        back_up(house / "backups" / "today")


def test_it_goes_back_only_into_an_empty_place_unless_told(house: Path, kept: Path) -> None:
    with pytest.raises(Refusal, match="不是空的"):
        restore(kept)
    with fresh_place(kept.with_name("place") / "var") as environment:
        first = mangrove(environment, "restore", str(kept))
        assert first.returncode == 0, first.stdout + first.stderr
        again = mangrove(environment, "restore", str(kept))
        assert again.returncode == 2 and "不是空的" in again.stderr
        over = mangrove(environment, "restore", str(kept), "--over")
        assert over.returncode == 0, over.stdout + over.stderr
        verified = mangrove(environment, "ledger", "verify")
        assert verified.returncode == 0 and "断裂" not in verified.stdout
    var = kept.with_name("place") / "var"
    (aside,) = var.glob("replaced-*")
    moved = {path.name for path in aside.rglob("*") if path.is_file()}
    assert Attachment.objects.get().sha256 in moved and "heads.log" in moved
    assert moved & {"mangrove.sqlite3", "database.dump"}


def test_the_restored_ledger_says_that_it_was_restored_and_sessions_are_over(kept: Path) -> None:
    with fresh_place(kept.with_name("place") / "var") as environment:
        assert mangrove(environment, "restore", str(kept)).returncode == 0
        asked = (
            "import django; django.setup(); from mangrove.ledger.models import Event, Seal;"
            "from django.contrib.sessions.models import Session;"
            "e = Event.objects.get(act='workbench.restore'); print(e.object_id, e.seal.position, Session.objects.count())"
        )
        said = subprocess.run(
            [sys.executable, "-c", asked], env=dict(environment), capture_output=True, text=True, check=True
        )
    _, sha256 = manifest.read(kept)
    assert said.stdout.split() == [sha256, str(Event.objects.count() + 1), "0"]


def test_a_damaged_attachment_of_the_house_is_said_and_backed_up_as_it_is(
    house: Path, tmp_path: Path
) -> None:
    path = attachments.path_of(Attachment.objects.get().sha256)
    path.chmod(0o600)
    path.write_bytes(b"changed")
    said = back_up(tmp_path / "kept").manifest
    assert len(said.faults) == 1 and path.name in said.faults[0]
    path.unlink()
    assert back_up(tmp_path / "second").manifest.faults == [f"附件的文件 {path.name} 不见了"]


def test_a_backup_of_a_later_program_is_refused(kept: Path) -> None:
    said = json.loads((kept / "manifest.json").read_text())["manifest"]
    said["migrations"].append("ledger.9999_from_the_future")
    (kept / "manifest.json").write_text(manifest.text_of(said))
    with pytest.raises(Refusal, match="9999_from_the_future"):
        restore(kept)


def test_of_the_other_database_is_refused(kept: Path) -> None:
    said = json.loads((kept / "manifest.json").read_text())["manifest"]
    said["database"] = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    (kept / "manifest.json").write_text(manifest.text_of(said))
    with pytest.raises(Refusal, match="同一种数据库"):
        restore(kept)


def test_absent_programs_are_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refusal, match="postgresql-client"):
        programs.found("pg_dump", places=tmp_path)


class TestBesideWriters:
    def test_what_is_sealed_and_attached_after_the_snapshot_is_no_fault_of_the_backup(
        self, house: Path, tmp_path: Path
    ) -> None:
        """A second file and a new head come after the snapshot and before the files are copied."""
        with house_database().copied(tmp_path / "early") as reader:
            position = reader.rows("SELECT max(position) FROM ledger_seal")[0][0]
            known = {sha for (sha,) in reader.rows("SELECT sha256 FROM casework_attachment")}
            late = a_file(a_case("后来"), "后来的附件")
            seal_pending()
            assert strays(kept_names(), known) == {f"files/{late.sha256[:2]}/{late.sha256}"}
            copy_heads(tmp_path / "heads.log", "seals/heads.log", position)
        ours = (tmp_path / "heads.log").read_text().splitlines()
        assert [int(line.split("\t")[0]) for line in ours][-1] == position
        # The control: as the file stands, the restored chain would seem cut off at its end
        assert int(heads_file().read_text().splitlines()[-1].split("\t")[0]) > position

    def test_each_of_many_backups_made_while_a_process_writes_restores_whole(
        self, house: Path, tmp_path: Path
    ) -> None:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER], env=in_the_house(house), stdout=subprocess.PIPE, text=True
        )
        try:
            assert writer.stdout and writer.stdout.readline() == "writing\n"
            rows = []
            for n in range(4):
                before = Event.objects.count()
                while Event.objects.count() < before + 20:
                    time.sleep(0.01)
                rows.append(back_up(tmp_path / f"kept{n}").manifest.models["casework.Attachment"])
        finally:
            writer.kill()
            writer.wait()
            writer.stdout.close() if writer.stdout else None
        assert rows == sorted(rows) and rows[0] < rows[-1]
        for n in range(4):
            with fresh_place(tmp_path / f"place{n}") as there:
                done = mangrove(there, "restore", str(tmp_path / f"kept{n}"))
                assert done.returncode == 0, done.stdout + done.stderr


#: Somebody at work: attaches files and seals, as fast as it goes.
WRITER = """
import django
django.setup()
from operation.conftest import a_case, a_file
from mangrove.ledger.sealer import seal_pending
case = a_case("旁边")
print("writing", flush=True)
n = 0
while True:
    n += 1
    a_file(case, f"第{n}份")
    seal_pending()
"""


class TestKilled:
    def test_in_the_middle_nothing_calls_itself_a_backup(self, house: Path, tmp_path: Path) -> None:
        """Killed while it copies a file of a terabyte, most of which is a hole."""
        with (house / "large").open("wb") as large:
            large.truncate(1 << 40)
        process = started(house, tmp_path / "kept")
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".kept.unfinished-*/large")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        (left,) = tmp_path.glob(".kept.unfinished-*")
        assert (left / "large").exists() and not (tmp_path / "kept").exists()
        with pytest.raises(Refusal, match="不是备份"):
            restore(left)
        (left / "large").unlink()
        (house / "large").unlink()
        assert back_up(tmp_path / "kept").folder == tmp_path / "kept"

    def test_at_any_moment_there_is_a_whole_backup_or_none(self, house: Path, tmp_path: Path) -> None:
        for n in range(60):
            (house / "more").mkdir(exist_ok=True)
            (house / "more" / str(n)).write_text(str(n))
        chance, seen = random.Random(3), {True: 0, False: 0}
        for n in range(8):
            folder = tmp_path / f"kept{n}"
            process = started(house, folder)
            assert process.stdout and process.stdout.readline() == "begins\n"
            time.sleep(chance.uniform(0.0, 0.6))
            process.kill()
            process.wait()
            process.stdout.close()
            seen[folder.exists()] += 1
            if folder.exists():
                manifest.refuse_damaged(folder, manifest.read(folder)[0])
        assert seen[False]


def started(house: Path, folder: Path) -> subprocess.Popen[str]:
    """A process that makes a backup."""
    code = (
        "import django, sys, pathlib; django.setup();"
        "from mangrove.workbench.operation.backup import back_up;"
        "print('begins', flush=True); back_up(pathlib.Path(sys.argv[1]))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], env=in_the_house(house), stdout=subprocess.PIPE, text=True
    )


def in_the_house(house: Path) -> dict[str, str]:
    """The environment of a process that works in the test's own MANGROVE_VAR, on its database."""
    (house / "mangrove.sqlite3").unlink(missing_ok=True)
    return beside(house)
