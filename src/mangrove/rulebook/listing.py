"""``mangrove rulebook columns``: which files and columns a measure needs, and empty files to fill in."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from mangrove.rulebook.problems import Place, Problem
from mangrove.rulebook.simulate.acting import say
from mangrove.rulebook.simulate.telling import aligned
from mangrove.rulebook.texts.fitting import plainly
from mangrove.rulebook.texts.needed import File, Need, needed
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary
from mangrove.vocabulary.model import Field, Relation

HEADS = (("列", "英文标识", "", "填什么"), ("column", "in Chinese", "", "what to write"))


def act(chosen: argparse.Namespace) -> int:
    files = needed(load(chosen.file, vocabulary()))
    english = chosen.language == "en"
    lines = [line for file in files for line in told(file, english)]
    if chosen.template:
        write(files, chosen.template)
        form = "Empty files written: {}, in {}." if english else "写成空表 {} 个，在 {}。"
        lines.append(form.format(len(files), chosen.template))
    say(lines)
    return 0


def told(file: File, english: bool) -> Iterator[str]:
    entity = file.entity
    yield f"{entity.id}.csv ({entity.zh}.csv)" if english else f"{entity.zh}.csv（{entity.id}.csv）"
    rows = [row(one, file, english) for one in file.columns]
    yield from aligned([HEADS[english], *rows], left=4)


def row(need: Need, file: File, english: bool) -> tuple[str, str, str, str]:
    one = need.of
    must = need.required or one.id in file.entity.key
    if english:
        return one.id, one.zh, "required" if must else "", holds(need, file)[1]
    return one.zh, one.id, "必填" if must else "", holds(need, file)[0]


def holds(need: Need, file: File) -> tuple[str, str]:
    """What is to be written there, and who judges it."""
    one = need.of
    zh, en = leads_to(one) if isinstance(one, Relation) else plainly(one)
    if need.by:
        return f"{zh}（由{need.by}判断）", f"{en} (judged by {need.by})"
    return zh, en


def leads_to(link: Relation) -> tuple[str, str]:
    target = vocabulary().entities[link.to]
    return f"{target.zh}的标识", f"the key of {target.en}"


# --- empty files --------------------------------------------------------------------------------------------------------


def write(files: Iterable[File], folder: Path) -> None:
    """Under Chinese names and heads, with the mark of UTF-8 that Excel needs. Raises :class:`Problem`; overwrites nothing."""
    named = [(file, folder / f"{file.entity.zh}.csv") for file in files]
    both = (one for file, path in named for one in (path, path.with_stem(file.entity.id)))
    there = [path for path in both if path.exists()]
    if there:
        zh = f"已经有“{there[0].name}”；请换一个文件夹。"
        en = f"“{there[0].name}” is there already; name another folder."
        raise Problem("exists", Place(str(there[0]), 1, 1), zh, en)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, path in named:
            write_head(path, [head(one.of) for one in file.columns])
    except OSError as error:
        zh = f"写不了文件（{error.strerror}）；请换一处。"
        en = f"The file cannot be written ({error.strerror}); name another place."
        raise Problem("unwritable", Place(str(folder), 1, 1), zh, en) from error


def write_head(path: Path, heads: list[str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerow(heads)


def head(one: Field | Relation) -> str:
    """With its unit: a number written under it in another one would be read as this."""
    return f"{one.zh}（{one.unit.zh}）" if isinstance(one, Field) and one.unit else one.zh
