"""What people call cases, for lists of any room: a promise by its number and its proposal, any other by what it is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.access import readable_cases
from mangrove.casework.delegations.access import readable_delegations
from mangrove.casework.delegations.tables import parties
from mangrove.casework.grievances.access import readable
from mangrove.casework.links import case_href
from mangrove.casework.meetings.access import readable_decisions, readable_meetings
from mangrove.casework.models import Case, Promise
from mangrove.casework.notices.access import readable_notices
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.requests.access import readable_verifications
from mangrove.ledger.refs import Ref
from mangrove.ui import house
from mangrove.ui.house import Named, Naming
from mangrove.ui.languages import beside


def cases(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """A case goes by the name of its subject where the room of that has one, else by its own title.

    That title is for who may read the case; to anybody else such a case has no name.
    """
    numbers = [int(id) for id in ids if id.isascii() and id.isdecimal()]
    found = list(Case.objects.filter(pk__in=numbers).select_related("promise", "parent"))
    known = house.names(user, {about for one in found if (about := named_after(one))})
    own = [one.pk for one in found if is_promise(one) or one.subject not in known]
    readable = set(readable_cases(user).filter(pk__in=own).values_list("pk", flat=True)) if own else set()
    named = {str(one.pk): case_name(one, known, one.pk in readable) for one in found}
    return {id: name for id, name in named.items() if name}


def is_promise(case: Case) -> bool:
    return case.workflow == PROMISES.id and hasattr(case, "promise")


def named_after(case: Case) -> Ref | None:
    """What a case is named after: a promise after that which its letter answers, any other after its subject."""
    if is_promise(case):
        return case.parent.subject if case.parent else None
    return case.subject


def case_name(case: Case, known: Mapping[Ref, Named], readable: bool) -> Named | None:
    """``readable``: whether this reader may open the case itself. What it is about, its own room has judged."""
    after = named_after(case)
    told = known.get(after) if after else None
    href = case_href(case) if readable else ""
    if is_promise(case):
        words = _("承诺 %(number)s") % {"number": case.promise.number}
        return Named(beside(words, told.brief if told else ""), case.promise.number, href)
    return told or (Named(case.title, "", href) if readable else None)


def days(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """The holiday table, or a day of it."""
    href = reverse("casework:calendar")
    return {id: Named(" ".join([_("假日表"), *([id] if id[:1].isdigit() else [])]), "", href) for id in ids}


def origin(promise: Promise) -> Ref | None:
    """The case that the promising letter answered; select ``case`` when reading many."""
    return case_origin(promise.case)


def case_origin(case: Case) -> Ref | None:
    """The same of the case of a promise; any other case says in its title what it is about."""
    if case.workflow != PROMISES.id or case.parent_id is None:
        return None
    return Ref("casework", "case", str(case.parent_id))


def rows_named(
    readable: Callable[[Any], QuerySet[Any]], words: Callable[[Any], str], url_name: str
) -> Naming:
    """Names the rows, under uuids, that this reader may read; to anybody else they have no name."""

    def naming(user: Any, ids: Collection[str]) -> dict[str, Named]:
        known = {id for id in ids if is_uuid(id)}
        found = readable(user).filter(pk__in=known)
        return {str(one.pk): Named(words(one), "", reverse(url_name, args=[one.pk])) for one in found}

    return naming


def with_cases(user: Any) -> QuerySet[Any]:
    return readable_verifications(user).select_related("case")


def with_meetings(user: Any) -> QuerySet[Any]:
    return readable_decisions(user).select_related("meeting")


def with_parties(user: Any) -> QuerySet[Any]:
    return readable_delegations(user).select_related("principal", "delegate")


def is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def page(url_name: str) -> Callable[[str], str]:
    return lambda id: reverse(url_name, args=[id])


NAMES: dict[str, Naming] = {
    "case": cases,
    "calendar": days,
    "notice": rows_named(readable_notices, str, "casework:notice"),
    "grievance": rows_named(readable, str, "casework:grievance"),
    "verification": rows_named(with_cases, str, "casework:verification"),
    "meeting": rows_named(readable_meetings, str, "casework:meeting"),
    "decision": rows_named(with_meetings, str, "casework:decision"),
    "delegation": rows_named(with_parties, parties, "casework:delegation"),
}
ADDRESSES = {kind: page(f"casework:{kind}") for kind in NAMES if kind not in ("case", "calendar")}
