"""The bulk act: bring a city's declared figures into the books, all or nothing, under one event with a manifest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction

from mangrove.figures.actions import (
    Stated,
    divide_dependents,
    draft_rows,
    drafted,
    lock_all,
    payload,
    revisions,
    same,
    standing,
    write,
)
from mangrove.figures.declared import Declared, read_city
from mangrove.figures.listeners import tell
from mangrove.figures.models import Assertion, Concept, Definition, Source, Value
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal

#: What may not change once a value has been stated under it: the amounts would mean something else.
FIXED = ("kind", "unit", "scale", "numerator_id", "denominator_id")


@dataclass(frozen=True)
class Loaded:
    """What a load did. ``event`` is ``None`` when the files said nothing new."""

    written: int
    divided: int
    unchanged: int
    declarations: int
    event: Event | None

    def __str__(self) -> str:
        if self.event is None:
            return f"指标没有变化：{self.unchanged}个数值与已录入的相同。"
        return f"录入数值{self.written}个，计算比率{self.divided}个，未变{self.unchanged}个；更新口径与来源{self.declarations}项。"


@transaction.atomic
def load_figures(city: Path, *, by: Actor, on: date, why: str = "") -> Loaded:
    """Load ``<city>/figures``. Loading the same files again writes nothing, not even an event, whatever was stated since.

    Raises :class:`Refusal` with file and line for the first thing that is wrong; then nothing is kept.
    """
    declared = read_city(city / "figures")
    changed = declare(declared)
    lock_all()
    drafts = [(drafted(stated), stated) for stated in declared.values]
    refuse_stated_twice([draft for draft, _ in drafts], declared.values)
    before = [standing(draft) for draft, _ in drafts]
    news = [
        (draft, stated, old)
        for (draft, stated), old in zip(drafts, before, strict=True)
        if old is None or not (same(old, draft, stated) or said_before(draft, stated))
    ]
    unchanged = len(drafts) - len(news)
    if not news and not changed:
        return Loaded(0, 0, unchanged, 0, None)
    event = record(
        "figures.load", subject=Ref("figures", "city", city.name), by=by, on=on, why=why,
        payload={
            "manifest": dict(declared.manifest), "written": len(news), "declarations": changed,
            "values": [payload(draft, draft_rows(draft, stated)) for draft, stated, _ in news],
        },
    )  # fmt: skip
    values = [write(draft, stated, old, event) for draft, stated, old in news]
    divided = divide_dependents(values, event)
    tell(by=by, on=on, why=why)
    return Loaded(len(values), len(divided), unchanged, len(changed), event)


def said_before(draft: Value, stated: Stated) -> bool:
    """Whether an earlier load already said just this, and a person has stated another amount since: that one stays."""
    loaded = revisions(draft).filter(event__act="figures.load").first()
    return loaded is not None and same(loaded, draft, stated)


def declare(declared: Declared) -> list[str]:
    """Save concepts, sources and definitions that are new or different; returns their ids."""
    changed = save_changed(Concept, declared.concepts) + save_changed(Source, declared.sources)
    refuse_changed_meaning(declared.definitions)
    # A ratio comes after its parts, wherever the file has it.
    parts_first = sorted(declared.definitions, key=lambda definition: definition.numerator_id is not None)
    return changed + save_changed(Definition, parts_first) + save_changed(Assertion, declared.assertions)


def save_changed(model: type[models.Model], rows: Iterable[Any]) -> list[str]:
    kept = {str(row.pk): row for row in model._default_manager.all()}
    changed = [row for row in rows if row.pk not in kept or fields(kept[row.pk]) != fields(row)]
    for row in changed:
        row.save()
    return [f"{model._meta.model_name}/{row.pk}" for row in changed]


def fields(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def refuse_changed_meaning(definitions: Iterable[Definition]) -> None:
    stated = Definition.objects.filter(values__isnull=False).distinct().in_bulk()
    for definition in definitions:
        old = stated.get(definition.pk)
        moved = [name for name in FIXED if old and getattr(old, name) != getattr(definition, name)]
        if moved:
            raise Refusal(
                f"“{definition.zh}”已有数值，不能再改{'、'.join(moved)}。", code="figures.meaning_changed",
                where="definitions.yaml", rule="不同口径是不同的指标", remedy="请另立一个口径。",
            )  # fmt: skip


def refuse_stated_twice(drafts: list[Value], stated: Iterable[Stated]) -> None:
    seen: dict[tuple[object, ...], str] = {}
    for draft, said in zip(drafts, stated, strict=True):
        key = (draft.definition_id, draft.dimensions, draft.period, draft.source_id)
        if key in seen:
            raise Refusal(
                f"“{draft.definition.zh}”{draft.period}在同一来源下写了两次。", code="figures.stated_twice",
                where=said.where, rule=f"已见于{seen[key]}", remedy="请只留一行。",
            )  # fmt: skip
        seen[key] = said.where
