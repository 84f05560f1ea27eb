"""The kinds of texts that are compared with each other: each room brings its own, and says who may read and judge."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from mangrove.ledger.refs import Ref
from mangrove.likeness.rules import rule
from mangrove.ui.components import Fact


@dataclass(frozen=True)
class Corpus:
    """Texts of the things ``Ref(room, kind, id)``; its limits are those of its ``id`` in ``rulebooks/likeness``.

    ``every()`` gives the ids of all things that have a text, ``texts(ids)`` their texts; ``readable(user)`` the ids that this
    person may read, as one column of text. ``facts(ids)`` says of each who and when, ``owners(ids)`` whose it is: two of one
    owner are that owner's again, and no copy of another's. ``judges(user, id)``: whether this person may judge about a thing.
    """

    room: str
    kind: str
    label: Any
    every: Callable[[], QuerySet[Any]]
    texts: Callable[[Collection[str]], Mapping[str, str]]
    readable: Callable[[Any], QuerySet[Any]]
    facts: Callable[[Collection[str]], Mapping[str, list[Fact]]]
    owners: Callable[[Collection[str]], Mapping[str, str]]
    judges: Callable[[Any, str], bool]

    @property
    def id(self) -> str:
        return f"{self.room}.{self.kind}"

    def ref(self, id: str) -> Ref:
        return Ref(self.room, self.kind, id)


_corpora: dict[str, Corpus] = {}


def register(corpus: Corpus) -> None:
    """Registering an id twice replaces it (start-up may run twice). Raises ``KeyError`` where it has no limits."""
    rule(corpus.id)
    _corpora[corpus.id] = corpus


def corpora() -> list[Corpus]:
    return list(_corpora.values())


def corpus(id: str) -> Corpus:
    """Raises ``KeyError``."""
    return _corpora[id]
