"""Figures checked against the ledger: each value is what its event says, each ratio what its inputs give,
each source what it was entered as."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from mangrove.figures.actions import COMPUTED, payload, quotient
from mangrove.figures.models import Role, Source, Value
from mangrove.figures.sources import told
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event

STATING = ("figures.set_value", "figures.load", "figures.publish")
#: What tells one stated value from another within an event.
KEY = ("definition", "dimensions", "period", "source")

Said = Mapping[str, Any]


def verify_values() -> list[str]:
    """One sentence for each value that is not as its event says, that is gone, or that no event accounts for."""
    written: dict[int, list[Value]] = defaultdict(list)
    values = Value.objects.select_related("definition", "source").prefetch_related(
        "rows", "inputs__input__definition"
    )
    for value in values.order_by("pk"):
        written[value.event_id].append(value)
    found = check_revisions(value for together in written.values() for value in together)
    for event in Event.objects.filter(act__in=STATING).select_related("body").order_by("pk"):
        found += check_event(event, written.pop(event.pk, []))
    return found + [
        _("数值 %(value)s 不是由录入数值的事件写下的") % {"value": value}
        for together in written.values()
        for value in together
    ]


def check_event(event: Event, values: Sequence[Value]) -> list[str]:
    stated = [value for value in values if value.source_id != COMPUTED]
    ratios = [value for value in values if value.source_id == COMPUTED]
    return check_stated(event, stated) + [
        fault for ratio in ratios if (fault := check_ratio(ratio, event, stated))
    ]


def check_stated(event: Event, stated: Sequence[Value]) -> list[str]:
    """The event's claims and the values kept, one to one; an event that was withheld claims nothing."""
    told = said(event)
    if told is None:
        return []
    if event.act == "figures.load" and "values" not in told:  # before loads named each value
        named = {"event": event.uid, "said": told["written"], "kept": len(stated)}
        wrong = told["written"] != len(stated)
        return [_("账本事件 %(event)s 录入数值 %(said)s 个，现有 %(kept)s 个") % named] if wrong else []
    claims = {key_of(claim): claim for claim in told.get("values", [told])}
    found = [check_value(value, event, claims) for value in stated]
    gone = [
        _("账本事件 %(event)s 所记的数值 %(value)s 不见了") % {"event": event.uid, "value": " ".join(key)}
        for key in claims
    ]
    return [fault for fault in found if fault] + gone


def key_of(claim: Said) -> tuple[str, ...]:
    return tuple(str(claim[name]) for name in KEY)


def check_value(value: Value, event: Event, claims: dict[tuple[str, ...], Said]) -> str | None:
    """Compare with what the event says, as far as it says it; the claim is used up, so that it bears one value."""
    now = payload(value, list(value.rows.all()))
    claim = claims.pop(key_of(now), None)
    named = {"value": value, "event": event.uid}
    if claim is None:
        return _("数值 %(value)s 在账本事件 %(event)s 中没有") % named
    differing = sorted(name for name in claim if claim[name] != now.get(name))
    if not differing:
        return None
    told = {"was": ", ".join(f"{name}={claim[name]}" for name in differing)}
    return _("数值 %(value)s 与账本事件 %(event)s 所记不同：账本记的是 %(was)s") % {**named, **told}


def check_ratio(ratio: Value, event: Event, stated: Sequence[Value]) -> str | None:
    """A ratio is written only with a value of its own cut and of one of its parts, and is the quotient of its inputs."""
    parts = {link.role: link.input for link in ratio.inputs.all()}
    above, below = parts.get(Role.NUMERATOR), parts.get(Role.DENOMINATOR)
    if above is None or below is None or not belong(ratio, above, below) or not called_for(ratio, stated):
        return _("比率 %(value)s 的分子分母与账本事件 %(event)s 不符") % {"value": ratio, "event": event.uid}
    if below.amount and quotient(ratio.definition, above, below) == ratio.amount and plain(ratio):
        return None
    return _("比率 %(value)s 与其分子分母相除的结果不同") % {"value": ratio}


def belong(ratio: Value, *inputs: Value) -> bool:
    """Whether these are the parts that the ratio's definition names, of its cut and time, known when it was written."""
    wanted = [ratio.definition.numerator_id, ratio.definition.denominator_id]
    return [part.definition_id for part in inputs] == wanted and all(
        part.dimensions == ratio.dimensions
        and ratio.period.covers(part.period)
        and part.event_id <= ratio.event_id
        for part in inputs
    )


def called_for(ratio: Value, stated: Sequence[Value]) -> bool:
    parts = {ratio.definition.numerator_id, ratio.definition.denominator_id}
    cuts = {(value.period, value.dimensions) for value in stated}
    return (ratio.period, ratio.dimensions) in cuts and any(value.definition_id in parts for value in stated)


def plain(ratio: Value) -> bool:
    """A division carries nothing but its amount."""
    return not (ratio.qualifier or ratio.note or ratio.rows.all())


def verify_sources() -> list[str]:
    """One sentence for each source that is not as it was entered; what the city's files declared since goes by them."""
    declared = {
        name.removeprefix("source/"): event.pk
        for event in Event.objects.filter(act="figures.load").select_related("body").order_by("pk")
        for name in (said(event) or {}).get("declarations", ())
    }
    kept = Source.objects.in_bulk()
    entered = Event.objects.filter(act="figures.add_source").select_related("body").order_by("pk")
    checked = [check_source(event, kept) for event in entered if declared.get(event.object_id, 0) < event.pk]
    return [fault for fault in checked if fault]


def check_source(event: Event, kept: Mapping[str, Source]) -> str | None:
    claim, source = said(event), kept.get(event.object_id)
    if claim is None or (source is not None and told(source) == claim):
        return None
    return _("来源 %(source)s 与账本事件 %(event)s 所记不同") % {
        "source": event.object_id,
        "event": event.uid,
    }


def check_revisions(values: Iterable[Value]) -> list[str]:
    """Revisions count from one, each under a later event; so no value slips in under an event that already wrote one."""
    series: dict[tuple[object, ...], list[Value]] = defaultdict(list)
    for value in values:
        key = (value.definition_id, value.dimensions, value.period, value.source_id)
        series[key].append(value)
    return [fault for same in series.values() for fault in check_series(same)]


def check_series(same: list[Value]) -> list[str]:
    found, before = [], 0
    for number, value in enumerate(sorted(same, key=lambda one: one.revision), start=1):
        if value.revision != number or value.event_id <= before:
            found.append(_("数值 %(value)s 的修订次序与账本不符") % {"value": value})
        before = value.event_id
    return found
