"""What a file of the sample programme tells, and how its people, days and reasons are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from mangrove import vocabulary
from mangrove.jobs.leases import claim
from mangrove.jobs.worker import do
from mangrove.ledger.refs import Actor
from mangrove.registry.models import Organisation, User

Line = Mapping[str, Any]
MONEY = vocabulary.entity("firm_year").field("revenue")
#: The hour at which what is told of a day came in.
MORNING = time(10)


@dataclass(frozen=True)
class Telling:
    """One file, read. Nothing here writes."""

    said: Line

    @property
    def why(self) -> str:
        return str(self.said["why"])

    @property
    def officer(self) -> User:
        return who(self.said["officer"])

    @property
    def bureau(self) -> Organisation:
        bureau = self.officer.organisation
        assert bureau is not None
        return bureau

    @property
    def applications(self) -> list[Line]:
        return list(self.said["applications"])

    def part(self, name: str) -> Line | None:
        """A chapter of the file, where it has one."""
        return self.said.get(name)

    def at(self, told: object, by: User | None = None) -> dict[str, Any]:
        """Who, when and why of an act by a person of the house."""
        return {"by": by or self.officer, "on": day(told), "why": self.why}

    def written(self, told: object, by: User) -> dict[str, Any]:
        """The same for acts that take the actor as the ledger writes them."""
        actor: Actor = by.actor
        return {"by": actor, "on": day(told), "why": self.why}


def read(path: Path) -> Telling:
    return Telling(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))  # noqa: S506 -- CSafeLoader is safe


def day(told: object) -> date:
    """A date, or so many days before today."""
    if isinstance(told, date):
        return told
    if isinstance(told, int):
        return timezone.localdate() - timedelta(days=told)
    raise ValueError(f"no day: {told!r}")


def moment(told: object, at: time = MORNING) -> datetime:
    return timezone.make_aware(datetime.combine(day(told), at))


def work_off() -> None:
    """Do what is queued, as the worker does it. Reminders wait until all is lived: nobody is late half way through a year."""
    while (job := claim("sample")) is not None:
        do(job)


def who(username: str) -> User:
    return User.objects.select_related("organisation").get(username=username)


def fen(told: str) -> int:
    """An amount as the vocabulary reads it, in fen."""
    amount = vocabulary.parse_value(MONEY, told)
    assert isinstance(amount, int)
    return amount
