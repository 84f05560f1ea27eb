"""What the expressions of a measure may use, as far as its file has been read; and how deep they lead by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mangrove.rulebook.language.scope import Scope
from mangrove.rulebook.language.typed import Constant, Typed, Use
from mangrove.rulebook.language.types import MONEY, TRUTH, Type
from mangrove.rulebook.measures import Clause, Definition, Formula
from mangrove.rulebook.problems import Problem, unknown
from mangrove.rulebook.texts.naming import Outline
from mangrove.rulebook.texts.nodes import Words
from mangrove.vocabulary.model import Entity, Vocabulary, find, known_names

#: Steps from an expression through all that it uses down to the data; the engines walk down them one inside the other.
DEEPEST, OF_CLAUSE = 120, 3


@dataclass
class Names:
    """What the expressions of a measure may use besides the fields of the thing at hand, as far as it has been read."""

    vocabulary: Vocabulary
    parameters: dict[str, Constant] = field(default_factory=dict)
    given: dict[str, dict[str, Type]] = field(default_factory=dict)
    outline: Outline = field(default_factory=Outline)
    depths: dict[str, int] = field(default_factory=dict)

    def scope(self, entity: Entity) -> Scope:
        own = self.given.setdefault(entity.id, {})
        return Scope(self.vocabulary, entity, own, self.given, self.parameters, self.outline)

    def add_definition(self, made: Definition) -> None:
        """Raises :class:`Problem` for one that leads too deep."""
        self.note_depth(made.name, made.formula, 1)
        self.given.setdefault(made.entity, {})[made.name] = made.formula.meaning.type

    def add_clause(self, clause: Clause) -> None:
        """Raises :class:`Problem` for one that leads too deep."""
        for _part, formula in clause.formulas():
            self.note_depth(clause.id, formula, OF_CLAUSE)
        own = self.given.setdefault(clause.entity, {})
        own[clause.id] = TRUTH if clause.amount is None else MONEY
        own[f"meets({clause.id})"] = TRUTH
        own[f"settled({clause.id})"] = MONEY

    def note_depth(self, name: str, formula: Formula, more: int) -> None:
        found = depth(formula.meaning, self.depths) + more
        if found > DEEPEST:
            zh = "定义和条款一层套一层，套得太深；请合并几层。"
            en = "Definitions and clauses build on each other too deep here; join some of them."
            raise Problem("too_deep", formula.place, zh, en)
        self.depths[name] = max(found, self.depths.get(name, 0))

    def entity(self, words: Words) -> Entity:
        found = find(self.vocabulary.entities, words.text)
        if found is None:
            known = known_names(self.vocabulary.entities.values())
            raise unknown(words.place, ("对象", "thing"), words.text, known)
        return found


def depth(node: Typed, known: Mapping[str, int]) -> int:
    """How many steps lie below and including this node, through the names that it uses."""
    if isinstance(node, Use):
        return 1 + known.get(node.name.partition("(")[2].rstrip(")") or node.name, 0)
    return 1 + max((depth(part, known) for part in node.parts()), default=0)
