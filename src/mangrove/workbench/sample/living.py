"""Every opening that the city's files tell, lived through. What was lived already is left as it is."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from mangrove.casework.messages.delivering import deliver
from mangrove.casework.messages.reminders import remind
from mangrove.workbench.sample.applying import apply
from mangrove.workbench.sample.deciding import ask, decide
from mangrove.workbench.sample.paying import pay
from mangrove.workbench.sample.reviewing import review
from mangrove.workbench.sample.telling import Telling, read


def live_programmes() -> None:
    for path in sorted((Path(settings.MANGROVE_CITY) / "programmes").glob("*.yaml")):
        live(read(path))
    remind()  # what the worker would do within minutes, so that messages are there at once
    deliver()


def live(told: Telling) -> None:
    """One opening as far as its file goes. Each chapter is a transaction, so that a demo broken off goes on where it stood."""
    opening = apply(told)
    reviewed = review(told, opening)
    if told.part("meeting") and told.part("notice"):
        decide(told, opening, reviewed)
    if told.part("question"):
        ask(told)
    if told.part("money"):
        pay(told, opening)
