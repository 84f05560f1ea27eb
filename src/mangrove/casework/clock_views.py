"""A time limit explained: its rule with article and source, its arithmetic, its stops, who moved it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from mangrove.casework.access import access_clock
from mangrove.casework.clock_actions import explain_clock
from mangrove.casework.inbox import Due
from mangrove.casework.links import case_href
from mangrove.casework.models import Clock
from mangrove.casework.promise_pages import said
from mangrove.casework.tables import STOPS
from mangrove.casework.working_days import working_calendar
from mangrove.ledger.models import Event
from mangrove.ui.components import Fact, Tag, moments
from mangrove.ui.dates import due_tag
from mangrove.ui.languages import in_chinese


@require_safe
@login_required
def clock(request: HttpRequest, id: int) -> HttpResponse:
    """One time limit; opens in a drawer from the case that it belongs to, and as a page."""
    found = access_clock(request.user, id)
    context = {
        "clock": found,
        "state": state_tag(found),
        "facts": facts(found),
        "lines": explain_clock(found),
        "stops": STOPS.page(found.stops.all(), QueryDict()),
        "case_href": case_href(found.case),
        "moments": moments(own_events(found)),
    }
    return render(request, "casework/clock.html", context)


def state_tag(clock: Clock) -> Any:
    if clock.met_on:
        late = clock.due_on is not None and clock.met_on > clock.due_on
        return Tag(_("%(day)s 办结") % {"day": clock.met_on}, "bad" if late else "good")
    if clock.due_on is None:
        return Tag(pgettext("state", "停表"), "warn")
    return due_tag(Due.seen(clock.due_on, timezone.localdate(), working_calendar()))


def facts(clock: Clock) -> list[Fact]:
    terms = clock.terms
    verified = Tag(_("已核"), "good") if terms["status"] == "已核" else Tag(_("待核"), "warn")
    return [
        Fact(
            _("起算"),
            clock.started_on.isoformat(),
            terms["start_event" if in_chinese() else "start_event_en"],
        ),
        Fact(_("到期"), clock.due_on.isoformat() if clock.due_on else _("停表期间不定")),
        Fact(_("原到期"), original(clock)),
        Fact(_("依据"), terms["article" if in_chinese() else "article_en"]),
        Fact(_("出处"), terms["source"]),
        Fact(_("核对"), verified),
        Fact(_("规则"), clock.rule, clock.pack),
        Fact(_("可否延期"), extension(terms)),
    ]


def original(clock: Clock) -> str:
    return clock.original_due_on.isoformat() if clock.original_due_on else _("未延期")


def extension(terms: dict[str, Any]) -> str:
    if not terms["extended_total"]:
        return _("规则未规定可以延期")
    return _("一次，总时限不超过 %(most)s %(unit)s，须经%(who)s同意") % {
        "most": terms["extended_total"], "unit": terms["unit"], "who": terms["consent"],
    }  # fmt: skip


def own_events(clock: Clock) -> list[Event]:
    """The events of the case that name this clock."""
    ref = clock.case.ref
    found = Event.objects.filter(room=ref.room, kind=ref.kind, object_id=ref.id, act__endswith="_clock")
    return [event for event in found.select_related("body") if said(event).get("clock") == clock.pk]
