"""The seal by folders: letters that have their number go into one, stamped files come back into the other.

Both are set, or neither; by hand is the default. A file is taken when it has lain still and is whole; what is taken or
refused is moved aside, so that the folder shows what is still to be looked at.
"""

from __future__ import annotations

import os
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TAKEN, REFUSED = "已收", "未收"
#: ``<reply>.v<version>.pdf``: the name of the folder that went out.
NAME = re.compile(r"(?P<reply>[0-9A-Za-z-]{1,60})\.v(?P<version>[0-9]{1,4})\.(?:pdf|ofd)", re.IGNORECASE)
TAIL = 2048


@dataclass(frozen=True)
class Folders:
    out: Path
    back: Path


@dataclass(frozen=True)
class Patience:
    """Seconds for which a file must have lain still, and after which one that is not whole is refused."""

    quiet: int
    incomplete: int


def folders() -> Folders | None:
    """``None`` while nothing is set: then the seal is asked for by hand."""
    out, back = settings.MANGROVE_SEAL_OUT, settings.MANGROVE_SEAL_IN
    if bool(out) != bool(back) or (out and Path(out) == Path(back)):
        raise ImproperlyConfigured(
            "用印文件夹须同时设置 MANGROVE_SEAL_OUT 和 MANGROVE_SEAL_IN，而且不是同一个。"
        )
    return Folders(Path(out), Path(back)) if out else None


def patience() -> Patience:
    return patience_of(Path(settings.MANGROVE_RULEBOOKS) / "office" / "seal.yaml")


@cache
def patience_of(path: Path) -> Patience:
    """Read once a process. Raises ``ImproperlyConfigured``."""
    try:
        said: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Patience(int(said["quiet_seconds"]), int(said["incomplete_minutes"]) * 60)
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(f"用印规则 {path} 读不懂或缺项：{error}。") from error


def put(into: Path, name: str, files: dict[str, bytes]) -> Path:
    """A folder of files that is there whole or not at all; one of that name that is there already stays."""
    into.mkdir(parents=True, exist_ok=True)
    there, draft = into / name, into / f".{name}.{os.getpid()}.{time.monotonic_ns()}"
    if there.exists():
        return there
    draft.mkdir()
    for each, content in files.items():
        (draft / each).write_bytes(content)
    try:
        draft.rename(there)
    except OSError:  # somebody else was first
        for each in files:
            (draft / each).unlink()
        draft.rmdir()
        if not there.exists():
            raise
    return there


def come_back(of: Folders, now: float) -> Iterator[Path]:
    """The files that have lain still, oldest first. Links, folders and hidden files are none of ours."""
    if not of.back.is_dir():
        return
    still = now - patience().quiet
    found = [
        one for one in of.back.iterdir() if one.name[0] != "." and one.is_file() and not one.is_symlink()
    ]
    dated = sorted((one.stat().st_mtime, one) for one in found if one.stat().st_mtime <= still)
    yield from (one for _at, one in dated)


def is_whole(path: Path) -> bool:
    """Whether the end of the file is there: half of a PDF has no end mark, half of an OFD no directory."""
    if path.suffix.lower() == ".ofd":
        return zipfile.is_zipfile(path)
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - TAIL, 0))
        return b"%%EOF" in file.read()


def aside(path: Path, folder: str, reason: str = "") -> None:
    """Out of the way, under a name that is free; a reason beside it. Another worker may have done it already."""
    into = path.parent / folder
    into.mkdir(exist_ok=True)
    there, n = into / path.name, 1
    while there.exists():
        there, n = into / f"{path.stem}-{n}{path.suffix}", n + 1
    try:
        path.rename(there)
    except FileNotFoundError:
        return
    if reason:
        there.with_name(f"{there.name}.原因.txt").write_text(reason + "\n", encoding="utf-8")
