"""Where a claim stands: which checks are done, what is still lacking, what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mangrove.ledger.models import Event
from mangrove.policies.claims.models import Check, Claim, Doubt, DoubtState
from mangrove.policies.schemes.definition import CHECK_WORDS, scheme
from mangrove.policies.schemes.rules import judged_inputs


@dataclass(frozen=True)
class Asked:
    """A check that the scheme asks for, and how it ended last; ``None``: not yet."""

    kind: str
    last: Check | None

    @property
    def label(self) -> str:
        return str(CHECK_WORDS[self.kind])

    @property
    def passed(self) -> bool:
        return self.last is not None and self.last.passed


def checks(claim: Claim) -> list[Asked]:
    last = {one.kind: one for one in claim.checks.order_by("pk")}
    return [Asked(kind, last.get(kind)) for kind in scheme(claim.scheme).checks]


def judgements(claim: Claim) -> dict[str, object]:
    """What people judged, the last word on each input."""
    return {one.name: one.value for one in claim.judgements.order_by("pk")}


def lacking(claim: Claim) -> list[str]:
    """In words: checks that have not passed, and inputs that nobody has judged."""
    said = judgements(claim)
    missing = [one.label for one in checks(claim) if not one.passed]
    return missing + [
        _("判断“%(name)s”") % {"name": one.name} for one in judged_inputs(claim) if one.name not in said
    ]


def last_search(claim: Claim) -> Event | None:
    """The last search for doubles; ``None`` where nobody looked since the lines of the claim were last changed."""
    ref, acts = claim.ref, ("policies.claim.search", "policies.claim.expenses")
    events = Event.objects.filter(act__in=acts, room=ref.room, kind=ref.kind, object_id=ref.id)
    last = events.order_by("-pk").first()
    return last if last is not None and last.act == acts[0] else None


def none_found(claim: Claim) -> str:
    """What an empty list of doubts says: that nobody looked, or that there are none."""
    return _("没有发现疑点。") if last_search(claim) else _("还没有查找过。")


def open_doubts(claim: Claim) -> QuerySet[Doubt]:
    return claim.doubts.filter(state=DoubtState.OPEN)
