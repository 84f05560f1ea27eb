"""Reads a city's figures: ``definitions.yaml``, ``sources.csv``, ``values.csv`` and the record lists under ``rows/``.

Every refusal names the file and the line; nothing is read half.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from mangrove.figures.actions import Row, Stated
from mangrove.figures.models import Assertion, Concept, Definition, Kind, Source, Status
from mangrove.figures.periods import Period
from mangrove.ledger.refusals import Refusal
from mangrove.vocabulary.errors import UnknownWord, VocabularyError, hint, nearest
from mangrove.vocabulary.model import BOOLEANS
from mangrove.vocabulary.nodes import Mapped, read_file
from mangrove.vocabulary.units import unit

Word = TypeVar("Word")

STATUSES = {"已核": Status.VERIFIED, "待核": Status.UNVERIFIED}
KINDS = {"存量": Kind.STOCK, "流量": Kind.FLOW, "比率": Kind.RATIO}
DEFINITION_KEYS = (
    "zh", "en", "rule", "rule_en", "status", "kind", "unit", "scale", "display", "decimals", "qualifier",
    "population", "dimensions", "cues", "numerator", "denominator", "sources", "target",
)  # fmt: skip
SOURCE_COLUMNS = ("id", "title", "publisher", "published", "status", "synthetic", "note")
VALUE_COLUMNS = ("definition", "as_of", "qualifier", "amount", "unit", "source", "rows", "note")
CLAIM_COLUMNS = ("id", "zh", "words", "source", "status", "note")
ROW_COLUMNS = ("key", "label", "amount", "source")


@dataclass(frozen=True)
class Declared:
    """A city's figures as its files say them, and the hash of each file."""

    concepts: tuple[Concept, ...]
    definitions: tuple[Definition, ...]
    sources: tuple[Source, ...]
    values: tuple[Stated, ...]
    assertions: tuple[Assertion, ...]
    manifest: Mapping[str, str]


def read_city(folder: Path) -> Declared:
    """Everything under ``folder`` (``cities/<city>/figures``). Raises :class:`Refusal` with file and line."""
    try:
        concepts, definitions = read_definitions(folder / "definitions.yaml")
    except VocabularyError as error:
        raise Refusal(
            error.message,
            code="figures.file",
            where=f"{error.file} 第{error.line}行",
            remedy="更正后重新导入。",
        ) from error
    return Declared(
        concepts,
        definitions,
        tuple(read_sources(folder / "sources.csv")),
        tuple(read_values(folder)),
        tuple(read_assertions(folder / "claims.csv")),
        {path.relative_to(folder).as_posix(): digest(path) for path in files(folder)},
    )


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".csv"})


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_definitions(path: Path) -> tuple[tuple[Concept, ...], tuple[Definition, ...]]:
    """Concepts with their definitions nested; a ratio names definitions of any concept by id."""
    top = read_file(path)
    top.only("concepts")
    concepts: list[Concept] = []
    definitions: list[Definition] = []
    places: dict[str, Mapped] = {}
    for id, entry in top.mapping("concepts").mappings():
        concept = read_concept(id, entry, len(concepts))
        concepts.append(concept)
        for definition_id, inner in entry.mapping("definitions").mappings():
            refuse_taken(definition_id, inner, places, definitions)
            places[definition_id] = inner
            definitions.append(read_definition(definition_id, inner, concept, len(definitions)))
    refuse_dangling_parts(definitions, places)
    return tuple(concepts), tuple(definitions)


def read_concept(id: str, entry: Mapped, order: int) -> Concept:
    entry.only("zh", "en", "aliases", "line", "definitions")
    if not entry.mapping("definitions").entries:
        raise entry.error(f"概念“{id}”没有一个口径。")
    return Concept(
        id=id, zh=entry.text("zh"), en=entry.text("en", ""), aliases=entry.texts("aliases"),
        line=entry.text("line", ""), order=order,
    )  # fmt: skip


def read_definition(id: str, entry: Mapped, concept: Concept, order: int) -> Definition:
    entry.only(*DEFINITION_KEYS)
    kind = choice(entry, "kind", KINDS)
    shown = entry.text("display", entry.text("unit"))
    refuse_bad_units(entry, entry.text("unit"), shown)
    return Definition(
        id=id, concept=concept, zh=entry.text("zh"), en=entry.text("en", ""), order=order, kind=kind,
        rule_zh=entry.text("rule"), rule_en=entry.text("rule_en", ""), rule_status=choice(entry, "status", STATUSES),
        unit=entry.text("unit"), scale=whole(entry, "scale"), display_unit=shown, decimals=whole(entry, "decimals"),
        qualifier=entry.text("qualifier", ""), population=entry.text("population", ""),
        dimensions=entry.texts("dimensions"), cues=entry.texts("cues"), source_order=entry.texts("sources"),
        is_target=choice(entry, "target", BOOLEANS, "否"), numerator_id=entry.text("numerator", "") or None, denominator_id=entry.text("denominator", "") or None,
    )  # fmt: skip


def choice(entry: Mapped, key: str, words: Mapping[str, Word], default: str | None = None) -> Word:
    said = entry.text(key, default)
    if said not in words:
        raise entry.error(f"“{key}”写成了“{said}”，应为{'、'.join(words)}之一。")
    return words[said]


def whole(entry: Mapped, key: str) -> int:
    said = entry.text(key, "0")
    if not said.isdecimal():
        raise entry.error(f"“{key}”应为不小于零的整数，写成了“{said}”。")
    return int(said)


def refuse_bad_units(entry: Mapped, inside: str, shown: str) -> None:
    try:
        fits = unit(inside).dimension == unit(shown).dimension
    except UnknownWord as error:
        raise entry.error(str(error)) from error
    if not fits:
        raise entry.error(f"显示单位“{shown}”与计量单位“{inside}”不能换算。")


def refuse_taken(id: str, entry: Mapped, places: Mapping[str, Mapped], known: list[Definition]) -> None:
    if id in places:
        raise entry.error(f"口径“{id}”已在第{places[id].line}行定义。")
    if any(other.zh == entry.text("zh") for other in known):
        raise entry.error(f"口径名称“{entry.text('zh')}”已用过。")


def refuse_dangling_parts(definitions: list[Definition], places: Mapping[str, Mapped]) -> None:
    """A ratio has both parts, each a definition that is not itself a ratio; nothing else has parts."""
    kinds = {definition.pk: definition.kind for definition in definitions}
    for definition in definitions:
        parts = (definition.numerator_id, definition.denominator_id)
        if (definition.kind == Kind.RATIO) != all(parts) or (definition.kind != Kind.RATIO and any(parts)):
            raise places[definition.pk].error(
                "比率须有分子（numerator）和分母（denominator），其他口径不得有。"
            )
        for part in filter(None, parts):
            if kinds.get(part, Kind.RATIO) == Kind.RATIO:
                raise places[definition.pk].error(
                    f"分子或分母“{part}”不是已定义的存量或流量{hint(nearest(part, kinds))}"
                )


def read_sources(path: Path) -> Iterator[Source]:
    for line, row in csv_rows(path, SOURCE_COLUMNS):
        where = f"{path.name} 第{line}行"
        yield Source(
            id=row["id"], title=row["title"], publisher=row["publisher"], published=day(row["published"], where),
            status=status(row["status"], where), synthetic=row["synthetic"] == "是", note=row["note"],
        )  # fmt: skip


def read_assertions(path: Path) -> Iterator[Assertion]:
    """Claims without a number; ``words`` are separated by blanks and must all stand in the claim."""
    for order, (line, row) in enumerate(csv_rows(path, CLAIM_COLUMNS)):
        yield Assertion(
            id=row["id"], zh=row["zh"], words=row["words"].split(), source_id=row["source"] or None,
            status=status(row["status"], f"{path.name} 第{line}行"), note=row["note"], order=order,
        )  # fmt: skip


def status(said: str, where: str) -> Status:
    if said not in STATUSES:
        raise wrong(f"状态“{said}”应为已核或待核。", where)
    return STATUSES[said]


def read_values(folder: Path) -> Iterator[Stated]:
    path = folder / "values.csv"
    for line, row in csv_rows(path, VALUE_COLUMNS):
        where = f"{path.name} 第{line}行"
        rows = tuple(read_rows(folder / "rows" / row["rows"])) if row["rows"] else ()
        yield Stated(
            definition=row["definition"], period=period(row["as_of"], where), amount=decimal(row["amount"], where),
            source=row["source"], unit=row["unit"], qualifier=row["qualifier"], rows=rows, note=row["note"], where=where,
        )  # fmt: skip


def read_rows(path: Path) -> Iterator[Row]:
    for line, row in csv_rows(path, ROW_COLUMNS):
        where = f"rows/{path.name} 第{line}行"
        yield Row(path.stem, row["key"], row["label"], decimal(row["amount"], where), row["source"])


def csv_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their line numbers; refuses a missing file, other columns than declared, and ragged rows."""
    if not path.is_file():
        raise wrong(f"没有文件“{path.name}”。", path.parent.name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise wrong(f"表头应为：{','.join(columns)}。", f"{path.name} 第1行")
        for row in reader:
            if None in row or None in row.values():
                raise wrong(f"应有{len(columns)}列。", f"{path.name} 第{reader.line_num}行")
            yield reader.line_num, {key: text.strip() for key, text in row.items()}


def decimal(text: str, where: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise wrong(f"“{text}”不是数。", where) from error
    if not value.is_finite():
        raise wrong(f"“{text}”不是数。", where)
    return value


def period(text: str, where: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise wrong(str(error), where) from error


def day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise wrong(f"“{text}”不是日期，应写成 2021-08-30。", where) from error


def wrong(what: str, where: str) -> Refusal:
    return Refusal(what, code="figures.file", where=where, remedy="更正后重新导入，此前的内容不受影响。")
