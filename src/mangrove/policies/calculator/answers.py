"""The answers of a visitor as the address of the page has them: nothing is kept here, the back button works, and no script is needed.

``topic=support_project.network_chip&organisation|firm|kind=operator&station|operator.firm|=3``. ``?`` or nothing: not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from mangrove import vocabulary
from mangrove.policies.calculator.situation import HELD, Answers, Ask
from mangrove.policies.calculator.topics import Topic
from mangrove.rulebook.population import Stored
from mangrove.vocabulary.model import Field
from mangrove.vocabulary.values import parse_value

TOPIC, SENT, BAR, UNKNOWN = "topic", "sent", "|", "?"
#: Longer than any number or day that a field holds.
LONGEST = 40
#: More topics than one page can explain are a mistake, or somebody who tries us.
MOST_TOPICS, MOST_ANSWERS = 12, 200


@dataclass(frozen=True)
class Typed:
    """What the address says: the topics, and the text of each answer."""

    topics: tuple[Topic, ...]
    texts: Mapping[Ask, str]

    def query(self, without: Iterable[Ask] = ()) -> str:
        left = [ask for ask in self.texts if ask not in set(without)]
        pairs = [(TOPIC, one.id) for one in self.topics] + [(name_of(ask), self.texts[ask]) for ask in left]
        return urlencode(pairs)

    def hidden(self, but: Sequence[Ask]) -> list[tuple[str, str]]:
        """What the next page must be told besides what is asked on this one."""
        kept = [(name_of(ask), text) for ask, text in self.texts.items() if ask not in but]
        return [*((TOPIC, one.id) for one in self.topics), *kept]


def name_of(ask: Ask) -> str:
    return BAR.join((ask.entity, ask.key, ask.field))


def ask_named(name: str) -> Ask | None:
    parts = name.split(BAR)
    if len(parts) != 3 or field_of(Ask(*parts)) is None:
        return None
    return Ask(*parts)


def typed(query: QueryDict, offered: Sequence[Topic]) -> Typed:
    """What cannot be meant is passed over."""
    wanted = query.getlist(TOPIC)
    topics = tuple(one for one in offered if one.id in wanted)[:MOST_TOPICS]
    asks = ((ask_named(name), str(query[name])) for name in list(query)[:MOST_ANSWERS] if BAR in name)
    return Typed(topics, {ask: text.strip()[: LONGEST + 1] for ask, text in asks if ask is not None})


#: How many things of a kind there are, as if it were a field of theirs.
NUMBER = Field("", "件数", "number", "integer")
#: Whether one has been granted a thing, the same.
HOLDING = Field(HELD, "是否已认定", "already recognised", "boolean")


def field_of(ask: Ask) -> Field | None:
    entity = vocabulary.vocabulary().entities.get(ask.entity)
    if entity is None:
        return None
    if ask.counts:
        return NUMBER
    if ask.holds:
        return HOLDING
    found = entity.fields.get(ask.field)
    return None if found is None or found.personal else found


def read(found: Typed, most_rows: int) -> Answers:
    """The answers that can be read; what cannot is asked again."""
    return dict(readable(found, most_rows))


def readable(found: Typed, most_rows: int) -> Iterator[tuple[Ask, Stored]]:
    for ask, text in found.texts.items():
        try:
            value = read_one(ask, text)
        except ValueError:
            continue
        if not ask.counts or value is None or (isinstance(value, int) and value <= most_rows):
            yield ask, value


def read_one(ask: Ask, text: str) -> Stored:
    """The stored value; ``None`` for an empty text. Raises ``ValueError``, in Chinese, for what is no value of the field."""
    field = field_of(ask)
    assert field is not None
    if len(text) > LONGEST:
        raise ValueError(f"“{field.zh}”太长。")
    value = parse_value(field, text) if text not in ("", UNKNOWN) else None
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        raise ValueError(f"“{field.zh}”不能小于零。")
    return value
