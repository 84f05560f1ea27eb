"""What each room tells the house: navigation, home tiles, inbox, routes. Nothing here knows a model.

A room's ``room.py`` builds one :class:`Room`; its ``AppConfig.ready()`` hands it to :func:`open_room`. The
workbench reads :func:`rooms` and assembles; so no room ever imports the workbench.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refs import Ref
from mangrove.ui.searching import Search

T = TypeVar("T")

#: The groups of the left navigation, in their order. A line of a group that is not here stands in the last but one.
GROUPS: dict[str, Any] = {
    "workbench": _("我的工作"),
    "answers": _("建议答复"),
    "programmes": _("六项工作"),
    "applications": _("申报与评审"),
    "oversight": _("公示与监督"),
    "money": _("资金"),
    "foundations": _("名录与资料"),
    "administration": _("系统管理"),
}

#: Groups that begin folded where the navigation is long: what people look up now and then.
LOOKED_UP = ("foundations", "administration")


@dataclass(frozen=True)
class NavEntry:
    """One line of the left navigation. ``label`` is a lazy translation; ``url_name`` is reversed without arguments.

    ``group`` is a key of :data:`GROUPS`; ``count(user)`` gives the small number at the right, or ``None``;
    ``roles`` are those that use the page, none for everyone; ``visible(user)`` says the rest of who sees the line at all
    (neither guards the page);
    ``also`` names the beginnings of further addresses at which the line is the current one.
    """

    label: Any
    url_name: str
    group: str
    order: int = 100
    count: Callable[[Any], int | None] | None = None
    visible: Callable[[Any], bool] = lambda user: True
    also: Sequence[str] = ()
    roles: Sequence[str] = ()

    def shown_to(self, user: Any) -> bool:
        return (not self.roles or bool(user.has_role(*self.roles))) and self.visible(user)


@dataclass(frozen=True)
class Tile:
    """One of the eight lines of work on the home page, as it stands.

    ``line`` is the id of that line in ``ui/lines.py``: the tile takes its place on the home page.
    ``build(user)`` returns a dict: ``value`` (text), ``unit``, ``qualifier``, ``notes`` (list of text), ``status``
    (text) and ``tone`` (good / warn / bad / calm), ``lineage_url``, ``url``, and ``bar`` = (part, whole, mark) or None.
    """

    label: Any
    order: int
    build: Callable[[Any], dict[str, Any]]
    line: str = ""


@dataclass(frozen=True)
class Named:
    """What people call a thing: ``words`` in full, ``short`` where a column has no room for them.

    ``href`` is its page, empty where there is none or this reader may not open it.
    """

    words: str
    short: str = ""
    href: str = ""

    @property
    def brief(self) -> str:
        return self.short or self.words


#: Names the things with these ids, for this reader, in as many queries for a thousand as for one; unknown ids are left out.
Naming = Callable[[Any, Collection[str]], Mapping[str, Named]]


@dataclass(frozen=True)
class Todo:
    """One line of the inbox (待办): what is to be done, by when, and where to go to do it.

    ``origin`` names what it comes from, where its title does not say so: the proposal of a promise.
    """

    title: str
    act: str
    url: str
    due: Any
    since: Any
    subject: Any
    origin: Named | None = None


@dataclass(frozen=True)
class Room:
    """A room as the house sees it. ``urls`` is the dotted path of its URL module, mounted under ``prefix``.

    ``todos(user)`` gives what waits for a user, most urgent first, what has no date last; it is counted and sliced, so
    that a room with thousands reads only a page of them.
    ``acts`` puts the room's acts into words for the ledger page and timelines: ``{"proposals.register": _("登记")}``.
    ``names`` says by kind what people call the things of this room, many at once, for lists of any room; see :data:`Naming`.
    ``search`` gives the kinds of things that the search box finds, each from what the reader may open.
    ``hangs`` puts into words what of the room hangs on an organisation: ``{"funding.award.recipient": _("资助决定")}``.
    ``addresses`` gives by kind the page of a thing of this room from its id, for the rooms that only hold its ``Ref``.
    ``keeps`` names the entities of the vocabulary that have a table in this room, with the route where they are listed.
    ``first_page(user)`` is the address where people begin whose whole work is in this room; empty for everybody else.
    """

    id: str
    label: Any
    prefix: str = ""
    urls: str = ""
    navigation: Sequence[NavEntry] = field(default_factory=tuple)
    tiles: Sequence[Tile] = field(default_factory=tuple)
    todos: Callable[[Any], Sequence[Todo]] | None = None
    acts: Mapping[str, Any] = field(default_factory=dict)
    addresses: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    hangs: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, Naming] = field(default_factory=dict)
    search: Sequence[Search] = field(default_factory=tuple)
    keeps: Mapping[str, str] = field(default_factory=dict)
    first_page: Callable[[Any], str] | None = None


_rooms: dict[str, Room] = {}


def open_room(room: Room) -> None:
    """Register a room; opening the same id twice replaces it (start-up may run twice)."""
    _rooms[room.id] = room


def rooms() -> list[Room]:
    return list(_rooms.values())


def room(room_id: str) -> Room | None:
    return _rooms.get(room_id)


def act_words(act: str) -> Any:
    """The words for an act; the act itself while its room has not given any."""
    owner = room(act.partition(".")[0])
    return owner.acts.get(act, act) if owner else act


def address(ref: Ref) -> str:
    """The page of a thing of any room; empty where its room shows none."""
    owner = room(ref.room)
    found = owner.addresses.get(ref.kind) if owner else None
    return found(ref.id) if found else ""


def first_page(user: Any, otherwise: str) -> str:
    """Where somebody begins who asked for no page."""
    found = (one.first_page(user) for one in rooms() if one.first_page)
    return next((address for address in found if address), otherwise)


def once(user: Any, key: str, ask: Callable[[], T]) -> T:
    """What several parts of a page ask about this user. Kept on the user, whom each request has anew."""
    kept: dict[str, Any] | None = getattr(user, "_once", None)
    if kept is None:
        kept = user._once = {}
    if key not in kept:
        kept[key] = ask()
    found: T = kept[key]
    return found


def names(user: Any, refs: Iterable[Ref]) -> dict[Ref, Named]:
    """What people call these things of any rooms. Left out is what no room has a name for.

    Each thing is asked for once a page, since several of its lists may name the same.
    """
    wanted = set(refs)
    kept: dict[Ref, Named | None] = once(user, "names", dict)
    asked = {ref for ref in wanted if ref not in kept}
    kept |= dict.fromkeys(asked) | asked_names(user, asked)
    return {ref: named for ref in wanted if (named := kept[ref])}


def asked_names(user: Any, refs: Iterable[Ref]) -> dict[Ref, Named]:
    """The same, asked of the rooms: one call a kind."""
    ids: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for ref in refs:
        ids[ref.room, ref.kind].add(ref.id)
    found = {}
    for (room_id, kind), wanted in ids.items():
        owner = room(room_id)
        naming = owner.names.get(kind) if owner else None
        for id, named in (naming(user, wanted) if naming else {}).items():
            found[Ref(room_id, kind, id)] = named
    return found
