"""Tests beside a measure: given rows, expected outcomes. They are how an officer shows that the clauses say what is meant.

    tests:
    - name: 超过上限
      given:
        机构: [{id: cm, kind: 运营商}]
        基站: [{times: 20000, 组网方式: 独立组网, operator: cm}]
      expect:
        机构:cm: {station: {standing: 符合, amount: 15000万元, removed: 5000万元}}

A field that is not given is unknown. ``times`` makes that many rows alike; rows without a key are numbered. ``on`` and
``budget_year`` are the day and the year of the run. ``origin`` says where the expected values come from: 来源 (the source
states them), 手算 (worked out by hand in ``why``) or 生成 (made by a program).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mangrove.rulebook.allotting.shares import split
from mangrove.rulebook.choosing import CHOSEN, WAITING, chosen_by_interpreter, names_of, word
from mangrove.rulebook.decide import Deciding, Outcome, Run, Standing
from mangrove.rulebook.language.types import MONEY
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.rulebook.problems import Place, Problem, not_one_of, unknown
from mangrove.rulebook.showing import shown
from mangrove.rulebook.texts.inputs import refuse_out_of_range
from mangrove.rulebook.texts.nodes import Fields, Words, as_fields, as_items
from mangrove.rulebook.texts.reader import day
from mangrove.rulebook.texts.reading import read
from mangrove.rulebook.texts.tables import key_of, links
from mangrove.vocabulary.model import Entity, Field, Vocabulary, find, known_names
from mangrove.vocabulary.quantity import parse_quantity
from mangrove.vocabulary.units import to_base, unit
from mangrove.vocabulary.values import parse_value

EXAMPLE = ("name", "given", "expect", "on", "budget_year", "origin", "why")
EXPECTED = ("standing", "amount", "removed", "failing", "binding", "shares", "chosen")
ORIGINS = ("手算", "来源", "生成")
MOST_ROWS = 200_000


@dataclass(frozen=True)
class Mismatch:
    """One expectation that did not come true, with the place where it is written."""

    test: str
    place: Place
    zh: str
    en: str

    def said(self, language: str = "zh") -> str:
        return f"{self.place} {self.test}：{self.en if language.startswith('en') else self.zh}"


@dataclass(frozen=True)
class Expectation:
    """What one clause is to come to for one thing; what is not said is not looked at."""

    thing: tuple[str, str]
    clause: str
    said: Fields


@dataclass(frozen=True)
class Example:
    name: str
    population: Population
    expected: tuple[Expectation, ...]
    run: Run
    origin: str


def examples_of(path: Path) -> Path:
    """Where the tests of a measure stand: ``x.yaml`` has ``x.tests.yaml`` beside it."""
    return path.with_suffix(".tests.yaml")


def read_examples(path: Path, measure: Measure, called: str = "") -> list[Example]:
    """Raises :class:`Problem` at the first thing that does not read."""
    top = read(path, called)
    top.only("tests")
    return [example(one, measure) for one in top.items("tests").all_fields()]


def example(fields: Fields, measure: Measure) -> Example:
    vocabulary = measure.vocabulary
    fields.only(*EXAMPLE)
    fields.need("name", "given", "expect")
    things = list(given(fields.fields("given"), vocabulary))
    refuse_out_of_range(measure, things, fields.place)
    try:
        population = Population(things, dict(links(vocabulary)))
    except ValueError as error:
        raise Problem("bad_data", fields.place, str(error), str(error)) from error
    expected = tuple(expectations(fields.fields("expect"), vocabulary))
    origin = fields.words("origin", ORIGINS[0])
    if origin.text not in ORIGINS:
        raise not_one_of(origin.place, ("来历", "origin"), origin.text, ORIGINS)
    return Example(fields.words("name").text, population, expected, run_of(fields), origin.text)


def run_of(fields: Fields) -> Run:
    year = fields.words("budget_year", "")
    if year.text and not (year.text.isascii() and year.text.isdecimal() and len(year.text) == 4):
        raise Problem("not_whole", year.place, "年度写成 2022。", "Write the year as 2022.")
    on = day(fields.words("on")) if "on" in fields else None
    return Run(on, int(year.text) if year.text else None)


def given(fields: Fields, vocabulary: Vocabulary) -> Iterator[Thing]:
    for name, node in fields.entries.items():
        entity = entity_named(fields.keys[name], vocabulary)
        number = 0
        for row in as_items(node, f"“{name}”", f"“{name}”").all_fields():
            for _again in range(times(row)):
                number += 1
                yield thing(entity, row, number)


def times(row: Fields) -> int:
    words = row.words("times", "1")
    if not words.text.isdecimal() or len(words.text) > 9 or not 1 <= int(words.text) <= MOST_ROWS:
        zh, en = f"份数须是 1 至 {MOST_ROWS} 的整数。", f"Times must be a whole number from 1 to {MOST_ROWS}."
        raise Problem("bad_times", words.place, zh, en)
    return int(words.text)


def thing(entity: Entity, row: Fields, number: int) -> Thing:
    fields: dict[str, Stored] = {}
    known: dict[str, str] = {}
    for name, words in row.all_words():
        if field := find(entity.fields, name.text):
            fields[field.id] = stored(field, words)
        elif link := find(entity.relations, name.text):
            known[link.id] = words.text
        elif name.text != "times":
            own = [*known_names([*entity.fields.values()]), *known_names([*entity.relations.values()])]
            raise unknown(name.place, ("字段", "field"), name.text, own)
    key = key_of(entity, fields | known)
    return Thing(entity.id, key.strip("/") or str(number), fields, known)


def stored(field: Field, words: Words) -> Stored:
    try:
        return parse_value(field, words.text)
    except ValueError as error:
        raise Problem("bad_data", words.place, str(error), str(error)) from error


def expectations(fields: Fields, vocabulary: Vocabulary) -> Iterator[Expectation]:
    for written, by_clause in fields.all_fields():
        name, _colon, key = written.text.replace("：", ":").partition(":")
        entity = entity_named(Words(name, written.place), vocabulary)
        for clause, node in by_clause.entries.items():
            said = as_fields(node, f"“{clause}”", f"“{clause}”")
            said.only(*EXPECTED)
            yield Expectation((entity.id, key), clause, said)


def entity_named(words: Words, vocabulary: Vocabulary) -> Entity:
    found = find(vocabulary.entities, words.text)
    if found is None:
        raise unknown(words.place, ("对象", "thing"), words.text, known_names(vocabulary.entities.values()))
    return found


# --- what came out against what was expected ---------------------------------------------------------------------


def mismatches(one: Example, measure: Measure) -> Iterator[Mismatch]:
    return (wrong for several in by_expectation(one, measure) for wrong in several)


def by_expectation(one: Example, measure: Measure) -> Iterator[list[Mismatch]]:
    """What came out otherwise, of each outcome that is expected: several of its fields may be wrong, or none."""
    deciding = Deciding(measure, one.population, one.run)
    chosen = chosen_by_interpreter(deciding, one.population.things.values()) if measure.quotas else {}
    for expectation in one.expected:
        said = word(chosen.get(expectation.clause), expectation.thing[1])
        yield list(unlike(one, expectation, deciding, said))


def unlike(one: Example, expected: Expectation, deciding: Deciding, chosen: str) -> Iterator[Mismatch]:
    place, measure = expected.said.place, deciding.measure
    thing = one.population.things.get(expected.thing)
    if thing is None:
        yield Mismatch(one.name, place, "没有给出这件的数据。", "No data were given for this thing.")
        return
    outcome = next((each for each in deciding.all_of(thing) if each.clause.id == expected.clause), None)
    if outcome is None:
        zh, en = f"没有对它的条款“{expected.clause}”。", f"No clause “{expected.clause}” is for it."
        yield Mismatch(one.name, place, zh, en)
        return
    yield from compared(one.name, expected.said, outcome, measure.vocabulary)
    if "chosen" in expected.said:
        words = expected.said.words("chosen")
        refuse_no_choice(words, measure, outcome.clause)
        yield from differing(one.name, words, chosen or "无")


def refuse_no_choice(words: Words, measure: Measure, clause: Clause) -> None:
    """What nobody can be under a quota is a slip of the test, not of the measure."""
    known = (CHOSEN, WAITING, "无", *(f"{name}已满" for name in names_of(measure, clause)))
    if words.text not in known:
        raise not_one_of(words.place, ("名额的结果", "outcome of a quota"), words.text, known)


def compared(name: str, said: Fields, outcome: Outcome, vocabulary: Vocabulary) -> Iterator[Mismatch]:
    came = {
        "standing": str(outcome.standing),
        "amount": money(outcome.fen, vocabulary),
        "removed": money(outcome.removed, vocabulary),
    }
    for key, actual in came.items():
        if key in said:
            words = said.words(key)
            wanted = words.text if key == "standing" else money(fen_of(words), vocabulary)
            if key == "standing" and wanted not in {*Standing}:
                raise not_one_of(words.place, ("结果", "outcome"), wanted, [str(one) for one in Standing])
            yield from differing(name, words, actual, wanted)
    if "failing" in said:
        yield from failing(name, said, outcome)
    if "binding" in said:
        yield from differing(
            name, said.words("binding"), outcome.binding_cap.text if outcome.binding_cap else "无"
        )
    if "shares" in said:
        has_shares = outcome.fen is not None and outcome.clause.shares
        borne = split(outcome.fen or 0, dict(outcome.clause.shares)) if has_shares else {}
        for level, words in said.fields("shares").all_words():
            yield from differing(
                name, words, money(borne.get(level.text), vocabulary), money(fen_of(words), vocabulary)
            )


def differing(name: str, words: Words, actual: str, wanted: str = "") -> Iterator[Mismatch]:
    wanted = wanted or words.text
    if wanted != actual:
        zh, en = f"应为{wanted}，算出来是{actual}。", f"Expected {wanted}, came to {actual}."
        yield Mismatch(name, words.place, zh, en)


def failing(name: str, said: Fields, outcome: Outcome) -> Iterator[Mismatch]:
    wanted = [words.text for words in said.items("failing").all_words()]
    actual = [answer.condition.text for answer in outcome.answers if answer.holds is False]
    if wanted != actual:
        place = said.items("failing").place
        zh = f"不符合的条件应为 {wanted}，算出来是 {actual}。"
        yield Mismatch(name, place, zh, f"Conditions expected to fail {wanted}, failed {actual}.")


def fen_of(words: Words) -> int | None:
    """``缺数据`` for an amount that is not known."""
    if words.text == Standing.LACKS:
        return None
    try:
        quantity = parse_quantity(words.text)
        fen = to_base(quantity.value, quantity.unit)
        if unit(quantity.unit).dimension != MONEY.detail or quantity.qualifier or fen.denominator != 1:
            raise ValueError(words.text)
        return int(fen)
    except (ValueError, KeyError) as error:
        zh, en = (
            f"“{words.text}”不是金额，例如 15000万元。",
            f"“{words.text}” is no amount, such as 15000万元.",
        )
        raise Problem("not_money", words.place, zh, en) from error


def money(fen: int | None, vocabulary: Vocabulary) -> str:
    return shown(None if fen is None else Fraction(fen), MONEY, vocabulary)
