"""A plan of organisations carried out: one event with the file's hash and what changed from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mangrove.jobs.running import Running
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import close_full_names
from mangrove.registry.decisions import name_key
from mangrove.registry.importing.plan import Change, Plan
from mangrove.registry.models import Organisation, OrganisationName

IMPORT = "registry.import"
NAMES = (("full", "name"), ("short", "short_name"), ("english", "name_en"))
#: Rows written between two words on how far it is.
CHUNK = 1000
Said = Callable[[int, int], None]


def take(plan: Plan, running: Running) -> None:
    """Inside a transaction of the caller, of a plan without mistakes."""
    if plan.is_empty:
        return
    refuse_merged([one.id for one in (*plan.renamed, *plan.changed)])
    arguments = running.arguments
    enter(plan.new, arguments["source"], lambda done, total: running.progress(done, total, _("写入")))
    rename(plan.renamed, arguments["source"], running.on)
    change(plan.changed, arguments["source"])
    payload = {
        "file": arguments["file"], "sha256": arguments["sha256"], "source": arguments["source"], **plan.counts,
        "new_ids": [values["id"] for _line, values in plan.new],
        "changed_rows": [described(one) for one in (*plan.changed, *plan.renamed)],
    }  # fmt: skip
    subject = Ref("registry", "import", arguments["sha256"])
    record(IMPORT, subject=subject, by=running.actor, on=running.on, why=running.why, payload=payload)


def refuse_merged(ids: list[str]) -> None:
    """Merging takes the same lock: what was merged since the file was read is not changed behind the kept one's back.

    No join: a row that had to be waited for is read anew, what was joined to it is not.
    """
    rows = Organisation.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    merged = [one for one in rows if one.merged_into_id]
    for one in merged[:1]:
        raise Refusal(
            _("“%(name)s”刚刚并入“%(kept)s”，一行也没有导入。") % {"name": one.name, "kept": one.standing.name},
            code="registry.import.merged", where=one.name, remedy=_("请重新上传，按合并后的名录核对。"),
        )  # fmt: skip


def enter(new: list[tuple[int, dict[str, Any]]], source: str, said: Said) -> None:
    made = [Organisation(**{"source": source, "synthetic": False, **values}) for _line, values in new]
    for start in range(0, len(made), CHUNK):
        said(start, len(made))
        Organisation.objects.bulk_create(made[start : start + CHUNK])
    OrganisationName.objects.bulk_create(
        (
            name(one, kind, getattr(one, column), one.source)
            for one in made
            for kind, column in NAMES
            if getattr(one, column)
        ),
        batch_size=CHUNK,
    )


def name(
    owner: Organisation, kind: str, text: str, source: str, since: date | None = None
) -> OrganisationName:
    return OrganisationName(
        organisation=owner, kind=kind, text=text, key=name_key(text), source=source[:200], valid_from=since
    )


def rename(renamed: list[Change], source: str, on: date) -> None:
    """The former name ends that day and the new one begins, as when one is renamed by hand."""
    held = Organisation.objects.in_bulk([one.id for one in renamed])
    for one in renamed:
        body = held[one.id]
        close_full_names(body, on)
        body.name = one.now["name"]
        name(body, "full", body.name, source, on).save()
    Organisation.objects.bulk_update(held.values(), ["name"], batch_size=CHUNK)


def change(changed: list[Change], source: str) -> None:
    """Bodies whose same fields change are written together."""
    held = Organisation.objects.in_bulk([one.id for one in changed])
    alike: defaultdict[tuple[str, ...], list[Organisation]] = defaultdict(list)
    for one in changed:
        for key, value in one.now.items():
            setattr(held[one.id], key, value)
        alike[tuple(sorted(one.now))].append(held[one.id])
    for keys, bodies in alike.items():
        Organisation.objects.bulk_update(bodies, keys, batch_size=CHUNK)
    add_names(held.values(), changed, source)


def add_names(bodies: Iterable[Organisation], changed: list[Change], source: str) -> None:
    """A new short or English name joins the names it is found by; the old one stays findable."""
    said = {one.id: one.now for one in changed}
    wanted = [
        name(body, kind, said[body.pk][column], source)
        for body in bodies
        for kind, column in NAMES
        if kind != "full" and column in said[body.pk]
    ]
    OrganisationName.objects.bulk_create(wanted, batch_size=CHUNK, ignore_conflicts=True)


def described(one: Change) -> dict[str, Any]:
    return {"id": one.id, "was": dict(one.was), "now": dict(one.now)}
