"""What every page of the shell needs: the navigation that rooms registered, and how much waits for this user."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any, overload

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject, cached_property

from mangrove.ui import house
from mangrove.ui.languages import in_chinese


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor; computed only when a page really draws the shell."""
    return {"shell": SimpleLazyObject(lambda: build(request))}


def build(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    return {
        "city": settings.MANGROVE_CITY_NAME if in_chinese() else settings.MANGROVE_CITY_NAME_EN,
        "user": known,
        "waiting": len(todos(known)) if known else 0,
        "navigation": navigation(known, request.path) if known else [],
    }


class Waiting(Sequence[house.Todo]):
    """What waits for a user in every room, the most urgent first, those without a date last.

    Each room brings its own, already in order; no more of it is read than a page shows.
    """

    def __init__(self, parts: Sequence[Sequence[house.Todo]]) -> None:
        self.parts = parts

    @cached_property
    def length(self) -> int:
        return sum(len(part) for part in self.parts)

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> house.Todo: ...
    @overload
    def __getitem__(self, index: slice) -> list[house.Todo]: ...
    def __getitem__(self, index: int | slice) -> house.Todo | list[house.Todo]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        start, stop, _step = index.indices(len(self))
        return list(islice(merge(*(part[:stop] for part in self.parts), key=urgency), start, stop))


def urgency(todo: house.Todo) -> tuple[bool, str]:
    return (todo.due is None, str(todo.due or ""))


def todos(user: Any) -> Waiting:
    """All that waits for this user, from every room; the top bar, the navigation and the page itself all ask."""
    return house.once(
        user, "waiting", lambda: Waiting([room.todos(user) for room in house.rooms() if room.todos])
    )


def navigation(user: Any, path: str) -> list[dict[str, Any]]:
    """The groups that have a line for this user; the line with the longest matching address is the current one."""
    lines = [(entry, entry_href(entry)) for entry in entries(user)]
    near = [
        (start, href)
        for entry, href in lines
        if href
        for start in (href, *entry.also)
        if is_under(path, start)
    ]
    current = max(near, key=lambda found: len(found[0]), default=("", ""))[1]
    groups = []
    for group_id, label in house.GROUPS.items():
        shown = [
            line(entry, href, user, current) for entry, href in lines if entry.group == group_id and href
        ]
        if shown:
            groups.append({"id": group_id, "label": label, "lines": shown})
    return groups


def entries(user: Any) -> Iterator[house.NavEntry]:
    every = [entry for room in house.rooms() for entry in room.navigation]
    yield from (entry for entry in sorted(every, key=lambda entry: entry.order) if entry.visible(user))


def entry_href(entry: house.NavEntry) -> str:
    """A room whose pages are not mounted (yet) has no line, rather than breaking every page."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def is_under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href))


def line(entry: house.NavEntry, href: str, user: Any, current: str) -> dict[str, Any]:
    count = entry.count(user) if entry.count else None
    return {"label": entry.label, "href": href, "count": count, "current": href == current}
