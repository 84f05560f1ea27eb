"""Every route as every role, from where the thing is one's own, one's organisation's, and another's: as declared, or it fails.

The scene takes longer to set than most of the questions to ask, so one test asks them all and names every wrong answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from mangrove.registry.roles import ROLES
from mangrove.workbench.reach.declared import Line, declared, undeclared

from .asking import ask, without
from .people import Someone, browser_of, everybody
from .sending import NOT_YET, WRITES_NOTHING, WRITES_ON_SIGHT, what_is_sent
from .things import address, address_of_nothing, set_the_things

pytestmark = pytest.mark.django_db
Clients = dict[Someone, Client]


def test_every_route_is_declared() -> None:
    assert undeclared() == [], "each needs a line in its room's reach.yaml: docs/development.md"


def test_the_house_answers_everybody_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    things = set_the_things(monkeypatch)
    clients = {one: browser_of(one.username) for one in everybody()}
    wrong: list[str] = []
    for line in declared():
        wrong += wrong_pages(line, address(line, things), clients)
        wrong += wrong_acts(line, address(line, things), clients, things)
        wrong += open_to_strangers(line, address(line, things), clients)
    assert not wrong, "\n".join(wrong)


def wrong_pages(line: Line, where: str, clients: Clients) -> Iterator[str]:
    """GET: shown, refused or hidden as declared, and nothing is written. What is hidden answers like what does not exist."""
    hidden: list[Someone] = []
    for one, client in chosen(line, clients):
        expected, found = line.answer("GET", one.role, one.place), ask(client, "GET", where)
        hidden += [one] if expected == found.kind == "hidden" else []
        if expected != found.kind:
            yield f"GET {line.name} by {one}: declared {expected}, answered {found.kind}"
        if found.wrote and not (expected == "allowed" and line.name in WRITES_ON_SIGHT):
            yield f"GET {line.name} by {one}: wrote {sorted(found.wrote)}"
    nothing = address_of_nothing(line, where)
    if hidden and nothing:
        theirs, none = (ask(clients[hidden[0]], "GET", each) for each in (where, nothing))
        if none.status != 404 or without(theirs.body, where) != without(none.body, nothing):
            yield f"GET {line.name} by {hidden[0]}: {where} answers otherwise than {nothing}, which does not exist"


def wrong_acts(line: Line, where: str, clients: Clients, things: Any) -> Iterator[str]:
    """POST: what the page of somebody who may sends, sent by everybody. In other hands it does nothing at all."""
    if line.does is None:
        yield from takes_no_post(line, where, clients)
        return
    able = [one for one in clients if line.answer("POST", one.role, one.place) == "allowed"]
    content = what_is_sent(line, where, clients[able[0]], things) if able else {}
    for one, client in chosen(line, clients):
        expected = line.answer("POST", one.role, one.place)
        if expected == "allowed" and line.name in NOT_YET:
            continue
        found = ask(client, "POST", where, content)
        if expected != found.kind:
            yield f"POST {line.name} by {one}: declared {expected}, answered {found.kind}"
        if bool(found.wrote) != (expected == "allowed" and line.name not in WRITES_NOTHING):
            yield f"POST {line.name} by {one}: declared {expected}, wrote {sorted(found.wrote) or 'nothing'}"


def takes_no_post(line: Line, where: str, clients: Clients) -> Iterator[str]:
    """Whoever may look sends something all the same, and somebody who may not."""
    for sees in ("allowed", "hidden"):
        one = next((each for each in clients if line.answer("GET", each.role, each.place) == sees), None)
        found = ask(clients[one], "POST", where, {"anything": "1"}) if one else None
        if found and (found.kind not in {"no method", "hidden", "refused"} or found.wrote):
            yield f"POST {line.name} by {one}: takes none, answered {found.kind}, wrote {sorted(found.wrote)}"


def open_to_strangers(line: Line, where: str, clients: Clients) -> Iterator[str]:
    """Without signing in there is only the way to the sign-in page; without the form's own mark nothing is sent."""
    for method in ("GET", "POST"):
        found = ask(Client(), method, where)
        if not line.public and found.kind not in {"sign in", "no method"}:
            yield f"{method} {line.name} by a stranger: {found.kind}"
        if found.wrote:
            yield f"{method} {line.name} by a stranger: wrote {sorted(found.wrote)}"
    able = next((one for one in clients if line.answer("POST", one.role, one.place) == "allowed"), None)
    if able is not None:
        found = ask(browser_of(able.username, enforce_csrf_checks=True), "POST", where)
        if found.status != 403 or found.wrote:
            yield f"POST {line.name} by {able} without the form's mark: {found.status}"


def asking(line: Line, clients: Clients) -> Iterator[tuple[Someone, Client]]:
    for one, client in clients.items():
        if one.place in places_that_matter(line, one.role):
            yield one, client


def chosen(line: Line, clients: Clients) -> Iterator[tuple[Someone, Client]]:
    """Everybody whom the line names; of those it does not name three a line, in turn, since all of them take ten minutes.

    ``MANGROVE_EVERY_ROLE=1`` has them all asked (docs/development.md).
    """
    named = line.known_to().roles
    strangers = [role.id for role in ROLES if role.id not in named]
    first = int(sha256(line.name.encode()).hexdigest(), 16)
    in_turn = {strangers[(first + n) % len(strangers)] for n in range(3)} if strangers else set()
    for one, client in asking(line, clients):
        if one.role in named or one.role in in_turn or os.environ.get("MANGROVE_EVERY_ROLE"):
            yield one, client


def places_that_matter(line: Line, role: str) -> set[str]:
    """All three where the line says how far the role reaches. Otherwise where a hole would show first: who may not is asked
    where the thing is theirs, who may everywhere is asked where it is not."""
    reaches = line.known_to().roles.get(role, frozenset())
    return {"own", "house", "other"} if reaches - {"anyone"} else {"other"} if reaches else {"own"}


def test_a_hole_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the guard of the ledger's pages off, and with one that lets everybody state a figure, it is said."""
    from mangrove.figures import act_views
    from mangrove.workbench import ledger_pages

    things = set_the_things(monkeypatch)
    clients = {one: browser_of(one.username) for one in everybody()}
    ledger, state = (
        next(line for line in declared() if line.route == name)
        for name in ("workbench:ledger", "figures:state")
    )
    monkeypatch.setattr(ledger_pages, "reads_ledger", lambda user: True)
    monkeypatch.setattr(act_views, "access_stating", lambda user: user)
    found = [*wrong_pages(ledger, address(ledger, things), clients)]
    assert "GET workbench:ledger by case_officer·other: declared refused, answered allowed" in found
    found = [*wrong_acts(state, address(state, things), clients, things)]
    assert any("by operator" in each and "wrote ['figures" in each for each in found), found
