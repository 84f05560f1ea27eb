"""What the house knows of an applicant already: shown in the form, never retyped (数据同源)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.intake.conditions import Condition, read_condition
from mangrove.intake.definition import Form
from mangrove.intake.hooks import known_of
from mangrove.registry.models import Organisation
from mangrove.vocabulary.model import Value

ORGANISATION = "organisation"


def registry_knows(organisation: Organisation) -> Mapping[str, Any]:
    """The fields of an organisation that the registry has a value for."""
    fields = vocabulary.entity(ORGANISATION).fields
    found = {id: getattr(organisation, id, None) for id in fields}
    return {id: value for id, value in found.items() if value not in (None, "")}


def known_answers(form: Form, organisation: Organisation) -> dict[str, Value]:
    """By question: the values that are known of this organisation."""
    entities = {question.of for question in form.questions if question.of}
    known = {entity: known_of(organisation, entity) for entity in entities}
    return {
        question.id: known[question.of][question.field.id]
        for question in form.questions
        if question.of and question.field.id in known[question.of]
    }


def eligibility(text: str) -> Condition | None:
    """Who may apply, as a condition on fields of the organisation. Raises :class:`Refusal` where it cannot be read."""
    if not text.strip():
        return None
    return read_condition(text, vocabulary.entity(ORGANISATION).fields, _("谁可以申报"))


def is_shut_out(text: str, organisation: Organisation) -> bool:
    """Whether an organisation is known not to be among those who may apply; what is not known shuts nobody out."""
    condition = eligibility(text)
    return condition is not None and condition.holds(registry_knows(organisation)) is False
