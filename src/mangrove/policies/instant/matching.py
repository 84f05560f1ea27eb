"""All firms against all measures that need no application: who meets a clause by what the house knows, and for how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mangrove.jobs.actions import submit
from mangrove.jobs.kinds import Kind
from mangrove.jobs.models import Job, State
from mangrove.jobs.running import Running
from mangrove.ledger.actions import record
from mangrove.ledger.refs import SYSTEM, Actor
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.models import Claim
from mangrove.policies.instant.counting import Tally, tallied
from mangrove.policies.instant.models import Offer, OfferState
from mangrove.policies.instant.rules import rules
from mangrove.policies.instant.telling import tell_firms
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.schemes.definition import Scheme, schemes
from mangrove.policies.schemes.rules import paying, rule_on
from mangrove.registry.models import Organisation
from mangrove.registry.records.facts import facts_of_all
from mangrove.registry.records.models import Record
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.vector import Vector
from mangrove.ui.languages import strung

KIND = "policies.match"
#: What is new of an offer that lapsed and stands again.
RENEWED = ("organisation", "office", "rule", "amount", "known_on", "until", "data", "state", "synthetic")


@dataclass(frozen=True)
class Matched:
    """What one scheme finds: by the key of the thing the fen that it comes to, and how many firms that makes."""

    scheme: Scheme
    rule: RuleText
    entity: str
    fen: Mapping[str, int]
    tally: Tally

    @property
    def as_json(self) -> dict[str, Any]:
        """As the job keeps it, for the page that shows what the match came to."""
        return {"rule": self.rule.pk, **self.tally.as_json}


def instant_schemes() -> list[Scheme]:
    return [one for one in schemes().values() if one.instant]


def matched(one: Scheme, day: date) -> Matched:
    """Read only. Raises :class:`Refusal` where no version of the measure holds on the day."""
    rule = rule_on(one, day)
    measure = measure_of(rule)
    clause = paying(one, measure)
    results = Vector(lower(measure), facts_of_all(day, measure.vocabulary)).run(Run(day, day.year))
    found = results.clauses[clause.id]
    paid = found.paid()
    amounts = dict(zip(map(str, results.snapshot.tables[clause.entity].keys), paid.tolist(), strict=True))
    fen = {key: amount for key, amount in sorted(amounts.items()) if amount > 0}
    return Matched(one, rule, clause.entity, fen, tallied(results, clause, paid))


def ask(*, office: Organisation, by: Actor, on: date, why: str = "") -> Job:
    """Ask for a match as of a day, for an office that will pay; asked twice by one with nothing new in between it is one job."""
    arguments = {"day": on.isoformat(), "office": office.pk}
    newest = Record.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = f"match-{office.pk}-{on.isoformat()}-{newest}-{by.username}"  # who asks can open the job
    return submit(KIND, title=str(_("免申即享比对")), arguments=arguments, by=by, on=on, key=key, why=why)


def look_after() -> None:
    """Every night once an office has begun with it: what became known during the day is matched."""
    last = Job.objects.filter(kind=KIND).order_by("-pk").first()
    today = timezone.localdate()
    if last is not None and last.arguments["day"] < today.isoformat():
        ask(office=Organisation.objects.get(pk=last.arguments["office"]), by=SYSTEM, on=today)


def newest(office: Organisation | None = None) -> Job | None:
    """The last match that came to its end; of an office, or of any."""
    done = Job.objects.filter(kind=KIND, state=State.DONE)
    return (done if office is None else done.filter(arguments__office=office.pk)).order_by("-pk").first()


def match(running: Running) -> None:
    """Compute for every scheme first, then keep what is new, each with its event."""
    day = date.fromisoformat(running.arguments["day"])
    office = Organisation.objects.get(pk=running.arguments["office"])
    found, left = list[Matched](), list[str]()
    chosen = instant_schemes()
    for place, one in enumerate(chosen):
        running.progress(place, len(chosen), str(one.title))
        try:
            found.append(matched(one, day))
        except Refusal as refusal:  # what is not in force today keeps no other scheme from being matched
            left.append(refusal.briefly)
    with running.effects() as result:
        result["offers"] = sum(len(offer(one, office, day, running.actor, running.why)) for one in found)
        result["left"] = left
        result["schemes"] = {one.scheme.id: one.as_json for one in found}


def offer(found: Matched, office: Organisation, day: date, by: Actor, why: str) -> list[Offer]:
    """Offer what nobody was offered and nobody claimed yet, and anew what lapsed; in the transaction of the caller."""
    before = Offer.objects.filter(scheme=found.scheme.id)
    lapsed = dict(before.filter(state=OfferState.LAPSED).values_list("thing", "pk"))
    known = set(before.exclude(state=OfferState.LAPSED).values_list("thing", flat=True))
    known |= set(Claim.objects.filter(scheme=found.scheme.id).values_list("thing", flat=True))
    made = list(offers(found, office, set(found.fen) - known, day))
    with transaction.atomic():
        kept(made, lapsed)
        for one in made:
            told = {
                "scheme": one.scheme,
                "thing": one.thing,
                "amount": one.amount,
                "rule": found.rule.sha256,
                "until": one.until.isoformat(),
            }
            record("policies.offer.make", subject=one.ref, by=by, on=day, why=why, payload=told)
        tell_firms(made)
    return made


def kept(made: Sequence[Offer], lapsed: Mapping[str, Any]) -> None:
    """A thing has one offer: the one that lapsed stands again, with what is known today."""
    for one in made:
        one.pk = lapsed.get(one.thing, one.pk)
    Offer.objects.bulk_create(one for one in made if one.thing not in lapsed)
    Offer.objects.bulk_update([one for one in made if one.thing in lapsed], RENEWED)


def offers(found: Matched, office: Organisation, keys: set[str], day: date) -> Iterator[Offer]:
    records = Record.objects.current().filter(entity=found.entity, key__in=keys).order_by("key")
    owners = Organisation.objects.in_bulk([one.organisation_id for one in records if one.organisation_id])
    for one in records:
        if one.organisation_id in owners:
            yield Offer(
                scheme=found.scheme.id, organisation=owners[one.organisation_id].standing, office=office, thing=one.key, rule=found.rule,
                amount=found.fen[one.key], known_on=day, until=day + rules().to_confirm, data=[used(one)],
                synthetic=one.synthetic,
            )  # fmt: skip


def used(one: Record) -> dict[str, Any]:
    """Which record the amount rests on, and where it came from; the firm is shown it before it confirms."""
    return {
        "entity": one.entity,
        "key": one.key,
        "version": one.version,
        "values": one.values,
        "source": one.source,
    }


def said(job: Job) -> str:
    told = job.result or {}
    count = int(told.get("offers", 0))
    found = ngettext("找到 %(n)s 项可以免申即享。", "找到 %(n)s 项可以免申即享。", count) % {"n": count}
    return strung([found, *told.get("left", ())])


MATCH = Kind(KIND, _("免申即享比对"), match, said)
