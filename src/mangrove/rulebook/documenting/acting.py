"""``mangrove rulebook doc``: a page for each measure and an index, into a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mangrove.rulebook.documenting.pages import index_page, measure_page
from mangrove.rulebook.documenting.source import Source, files_of, source
from mangrove.rulebook.problems import Problem, Problems
from mangrove.vocabulary.model import Vocabulary


def document(
    files: list[Path], out: Path, vocabulary: Vocabulary, language: str = "zh"
) -> tuple[list[Path], list[Problem]]:
    """The pages written, and what does not read; a measure that does not is left out."""
    sources, problems = list[Source](), list[Problem]()
    for path in files_of(files):
        try:
            sources.append(source(path, vocabulary))
        except Problems as found:
            problems += found.problems
    out.mkdir(parents=True, exist_ok=True)
    named = list(names(sources))
    pages = {name: measure_page(one, language) for name, one in named}
    pages["index.html"] = index_page(named, language)
    for name, page in pages.items():
        (out / name).write_text(page, encoding="utf-8")
    return [out / name for name in pages], problems


def names(sources: list[Source]) -> Iterator[tuple[str, Source]]:
    """A page by the id of the measure; of several versions the day they came into force tells them apart."""
    in_order = sorted(
        sources, key=lambda one: (one.measure.id, str(one.measure.version.in_force or ""), str(one.path))
    )
    ids = [one.measure.id for one in in_order]
    taken = {"index.html"}
    for one in in_order:
        measure = one.measure
        name = measure.id if ids.count(measure.id) == 1 else f"{measure.id}_{measure.version.in_force or 'x'}"
        while f"{name}.html" in taken:
            name += "_"
        taken.add(f"{name}.html")
        yield f"{name}.html", one
