"""The holiday table (假日表), by year: what each day rests on, and its correction by who may."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from mangrove.casework.access import may_change_calendar, refuse_calendar
from mangrove.casework.calendars import set_day
from mangrove.casework.forms import DayForm, YearFilter
from mangrove.casework.models import CalendarDay
from mangrove.casework.tables import DAYS
from mangrove.casework.working_days import working_calendar
from mangrove.ledger.models import Event
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.exports import excel_response


def years() -> list[int]:
    """The years of the table, the latest first."""
    return [day.year for day in CalendarDay.objects.dates("date", "year", order="DESC")]


def this_year(query: QueryDict) -> QueryDict:
    """Who asks for nothing sees the year they are in."""
    if query:
        return query
    asked = QueryDict(mutable=True)
    asked["year"] = str(timezone.localdate().year)
    return asked


def listed(request: HttpRequest) -> tuple[YearFilter, QuerySet[CalendarDay]]:
    filters = YearFilter(this_year(request.GET), years=years())
    return filters, filters.narrow(CalendarDay.objects.all())


@require_safe
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    held = working_calendar().years
    context = {
        "filters": filters,
        "page": DAYS.page(rows, this_year(request.GET), reverse("casework:calendar_export")),
        "held": _("%(first)s 至 %(last)s") % {"first": min(held), "last": max(held)} if held else "",
        "unverified": rows.filter(status="待核").count(),
        "may_change": may_change_calendar(request.user),
    }
    return render(request, "casework/calendar.html", context)


@require_safe
@login_required
def calendar_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, DAYS, rows, filters.words())


@login_required
def day(request: HttpRequest) -> HttpResponse:
    """Add a day or correct it; the clocks that run over it are recomputed at once."""
    user: User = request.user  # type: ignore[assignment]
    refuse_calendar(user)
    form = DayForm(request.POST or None, initial=known_day(request.GET.get("date", "")))
    moved: list[Event] = []

    def act() -> None:
        given = dict(form.cleaned_data)
        event = set_day(given.pop("date"), given.pop("kind"), by=user.actor, **given)
        moved.extend(Event.objects.filter(batch=event.batch, act="casework.recompute_clock"))

    if done(request, form, act):
        messages.success(request, said_of(form.cleaned_data["date"], len(moved)))
        return redirect(f"{reverse('casework:calendar')}?year={form.cleaned_data['date'].year}")
    context = {"form": form, "back": reverse("casework:calendar")}
    return render(request, "casework/day.html", context, status=status(form))


def known_day(text: str) -> dict[str, Any]:
    try:
        found = CalendarDay.objects.filter(pk=date.fromisoformat(text)).first()
    except ValueError:
        return {}
    if found is None:
        return {"date": text}
    return {"date": found.date, "kind": found.kind, "name": found.name, "source": found.source}


def said_of(day: date, moved: int) -> str:
    words = ngettext("已改 %(day)s；%(n)s 个时限随之重算。", "已改 %(day)s；%(n)s 个时限随之重算。", moved)
    return words % {"day": day, "n": moved}
