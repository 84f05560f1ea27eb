"""The ledger for those who audit it: every event, its body, whether the chain holds and the rooms keep what it says. Reads only."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mangrove.ledger.checks import run_checks
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ledger.verify import verify
from mangrove.ui import house
from mangrove.ui.components import Fact
from mangrove.ui.exports import excel_response
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.languages import listed
from mangrove.ui.naming import about, link_to, named, page_named
from mangrove.workbench.room import reads_ledger
from mangrove.workbench.tables import EVENTS, EXPORTED_EVENTS, business_date, recorded, sealed

View = Callable[..., HttpResponse]


class LedgerFilter(FilterForm):
    who = forms.CharField(label=gettext_lazy("何人"))
    act = forms.ChoiceField(label=gettext_lazy("办了什么"))
    about = forms.CharField(label=gettext_lazy("对象编号"))
    since = DateField(label=gettext_lazy("业务日期自"))
    until = DateField(label=gettext_lazy("至"))
    back_entry = forms.TypedChoiceField(
        label=gettext_lazy("补录"),
        choices=[("", gettext_lazy("不限")), ("1", gettext_lazy("只看补录"))],
        coerce=bool,
        empty_value=None,
    )
    lookups = {
        "who": ("actor__icontains", "actor_name__icontains"),
        "act": ("act",),
        "about": ("object_id",),
        "since": ("business_date__gte",),
        "until": ("business_date__lte",),
        "back_entry": ("back_entry",),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {act: words for room in house.rooms() for act, words in room.acts.items()}
        self.fields["act"].choices = [("", _("全部")), *sorted(known.items())]  # type: ignore[attr-defined]


def for_ledger_readers(view: View) -> View:
    """Auditor, system and security administrator; everybody else is told that the role does not suffice."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not reads_ledger(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def subject(event: Event) -> Ref:
    return event.subject


def every_event() -> QuerySet[Event]:
    return Event.objects.select_related("seal")


@require_safe
@for_ledger_readers
def events(request: HttpRequest) -> HttpResponse:
    return listing(request)


def listing(request: HttpRequest, **extra: Any) -> HttpResponse:
    filters = LedgerFilter(request.GET)
    page = EVENTS.page(filters.narrow(every_event()), request.GET, reverse("workbench:ledger_export"))
    shown = page_named(request.user, page, subject)
    return render(request, "workbench/ledger.html", {"filters": filters, "page": shown, **extra})


@require_safe
@for_ledger_readers
def export(request: HttpRequest) -> HttpResponse:
    filters = LedgerFilter(request.GET)
    told = partial(named, request.user, ref_of=subject)
    return excel_response(request, EXPORTED_EVENTS, filters.narrow(every_event()), filters.words(), told)


@require_POST
@for_ledger_readers
def check(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain and all that rooms keep now, and say what was found above the list."""
    checked = run_checks()
    return listing(
        request,
        verification=verify(),
        agreed=listed(str(check.label) for check in checked if check.holds),
        faults=[check for check in checked if not check.holds],
    )


@require_safe
@for_ledger_readers
def event(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One event in full; opens in a drawer from the list."""
    event = get_object_or_404(every_event().select_related("body"), uid=uid)
    (found,) = named(request.user, [event], subject)
    return render(
        request, "workbench/ledger_event.html", {"event": found, "facts": facts(found), "body": body(found)}
    )


def facts(found: Event) -> list[Fact]:
    return [
        Fact(_("办了什么"), house.act_words(found.act)),
        Fact(_("对象"), link_to(about(found)) or str(found.subject)),
        Fact(_("对象编号"), str(found.subject)),
        Fact(_("何人"), str(found.by)),
        Fact(_("业务日期"), business_date(found)),
        Fact(_("录入时间"), recorded(found)),
        Fact(_("意见或理由"), found.why),
        Fact(_("封存"), sealed(found)),
        Fact(_("正文摘要"), found.payload_hash),
    ]


def body(found: Event) -> str:
    """The recorded content, laid out to be read; empty when it was withheld."""
    text = found.body.text
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2) if text else ""
