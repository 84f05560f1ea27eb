"""What people judge: typed inputs with range and role, as fields that a measure adds to the things it is for.

inputs:
  评审等级: {for: 示范项目, words: [一等, 二等, 三等], by: 评审专家组}
  一事一议金额: {for: 机构, type: 金额, between: [0元 .. 5000万元], by: 市政府}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.scope import RUN, base_factor
from mangrove.rulebook.language.tree import Negative, Number
from mangrove.rulebook.language.types import MONEY, quantity
from mangrove.rulebook.measures import Input, Measure
from mangrove.rulebook.population import Thing
from mangrove.rulebook.problems import Place, Problem, Problems, unknown
from mangrove.rulebook.texts.naming import refuse_no_name, refuse_taken, refuse_word
from mangrove.rulebook.texts.nodes import Fields, Items, Words
from mangrove.vocabulary.model import Entity, Enum, Field, Vocabulary, Word, find, known_names
from mangrove.vocabulary.units import unit

if TYPE_CHECKING:
    from mangrove.rulebook.engines.columns import Snapshot

INPUT = ("for", "type", "words", "between", "scale", "by", "note")
#: How the kinds of an input are written, and the types of the vocabulary that they are.
KINDS = {"金额": "money", "数": "decimal", "是否": "boolean", "日期": "date"}
#: Those that may have a range.
RANGED = ("金额", "数")
MOST_WORDS = 100
Gathering = Callable[[str], AbstractContextManager[None]]


def read_inputs(
    fields: Fields, vocabulary: Vocabulary, gathering: Gathering
) -> tuple[tuple[Input, ...], Vocabulary]:
    """The inputs, and the vocabulary with each as a field of its thing. What is wrong goes to ``gathering``."""
    found: list[Input] = []
    for name, entry in fields.all_fields():
        with gathering(name.text):
            entry.only(*INPUT)
            entry.need("for", "by")
            entity = entity_named(entry.words("for"), vocabulary)
            refuse_no_name(name)
            refuse_word(name, vocabulary)
            refuse_taken(
                name,
                [*RUN, *known_names([*entity.fields.values()]), *known_names([*entity.relations.values()])],
            )
            field, enums = as_field(name, entry, entity)
            low, high = limits(entry, field)
            found.append(Input(name.text, entity.id, entry.words("by").text, low, high))
            grown = replace(entity, fields={**entity.fields, name.text: field})
            vocabulary = replace(
                vocabulary,
                entities={**vocabulary.entities, entity.id: grown},
                enums={**vocabulary.enums, **enums},
            )
    return tuple(found), vocabulary


def entity_named(words: Words, vocabulary: Vocabulary) -> Entity:
    found = find(vocabulary.entities, words.text)
    if found is None:
        raise unknown(words.place, ("对象", "thing"), words.text, known_names(vocabulary.entities.values()))
    return found


def as_field(name: Words, entry: Fields, entity: Entity) -> tuple[Field, dict[str, Enum]]:
    if "words" in entry:
        entry.only("for", "words", "by", "note")
        enum = Enum(
            f"input:{entity.id}:{name.text}", name.text, name.text, listed_words(entry.items("words"))
        )
        return Field(name.text, name.text, name.text, "enum", enum=enum), {enum.id: enum}
    kind = entry.words("type")
    if kind.text not in KINDS:
        raise unknown(kind.place, ("输入的种类", "kind of input"), kind.text, KINDS)
    if "between" in entry and kind.text not in RANGED:
        zh, en = f"{kind.text}没有范围；请删去 between。", f"{kind.text} has no range; delete between."
        raise Problem("bad_range", entry.keys["between"].place, zh, en)
    named = (name.text, name.text, name.text, KINDS[kind.text])
    if kind.text == "金额":
        return Field(*named, unit=unit("元"), scale=2), {}
    return Field(*named, scale=places(entry) if kind.text == "数" else 0), {}


def listed_words(items: Items) -> dict[str, Word]:
    """The grades that a person may give: at least two, each a name, each once."""
    if not 2 <= len(items) <= MOST_WORDS:
        zh, en = f"取值应列 2 至 {MOST_WORDS} 个。", f"List 2 to {MOST_WORDS} words."
        raise Problem("few_words", items.place, zh, en)
    words = dict[str, Word]()
    for one in items.all_words():
        refuse_no_name(one)
        refuse_taken(one, words)
        words[one.text] = Word(one.text, one.text, one.text)
    return words


def places(entry: Fields) -> int:
    words = entry.words("scale", "2")
    if words.text not in {*"0123456"}:
        raise Problem("bad_scale", words.place, "小数位数应为 0 至 6。", "Write 0 to 6 places.")
    return int(words.text)


def limits(entry: Fields, field: Field) -> tuple[Fraction | None, Fraction | None]:
    """The range in base units, both ends belonging to it."""
    if "between" not in entry:
        return None, None
    words = entry.items("between").all_words()
    ends = words[0].text.split("..") if len(words) == 1 else []
    if len(ends) != 2:
        zh, en = "范围写成“[0元 .. 5000万元]”。", "Write the range as “[0元 .. 5000万元]”."
        raise Problem("bad_range", entry.items("between").place, zh, en)
    low, high = (number(end.strip(), words[0], field) for end in ends)
    if low > high:
        raise Problem(
            "empty_range", words[0].place, "范围的起点高于终点。", "The range ends before it begins."
        )
    return low, high


def number(text: str, words: Words, field: Field) -> Fraction:
    try:
        tree = parse(text)
    except Problem as problem:
        raise words.in_file(problem) from None
    sign = -1 if isinstance(tree, Negative) else 1
    tree = tree.of if isinstance(tree, Negative) else tree
    kind = quantity(unit(tree.unit).dimension) if isinstance(tree, Number) and tree.unit else quantity("计数")
    if not isinstance(tree, Number) or kind != (MONEY if field.type == "money" else quantity("计数")):
        zh, en = f"“{text}”不是这里要的数。", f"“{text}” is not the kind of number wanted here."
        raise Problem("bad_range", words.place, zh, en)
    return sign * tree.value * (unit(tree.unit).factor if tree.unit else 1)


def refuse_out_of_range(measure: Measure, things: Iterable[Thing], place: Place) -> None:
    """What a person recorded must lie in the range that the measure gives. Raises :class:`Problem` at ``place``."""
    bounded = [one for one in measure.inputs if one.low is not None]
    for thing in things:
        for one in bounded:
            stored = thing.fields.get(one.name) if thing.entity == one.entity else None
            if isinstance(stored, int) and not in_range(stored, one, measure):
                zh = f"{thing.entity} {thing.key} 的“{one.name}”不在规定的范围里。"
                en = f"“{one.name}” of {thing.entity} {thing.key} is out of its range."
                raise Problem("out_of_range", place, zh, en)


def refuse_columns_out_of_range(measure: Measure, snapshot: Snapshot) -> None:
    """The same for a population in columns. Raises :class:`Problems`."""
    problems = []
    for one in measure.inputs:
        if one.low is None or one.high is None:
            continue
        column = snapshot.column(one.entity, one.name)
        factor = base_factor(measure.vocabulary.entities[one.entity].fields[one.name])
        low, high = ceil(one.low / factor), floor(one.high / factor)
        wrong = (column.values < low) | (column.values > high)
        rows = (wrong if column.known is None else wrong & column.known).nonzero()[0]
        if len(rows):
            keys = "、".join(str(snapshot.tables[one.entity].keys[row]) for row in rows[:5])
            zh = f"“{one.name}”不在规定的范围里：{keys}（共 {len(rows)} 件）。"
            en = f"“{one.name}” is out of its range: {keys} ({len(rows)} in all)."
            problems.append(Problem("out_of_range", Place(one.entity, int(rows[0]) + 1, 1), zh, en))
    if problems:
        raise Problems(problems)


def in_range(stored: int, one: Input, measure: Measure) -> bool:
    value = stored * base_factor(measure.vocabulary.entities[one.entity].fields[one.name])
    return one.low is not None and one.high is not None and one.low <= value <= one.high
