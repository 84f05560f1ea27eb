"""Reads ``words/*.yaml`` into a :class:`Vocabulary`, and refuses what cannot be right with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mangrove.vocabulary.errors import UnknownWord, hint, nearest
from mangrove.vocabulary.model import TYPES, VARIES, Entity, Enum, Field, Named, Relation, Vocabulary, Word
from mangrove.vocabulary.nodes import Mapped, read_file
from mangrove.vocabulary.units import Unit, Units, load_units

UNITS_FILE = "units.yaml"
#: What things are about.
ORGANISATION = "organisation"
NUMERIC = frozenset({"integer", "decimal", "money", "ratio"})


@dataclass
class Draft:
    """What has been read so far, with the place of each entity for messages about dangling relations."""

    units: Units
    enums: dict[str, Enum] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    places: dict[str, Mapped] = field(default_factory=dict)


def load(folder: Path) -> Vocabulary:
    """All word files of ``folder`` in name order; enums first, since any file may use them."""
    draft = Draft(load_units(folder / UNITS_FILE))
    files = [read_file(path) for path in sorted(folder.glob("*.yaml")) if path.name != UNITS_FILE]
    for top in files:
        top.only("enums", "entities")
        for id, entry in top.mapping("enums").mappings():
            refuse_taken(id, draft.enums, entry, "词表")
            draft.enums[id] = read_enum(id, entry)
    for top in files:
        for id, entry in top.mapping("entities").mappings():
            refuse_taken(id, draft.entities, entry, "实体")
            draft.entities[id] = read_entity(id, entry, draft)
            draft.places[id] = entry
            refuse_same_alias(draft.entities.values(), entry)
    refuse_dangling(draft)
    return Vocabulary(draft.entities, draft.enums)


def read_enum(id: str, entry: Mapped) -> Enum:
    entry.only("zh", "en", "words")
    words: dict[str, Word] = {}
    for word_id, word in entry.mapping("words").mappings():
        word.only("zh", "en", "note")
        words[word_id] = Word(word_id, word.text("zh"), word.text("en"), word.text("note", ""))
        refuse_same_alias(words.values(), word)
    if not words:
        raise entry.error(f"词表“{id}”没有一个词。")
    return Enum(id, entry.text("zh"), entry.text("en"), words)


def read_entity(id: str, entry: Mapped, draft: Draft) -> Entity:
    entry.only("zh", "en", "key", "about", "own_table", "fields", "relations", "note")
    fields: dict[str, Field] = {}
    relations: dict[str, Relation] = {}
    for field_id, item in entry.mapping("fields").mappings():
        fields[field_id] = read_field(field_id, item, draft)
        refuse_same_alias(fields.values(), item)
    for relation_id, item in entry.mapping("relations").mappings():
        refuse_taken(relation_id, fields, item, "字段")
        relations[relation_id] = read_relation(relation_id, item)
        refuse_same_alias([*fields.values(), *relations.values()], item)
    key = tuple(entry.texts("key"))
    refuse_bad_key(id, key, {*fields, *relations}, entry)
    about = entry.text("about", "")
    refuse_bad_subject(id, about, relations, entry)
    note, own_table = entry.text("note", ""), read_flag(entry, "own_table")
    return Entity(id, entry.text("zh"), entry.text("en"), key, fields, relations, note, about, own_table)


def read_field(id: str, item: Mapped, draft: Draft) -> Field:
    item.only("zh", "en", "type", "varies", "unit", "scale", "enum", "required", "note", "personal")
    type_ = one_of(item, "type", item.text("type"), TYPES)
    return Field(
        id=id,
        zh=item.text("zh"),
        en=item.text("en"),
        type=type_,
        varies=one_of(item, "varies", item.text("varies", "static"), VARIES),
        unit=read_unit_name(item, type_, draft.units),
        scale=read_scale(item, type_),
        enum=read_enum_name(item, type_, draft.enums),
        required=read_flag(item, "required"),
        note=item.text("note", ""),
        personal=read_flag(item, "personal"),
    )


def read_relation(id: str, item: Mapped) -> Relation:
    item.only("to", "zh", "en", "required", "note")
    return Relation(
        id,
        item.text("zh"),
        item.text("en"),
        item.text("to"),
        read_flag(item, "required"),
        item.text("note", ""),
    )


def read_unit_name(item: Mapped, type_: str, units: Units) -> Unit | None:
    name = item.text("unit", "元" if type_ == "money" else "")
    if not name:
        return None
    if type_ not in NUMERIC:
        raise item.error(f"类型“{type_}”不能有单位“{name}”。")
    try:
        return units.unit(name)
    except UnknownWord as error:
        raise item.error(str(error)) from error


def read_scale(item: Mapped, type_: str) -> int:
    """Decimals kept: 2 for money (fen); a decimal or a ratio must say its own."""
    if type_ == "money":
        return 2
    text = item.text("scale", None if type_ in {"decimal", "ratio"} else "0")
    if not text.isdecimal():
        raise item.error(f"scale“{text}”应为非负整数。")
    return int(text)


def read_enum_name(item: Mapped, type_: str, enums: Mapping[str, Enum]) -> Enum | None:
    if type_ != "enum":
        return None
    name = item.text("enum")
    if name not in enums:
        raise item.error(f"没有词表“{name}”{hint(nearest(name, enums))}")
    return enums[name]


def read_flag(item: Mapped, key: str) -> bool:
    return one_of(item, key, item.text(key, "false"), {"true", "false"}) == "true"


def one_of(item: Mapped, key: str, value: str, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise item.error(
            f"{key}“{value}”不认识{hint(nearest(value, allowed))}可用：{'、'.join(sorted(allowed))}。"
        )
    return value


def refuse_taken(id: str, taken: Mapping[str, object], place: Mapped, what: str) -> None:
    if id in taken:
        raise place.error(f"{what}“{id}”已经声明过。")


def refuse_same_alias(things: Iterable[Named], place: Mapped) -> None:
    """The last of ``things`` is the one just read at ``place``."""
    *before, last = things
    for other in before:
        if other.zh == last.zh:
            raise place.error(f"“{last.id}”与“{other.id}”的中文名都是“{last.zh}”，须各不相同。")


def refuse_bad_key(id: str, key: tuple[str, ...], known: Iterable[str], place: Mapped) -> None:
    if not key:
        raise place.error(f"实体“{id}”没有主键。")
    for part in key:
        if part not in known:
            raise place.error(f"实体“{id}”的主键“{part}”既不是字段也不是关联{hint(nearest(part, known))}")


def refuse_bad_subject(id: str, about: str, relations: Mapping[str, Relation], place: Mapped) -> None:
    known = [one.id for one in relations.values() if one.to == ORGANISATION]
    if about and about not in known:
        raise place.error(f"实体“{id}”的对象“{about}”不是指向机构的关联{hint(nearest(about, known))}")


def refuse_dangling(draft: Draft) -> None:
    for id, entity in draft.entities.items():
        for relation in entity.relations.values():
            if relation.to not in draft.entities:
                line = draft.places[id].mapping("relations").mapping(relation.id)
                found = hint(nearest(relation.to, draft.entities))
                raise line.error(f"关联“{id}.{relation.id}”指向没有的实体“{relation.to}”{found}")
