"""Looking for what is doubtful about claims: evidence that counts elsewhere, lines of one
invoice, split contracts, copies, related firms, lists.

A search enters the contracts and invoices of the claim as evidence, and keeps each doubt once. Asked again it changes nothing
that is known. It decides nothing: a person weighs every doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.models import Case
from mangrove.jobs.actions import submit
from mangrove.jobs.kinds import Kind
from mangrove.jobs.models import OPEN, Job
from mangrove.jobs.running import Running
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.access import access_claim, readable_claims
from mangrove.policies.claims.actions import doubt, locked
from mangrove.policies.claims.credit import listings
from mangrove.policies.claims.doubles import entered, gone_twice, split_up
from mangrove.policies.claims.likenesses import copied, of_related_firms, on_lists
from mangrove.policies.claims.models import Claim, Doubt, DoubtState
from mangrove.policies.claims.relations import Holding, holdings
from mangrove.policies.claims.repeats import listed_twice
from mangrove.policies.claims.sentences import SEARCH_TITLE
from mangrove.policies.claims.texts import Likeness, likeness
from mangrove.policies.claims.workflow import CHECKING, OFFICER
from mangrove.registry.models import User

KIND = "policies.search_doubts"


@dataclass(frozen=True)
class Ground:
    """What is read once for all claims of a search."""

    likeness: Likeness = field(default_factory=Likeness)
    holdings: Sequence[Holding] = ()


def ground(ids: Sequence[str]) -> Ground:
    return Ground(likeness(ids), holdings())


@transaction.atomic
def search(*, claim_id: UUID, by: User, on: date, why: str = "") -> list[Doubt]:
    """Look once for one claim; gives what is new."""
    claim = locked(access_claim(by, claim_id, to="search"))
    return searched(claim, ground([str(claim.pk)]), by.actor, on, why)


def searched(claim: Claim, known: Ground, by: Actor, on: date, why: str) -> list[Doubt]:
    """The caller holds the claim's lock."""
    registered = entered(claim, by, on, why)
    found = [
        *gone_twice(claim),
        *listed_twice(claim),
        *split_up(claim),
        *copied(claim, known.likeness),
        *of_related_firms(claim, known.likeness, known.holdings),
        *on_lists(claim, on),
    ]
    made = doubt(claim, found, by=by, on=on, why=why)
    payload = {
        "registered": registered, "found": len(found), "new": len(made),
        "listings": [one.key for one in listings([claim.organisation_id])],
    }  # fmt: skip
    record("policies.claim.search", subject=claim.ref, by=by, on=on, why=why, payload=payload)
    return made


# --- many at once --------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_to_search(*, by: User, on: date, why: str = "") -> Job:
    """Look for all claims of the officer's office that are being checked; while such a search is open it is the same job."""
    ids = [str(id) for id in in_turn(searchable(by)).values_list("pk", flat=True)]
    if not ids:
        raise Refusal(
            _("没有审核中的申报可查。"), code="policies.nothing_to_search", where=_("查重"), remedy=_("受理申报后再查。"),
        )  # fmt: skip
    open_one = Job.objects.filter(kind=KIND, state__in=OPEN, username=by.username).first()
    title = SEARCH_TITLE % {"n": len(ids)}
    return open_one or submit(KIND, title=title, arguments={"claims": ids}, by=by.actor, on=on, why=why)


def in_turn(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """As they came in: who handed in first keeps what two rest on."""
    came = Min("application__submissions__received_at")
    return rows.annotate(came=came).order_by("applied_on", F("came").asc(nulls_last=True), "pk")


def searchable(by: User) -> Any:
    if not by.has_role(OFFICER):
        raise Refusal(
            _("这一步由本单位经办人办理。"),
            code="policies.not_permitted",
            where=_("查重"),
            remedy=_("请交给经办人。"),
        )
    return readable_claims(by).filter(case__state=CHECKING, case__organisation__in=by.bodies)


def search_all(running: Running) -> Mapping[str, Any]:
    ids: list[str] = running.arguments["claims"]
    running.progress(0, len(ids), _("比对文本和股权关系"))
    known = ground(ids)
    for n, id in enumerate(ids):
        running.progress(n, len(ids), _("逐件查找"))
        running.once(id, lambda id=id: search_in_job(id, known, running))  # type: ignore[misc]
    running.progress(len(ids), len(ids))
    return {"claims": len(ids), "open": Doubt.objects.filter(claim_id__in=ids, state=DoubtState.OPEN).count()}


def search_in_job(id: str, known: Ground, running: Running) -> None:
    """One that has gone on since is passed over."""
    Case.objects.select_for_update().get(claim=UUID(id))
    claim = Claim.objects.select_related("case", "organisation").get(pk=id)
    if claim.case.state == CHECKING:
        searched(claim, known, running.actor, running.on, running.why)


def said(job: Job) -> str:
    found = job.result or {}
    return _("查了 %(claims)s 件，现有 %(open)s 处疑点待核实。") % {
        "claims": found.get("claims", 0),
        "open": found.get("open", 0),
    }


def address(job: Job) -> str:
    from django.urls import reverse

    return reverse("policies:doubts")


SEARCH = Kind(KIND, gettext_lazy("查找重复申报"), search_all, said=said, address=address)
