"""Finding organisations by any name they bore on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry import credit_code, decisions
from mangrove.registry.decisions import Candidate, name_key
from mangrove.registry.models import Organisation, OrganisationName
from mangrove.ui.languages import listed

SHORTEST_NAME = 2
"""A single character is never read as a name in running text."""


def find_organisation(name: str, on: date) -> Organisation | None:
    """The organisation that bore exactly this name that day. Raises :class:`Refusal` when several did."""
    named = OrganisationName.objects.valid_on(on).filter(key=name_key(name)).values("organisation_id")
    entries = Organisation.objects.filter(pk__in=named).select_related("merged_into").order_by("pk")
    found = list(dict.fromkeys(one.standing for one in entries))
    if len(found) > 1:
        raise Refusal(
            _("%(on)s 名为“%(name)s”的机构不止一个：%(found)s。") % {"on": on, "name": name, "found": listed(one.name for one in found)},
            code="registry.name.ambiguous", where=name, remedy=_("请写全称或统一社会信用代码。"),
        )  # fmt: skip
    return found[0] if found else None


def names_for_reading(on: date) -> Mapping[str, str]:
    """Every name in use that day to its organisation's id, longest first, for reading names out of prose.

    A name that two organisations share is left out: a reader must not guess.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    names = OrganisationName.objects.valid_on(on)
    for text, id, into in names.values_list("text", "organisation_id", "organisation__merged_into"):
        owners[text].add(into or id)
    sure = [(text, min(ids)) for text, ids in owners.items() if len(ids) == 1 and len(text) >= SHORTEST_NAME]
    return dict(sorted(sure, key=lambda pair: (-len(pair[0]), pair[0])))


def candidates(name: str, on: date, limit: int = 5) -> list[Candidate]:
    """For an unsure name: known organisations that it may mean, best first. A person chooses; nothing is merged."""
    known = OrganisationName.objects.valid_on(on).order_by("organisation_id", "text")
    bodies = known.annotate(body=Coalesce("organisation__merged_into", "organisation")).values_list(
        "body", "text"
    )
    return decisions.candidates(name, bodies, limit)


def search(text: str) -> QuerySet[Organisation]:
    """Organisations with ``text`` in any name they ever had, or with that credit code or id; of merged ones the kept."""
    wanted = text.strip()
    if not wanted:
        return Organisation.objects.standing()
    named = OrganisationName.objects.filter(key__contains=name_key(wanted)).values("organisation_id")
    code = credit_code.read(wanted).code
    found = Organisation.objects.filter(Q(pk__in=named) | Q(pk=wanted) | Q(credit_code=code))
    return answering(found)


def answering(found: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those that answer for the entries found."""
    direct = Q(pk__in=found.order_by().values("pk"))
    return Organisation.objects.standing().filter(direct | Q(pk__in=found.order_by().values("merged_into")))
