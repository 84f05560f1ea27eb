"""Whose personal data a room keeps: each room registers how it is reached, so that showing it is one act for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.ledger.refs import Ref
from mangrove.registry.models import User


@dataclass(frozen=True)
class Field:
    """One field of a thing: the whole of it, and what is shown to who need not see it."""

    label: Any
    whole: str
    masked: str


@dataclass(frozen=True)
class Shown:
    """What of one thing is personal. ``back`` is the thing's page; ``fields`` those that are not empty."""

    subject: Ref
    title: str
    back: str
    fields: Sequence[Field]


#: Reaches the thing for a person who may see the whole of it; ``Http404`` or :class:`Refusal` for others.
Reach = Callable[[User, str], Shown]
_kinds: dict[str, Reach] = {}


def register(name: str, reach: Reach) -> None:
    """Registering a name twice replaces it (start-up may run twice)."""
    _kinds[name] = reach


def reach(user: User, name: str, id: str) -> Shown:
    """Raises ``Http404`` for a kind that nobody keeps, and whatever the room says."""
    if name not in _kinds:
        raise Http404(_("没有这一类。"))
    return _kinds[name](user, id)
