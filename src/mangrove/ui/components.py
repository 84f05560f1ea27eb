"""What pages are made of.

Each component draws itself (``__html__``) and says itself in plain text (``plain``), so that one description of a cell
serves the page, the Excel export and print.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mangrove.ui import house
from mangrove.ui.languages import as_data
from mangrove.ui.numbers import Number, grouped, width

Tone = Literal["good", "warn", "bad", "info", "calm"]
StepState = Literal["done", "now", "waiting"]


class Component(ABC):
    """Anything that can stand in a page and in a cell of an export.

    Django's templates take ``str()`` of a value before they escape it, so ``__str__`` is the drawing too.
    """

    @abstractmethod
    def __html__(self) -> SafeString: ...

    @abstractmethod
    def plain(self) -> Any: ...

    def __str__(self) -> str:
        return self.__html__()


@dataclass(frozen=True)
class Tag(Component):
    """A status: always a word, on a tint that passes AA. ``tone`` never carries meaning alone."""

    text: Any
    tone: Tone = "calm"

    def __html__(self) -> SafeString:
        return format_html('<span class="tag tag--{}">{}</span>', self.tone, self.text)

    def plain(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class Link(Component):
    """A link; with ``drawer`` it opens at the right of the list, and as a full page where there is no script."""

    text: Any
    href: str
    drawer: bool = False

    def __html__(self) -> SafeString:
        if self.drawer:
            opener = format_html('hx-get="{}" hx-target="#drawer" hx-swap="innerHTML"', self.href)
            return format_html('<a href="{}" {}>{}</a>', self.href, opener, as_data(self.text))
        return format_html('<a href="{}">{}</a>', self.href, as_data(self.text))

    def plain(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class Tick(Component):
    """A box to tick in a row of a table within a form; the words beside it are what it sends."""

    name: str
    value: str
    checked: bool = False

    def __html__(self) -> SafeString:
        state = " checked" if self.checked else ""
        return format_html(
            '<label class="short"><input type="checkbox" name="{}" value="{}"{}> {}</label>',
            self.name, self.value, state, as_data(self.value),
        )  # fmt: skip

    def plain(self) -> str:
        return self.value


@dataclass(frozen=True)
class Short(Component):
    """Words that a table must not break over lines: a date, a kind, a place in a text."""

    text: Any

    def __html__(self) -> SafeString:
        return format_html('<span class="short">{}</span>', as_data(self.text))

    def plain(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class Figure(Component):
    """A number with its unit and qualifier (超、约、近); dotted-underlined where ``href`` opens its lineage.

    ``value`` is a number, ready text, or ``None`` for 缺数据, which is never printed as zero. With ``drawer`` the lineage
    opens at the right of the page, and as a full page where there is no script.
    """

    value: Number | str | None
    unit: Any = ""
    qualifier: Any = ""
    href: str = ""
    large: bool = False
    drawer: bool = False

    def __html__(self) -> SafeString:
        classes = "figure" + (" figure--large" if self.large else "")
        if self.value is None:
            return format_html(
                '<span class="{} figure--unknown"><span class="figure__value">{}</span></span>',
                classes, _("缺数据"),
            )  # fmt: skip
        return format_html(
            '<span class="{}">{}{}{}</span>', classes, self.qualifier, self.number(), self.unit_mark()
        )

    def number(self) -> SafeString:
        if self.href and self.drawer:
            opener = format_html('hx-get="{}" hx-target="#drawer" hx-swap="innerHTML"', self.href)
            return format_html('<a class="figure__value" href="{}" {}>{}</a>', self.href, opener, self.text())
        if self.href:
            return format_html('<a class="figure__value" href="{}">{}</a>', self.href, self.text())
        return format_html('<span class="figure__value">{}</span>', self.text())

    def unit_mark(self) -> SafeString | str:
        return format_html('<span class="figure__unit">{}</span>', self.unit) if self.unit else ""

    def text(self) -> str:
        return self.value if isinstance(self.value, str) else grouped(self.value or 0)

    def plain(self) -> Number | str | None:
        return self.value


@dataclass(frozen=True)
class Progress(Component):
    """A bar with its goal as a mark; the words beside it say the same. Never clamped in words, only in drawing."""

    part: Number
    whole: Number
    mark: Number | None = None

    def __html__(self) -> SafeString:
        goal = ""
        if self.mark is not None:
            goal = format_html(
                '<rect class="goal" x="{}" y="0" width="2" height="12"/>', width(self.mark, self.whole)
            )
        return format_html(
            '<svg class="progress" role="img" aria-label="{}"><rect class="track" y="3" width="100%" height="6" rx="3"/>'
            '<rect class="part" y="3" width="{}" height="6" rx="3"/>{}</svg>',
            self.plain(), width(self.part, self.whole), goal,
        )  # fmt: skip

    def plain(self) -> str:
        words = _("%(part)s，满格 %(whole)s") % {"part": grouped(self.part), "whole": grouped(self.whole)}
        if self.mark is None:
            return words
        return words + _("，目标 %(mark)s") % {"mark": grouped(self.mark)}


@dataclass(frozen=True)
class Fact:
    """One line of a description list. An unknown value says 未填, not nothing."""

    label: Any
    value: Any
    note: Any = ""


@dataclass(frozen=True)
class Step:
    """One step of a case: done, now or waiting, with who and when in ``note``."""

    label: Any
    note: Any = ""
    state: StepState = "waiting"

    @property
    def words(self) -> str:
        return {"done": _("已完成"), "now": _("当前步骤"), "waiting": _("未到")}[self.state]


@dataclass(frozen=True)
class Tab:
    label: Any
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Moment:
    """One act on a timeline: who, what, opinion, when it counts and when it was entered."""

    what: Any
    who: Any
    on: date
    recorded: datetime | None = None
    why: str = ""
    back_entry: bool = False
    detail: Any = ""


def moments(events: Iterable[Any], reasons: bool = True) -> list[Moment]:
    """Ledger events as a timeline, newest first. ``events`` are ``ledger.models.Event`` in any order.

    Without ``reasons`` each act takes one line, for a panel that only says what happened last.
    """
    ordered = sorted(events, key=lambda event: event.pk, reverse=True)
    return [
        Moment(
            house.act_words(event.act), str(event.by), event.business_date,
            event.recorded_at, event.why if reasons else "", event.back_entry,
        )
        for event in ordered
    ]  # fmt: skip


#: From how many back-entries on the reason that they give is said once, above them.
REPEATED = 3


def shared_reason(shown: Sequence[Moment]) -> str:
    """The reason that most back-entries of a timeline give, when at least three do; else empty."""
    given = Counter(moment.why for moment in shown if moment.back_entry and moment.why)
    reason, times = max(given.items(), key=lambda item: item[1], default=("", 0))
    return reason if times >= REPEATED else ""


def plain(value: Any) -> Any:
    """What a cell exports: a number stays a number, a component says itself, a time loses its zone for Excel."""
    if isinstance(value, Component):
        return plain(value.plain())
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value
    if value is None or isinstance(value, int | Decimal | date):
        return value
    return str(value)
