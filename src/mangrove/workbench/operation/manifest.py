"""The manifest of a backup: what is in it, hashed, and written last. Without it a folder is no backup."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mangrove.ledger.refusals import Refusal
from mangrove.workbench.operation.databases import sync
from mangrove.workbench.operation.keeping import File, file_at, settle
from mangrove.workbench.operation.reading import Content

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """``models`` counts the rows of each; ``tables`` holds every table of the database but the excused ones.

    ``position`` and ``head`` are where the ledger's chain stood; ``faults`` are what the backup found wrong with the
    house, ``strays`` the uploads without a row that it left out.
    """

    version: str
    taken_at: str
    database: str
    database_file: str
    migrations: list[str]
    tables: dict[str, Content]
    models: dict[str, int]
    position: int
    head: str
    files: list[File]
    faults: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def text_of(said: Mapping[str, Any]) -> str:
    """Its one way of being written, so that any other byte is a difference."""
    inner = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1)
    digest = hashlib.sha256(inner.encode()).hexdigest()
    return f'{{"sha256": "{digest}",\n"manifest": {inner}}}\n'


def write(folder: Path, manifest: Manifest) -> str:
    """Write it as the last thing, whole or not at all; returns its hash."""
    draft = folder / f".{NAME}"
    text = text_of(asdict(manifest))
    with draft.open("xb") as file:
        file.write(text.encode())
        settle(file)
    draft.rename(folder / NAME)
    sync(folder)
    return str(json.loads(text)["sha256"])


def read(folder: Path) -> tuple[Manifest, str]:
    """The manifest of a backup and its hash. Raises :class:`Refusal` when there is none, or a byte of it is not as written."""
    path = folder / NAME
    if not path.is_file():
        raise refused(
            f"{folder} 不是备份：没有 {NAME}。", path, "no_manifest",
            "清单最后写入，没有清单的是没有做完的备份；请换一份。",
        )  # fmt: skip
    try:
        content = path.read_bytes()
        said = json.loads(content)
        whole = content == text_of(said["manifest"]).encode()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise refused(f"{NAME} 已损坏或被改动。", path, "damaged", "请换一份备份。")
    return as_manifest(said["manifest"], path), said["sha256"]


def as_manifest(said: dict[str, Any], path: Path) -> Manifest:
    if said.get("format") != FORMAT:
        raise refused(
            f"清单的格式是 {said.get('format')}，这个程序只认识 {FORMAT}。", path, "format", "请用做备份时的版本恢复。"
        )  # fmt: skip
    tables = {name: Content(**one) for name, one in said["tables"].items()}
    return Manifest(**said | {"tables": tables, "files": [File(**one) for one in said["files"]]})


def refuse_damaged(folder: Path, manifest: Manifest) -> None:
    """Read every file of the backup again; the first that is missing, changed or not of it is named."""
    listed = {file.name: file for file in manifest.files}
    for name, file in listed.items():
        path = folder / name
        if not path.is_file():
            raise refused(f"备份缺少文件 {name}。", path, "missing", "请换一份备份。")
        if file_at(path, name) != file:
            raise refused(f"备份里的文件 {name} 已损坏或被改动。", path, "damaged", "请换一份备份。")
    for extra in sorted(names_in(folder) - set(listed) - {NAME}):
        raise refused(f"文件 {extra} 不在备份的清单里。", folder / extra, "not_listed", "请移走它再恢复。")


def names_in(folder: Path) -> set[str]:
    return {
        str((Path(top) / name).relative_to(folder))
        for top, _folders, names in os.walk(folder)
        for name in names
    }


def refused(what: str, where: Path, code: str, remedy: str) -> Refusal:
    return Refusal(what, code=f"operation.{code}", where=str(where), remedy=remedy)
