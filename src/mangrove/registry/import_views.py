"""Taking a file of any room's things in: upload it, see what it would do, and let it be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from mangrove import vocabulary
from mangrove.jobs.access import access_job
from mangrove.jobs.actions import known, submit
from mangrove.jobs.models import Job, State
from mangrove.jobs.running import why_late
from mangrove.ledger.refusals import Refusal
from mangrove.registry.forms import ImportForm
from mangrove.registry.importing.files import keep
from mangrove.registry.importing.kinds import Importing, importing
from mangrove.registry.importing.tables import WRONG, changes, new
from mangrove.registry.importing.templates import empty_response, head_of
from mangrove.registry.labels import said
from mangrove.registry.models import User
from mangrove.rulebook.texts.fitting import plainly
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact
from mangrove.ui.languages import as_data, in_chinese, listed, make_known, strung
from mangrove.ui.numbers import grouped
from mangrove.vocabulary.model import Field, Relation

#: Titles of the two jobs as they are kept: in Chinese, whoever asks.
LOOK, TAKE = gettext_noop("核对 %(file)s"), gettext_noop("导入 %(file)s")
make_known(LOOK, TAKE)


@login_required
def upload(request: HttpRequest, what: str) -> HttpResponse:
    """The file is kept, and looked at in the background; nothing changes yet."""
    one = importing(what)
    user = one.access(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, example=one.example)
    made: list[Job] = []
    refused: Mapping[str, Refusal] = getattr(request, "refused_uploads", {})
    if request.method == "POST" and "file" in refused:
        form.add_error("file", str(refused["file"]))
    if done(request, form, lambda: made.append(asked_to_look(one, form.cleaned_data, user))):
        return redirect("jobs:job", made[0].uid)
    columns = [column_of(one, each) for each in one.columns]
    context = {
        "form": form,
        "what": one,
        "columns": columns,
        "act": _("上传并核对"),
        "back": one.list_address,
    }
    return render(request, "registry/import.html", context, status=status(form))


@require_safe
@login_required
def template(request: HttpRequest, what: str) -> HttpResponse:
    """An empty workbook with the heads in the language of who asks."""
    one = importing(what)
    one.access(request.user)
    return empty_response(one)


def column_of(what: Importing, one: Field | Relation) -> Fact:
    """A column by its head, and what may stand in it, in the language of the reader; either language is read."""
    words = strung(part for part in (fitting(one), one.note) if part)
    return Fact(head_of(one), as_data(words), _("必填") if what.needs(one) else "")


def fitting(one: Field | Relation) -> str:
    """What it leads to, the words of its list, or of which kind it is; the head names the unit."""
    if isinstance(one, Relation):
        return said(vocabulary.entity(one.to))
    if one.enum:
        return listed(said(word) for word in one.enum.words.values())
    zh, en = plainly(replace(one, unit=None))
    return zh if in_chinese() else en


def asked_to_look(one: Importing, given: Mapping[str, Any], user: User) -> Job:
    name = given["file"].name[:120]
    return submit(
        one.look_kind, title=LOOK % {"file": name}, by=user.actor, on=given["on"], why=given["why"],
        arguments={"sha256": keep(given["file"], given["file"].name), "file": name, "source": given["source"]},
    )  # fmt: skip


@login_required
def looked_at(request: HttpRequest, what: str, uid: UUID) -> HttpResponse:
    """What the file would do; and the act that lets it. Two clicks are one import: the look is its key."""
    one = importing(what)
    user = one.access(request.user)
    look = access_job(user, uid)
    if look.kind != one.look_kind or look.state != State.DONE or look.username != user.username:
        raise Http404(_("没有这次核对。"))
    if request.method == "POST" and not found(look, "wrong"):
        made = submit(
            one.take_kind, title=TAKE % {"file": look.arguments["file"]}, key=str(look.uid),
            arguments=look.arguments, by=user.actor, on=look.business_date, why=look.why or why_late(look),
        )  # fmt: skip
        return redirect("jobs:job", made.uid)
    return render(request, "registry/import_file.html", shown(one, look))


def found(look: Job, name: str) -> Any:
    return (look.result or {}).get(name)


def shown(one: Importing, look: Job) -> dict[str, Any]:
    counted = {
        "new": _("新增"), "changed": _("变更"), "renamed": _("更名"), "same": _("没有变化"), "wrong": _("有误"),
    }  # fmt: skip
    counts = [Fact(label, grouped(found(look, name) or 0)) for name, label in counted.items()]
    of_file = [Fact(_("文件"), look.arguments["file"]), Fact(_("来源"), look.arguments["source"])]
    tables = {
        "wrong": (WRONG, "wrong_rows"),
        "changes": (changes(one), "changed_rows"),
        "new": (new(one), "new_rows"),
    }
    pages = {name: table.page(found(look, rows) or [], QueryDict()) for name, (table, rows) in tables.items()}
    does = sum(found(look, name) or 0 for name in ("new", "changed", "renamed"))
    taken = known(one.take_kind, str(look.uid))
    return {
        "taken": taken, "what": one, "page_address": one.list_address, "look": look, "facts": [*of_file, *counts],
        "notes": found(look, "notes"), "is_wrong": bool(found(look, "wrong")), "does": does, **pages,
    }  # fmt: skip
