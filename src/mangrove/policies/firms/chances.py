"""What a firm could get by what the registry knows of it: met, nearly met, and what lacks a datum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from mangrove import vocabulary
from mangrove.policies.calculator.offer import Offered, offered
from mangrove.policies.calculator.onward import Onward, onward, open_windows, scheme_for
from mangrove.policies.calculator.telling import Said, Told, explaining_of, saying, status_tag, told
from mangrove.policies.calculator.topics import ORGANISATION
from mangrove.policies.claims.models import Claim
from mangrove.policies.instant.access import readable_offers
from mangrove.registry.labels import said
from mangrove.registry.models import Organisation
from mangrove.registry.records.facts import facts_of, leads_to
from mangrove.rulebook.decide import Outcome, Run, Standing
from mangrove.rulebook.explaining.parts import Unfolding
from mangrove.rulebook.explaining.trying import Trying
from mangrove.rulebook.language.types import TRUTH
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.ui.components import Link
from mangrove.ui.languages import beside

#: How many of each kind are told; the rest is counted.
MOST_TOLD = 12


@dataclass(frozen=True)
class Chance:
    """A clause for one thing of the firm. ``claim``: the claim that was made of this very thing; ``offer``: what was offered for it."""

    id: str
    measure: Any
    status: Any
    told: Told
    onward: Onward
    claim: Link | None
    offer: Link | None


@dataclass(frozen=True)
class Chances:
    """``more``: how many of each are not told."""

    met: Sequence[Chance]
    near: Sequence[Chance]
    lacking: Sequence[Chance]
    more: int


@dataclass(frozen=True)
class Found:
    """An outcome that is worth telling, before it is explained."""

    row: Any
    measure: Measure
    trying: Trying
    outcome: Outcome
    thing: Thing


def chances(firm: Organisation, claims: Sequence[Claim], user: Any) -> Chances:
    """``claims``: those that the reader may know of."""
    day = timezone.localdate()
    every = list(found_for(firm, day))
    kinds = {standing: [one for one in every if one.outcome.standing == standing] for standing in Standing}
    telling = Telling(firm, claims, user)
    listed = [kinds[Standing.MEETS], kinds[Standing.FAILS], kinds[Standing.LACKS]]
    met, near, lacking = ([telling.chance(one) for one in part[:MOST_TOLD]] for part in listed)
    return Chances(met, near, lacking, more=sum(max(0, len(part) - MOST_TOLD) for part in listed))


def found_for(firm: Organisation, day: date) -> Iterator[Found]:
    facts = facts_of(firm.pk, timezone.now())
    for row, measure in offered(day):
        people = Population(facts.things.values(), leads_to(measure.vocabulary))
        yield from of_measure((row, measure), Trying(measure, people, Run(day, day.year)), firm.pk)


def of_measure(one: Offered, trying: Trying, firm: str) -> Iterator[Found]:
    row, measure = one
    for clause in measure.paid():
        for thing in things_for(clause.entity, trying.population, firm):
            outcome = trying.outcome(clause, thing)
            if is_told(outcome, thing, trying):
                yield Found(row, measure, trying, outcome, thing)


def things_for(entity: str, people: Population, firm: str) -> list[Thing]:
    """The firm itself, or its things of that kind."""
    if entity == ORGANISATION:
        return [people.things[ORGANISATION, firm]]
    about = vocabulary.entity(entity).about
    return [one for one in people.things.values() if one.entity == entity and one.links.get(about) == firm]


def is_told(outcome: Outcome, thing: Thing, trying: Trying) -> bool:
    """Of what is not met only near misses; of what lacks data only where some condition is met already."""
    if outcome.standing == Standing.MEETS:
        return bool(outcome.fen)
    if outcome.standing == Standing.LACKS:
        return any(one.holds for one in outcome.answers)
    return is_near(outcome, thing, trying)


def is_near(outcome: Outcome, thing: Thing, trying: Trying) -> bool:
    """One condition alone is not met, others are, and it is a matter of more or less, or of yes or no; not of being something else."""
    broken = [one for one in outcome.answers if one.holds is not True]
    if len(broken) != 1 or len(outcome.answers) == 1:
        return False
    part = Unfolding(trying).part(broken[0].condition.meaning, thing)
    return part.gap is not None or (part.kind == "truth" and part.node.type == TRUTH and bool(part.data))


class Telling:
    """Puts outcomes into words for one reader; what several need is asked once."""

    def __init__(self, firm: Organisation, claims: Sequence[Claim], user: Any) -> None:
        self.firm, self.user = firm, user
        self.windows = open_windows(timezone.now())
        self.claims = {(one.scheme, one.thing): one for one in claims}
        offers = readable_offers(user).filter(organisation__in=firm.bodies)
        self.offers = {(one.scheme, one.thing): one for one in offers}

    def chance(self, one: Found) -> Chance:
        clause, measure = one.outcome.clause, one.measure
        say = saying(measure, names_of(one.trying.population), sources=True)
        answer = told(clause, one.thing, explaining_of(one.trying), say, self.name(one.thing, say))
        id = f"{measure.id}-{clause.id}-{one.thing.key}".replace(".", "-").replace(" ", "-")
        return Chance(
            id, Link(one.row.name, reverse("policies:measure", args=[one.row.rule, one.row.number])), status_tag(measure), answer,
            onward(measure, clause.id, self.windows, self.user, answer), self.claimed(measure, clause.id, one.thing),
            self.offered(measure, clause.id, one.thing),
        )  # fmt: skip

    def name(self, thing: Thing, say: Said) -> str:
        if thing.entity == ORGANISATION:
            return ""
        return beside(said(vocabulary.entity(thing.entity)), thing_name(thing))

    def claimed(self, measure: Measure, clause: str, thing: Thing) -> Link | None:
        scheme = scheme_for(measure, clause)
        claim = self.claims.get((scheme.id, thing.key)) if scheme else None
        return Link(claim.title, reverse("policies:claim", args=[claim.pk])) if claim else None

    def offered(self, measure: Measure, clause: str, thing: Thing) -> Link | None:
        """The offer made for it without applying (免申即享), with how it stands."""
        scheme = scheme_for(measure, clause)
        offer = self.offers.get((scheme.id, thing.key)) if scheme else None
        if offer is None:
            return None
        return Link(offer.get_state_display(), reverse("policies:offer", args=[offer.pk]))


def names_of(people: Population) -> Mapping[tuple[str, str], str]:
    return {place: thing_name(one) for place, one in people.things.items() if one.entity != ORGANISATION}


def thing_name(thing: Thing) -> str:
    return str(thing.fields.get("name") or thing.fields.get("title") or thing.key)
