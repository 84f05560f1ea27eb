"""Finding organisations by any name they bore on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet
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
    found = list(Organisation.objects.filter(pk__in=named).order_by("pk"))
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
    for text, organisation in OrganisationName.objects.valid_on(on).values_list("text", "organisation_id"):
        owners[text].add(organisation)
    sure = [(text, min(ids)) for text, ids in owners.items() if len(ids) == 1 and len(text) >= SHORTEST_NAME]
    return dict(sorted(sure, key=lambda pair: (-len(pair[0]), pair[0])))


def candidates(name: str, on: date, limit: int = 5) -> list[Candidate]:
    """For an unsure name: known organisations that it may mean, best first. A person chooses; nothing is merged."""
    known = OrganisationName.objects.valid_on(on).order_by("organisation_id", "text")
    return decisions.candidates(name, known.values_list("organisation_id", "text"), limit)


def search(text: str) -> QuerySet[Organisation]:
    """Organisations with ``text`` in any name they ever had, or with that credit code or id."""
    wanted = text.strip()
    if not wanted:
        return Organisation.objects.all()
    named = OrganisationName.objects.filter(key__contains=name_key(wanted)).values("organisation_id")
    code = credit_code.read(wanted).code
    return Organisation.objects.filter(Q(pk__in=named) | Q(pk=wanted) | Q(credit_code=code))
