"""When a question is asked: a condition in the rulebook's own language over the answers that stand before it.

The answers are one row of an entity that the form makes, so names, units and words of lists are checked as in a measure. An
answer that is not there is unknown, and what hangs on it is not asked yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ledger.refusals import Refusal
from mangrove.rulebook.interpret import evaluate
from mangrove.rulebook.language.check import check_condition
from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.scope import Scope
from mangrove.rulebook.language.typed import Typed
from mangrove.rulebook.language.wording import Wording
from mangrove.rulebook.measures import Measure, Version
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Place, Problem
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary.model import Entity, Field

ANSWERS = "answers"


@dataclass(frozen=True)
class Condition:
    """As it was written, as it is understood, and the entity of the answers that it asks about."""

    text: str
    meaning: Typed
    about: Entity

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """Whether it holds of these stored values; ``None`` while that is not known."""
        thing = Thing(ANSWERS, "1", values)
        found = evaluate(self.meaning, thing, Population([thing], {}))
        return found if isinstance(found, bool) else None

    @property
    def said(self) -> str:
        """Read aloud, for people who read no formulas, in the reader's language."""
        known = vocabulary.vocabulary()
        words = replace(known, entities={**known.entities, ANSWERS: self.about})
        measure = Measure(ANSWERS, "", Version(None, None, "", "", ""), (), (), (), (), words)
        return Wording(measure, ANSWERS, "zh" if in_chinese() else "en").words(self.meaning)


def read_condition(text: str, fields: Mapping[str, Field], where: str) -> Condition:
    """The condition over fields by the ids of their questions. Raises :class:`Refusal`."""
    known = {id: replace(field, id=id, required=False) for id, field in fields.items()}
    entity = Entity(ANSWERS, "答案", "Answers", (), known, {})
    place = Place(where, 1, 1)
    try:
        tree = parse(text, place)
        meaning = check_condition(tree, Scope(vocabulary.vocabulary(), entity), text, place)
        return Condition(text, meaning, entity)
    except Problem as problem:
        raise Refusal(
            problem.said("zh" if in_chinese() else "en"), code="intake.bad_condition", where=where,
            rule=text, remedy=_("条件只能用排在前面的问题，按其标识或中文名引用。"),
        ) from problem  # fmt: skip
