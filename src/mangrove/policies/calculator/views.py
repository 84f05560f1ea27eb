"""The calculator: choose, answer, read the result. Without signing in where the house allows it; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove import vocabulary
from mangrove.policies.calculator.answers import SENT, field_of, name_of
from mangrove.policies.calculator.asking import Question
from mangrove.policies.calculator.forms import QuestionForm, TopicForm
from mangrove.policies.calculator.situation import Ask
from mangrove.policies.calculator.telling import saying
from mangrove.policies.calculator.visiting import Visit, about, counted, results, visit
from mangrove.registry.labels import said
from mangrove.rulebook.population import Stored
from mangrove.ui.components import Link


def not_for(request: HttpRequest) -> bool:
    """Whether this visitor has to sign in first."""
    return not request.user.is_authenticated and not settings.MANGROVE_PUBLIC_CALCULATOR


def to_the_door(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    if not_for(request):
        return to_the_door(request)
    one = visit(request.user, request.GET)
    if not one.typed.topics:
        return choosing(request, one)
    asked = one.questions()
    if not asked:
        return redirect(reverse("policies:calculator_result") + "?" + one.typed.query())
    return asking(request, one, asked)


def choosing(request: HttpRequest, one: Visit) -> HttpResponse:
    chosen = request.GET if "topic" in request.GET or SENT in request.GET else None
    form = TopicForm(one.choices, one.start.offer.topics, chosen)
    return render(request, "policies/calculator.html", {"form": form, "sent": SENT, "facts": None})


def asking(request: HttpRequest, one: Visit, asked: Sequence[Question]) -> HttpResponse:
    names = {name_of(question.ask) for question in asked}
    again = names & set(request.GET.getlist(SENT))
    form = QuestionForm(asked, one.start.offer.most_rows, request.GET if again else None)
    context = {
        "form": form, "hidden": one.typed.hidden([question.ask for question in asked]), "sent": SENT, "names": sorted(names),
        "about": about(one.start, asked[0].ask), "said": answered(one), "result": result_href(one),
    }  # fmt: skip
    return render(request, "policies/calculator_questions.html", context)


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    if not_for(request):
        return to_the_door(request)
    one = visit(request.user, request.GET)
    if not one.typed.topics:
        return redirect("policies:calculator")
    found = results(one, request.user)
    more = bool(one.questions())
    context = {
        "found": found, "counted": counted(found), "said": answered(one), "offer": one.start.offer, "day": one.start.day,
        "go_on": asking_href(one.typed.query()) if more else "",
    }  # fmt: skip
    return render(request, "policies/calculator_result.html", context)


def asking_href(query: str) -> str:
    return f"{reverse('policies:calculator')}?{query}"


def result_href(one: Visit) -> str:
    return f"{reverse('policies:calculator_result')}?{one.typed.query()}"


@dataclass(frozen=True)
class Answered:
    """What was answered to one question, with the way to change it."""

    question: str
    value: str
    change: Link


def answered(one: Visit) -> list[Answered]:
    return [
        Answered(question_words(one, ask), value_words(one, ask, value), change_link(one, ask))
        for ask, value in one.answers.items()
    ]


def change_link(one: Visit, ask: Ask) -> Link:
    return Link(_("改"), asking_href(one.typed.query(without=[ask])))


def question_words(one: Visit, ask: Ask) -> str:
    field = field_of(ask)
    assert field is not None
    if ask.counts:
        return _("本单位的%(things)s有多少") % {"things": said(vocabulary.entity(ask.entity))}
    return _("%(thing)s：%(field)s") % {"thing": about(one.start, ask), "field": said(field)}


def value_words(one: Visit, ask: Ask, value: Stored) -> str:
    """In the reader's language, an amount in the unit in which people say it."""
    if value is None:
        return _("不知道")
    if ask.counts:
        return str(value)
    if ask.holds:
        return _("是") if value else _("否")
    _row, measure = one.offered[0]
    return saying(measure).stored(ask.entity, ask.field, value)
