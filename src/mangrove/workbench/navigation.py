"""What every page of the shell needs: the navigation that rooms registered, and how much waits for this user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import islice
from typing import Any, overload

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject, cached_property

from mangrove.ui import house
from mangrove.ui.languages import in_chinese
from mangrove.workbench.listviews import bar as listviews


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
        "list_views": listviews.kept(request, known),
        "navigation": navigation(known, request.path, chosen(request)) if known else [],
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


#: The cookie in which the browser keeps what its reader folded and unfolded: ``answers.0-money.1``.
FOLDS = "nav"

#: A navigation of no more lines than this shows them all.
SHORT = 12


def chosen(request: HttpRequest) -> dict[str, bool]:
    """Which groups this reader opened (true) or folded (false); anything else in the cookie says nothing."""
    said = [part.partition(".") for part in request.COOKIES.get(FOLDS, "").split("-")]
    return {
        group: state == "1" for group, _dot, state in said if group in house.GROUPS and state in ("0", "1")
    }


def navigation(user: Any, path: str, folds: Mapping[str, bool] | None = None) -> list[dict[str, Any]]:
    """The groups that have a line for this user; the line with the longest matching address is the current one.

    A group is open as its reader left it; the one with the current line always is.
    """
    lines = [(entry, href) for entry in entries(user) if (href := entry_href(entry))]
    current = current_href(lines, path)
    by_group: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry, href in lines:
        by_group[group_of(entry)].append(line(entry, href, user, current))
    unfolded = {group: len(lines) <= SHORT or group not in house.LOOKED_UP for group in by_group}
    unfolded |= folds or {}
    return [
        {"id": id, "label": label, "lines": by_group[id], "open": unfolded[id] or any(one["current"] for one in by_group[id])}
        for id, label in house.GROUPS.items()
        if id in by_group
    ]  # fmt: skip


def group_of(entry: house.NavEntry) -> str:
    return entry.group if entry.group in house.GROUPS else house.LOOKED_UP[0]


def current_href(lines: Sequence[tuple[house.NavEntry, str]], path: str) -> str:
    near = [(start, href) for entry, href in lines for start in (href, *entry.also) if is_under(path, start)]
    return max(near, key=lambda found: len(found[0]), default=("", ""))[1]


def entries(user: Any) -> Iterator[house.NavEntry]:
    every = [entry for room in house.rooms() for entry in room.navigation]
    yield from (entry for entry in sorted(every, key=lambda entry: entry.order) if entry.shown_to(user))


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
