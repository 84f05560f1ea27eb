"""What the house answers now, written as lines of a ``reach.yaml``: a start for who declares a new route, to be read and judged.

``python -m pytest -s tests/reach/observe.py`` prints them for every route that has none; no part of the tests.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from django.test import Client

from mangrove.registry.roles import ROLES
from mangrove.workbench.reach.declared import Line, undeclared
from mangrove.workbench.reach.grants import NOBODY, Grant

from .asking import ask
from .people import Someone, browser_of, everybody
from .things import address, set_the_things

#: The reach that the places of an account amount to.
AMOUNTS = {
    frozenset({"own", "house", "other"}): "", frozenset({"own", "house"}): "@organisation", frozenset({"own"}): "@own",
}  # fmt: skip


def as_written(people: list[Someone]) -> str:
    places = defaultdict(set)
    for one in people:
        places[one.role].add(one.place)
    words = {
        role: AMOUNTS.get(frozenset(found), f"@{'+'.join(sorted(found))}") for role, found in places.items()
    }
    if len(words) == len(ROLES) and set(words.values()) == {""}:
        return "everyone"
    return " ".join(f"{role.id}{words[role.id]}" for role in ROLES if role.id in words) or NOBODY


def line_of(line: Line, things: Any, clients: dict[Someone, Client]) -> str:
    where = address(line, things)
    said: defaultdict[str, list[Someone]] = defaultdict(list)
    for one, client in clients.items():
        said[ask(client, "GET", where).kind].append(one)
    parts = {"allowed": "opens", "refused": "refused"}
    told = [
        f"{parts.get(kind, kind)}: {as_written(people)}" for kind, people in said.items() if kind != "hidden"
    ]
    return f"  {line.name.partition(':')[2]}: {{{', '.join(sorted(told))}}}"


@pytest.mark.django_db
def test_observed(monkeypatch: pytest.MonkeyPatch) -> None:
    things = set_the_things(monkeypatch)
    clients = {one: browser_of(one.username) for one in everybody()}
    for route in undeclared():
        try:
            print(line_of(Line(route, "", None, None, Grant({})), things, clients))
        except LookupError as error:
            print(f"  # {error}")
