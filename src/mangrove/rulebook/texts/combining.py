"""Choices and totals: clauses that take over what earlier clauses came to.

- choose: [equipment, interest]      # for the same thing
  id: device_or_loan
  keep: highest                      # 就高; first: 按次序取第一个符合的; sum: 叠加
- total: [demo, station]             # for the thing itself, or for things that link to it
  id: firm_cap
  for: 机构
  cap: 1000万元

They become clauses like any other: the condition is that one of the members is met, the amount an expression over them,
so no engine knows of choices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

from mangrove.rulebook.language.typed import Arithmetic, Constant, Function, Gathered, Some, Typed, Use
from mangrove.rulebook.language.types import MONEY, TRUTH
from mangrove.rulebook.measures import Clause, Formula
from mangrove.rulebook.problems import Place, Problem, not_one_of, unknown
from mangrove.rulebook.texts.naming import Outline
from mangrove.rulebook.texts.nodes import Fields, Words
from mangrove.vocabulary.model import Entity, Vocabulary, find, known_names

KEEPS = {"highest": "就高", "first": "按次序取第一个符合的", "sum": "叠加"}
#: What a total does with a member whose amount is not known: wait for it, or pay the others meanwhile.
UNKNOWNS = ("wait", "skip")
NOTHING = Constant(MONEY, 0, Fraction(0))
#: More members than any article lists; each makes the expression deeper.
MOST_MEMBERS = 60


@dataclass(frozen=True)
class Combined:
    """The condition and the amount that a choice or a total comes to."""

    entity: Entity
    conditions: tuple[Formula, ...]
    amount: Formula
    members: tuple[str, ...]
    keep: str


@dataclass
class Earlier:
    """The clauses before a choice or total, and which of them are taken over and by whom."""

    outline: Outline
    found: dict[str, Clause] = field(default_factory=dict)
    taken_by: dict[str, str] = field(default_factory=dict)


def combined(fields: Fields, vocabulary: Vocabulary, earlier: Earlier) -> Combined:
    """Raises :class:`Problem` for a member that is no earlier clause with an amount, or that is taken over already."""
    is_choice = "choose" in fields
    listed = fields.items("choose" if is_choice else "total")
    words = listed.all_words()
    if not 1 <= len(words) <= MOST_MEMBERS:
        zh, en = f"这里应列出 1 至 {MOST_MEMBERS} 个条款。", f"List 1 to {MOST_MEMBERS} clauses here."
        raise Problem("no_members", listed.place, zh, en)
    members = [member(one, earlier, fields.words("id").text) for one in words]
    if is_choice:
        return choice(fields, vocabulary, members, words)
    return total(fields, vocabulary, members, words)


def member(words: Words, earlier: Earlier, taker: str) -> Clause:
    name, found = words.text, earlier.found
    if name == taker:
        zh, en = f"“{name}”不能列入它自己。", f"“{name}” cannot be a member of itself."
        raise Problem("cycle", words.place, zh, en)
    if name not in found:
        known = [id for id, clause in found.items() if clause.amount is not None]
        what = ("前面有金额的条款", "earlier clause with an amount")
        raise earlier.outline.instead(name, unknown(words.place, what, name, known))
    if found[name].amount is None:
        zh = f"条款“{name}”没有金额，只判断是否符合，不能列在这里。"
        en = f"Clause “{name}” has no amount, it only says who qualifies; it cannot be listed here."
        raise Problem("no_amount", words.place, zh, en)
    if name in earlier.taken_by:
        zh = f"“{name}”已并入“{earlier.taken_by[name]}”，不能再算一次。"
        en = f"“{name}” is part of “{earlier.taken_by[name]}” already and cannot count twice."
        raise Problem("taken_twice", words.place, zh, en)
    earlier.taken_by[name] = taker
    return found[name]


def choice(fields: Fields, vocabulary: Vocabulary, members: list[Clause], words: list[Words]) -> Combined:
    for one, written in zip(members, words, strict=True):
        if one.entity != members[0].entity:
            zh, en = (
                "选择只在同一种对象的条款之间。",
                "A choice is between clauses for the same kind of thing.",
            )
            raise Problem("unlike_members", written.place, zh, en)
    keep = fields.words("keep", "highest")
    if keep.text not in KEEPS:
        raise not_one_of(keep.place, ("取法", "way to choose"), keep.text, KEEPS)
    if keep.text == "first":
        refuse_never_taken(members, words)
    met: list[Typed] = [Use(TRUTH, 0, f"meets({one.id})") for one in members]
    paid: list[Typed] = [Use(MONEY, 0, one.id) for one in members]
    text = f"{KEEPS[keep.text]}：{'、'.join(one.id for one in members)}"
    amount = Formula(text, fields.place, chosen(keep.text, met, paid))
    entity = vocabulary.entities[members[0].entity]
    return made(fields.place, entity, amount, met, members, keep.text)


def refuse_never_taken(members: list[Clause], words: list[Words]) -> None:
    """Of those listed in order, one without conditions is always taken; nothing behind it ever is."""
    for one, behind in zip(members, words[1:], strict=False):
        if not one.conditions:
            zh = f"“{one.id}”没有条件，总是取它；“{behind.text}”永远轮不到。"
            en = f"“{one.id}” has no conditions and is always taken; “{behind.text}” is never reached."
            raise Problem("unreachable", behind.place, zh, en)


def chosen(keep: str, met: list[Typed], paid: list[Typed]) -> Typed:
    if keep == "highest":
        return Function(MONEY, 0, "max", tuple(paid)) if len(paid) > 1 else paid[0]
    if keep == "sum":
        return added(paid)
    first: Typed = NOTHING
    for meets, fen in reversed(list(zip(met, paid, strict=True))):
        first = Function(MONEY, 0, "if", (meets, fen, first))
    return first


def total(fields: Fields, vocabulary: Vocabulary, members: list[Clause], words: list[Words]) -> Combined:
    written = fields.words("for")
    entity = find(vocabulary.entities, written.text)
    if entity is None:
        known = known_names(vocabulary.entities.values())
        raise unknown(written.place, ("对象", "thing"), written.text, known)
    said = fields.words("unknown", "wait")
    if said.text not in UNKNOWNS:
        raise not_one_of(said.place, ("缺数据时的做法", "way with unknowns"), said.text, UNKNOWNS)
    met: list[Typed] = []
    paid: list[Typed] = []
    for one, place in zip(members, words, strict=True):
        money = Use(MONEY, 0, one.id if said.text == "wait" else f"settled({one.id})")
        meets = Use(TRUTH, 0, f"meets({one.id})")
        if one.entity == entity.id:
            met.append(meets)
            paid.append(money)
        else:
            link = link_between(vocabulary.entities[one.entity], entity, place.place)
            met.append(Gathered(TRUTH, 0, "any", one.entity, link, None, meets))
            paid.append(Gathered(MONEY, 0, "sum", one.entity, link, money, None))
    amount = Formula(f"合计：{'、'.join(one.id for one in members)}", fields.place, added(paid))
    return made(fields.place, entity, amount, met, members, "total")


def link_between(child: Entity, parent: Entity, place: Place) -> str:
    links = [link.id for link in child.relations.values() if link.to == parent.id]
    if len(links) == 1:
        return links[0]
    zh = f"“{child.zh}”到“{parent.zh}”的关联有 {len(links)} 个，不能在这里合计。"
    en = f"“{child.en}” has {len(links)} links to “{parent.en}”; it cannot be totalled here."
    raise Problem("which_link", place, zh, en)


def added(parts: list[Typed]) -> Typed:
    return reduce(lambda left, right: Arithmetic(MONEY, 0, "+", left, right), parts)


def made(
    place: Place, entity: Entity, amount: Formula, met: list[Typed], members: list[Clause], keep: str
) -> Combined:
    ids = tuple(one.id for one in members)
    any_met = Formula(f"符合其一：{'、'.join(ids)}", place, Some(TRUTH, 0, tuple(met)))
    return Combined(entity, (any_met,), amount, ids, keep)
