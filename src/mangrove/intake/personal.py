"""Telephone, mail and identity numbers that applicants wrote into free texts: masked for everybody else, in full with a purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.intake.access import access_submission
from mangrove.intake.decisions import Change
from mangrove.intake.models import Submission
from mangrove.intake.standing import as_applicant
from mangrove.intake.summary import Part, summary_of
from mangrove.registry.models import User
from mangrove.registry.personal.kinds import Field, Shown
from mangrove.registry.personal.masking import written
from mangrove.ui.components import Fact

SUBMISSION = "intake.submission"


def masked_fact(fact: Fact) -> Fact:
    return replace(fact, value=written(fact.value)) if isinstance(fact.value, str) else fact


def parts_for(user: Any, made: Submission) -> list[Part]:
    """What was handed in, as this person sees it: whole to the applicant, with numbers of persons masked to others."""
    parts = summary_of(made)
    if as_applicant(user, made.application):
        return parts
    return [replace(part, facts=list(map(masked_fact, part.facts))) for part in parts]


def unchanged_for(user: Any, made: Submission) -> list[Fact]:
    """Why what a return named was handed in as it was, by item; numbers of persons masked as in the answers."""
    labels = made.application.opening.form.definition.by_id
    said = [Fact(str(labels[item].label), why) for item, why in made.content.get("unchanged", {}).items()]
    return said if as_applicant(user, made.application) else list(map(masked_fact, said))


def changes_for(user: Any, made: Submission, changes: list[Change]) -> list[Change]:
    if as_applicant(user, made.application):
        return changes
    return [masked_change(one) if one.free else one for one in changes]


def masked_change(one: Change) -> Change:
    return replace(one, before=written(one.before), after=written(one.after))


def contacts(user: User, id: str) -> Shown:
    """The answers in which something is masked."""
    if not (id.isascii() and id.isdigit() and len(id) < 18):
        raise Http404(_("没有回执“%(id)s”。") % {"id": id})
    made = access_submission(user, int(id))
    facts = [fact for part in summary_of(made) for fact in part.facts]
    fields = [
        Field(fact.label, fact.value, written(fact.value))
        for fact in facts
        if isinstance(fact.value, str) and written(fact.value) != fact.value
    ]
    back = reverse("intake:submission", args=[made.pk])
    return Shown(made.application.ref, made.number, back, fields)


def whole_address(user: Any, made: Submission) -> str:
    """Where this person sees in full what is masked; empty where nothing is."""
    if as_applicant(user, made.application) or not contacts(user, str(made.pk)).fields:
        return ""
    return reverse("registry:personal", args=[SUBMISSION, made.pk])
