"""What a room says of an import of its things, and the two jobs that every import is: look at a file, and take it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.jobs import kinds
from mangrove.jobs.models import Job, State
from mangrove.jobs.running import Running
from mangrove.ledger.refusals import Refusal
from mangrove.registry.importing.files import content_of
from mangrove.registry.importing.plan import Change, Plan
from mangrove.registry.importing.reading import Read, read_rows
from mangrove.registry.models import User
from mangrove.ui.numbers import grouped
from mangrove.vocabulary.cells import Unreadable, read_table
from mangrove.vocabulary.model import Entity, Field, Relation
from mangrove.vocabulary.sheets import declared

#: Lines of each kind that the page of a file shows; the counts say how many there are.
SHOWN = 200
#: Characters of one mistake or note; a cell may hold a book.
SAID = 300
TAKE_IN = "registry.take_in"
PLAIN = (str, bool, int, type(None))
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Importing:
    """``id`` is the last part of the address; ``page`` the route of the list that the things join, with its arguments.

    ``must``: the columns without which no row can be told from another; ``named_by`` the one that names it, else the last of them.
    ``example`` is a source as the file's sender would put it. ``access(user)`` gives the user or refuses.
    ``plan(read, on)`` compares and writes nothing; ``take(plan, running)`` writes, in a transaction of the caller.
    ``saying()`` gives what puts the stored values of a row as people know them; ``address(id)`` is the page of one thing.
    """

    id: str
    label: Any
    entity: Entity
    must: tuple[str, ...]
    rules: Any
    page: str | tuple[str, ...]
    access: Callable[[Any], User]
    plan: Callable[[Read, date], Plan]
    take: Callable[[Plan, Running], None]
    saying: Callable[[], Callable[[Values], Values]] = lambda: lambda values: values
    address: Callable[[str], str] = lambda id: ""
    named_by: str = ""
    example: Any = ""

    @property
    def naming(self) -> str:
        return self.named_by or self.must[-1]

    @property
    def list_address(self) -> str:
        name, *arguments = (self.page,) if isinstance(self.page, str) else self.page
        return reverse(name, args=arguments)

    def needs(self, column: Field | Relation) -> bool:
        """Whether a new row must fill it."""
        return column.id in self.must or column.required

    @property
    def columns(self) -> list[Field | Relation]:
        """Those that a new row must fill first."""
        return sorted(declared(self.entity), key=lambda column: not self.needs(column))

    @property
    def look_kind(self) -> str:
        return f"registry.look_at.{self.id}"

    @property
    def take_kind(self) -> str:
        return f"{TAKE_IN}.{self.id}"


_known: dict[str, Importing] = {}


def underway(before: datetime) -> QuerySet[Job]:
    """Files that have been on their way in since before that moment: what they enter counts from then, and is not seen yet."""
    return Job.objects.filter(kind__startswith=f"{TAKE_IN}.", state=State.RUNNING, started_at__lt=before)


def register(one: Importing) -> None:
    """Registering an id twice replaces it (start-up may run twice)."""
    _known[one.id] = one
    look_label = format_lazy("{}{}", gettext_lazy("核对文件："), one.label)
    take_label = format_lazy("{}{}", gettext_lazy("导入文件："), one.label)
    kinds.register(
        kinds.Kind(
            one.look_kind,
            look_label,
            lambda running: look(one, running),
            looked_at,
            lambda job: page_of(one, job),
        )
    )
    kinds.register(
        kinds.Kind(
            one.take_kind,
            take_label,
            lambda running: take_in(one, running),
            taken_in,
            lambda job: one.list_address,
        )
    )


def importing(id: str) -> Importing:
    """Raises ``Http404`` for what nobody imports."""
    if id not in _known:
        raise Http404(_("没有“%(id)s”这一种导入。") % {"id": id})
    return _known[id]


# --- the jobs ----------------------------------------------------------------------------------------------------


def rows_of(one: Importing, running: Running) -> Read:
    """The rows of the kept file. Raises :class:`Refusal` for what is no table at all."""
    try:
        table = read_table(content_of(running.arguments["sha256"]))
    except Unreadable as error:
        where = running.arguments["file"]
        raise Refusal(str(error), code="registry.import.unreadable", where=where) from error

    def said(done: int, total: int) -> None:
        if done % 100 == 0:
            running.progress(done, total, _("核对第%(n)s行") % {"n": grouped(done)})

    read = read_rows(table, one.entity, one.must, said)
    read.by = running.actor.username
    return read


def look(one: Importing, running: Running) -> Mapping[str, Any]:
    """Changes nothing."""
    plan = one.plan(rows_of(one, running), running.on)
    plan.wrong.sort(key=lambda wrong: (wrong.line, wrong.column))
    say = one.saying()
    return {
        **plan.counts,
        "notes": [note[:SAID] for note in plan.notes[:SHOWN]],
        "wrong_rows": [[wrong.line, wrong.column, wrong.what[:SAID]] for wrong in plan.wrong[:SHOWN]],
        "new_rows": [[line, plainly(say(values))] for line, values in plan.new[:SHOWN]],
        "changed_rows": [told(change, say) for change in (*plan.renamed, *plan.changed)[:SHOWN]],
    }


def told(change: Change, say: Callable[[Values], Values]) -> dict[str, Any]:
    was, now = plainly(say(change.was)), plainly(say(change.now))
    return {"line": change.line, "id": change.id, "name": change.name, "was": was, "now": now}


def plainly(values: Values) -> dict[str, Any]:
    """As JSON keeps it."""
    return {key: value if isinstance(value, PLAIN) else str(value) for key, value in values.items()}


def take_in(one: Importing, running: Running) -> None:
    """All or nothing. Planned afresh: things may have changed since the file was looked at, and so may roles."""
    one.access(User.objects.filter(username=running.actor.username).first() or AnonymousUser())
    read = rows_of(one, running)
    try:
        with running.effects() as result:
            plan = one.plan(read, running.on)
            plan.refuse_if_wrong()
            one.take(plan, running)
            result |= plan.counts
    except IntegrityError as error:  # what the plan did not see, the database holds
        raise meanwhile(running) from error


def meanwhile(running: Running) -> Refusal:
    return Refusal(
        _("导入的同时，另有人改动了文件里的同一项，一行也没有导入。"),
        code="registry.import.meanwhile", where=running.arguments["file"],
        remedy=_("请重新上传这个文件，核对后再导入。"),
    )  # fmt: skip


# --- in words ----------------------------------------------------------------------------------------------------


def looked_at(job: Job) -> str:
    found = job.result or {}
    if found.get("wrong"):
        return _("有%(wrong)s处错误，须更正后才能导入。") % {"wrong": grouped(found["wrong"])}
    return _("可以导入：%(counts)s。") % {"counts": counted(found)}


def taken_in(job: Job) -> str:
    return _("已导入：%(counts)s。") % {"counts": counted(job.result or {})}


def counted(found: Mapping[str, Any]) -> str:
    numbers = {name: grouped(found.get(name, 0)) for name in ("new", "changed", "renamed", "same")}
    return _("新增%(new)s，变更%(changed)s，更名%(renamed)s，没有变化%(same)s") % numbers


def page_of(one: Importing, job: Job) -> str:
    return reverse("registry:import_file", args=[one.id, job.uid])
