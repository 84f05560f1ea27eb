"""A population from a folder of CSV files, one for each kind of thing, read by the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.rulebook.problems import Place, Problem, Problems, unknown
from mangrove.vocabulary.model import Entity, Vocabulary, known_names
from mangrove.vocabulary.sheets import Row, read_sheet


def read_population(folder: Path, vocabulary: Vocabulary) -> Population:
    """All things of the folder. Raises :class:`Problems` for what cannot be read, a key twice, a link to nothing."""
    things, problems = read_things(folder, vocabulary)
    if not problems:
        try:
            return Population(things, dict(links(vocabulary)))
        except ValueError as error:
            problems = [Problem("bad_data", Place(str(folder), 1, 1), str(error), str(error))]
    refuse_as_in_bulk(folder, vocabulary)
    raise Problems(problems)


def read_things(folder: Path, vocabulary: Vocabulary) -> tuple[list[Thing], list[Problem]]:
    things: list[Thing] = []
    files, problems = data_files(folder, vocabulary)
    for entity, path in files:
        sheet = read_sheet(path, entity)
        problems += [Problem("bad_data", Place(path.name, 1, 1), said, said) for said in sheet.problems]
        own = [thing(entity, row) for row in sheet.rows]
        problems += [too_large(path, entity, one) for one in own if is_too_large(one)]
        things += own
    return things, problems


def refuse_as_in_bulk(folder: Path, vocabulary: Vocabulary) -> None:
    """Whichever way data are read, the same is said of what is wrong, in both languages and with its line and column."""
    from mangrove.rulebook.engines.arrow import from_csv  # loads the fast engines, which only a refusal needs

    from_csv(folder, vocabulary)


def is_too_large(one: Thing) -> bool:
    """Numbers are kept in 64 bits."""
    return any(isinstance(value, int) and not -(1 << 63) <= value < 1 << 63 for value in one.fields.values())


def too_large(path: Path, entity: Entity, one: Thing) -> Problem:
    zh, en = (
        f"{entity.zh} {one.key} 有一个数太大，存不下。",
        f"{entity.en} {one.key} has a number too large to be stored.",
    )
    return Problem("too_large", Place(path.name, 1, 1), zh, en)


def data_files(
    folder: Path, vocabulary: Vocabulary, suffix: str = ".csv"
) -> tuple[list[tuple[Entity, Path]], list[Problem]]:
    """The file of each kind of thing, named by id or in Chinese; and what would else be passed over in silence.

    Raises :class:`Problems` where a kind has two files.
    """
    found, problems, twice = [], list(strangers(folder, vocabulary, suffix)), list[Problem]()
    for entity in vocabulary.entities.values():
        paths = [path for name in (entity.zh, entity.id) if (path := folder / f"{name}{suffix}").exists()]
        if len(paths) > 1:
            twice.append(two_files(entity, *paths))
        found += [(entity, path) for path in paths]
    if twice:
        raise Problems([*problems, *twice])
    return found, problems


def two_files(entity: Entity, path: Path, other: Path) -> Problem:
    zh = f"“{path.name}”和“{other.name}”都是{entity.zh}；请只留一个。"
    en = f"“{path.name}” and “{other.name}” are both of {entity.en}; keep one."
    return Problem("two_files", Place(path.name, 1, 1), zh, en)


def strangers(folder: Path, vocabulary: Vocabulary, suffix: str) -> Iterator[Problem]:
    """Files of nobody knows what, and a folder that holds nothing to read."""
    found = sorted(path.name for path in folder.glob(f"*{suffix}"))
    known = [f"{name}{suffix}" for name in known_names(vocabulary.entities.values())]
    for name in found:
        if name not in known:
            yield unknown(Place(name, 1, 1), ("对象的数据文件", "file of things"), name, known)
    if not found:
        kind = suffix[1:].upper()
        zh = f"文件夹“{folder}”里没有 {kind}；文件名用对象的中文名或英文标识，例如 {known[1]}。"
        en = f"There is no {kind} in the folder “{folder}”; name each file after its thing, such as {known[0]}."
        yield Problem("no_data", Place(str(folder), 1, 1), zh, en)


def links(vocabulary: Vocabulary) -> Iterator[tuple[tuple[str, str], str]]:
    """(entity, link) and the entity that the link leads to."""
    for entity in vocabulary.entities.values():
        for link in entity.relations.values():
            yield (entity.id, link.id), link.to


def thing(entity: Entity, row: Row) -> Thing:
    fields = {name: row.values.get(name) for name in entity.fields}
    known = {name: row.text(name) for name in entity.relations if row.text(name)}
    return Thing(entity.id, key_of(entity, row.values), fields, known)


def key_of(entity: Entity, values: Mapping[str, Stored]) -> str:
    """The parts of the key as text, joined where there are several."""
    parts = (values.get(part) for part in entity.key)
    return "/".join("" if part is None else str(part) for part in parts)
