"""A plan carried out: everything in one transaction, one event with the file's hash, what changed, and who is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import close_full_names
from mangrove.registry.decisions import name_key
from mangrove.registry.importing.plan import Change, Plan, counts
from mangrove.registry.importing.reading import Wrong
from mangrove.registry.models import Organisation, OrganisationName

IMPORT = "registry.import"
NAMES = (("full", "name"), ("short", "short_name"), ("english", "name_en"))
#: Rows written between two words on how far it is.
CHUNK = 1000
Said = Callable[[int, int], None]


def take(
    plan: Plan, *, sha256: str, file: str, source: str, by: Actor, on: date, why: str, said: Said
) -> dict[str, int]:
    """Inside a transaction of the caller. Raises :class:`Refusal` for a plan with anything wrong in it: all or nothing."""
    refuse_wrong(plan.wrong)
    if not plan.is_empty:
        enter(plan.new, source, said)
        rename(plan.renamed, source, on)
        change(plan.changed)
        payload = {
            "file": file, "sha256": sha256, "source": source, **counts(plan),
            "changed_rows": [described(one) for one in (*plan.changed, *plan.renamed)],
        }  # fmt: skip
        record(IMPORT, subject=Ref("registry", "import", sha256), by=by, on=on, why=why, payload=payload)
    return counts(plan)


def refuse_wrong(wrong: list[Wrong]) -> None:
    if wrong:
        first = wrong[0]
        raise Refusal(
            _("共有%(count)s处错误，一行也没有导入。第一处：%(what)s") % {"count": len(wrong), "what": first.what},
            code="registry.import.wrong", where=_("第%(line)s行%(column)s") % {"line": first.line, "column": first.column},
            remedy=_("请逐行更正后重新上传。"),
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


def change(changed: list[Change]) -> None:
    """Bodies whose same fields change are written together."""
    held = Organisation.objects.in_bulk([one.id for one in changed])
    alike: defaultdict[tuple[str, ...], list[Organisation]] = defaultdict(list)
    for one in changed:
        for key, value in one.now.items():
            setattr(held[one.id], key, value)
        alike[tuple(sorted(one.now))].append(held[one.id])
    for keys, bodies in alike.items():
        Organisation.objects.bulk_update(bodies, keys, batch_size=CHUNK)
    add_names(held.values(), changed)


def add_names(bodies: Iterable[Organisation], changed: list[Change]) -> None:
    """A new short or English name joins the names it is found by; the old one stays findable."""
    said = {one.id: one.now for one in changed}
    wanted = [
        name(body, kind, said[body.pk][column], body.source)
        for body in bodies
        for kind, column in NAMES
        if kind != "full" and column in said[body.pk]
    ]
    OrganisationName.objects.bulk_create(wanted, batch_size=CHUNK, ignore_conflicts=True)


def described(one: Change) -> dict[str, Any]:
    return {"id": one.id, "was": dict(one.was), "now": dict(one.now)}
