"""Compiles the translations without the gettext programs: ``python -m mangrove.ui.catalogue`` at set-up.

Compiled catalogues are not kept in the repository; without them pages are simply in Chinese.
"""

from __future__ import annotations

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Write a ``.mo`` beside every ``.po`` under ``folder``; returns what was written, in order."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        polib.pofile(str(source)).save_as_mofile(str(target))
        written.append(target)
    return written


def compile_missing(folder: Path = LOCALE) -> list[Path]:
    """Compile all if one was never compiled or its source is newer; returns what was written."""
    pairs = [(source, source.with_suffix(".mo")) for source in folder.glob("*/LC_MESSAGES/*.po")]
    if all(made.exists() and made.stat().st_mtime >= source.stat().st_mtime for source, made in pairs):
        return []
    return compile_catalogues(folder)


if __name__ == "__main__":
    compile_catalogues()
