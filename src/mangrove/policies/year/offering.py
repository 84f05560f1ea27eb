"""What somebody who opens the demo finds waiting: titles of the sample firms are entered, and a match of today offers what is due."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils import timezone

from mangrove.jobs.actions import submit
from mangrove.policies.instant import matching
from mangrove.policies.year.loading import SOURCE
from mangrove.policies.year.people import done
from mangrove.policies.year.sheets import rows_file
from mangrove.registry.importing.files import keep
from mangrove.registry.importing.kinds import importing
from mangrove.registry.models import User

Told = Mapping[str, Any]


def offer_to_sample_firms() -> None:
    """Through the acts of the house; taken again it enters nothing twice and leaves what was answered as it is."""
    told = read(Path(settings.MANGROVE_CITY) / "year" / "offers.yaml")
    enter(told, who(told["registrar"]))
    officer = who(told["officer"])
    assert officer.organisation is not None
    done(
        matching.ask(
            office=officer.organisation, by=officer.actor, on=timezone.localdate(), why=str(told["why"])
        )
    )


def read(path: Path) -> Told:
    said: Told = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 -- CSafeLoader is safe
    return said


def who(username: str) -> User:
    return User.objects.select_related("organisation").get(username=username)


def enter(told: Told, registrar: User) -> None:
    """The titles as a file, the way an office enters them; the same file is the same job."""
    sha256 = keep(BytesIO(rows_file("title", told["titles"])))
    job = submit(
        importing("title").take_kind, title="导入 样例称号（合成）.csv", key=f"offers/{sha256[:40]}", by=registrar.actor,
        arguments={"sha256": sha256, "file": "样例称号（合成）.csv", "source": SOURCE}, on=timezone.localdate(), why=str(told["why"]),
    )  # fmt: skip
    done(job)
