"""What a page needs of a measure's files beyond the measure itself: notes, parameters as written, tests and how they went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.printing import written
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.texts.examples import Example, Mismatch, examples_of, mismatches, read_examples
from mangrove.rulebook.texts.nodes import Fields, Words
from mangrove.rulebook.texts.reader import load, load_text
from mangrove.rulebook.texts.reading import clean, read, read_text
from mangrove.vocabulary.model import Vocabulary


@dataclass(frozen=True)
class Tested:
    """One test beside the measure, how its expected values were found, and what did not come true."""

    example: Example
    fields: Fields
    wrong: tuple[Mismatch, ...]

    @property
    def why(self) -> str:
        return text(self.fields, "why")


@dataclass(frozen=True)
class Source:
    """A measure with its file as read, and its tests; ``problem`` where they do not read."""

    path: Path
    measure: Measure
    top: Fields
    tests: tuple[Tested, ...]
    problem: Problem | None = None

    def clause_fields(self, id: str) -> Fields:
        listed = (node for node in self.top.items("clauses") if isinstance(node, Fields))
        return next(node for node in listed if text(node, "id") == id)

    @property
    def wrong(self) -> int:
        return sum(bool(one.wrong) for one in self.tests)


def source(path: Path, vocabulary: Vocabulary) -> Source:
    """Raises :class:`Problems` where the measure does not read."""
    measure = load(path, vocabulary, path.name)
    top = read(path, path.name)
    try:
        return Source(path, measure, top, tuple(tested(examples_of(path), measure)))
    except Problem as problem:
        return Source(path, measure, top, (), problem)


def source_of_text(written_text: str, vocabulary: Vocabulary, called: str = "") -> Source:
    """Of a text that lies in no file, published or being written: no tests stand beside it. Raises :class:`Problems`."""
    measure = load_text(written_text, vocabulary, called)
    top = read_text(clean(written_text.encode(), called), called)
    return Source(Path(called), measure, top, ())


def tested(path: Path, measure: Measure) -> Iterator[Tested]:
    if not path.exists():
        return
    listed = read(path, path.name).items("tests").all_fields()
    for example, fields in zip(read_examples(path, measure, path.name), listed, strict=True):
        yield Tested(example, fields, tuple(mismatches(example, measure)))


def text(fields: Fields, key: str) -> str:
    """The text under a key, empty where there is none."""
    node = fields.entries.get(key)
    return node.text if isinstance(node, Words) else ""


def canonical(expression: str) -> str:
    """As the language prints it; a text that is no expression (what a choice keeps) as it is."""
    try:
        return written(parse(expression))
    except (Problem, ValueError):
        return expression


def is_measure(path: Path) -> bool:
    """By its first lines; whether it reads is told later."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return any(line.startswith("measure:") for line in file)


def files_of(given: Iterable[Path]) -> list[Path]:
    """Measures named, and those in folders named: tests, tables of days and portfolios beside them are no measures."""
    found: list[Path] = []
    for path in given:
        found += sorted(one for one in path.rglob("*.yaml") if is_measure(one)) if path.is_dir() else [path]
    return [path for path in found if not path.name.endswith(".tests.yaml")]
