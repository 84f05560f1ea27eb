"""Who acts in a synthetic year, on which day and why; and how what is queued is worked off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from time import sleep
from typing import Any

from django.utils import timezone

from mangrove.jobs.leases import claim
from mangrove.jobs.models import Job, State
from mangrove.jobs.worker import do
from mangrove.ledger.refusals import Refusal
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.year.making import City
from mangrove.policies.year.telling import Telling
from mangrove.registry.models import Organisation, User

#: The hour at which what is told of a day comes in.
MORNING = time(10)
#: Seconds until a job that somebody holds is asked for again.
PAUSE = 0.2


@dataclass(frozen=True)
class Year:
    """What was told and made, and the people who live it. Nothing here writes."""

    told: Telling
    city: City

    @cached_property
    def people(self) -> dict[str, User]:
        names = dict(self.told.calendar["people"])
        held = {
            one.username: one
            for one in User.objects.select_related("organisation").filter(username__in=names.values())
        }
        return {part: held[name] for part, name in names.items()}

    def who(self, part: str) -> User:
        return self.people[part]

    @property
    def bureau(self) -> Organisation:
        bureau = self.who("officer").organisation
        assert bureau is not None
        return bureau

    def officer_of(self, scheme_id: str) -> User:
        return self.who(self.told.calendar["unit_officers"][scheme(scheme_id).unit])

    def at(self, day: date | str, part: str = "officer") -> dict[str, Any]:
        """Who, when and why, for acts by a person of the house."""
        return self.by(self.who(part), day)

    def by(self, user: User, day: date | str) -> dict[str, Any]:
        return {"by": user, "on": self.told.day(day) if isinstance(day, str) else day, "why": self.told.why}

    def written(self, day: date | str, part: str) -> dict[str, Any]:
        """The same for acts that take the actor as the ledger writes them."""
        return {**self.at(day, part), "by": self.who(part).actor}


def moment(day: date, at: time = MORNING) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def work_off() -> None:
    """Do what is queued, as the worker does it; its rounds wait, since nobody is late half way through a year."""
    while (job := claim("year")) is not None:
        do(job)


def done(job: Job) -> Job:
    """The job once it is done. Raises :class:`Refusal` with what it was refused for."""
    work_off()
    job.refresh_from_db()
    while job.is_open:  # a worker that was killed still holds it, until its lease runs out
        sleep(PAUSE)
        work_off()
        job.refresh_from_db()
    if job.state != State.DONE:
        said = job.refusal or {}
        raise Refusal(
            str(said.get("what", job.state)), code=str(said.get("code", "policies.year_job")), where=job.title,
            rule=str(said.get("rule", "")), remedy=str(said.get("remedy", "")),
        )  # fmt: skip
    return job
