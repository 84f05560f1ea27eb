"""A scenario as the text of a draft: what it changes, line by line, and the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mangrove.policies.issuing.access import may_start
from mangrove.policies.measures.library import measure_of
from mangrove.policies.sandbox import beginning
from mangrove.policies.sandbox.access import access_sandbox, access_scenario
from mangrove.policies.sandbox.drafting import draft_text
from mangrove.policies.sandbox.models import Scenario
from mangrove.policies.sandbox.numbers import called, names_in, written
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.simulate.texts import Piece, pieces


@dataclass(frozen=True)
class LineChange:
    """One line of the file that differs; ``number`` counts from 1 in both, since lines are neither added nor dropped."""

    number: int
    pieces: tuple[Piece, ...]


@require_safe
@login_required
def draft(request: HttpRequest, id: UUID) -> HttpResponse:
    one = access_scenario(request.user, id)
    text = draft_text(one)
    context = {
        "scenario": one,
        "text": text,
        "lines": list(line_changes(one.rule.text, text)),
        "stale": list(stale(one)),
        "may_start": may_start(request.user),
    }
    return render(request, "policies/scenario_draft.html", context)


@login_required
@require_POST
def begin(request: HttpRequest, id: UUID) -> HttpResponse:
    """Begin the draft of the next version with this text, and lead to it."""
    made = beginning.begin(scenario_id=id, by=access_sandbox(request.user), on=timezone.localdate())
    messages.success(request, _("已开始起草。"))
    return redirect("policies:draft", made.pk)


@require_safe
@login_required
def draft_file(request: HttpRequest, id: UUID) -> HttpResponse:
    one = access_scenario(request.user, id)
    headers = {"Content-Disposition": f'attachment; filename="{one.rule.rule}_draft.yaml"'}
    return HttpResponse(draft_text(one), content_type="application/yaml; charset=utf-8", headers=headers)


def line_changes(old: str, new: str) -> Iterator[LineChange]:
    for number, (before, after) in enumerate(zip(old.splitlines(), new.splitlines(), strict=True), 1):
        if before != after:
            yield LineChange(number, tuple(pieces(before, after)))


def stale(one: Scenario) -> Iterator[str]:
    """Articles whose words still tell a number that the draft no longer has: words are a person's to change."""
    measure = measure_of(one.rule)
    for name, _typed, _value in one.changes:
        old = written(measure, measure.constants()[name])
        for clause in measure.clauses:
            if old and old in clause.text and name in numbers_of(clause):
                yield _("%(name)s：条文里还写着“%(old)s”：%(text)s") % {
                    "name": called(measure, name),
                    "old": old,
                    "text": clause.text,
                }


def numbers_of(clause: Clause) -> set[str]:
    return {name for _part, formula in clause.formulas() for name in names_in(formula)}
