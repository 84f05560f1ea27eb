"""Whose item it is, an expert of a blind round learns from no surface: a walk over all of them, and its control.

The walker opens every page that an expert is led to, and besides asks for every route of this room and of cases with
every key there is, with searches, sort orders, exports, wrong forms; it looks into bodies, headers, file names and the sheets
of exports. In a round under names the same walker must find the applicant, or it proves nothing.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from mangrove.casework.models import Attachment, Case, Clock
from mangrove.ledger.models import Event
from mangrove.registry.models import Organisation
from mangrove.reviews import rounds
from mangrove.reviews.models import DOUBLE_BLIND, EXPERTS_BLIND, NAMED, Assignment, Expert, Item, Round

from . import life

pytestmark = pytest.mark.django_db

LINK = re.compile(r'(?:href|action|hx-get|data-autosave)="(/[^"#]*)')
#: The registry lists every organisation there is, whether it applied or not; that it says nothing of a round is
#: tested below, and so is that nothing on other pages leads to an applicant's.
ELSEWHERE = ("/registry/", "/static/", "/sign-out/", "/language/")
#: The rooms whose routes are asked for with every key; the others are walked as far as links lead.
NEAR = ("reviews:", "casework:", "workbench:ledger", "jobs:")
#: Values of a token that differ from page to page without meaning anything.
TOKEN = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="key" value=")[^"]+')
TIME = re.compile(r"导出时间.*")


@dataclass
class Walker:
    """Opens pages as one person and keeps where a canary was seen."""

    client: Client
    canaries: list[str]
    seen: dict[str, str] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def walk(self, *starts: str) -> None:
        waiting = list(starts)
        while waiting:
            address = waiting.pop()
            if address in self.seen or address.startswith(ELSEWHERE):
                continue
            shown = self.ask(address)
            waiting += [html.unescape(found) for found in LINK.findall(shown)]

    def ask(self, address: str, data: dict[str, Any] | None = None) -> str:
        """One request; what it says in every way is searched."""
        answer = self.client.get(address) if data is None else self.client.post(address, data)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        shown = body.decode("utf-8", "ignore")
        texts = [html.unescape(text) for text in (shown, unquote(str(answer.headers)), *unpacked(body))]
        if data is None:
            self.seen[address] = TOKEN.sub(r"\1", shown)
        self.found += [
            f"{address}: {canary}" for canary in self.canaries if any(canary in text for text in texts)
        ]
        return shown


def unpacked(body: bytes) -> Iterator[str]:
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", "ignore")


def canaries() -> list[str]:
    found = []
    for n in (1, 2, 3):
        party = life.applicant(n)
        found += [
            party.name,
            party.short_name,
            party.credit_code or "",
            party.pk,
            f"机密题目{n}",
            f"申报书原名{n}",
        ]
    return found


def lived(mode: str) -> list[Assignment]:
    """A round with three items in three states, a file each, entered in the order of the applicants."""
    found = life.open_round(mode)
    for n in (1, 2, 3):
        item = life.add(found, n, title=f"机密题目{n}")
        upload = io.BytesIO(f"第{n}件的实测数据".encode())
        rounds.add_file(
            by=life.officer(), item_id=item.pk, upload=upload, name=f"申报书原名{n}.txt", on=life.today()
        )
    life.step(found, "start")
    given = life.assign(found, [life.admit(1), life.admit(2)])
    mine = [one for one in given if one.expert.user.username == "expert_1"]
    mine.sort(key=lambda one: one.item.subject_id)
    life.declare(mine[0])
    life.reviewed(mine[1])
    return mine


def every_address() -> Iterator[str]:
    """Every route near a review, with every key of this room's and of casework's things in its place."""
    keys: dict[str, list[Any]] = {
        "uid": [*Assignment.objects.values_list("pk", flat=True), *Event.objects.values_list("uid", flat=True)],
        "id": sorted({
            *Round.objects.values_list("pk", flat=True), *Item.objects.values_list("pk", flat=True),
            *Expert.objects.values_list("pk", flat=True), *Case.objects.values_list("pk", flat=True),
            *Attachment.objects.values_list("pk", flat=True), *Clock.objects.values_list("pk", flat=True),
        }),
        "number": [1, 2], "act": ["recuse", "reopen", "start", "close", "release"],
    }  # fmt: skip
    for name, parameters in routes():
        if name.startswith(NEAR):
            yield from filled(name, parameters, keys)


def filled(name: str, parameters: list[str], keys: dict[str, list[Any]]) -> Iterator[str]:
    chosen: list[dict[str, Any]] = [{}]
    for parameter in parameters:
        chosen = [{**one, parameter: key} for one in chosen for key in keys.get(parameter, [1])]
    for one in chosen:
        try:
            yield reverse(name, kwargs=one)
        except NoReverseMatch:
            continue


def routes(patterns: Any = None, namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    for one in patterns or get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, f"{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern) and one.name and one.name not in ("sign_out", "set_language"):
            yield f"{namespace}{one.name}", list(one.pattern.converters)


def walked(client: Client, mine: list[Assignment]) -> Walker:
    """The whole walk: links from the start, every route with every key, searches, sorts, exports, wrong forms."""
    walker = Walker(client, canaries())
    walker.walk("/", "/inbox/?show=done", reverse("reviews:desk"))
    for address in every_address():
        walker.ask(address)
    desk = reverse("reviews:desk")
    for sort in (
        "code",
        "-code",
        "title",
        "-title",
        "parties",
        "item__title",
        "round",
        "state",
        "due",
        "total",
    ):
        walker.ask(f"{desk}?sort={sort}")
        walker.ask(f"{reverse('reviews:desk_export')}?sort={sort}&as=csv")
    for one in mine:
        for act in ("assignment", "declare", "leave", "autosave"):
            for data in (
                {},
                {"key": "", "mark_need": "x", "ground": "conflict"},
                {"save": "1", "draft_revision": "99"},
            ):
                walker.ask(reverse(f"reviews:{act}", args=[one.pk]), data)
    return walker


@pytest.mark.parametrize("mode", [EXPERTS_BLIND, DOUBLE_BLIND])
def test_in_a_blind_round_no_surface_says_whose_item_it_is(mode: str, browser_of: Any) -> None:
    mine = lived(mode)
    walker = walked(browser_of(mine[0].expert.user), mine)
    assert walker.found == []
    visited = set(walker.seen)
    assert {reverse("reviews:assignment", args=[one.pk]) for one in mine} <= visited
    assert (
        reverse("reviews:desk_export") in visited and reverse("reviews:file", args=[mine[0].pk, 1]) in visited
    )
    assert life.TEXT in walker.seen[reverse("reviews:assignment", args=[mine[1].pk])]
    assert not [address for address in visited if "/registry/" in address]


def test_control_in_a_round_under_names_the_same_walk_finds_the_applicant(browser_of: Any) -> None:
    mine = lived(NAMED)
    found = walked(browser_of(mine[0].expert.user), mine).found
    said = {canary for canary in canaries() if any(line.endswith(f": {canary}") for line in found)}
    assert {life.applicant(1).name, life.applicant(3).name, "机密题目1", "机密题目3"} <= said
    places = {line.split(":")[0] for line in found}
    assert "/" in places and reverse("reviews:desk") in places
    assert reverse("reviews:desk_export") in places and "/inbox/?show=done" in places
    assert not any(life.applicant(n).credit_code in line for n in (1, 2, 3) for line in found)


def pages_of(client: Client) -> dict[str, str]:
    """What links lead to; of exports, which bear the time, this room's as text without it."""
    walker = Walker(client, [])
    walker.walk("/", reverse("reviews:desk"))
    pages = {address: shown for address, shown in walker.seen.items() if "export" not in address}
    return pages | {"csv": TIME.sub("", walker.ask(f"{reverse('reviews:desk_export')}?as=csv"))}


def test_every_page_is_the_same_whoever_stands_behind_an_item(browser_of: Any) -> None:
    """Neither order nor count nor length hangs on the applicant: with titles and parties exchanged nothing moves."""
    mine = lived(EXPERTS_BLIND)
    client = browser_of(mine[0].expert.user)
    before = pages_of(client)
    first, second, third = (Item.objects.get(pk=one.item_id) for one in mine)
    held = [(one, one.title, list(one.parties.all()), one.subject_id) for one in (second, third, first)]
    for one in (first, second, third):
        Item.objects.filter(pk=one.pk).update(subject_id=f"{one.subject_id}-moved")
    for one, (_was, title, parties, subject_id) in zip((first, second, third), held, strict=True):
        Item.objects.filter(pk=one.pk).update(title=title, subject_id=subject_id)
        one.parties.set(parties)
    assert pages_of(client) == before


def test_control_under_names_the_pages_move_with_the_applicant(browser_of: Any) -> None:
    mine = lived(NAMED)
    client = browser_of(mine[0].expert.user)
    before = pages_of(client)
    Item.objects.filter(pk=mine[0].item_id).update(title="别的题目")
    assert pages_of(client) != before


def test_the_registry_says_the_same_with_and_without_a_round(browser_of: Any) -> None:
    life.officer(), life.admit(1), life.admit(2)
    for n in (1, 2, 3):
        life.applicant(n)
    client = browser_of(life.expert_user(1))
    addresses = [
        "/registry/organisations/",
        *(f"/registry/organisations/{life.applicant(n).pk}/" for n in (1, 2, 3)),
    ]
    before = [main_of(client.get(address)) for address in addresses]
    lived(EXPERTS_BLIND)
    assert [
        main_of(client.get(address)) for address in addresses
    ] == before and Organisation.objects.count() == 6


def main_of(answer: Any) -> str:
    """The page without its frame, which counts what waits."""
    return str(answer.content.decode().partition("<main")[2])
