"""Claims that say nearly the same, the same project by a related firm, and firms on a list of dishonesty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from mangrove.funding.decisions import plain
from mangrove.policies.claims.actions import Found
from mangrove.policies.claims.credit import Listing, listings
from mangrove.policies.claims.doubt_rules import Related, doubt_rules
from mangrove.policies.claims.models import Claim, DoubtKind
from mangrove.policies.claims.relations import Holding, related
from mangrove.policies.claims.texts import Likeness, alike_limits, living
from mangrove.registry.models import bodies_of
from mangrove.similarity import Finding


def copied(claim: Claim, likeness: Likeness) -> Iterator[Found]:
    found = likeness.of(str(claim.pk), alike_limits())
    for other in Claim.objects.filter(pk__in=found).select_related("organisation").order_by("pk"):
        detail = {**shared(found[str(other.pk)]), "title": other.title, "claimant": other.organisation.name}
        yield Found(DoubtKind.ALIKE, str(other.pk), str(other.ref), detail)


def shared(one: Finding) -> dict[str, int]:
    """In ten-thousandths, as the room of alike texts keeps it."""
    return {
        "share": round(one.share * 10_000), "cosine": round(one.cosine * 10_000), "shared": one.shared, "smaller": one.smaller,
    }  # fmt: skip


# --- related firms -------------------------------------------------------------------------------------------------------


def of_related_firms(claim: Claim, likeness: Likeness, holdings: Sequence[Holding]) -> Iterator[Found]:
    """Claims of related firms not long before or after, with the same sellers, equipment or text."""
    rules, firm = doubt_rules().related, claim.organisation.merged_into_id or claim.organisation_id
    ways = related(firm, holdings, claim.applied_on, rules.share, rules.intermediates)
    alike = likeness.of(str(claim.pk), rules.text)
    for other in claims_of(ways, claim, rules):
        signals = signs(claim, other, alike.get(str(other.pk)), rules)
        if signals:
            way = ways[other.organisation.merged_into_id or other.organisation_id]
            detail = {
                **signals,
                "way": [holding(one) for one in way],
                "title": other.title,
                "claimant": other.organisation.name,
            }
            yield Found(DoubtKind.RELATED, str(other.pk), str(other.ref), detail)


def claims_of(ways: dict[str, Any], claim: Claim, rules: Related) -> list[Claim]:
    if not ways:
        return []
    near = (claim.applied_on - timedelta(days=rules.days), claim.applied_on + timedelta(days=rules.days))
    rows = living().filter(organisation__in=bodies_of(*ways), applied_on__range=near)
    return list(rows.select_related("organisation").prefetch_related("expenses").order_by("pk"))


def signs(claim: Claim, other: Claim, alike: Finding | None, rules: Related) -> dict[str, Any]:
    """What two claims have in common, as far as the rule counts it; empty: nothing."""
    found: dict[str, Any] = {}
    sellers = common(sellers_of(claim), sellers_of(other))
    equipment = common(equipment_of(claim, rules.letters), equipment_of(other, rules.letters))
    if len(sellers) >= rules.sellers:
        found["sellers"] = sellers
    if len(equipment) >= rules.equipment:
        found["equipment"] = equipment
    if alike is not None:
        found["text"] = shared(alike)
    return found


def common(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    return [ours[key] for key in sorted(ours.keys() & theirs.keys())]


def sellers_of(claim: Claim) -> dict[str, str]:
    """As they are compared, and as they are written."""
    return {plain(one.seller): one.seller for one in claim.expenses.all() if plain(one.seller)}


def equipment_of(claim: Claim, letters: int) -> dict[str, str]:
    """Equipment whose description says enough to be told from any other of its kind."""
    named = {plain(one.content): one.content for one in claim.expenses.all() if one.equipment}
    return {key: words for key, words in named.items() if len(key) >= letters}


def holding(one: Holding) -> dict[str, Any]:
    return {"record": one.key, "holder": one.holder, "held": one.held, "share": one.share}


# --- lists ---------------------------------------------------------------------------------------------------------------


def on_lists(claim: Claim, on: date) -> Iterator[Found]:
    """Listings that hold on the day of applying or on the day of the search; past ones are no doubt."""
    for one in listings([claim.organisation_id]):
        days = [day.isoformat() for day in sorted({claim.applied_on, on}) if one.on(day)]
        if days:
            yield Found(DoubtKind.CREDIT, one.key, detail={**listing(one), "days": days})


def listing(one: Listing) -> dict[str, str]:
    return {
        "list": one.list, "source": one.source, "listed_on": one.listed_on.isoformat() if one.listed_on else "",
        "removed_on": one.removed_on.isoformat() if one.removed_on else "",
    }  # fmt: skip
