"""The two jobs of an import: look at a file and say what it would do, and take it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.jobs.kinds import Kind
from mangrove.jobs.models import Job
from mangrove.jobs.running import Running
from mangrove.ledger.refusals import Refusal
from mangrove.registry.importing.files import content_of
from mangrove.registry.importing.plan import ENTITY, MUST, Change, counts, plan_of
from mangrove.registry.importing.reading import Read, read_rows
from mangrove.registry.importing.taking import take
from mangrove.registry.models import District
from mangrove.ui.numbers import grouped
from mangrove.vocabulary.cells import Unreadable, read_table

LOOK, TAKE = "registry.look_at_import", "registry.import"
#: Lines of each kind that the page of a file shows; the counts say how many there are.
SHOWN = 200
PLAIN = (str, bool, int, type(None))


def rows_of(running: Running) -> Read:
    """The rows of the kept file. Raises :class:`Refusal` for what is no table at all."""
    try:
        table = read_table(content_of(running.arguments["sha256"]))
    except Unreadable as error:
        where = running.arguments["file"]
        raise Refusal(str(error), code="registry.import.unreadable", where=where) from error

    def said(done: int, total: int) -> None:
        if done % 100 == 0:
            running.progress(done, total, _("核对第%(n)s行") % {"n": grouped(done)})

    return read_rows(table, ENTITY, MUST, said)


def look(running: Running) -> Mapping[str, Any]:
    """Changes nothing."""
    plan = plan_of(rows_of(running), running.on)
    plan.wrong.sort(key=lambda one: (one.line, one.column))
    said = Saying(dict(District.objects.values_list("pk", "name")))
    return {
        **counts(plan),
        "notes": plan.notes,
        "wrong_rows": [[one.line, one.column, one.what] for one in plan.wrong[:SHOWN]],
        "new_rows": [[line, said.values(values)] for line, values in plan.new[:SHOWN]],
        "changed_rows": [said.change(one) for one in (*plan.renamed, *plan.changed)[:SHOWN]],
    }


@dataclass(frozen=True)
class Saying:
    """Parts of a plan as JSON keeps them, districts by their names."""

    districts: Mapping[str, str]

    def change(self, one: Change) -> dict[str, Any]:
        was, now = self.values(one.was), self.values(one.now)
        return {"line": one.line, "id": one.id, "name": one.name, "was": was, "now": now}

    def values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        said = {key: value if isinstance(value, PLAIN) else str(value) for key, value in values.items()}
        if (district := said.pop("district_id", None)) is not None:
            said["district"] = self.districts[str(district)]
        return said


def take_in(running: Running) -> None:
    """All or nothing. Planned afresh: the registry may have changed since the file was looked at."""
    arguments, read = running.arguments, rows_of(running)
    with running.effects() as result:
        plan = plan_of(read, running.on)
        result |= take(
            plan, sha256=arguments["sha256"], file=arguments["file"], source=arguments["source"],
            by=running.actor, on=running.on, why=running.why,
            said=lambda done, total: running.progress(done, total, _("写入")),
        )  # fmt: skip


def said_of(job: Job) -> str:
    found = job.result or {}
    if job.kind == LOOK and found.get("wrong"):
        return _("有%(wrong)s处错误，须更正后才能导入。") % {"wrong": grouped(found["wrong"])}
    parts = {name: grouped(found.get(name, 0)) for name in ("new", "changed", "renamed", "same")}
    if job.kind == LOOK:
        return (
            _("可以导入：新增%(new)s家，变更%(changed)s家，更名%(renamed)s家，没有变化%(same)s家。") % parts
        )
    return _("已导入：新增%(new)s家，变更%(changed)s家，更名%(renamed)s家，没有变化%(same)s家。") % parts


def address(job: Job) -> str:
    if job.kind == LOOK:
        return reverse("registry:import_file", args=[job.uid])
    return reverse("registry:organisations")


KINDS = (
    Kind(LOOK, gettext_lazy("核对机构名录文件"), look, said_of, address),
    Kind(TAKE, gettext_lazy("导入机构名录"), take_in, said_of, address),
)
