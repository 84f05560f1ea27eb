"""A plan of records carried out: what is new begins, what has changed ends and begins again; one event for the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.jobs.running import Running
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.registry.importing.kinds import meanwhile
from mangrove.registry.importing.plan import Plan
from mangrove.registry.records.identity import key_of, thing_of
from mangrove.registry.records.models import Record
from mangrove.registry.records.planning import AT_ONCE, DISTRICT, ORGANISATION, held, kept
from mangrove.vocabulary.model import Entity

IMPORT = "registry.import_records"
#: Rows written between two words on how far it is.
CHUNK = 1000


def taker(entity: Entity) -> Any:
    return partial(take, entity)


def take(entity: Entity, plan: Plan, running: Running) -> None:
    """Inside a transaction of the caller, of a plan without mistakes."""
    if plan.is_empty:
        return
    now = timezone.now()
    refuse_lost_ends(entity, plan, running)
    later = list(next_versions(entity, plan, running, now))
    made = [*first_versions(entity, plan, running, now), *later]
    write(made, running)
    arguments = running.arguments
    payload = {
        "file": arguments["file"], "sha256": arguments["sha256"], "source": arguments["source"],
        "entity": entity.id, **plan.counts, "digest": digest(made),
    }  # fmt: skip
    subject = Ref("registry", "records", str(running.job.uid))
    record(IMPORT, subject=subject, by=running.actor, on=running.on, why=running.why, payload=payload)


def write(made: list[Record], running: Running) -> None:
    for start in range(0, len(made), CHUNK):
        running.progress(start, len(made), _("写入"))
        Record.objects.bulk_create(made[start : start + CHUNK])


def first_versions(entity: Entity, plan: Plan, running: Running, now: datetime) -> Iterator[Record]:
    """What is new, or was taken out and comes again."""
    keys = [key_of(entity, values) for _line, values in plan.new]
    ended = last_versions(entity.id, keys)
    for key, (_line, values) in zip(keys, plan.new, strict=True):
        yield Record(
            entity=entity.id, thing=thing_of(entity, key), key=key, version=ended.get(key, 0) + 1,
            organisation_id=values.get(entity.about), values=kept(entity, values),
            source=values.get("source") or running.arguments["source"], synthetic=bool(values.get("synthetic")),
            known_from=now, on=running.on, batch=running.job.uid,
        )  # fmt: skip


def last_versions(entity: str, keys: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), AT_ONCE):
        rows = Record.objects.filter(entity=entity, key__in=keys[start : start + AT_ONCE]).order_by()
        found |= dict(rows.values("key").annotate(last=Max("version")).values_list("key", "last"))
    return found


def refuse_lost_ends(entity: Entity, plan: Plan, running: Running) -> None:
    """What the rows lead to is locked until they are in: nobody takes it out meanwhile."""
    told = [*(values for _line, values in plan.new), *(one.now for one in plan.changed)]
    for link in entity.relations.values():
        keys = {values[link.id] for values in told if values.get(link.id)}
        if link.to not in (ORGANISATION, DISTRICT) and keys != held(link.to, keys, lock=True).keys():
            raise meanwhile(running)


def next_versions(entity: Entity, plan: Plan, running: Running, now: datetime) -> Iterable[Record]:
    """The present versions end where these begin."""
    told = {one.name: one.now for one in plan.changed}
    present = held(entity.id, told)
    for key, one in present.items():
        since = max(now, one.known_from + timedelta(microseconds=1))
        one.known_until = since
        values = {**one.values, **kept(entity, told[key])}
        yield Record(
            entity=entity.id, thing=one.thing, key=key, version=one.version + 1,
            organisation_id=one.organisation_id or values.get(entity.about), values=values,
            source=told[key].get("source") or running.arguments["source"], synthetic=one.synthetic,
            known_from=since, on=running.on, batch=running.job.uid,
        )  # fmt: skip
    Record.objects.bulk_update(present.values(), ["known_until"], batch_size=CHUNK)


def digest(records: Iterable[Record]) -> str:
    """One hash over what a file entered, in the order of the keys, for the ledger to keep."""
    lines = sorted(canonical(one) for one in records)
    return sha256("\n".join(lines).encode()).hexdigest()


def canonical(one: Record) -> str:
    told = [
        one.entity, one.key, str(one.thing), one.version, one.organisation_id, one.values, one.source,
        one.synthetic, one.on.isoformat(),
    ]  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
