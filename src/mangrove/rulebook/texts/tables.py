"""A population from a folder of CSV files, one ``<entity id>.csv`` each, read by the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.rulebook.problems import Place, Problem, Problems, unknown
from mangrove.vocabulary.model import Entity, Vocabulary
from mangrove.vocabulary.sheets import Row, read_sheet


def read_population(folder: Path, vocabulary: Vocabulary) -> Population:
    """All things of the folder. Raises :class:`Problems` for what cannot be read, a key twice, a link to nothing."""
    things: list[Thing] = []
    problems: list[Problem] = list(strangers(folder, vocabulary))
    for entity in vocabulary.entities.values():
        path = folder / f"{entity.id}.csv"
        if path.exists():
            sheet = read_sheet(path, entity)
            problems += [Problem("bad_data", Place(path.name, 1, 1), said, said) for said in sheet.problems]
            own = [thing(entity, row) for row in sheet.rows]
            problems += [too_large(path, entity, one) for one in own if is_too_large(one)]
            things += own
    if problems:
        raise Problems(problems)
    try:
        return Population(things, dict(links(vocabulary)))
    except ValueError as error:
        raise Problems([Problem("bad_data", Place(str(folder), 1, 1), str(error), str(error))]) from error


def is_too_large(one: Thing) -> bool:
    """Numbers are kept in 64 bits."""
    return any(isinstance(value, int) and not -(1 << 63) <= value < 1 << 63 for value in one.fields.values())


def too_large(path: Path, entity: Entity, one: Thing) -> Problem:
    zh, en = (
        f"{entity.zh} {one.key} 有一个数太大，存不下。",
        f"{entity.en} {one.key} has a number too large to be stored.",
    )
    return Problem("too_large", Place(path.name, 1, 1), zh, en)


def strangers(folder: Path, vocabulary: Vocabulary, suffix: str = ".csv") -> Iterator[Problem]:
    """Files that would be passed over in silence, and a folder that holds nothing to read."""
    found = sorted(path.name for path in folder.glob(f"*{suffix}"))
    known = [f"{id}{suffix}" for id in vocabulary.entities]
    for name in found:
        if name not in known:
            yield unknown(Place(name, 1, 1), ("对象的数据文件", "file of things"), name, known)
    if not found:
        kind = suffix[1:].upper()
        zh = f"文件夹“{folder}”里没有 {kind}；文件名用对象的英文标识，例如 {known[0]}。"
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
