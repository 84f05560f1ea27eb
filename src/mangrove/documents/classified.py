"""Whether a text or a file bears the mark of a state secret (密级标志): 机密★10年, 密级：秘密, 【绝密】.

The forms and their sources are data (``rules/classified.yaml``). What is found is told by its line and its level only;
the text around it is repeated nowhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mangrove.documents.plain import texts_of

RULES = Path(__file__).parent / "rules" / "classified.yaml"


@dataclass(frozen=True)
class Mark:
    """``level`` is 绝密, 机密 or 秘密; ``line`` counts from 1, 0 where it stands in a file's name."""

    level: str
    line: int


@cache
def rules() -> Any:
    return yaml.load(RULES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - the safe loader in C


@cache
def patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A mark anywhere in a line, and a line that is nothing but a level. Letters may stand apart, as on a cover."""
    found = rules()
    level = "(?P<level>" + "|".join(spaced(word) for word in found["levels"]) + ")"
    signs = re.escape(found["signs"]["rule"] + found["signs"]["also"])
    heads = "|".join(spaced(word) for word in found["heads"]["words"])
    inside = [rf"(?<!\w){level}\s*[{signs}]", rf"(?:{heads})\s*[:：]\s*{level}(?!\w)"]
    inside += [
        rf"{re.escape(left)}\s*{level}\s*{re.escape(right)}" for left, right in found["brackets"]["pairs"]
    ]
    numbered = (text.replace("<level>", f"<level{n}>") for n, text in enumerate(inside))
    return re.compile("|".join(numbered)), re.compile(rf"\s*{level}\s*")


def spaced(word: str) -> str:
    return r"[ \u3000]*".join(map(re.escape, word))


def mark_in(text: str) -> Mark | None:
    """The first mark of a text, or ``None``. Linear in the length of the text."""
    anywhere, alone = patterns()
    for number, line in enumerate(text.splitlines(), start=1):
        found = anywhere.search(line)
        if found is None and number <= rules()["alone"]["lines_at_most"]:
            found = alone.fullmatch(line)
        if found:
            return Mark(level_of(found), number)
    return None


def level_of(found: re.Match[str]) -> str:
    named = next(word for word in found.groupdict().values() if word)
    return "".join(letter for letter in named if not letter.isspace())


def mark_in_name(name: str) -> Mark | None:
    """The same for the name of a file, where a level before the first dot is enough: 机密.docx."""
    plain = unicodedata.normalize("NFC", name)
    found = mark_in(plain.rpartition(".")[0] or plain)
    return Mark(found.level, 0) if found else None


def mark_in_file(path: Path) -> Mark | None:
    """The first mark in the text of a PDF, an office file or plain text; ``None`` for pictures, which nobody reads here."""
    return next((found for text in texts_of(path) if (found := mark_in(text))), None)
