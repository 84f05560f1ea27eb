"""Papers of an application: taken in at once, kept apart until a job has looked into them, and never lost.

A file lies in ``MEDIA_ROOT/quarantine`` until the check releases it to ``MEDIA_ROOT/papers``, where it lies by the hash of its
bytes.
What was uploaded belongs to the application and to no revision of its text, so saving a draft can never drop it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.attachments import Readable, arriving, clean_name
from mangrove.casework.sniffing import Kind as FileKind
from mangrove.casework.sniffing import refused, sniff
from mangrove.intake.access import access_application
from mangrove.intake.definition import Paper
from mangrove.intake.models import Application, PaperFile, PaperState
from mangrove.jobs.actions import submit
from mangrove.jobs.kinds import Kind
from mangrove.jobs.running import Running
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui.languages import listed

QUARANTINE, RELEASED = "quarantine", "papers"
CHECK = "intake.check_paper"


def path_of(sha256: str) -> Path:
    """Where released bytes lie; the same bytes are there once."""
    return Path(settings.MEDIA_ROOT) / RELEASED / sha256[:2] / sha256


def quarantined(paper: PaperFile) -> Path:
    """Where a file waits for its check, and stays if it is refused: its own place, whoever else sent the same bytes."""
    return Path(settings.MEDIA_ROOT) / QUARANTINE / paper.sha256[:2] / f"{paper.sha256}.{paper.pk}"


def current(application: Application) -> QuerySet[PaperFile]:
    """The files that would go with the next submission."""
    return application.papers.filter(removed_at=None)


def upload(
    *, application_id: int, requirement: str, file: Readable, name: str, by: User, on: date
) -> PaperFile:
    """Take a file in and queue its check. Raises :class:`Refusal` for its size or where nothing may be handed in now."""
    name = clean_name(name)
    access_application(by, application_id, to="write")
    with arriving(file, name) as arrived, transaction.atomic():
        application = locked(application_id)
        paper = wanted(application, requirement)
        same = current(application).filter(requirement=requirement, sha256=arrived.sha256).first()
        if same is not None:  # the same file sent twice
            return same
        refuse_too_many(application, paper)
        made = PaperFile.objects.create(
            application=application, requirement=requirement, name=name, sha256=arrived.sha256, size=arrived.size,
            uploaded_by=by.username, uploaded_by_name=by.name, uploaded_at=timezone.now(),
        )  # fmt: skip
        put(arrived.path, quarantined(made))
        queue_check(made, by, on)
    return made


def locked(application_id: int) -> Application:
    found = Application.objects.select_for_update(of=("self",)).select_related(
        "opening__form", "organisation"
    )
    return found.get(pk=application_id)


def wanted(application: Application, requirement: str) -> Paper:
    """The requirement of the form; refuses where its section may not be changed now."""
    found = application.opening.form.definition.by_id.get(requirement)
    if not isinstance(found, Paper):
        raise Http404(_("没有申报材料“%(id)s”。") % {"id": requirement})
    if found.section not in application.unlocked:
        raise Refusal(
            _("“%(label)s”现在不能改动。") % {"label": found.label}, code="intake.locked", where=application.number,
            remedy=_("须改动的，请等退回补正，或撤回申报。"),
        )  # fmt: skip
    return found


def refuse_too_many(application: Application, paper: Paper) -> None:
    if current(application).filter(requirement=paper.id).count() >= paper.most:
        raise Refusal(
            _("“%(label)s”最多 %(n)s 个文件。") % {"label": paper.label, "n": paper.most}, code="intake.too_many_files",
            where=application.number, remedy=_("请先删去不用的，或合并成一个文件。"),
        )  # fmt: skip


def put(source: Path, target: Path) -> None:
    """Link the bytes into place; a link never replaces what is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.link(source, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def queue_check(paper: PaperFile, by: User, on: date) -> None:
    title = _("核对附件 %(name)s") % {"name": paper.name}
    submit(CHECK, title=title[:200], arguments={"paper": paper.pk}, by=by.actor, on=on, key=str(paper.pk))


@transaction.atomic
def remove(*, paper_id: int, by: User) -> PaperFile:
    """Take a file out of the draft. It stays kept, and stays with what was handed in with it."""
    found = PaperFile.objects.filter(pk=paper_id).first()
    if found is None:
        raise Http404(_("没有附件“%(id)s”。") % {"id": paper_id})
    access_application(by, found.application_id, to="write")
    application = locked(found.application_id)
    wanted(application, found.requirement)
    found = PaperFile.objects.select_for_update().get(pk=paper_id)
    if found.removed_at is None:
        found.removed_at, found.removed_by = timezone.now(), by.username
        found.save(update_fields=["removed_at", "removed_by"])
    return found


# --- the check ---------------------------------------------------------------------------------------------------


def check(running: Running) -> Mapping[str, Any]:
    """Look into one file: released when it is what it says and what was asked for, else refused with the reason."""
    paper = PaperFile.objects.select_related("application__opening__form").get(pk=running.arguments["paper"])
    running.progress(0, 1, paper.name)
    kind, refusal = judged(paper)
    if kind is not None:
        put(quarantined(paper), path_of(paper.sha256))
    with running.effects() as result:
        row = PaperFile.objects.select_for_update().get(pk=paper.pk)
        row.state = PaperState.CLEAN if kind else PaperState.REFUSED
        row.content_type, row.refusal = kind.content_type if kind else "", refusal
        row.save(update_fields=["state", "content_type", "refusal"])
        result["state"] = str(row.state)
    if kind is not None:
        quarantined(paper).unlink(missing_ok=True)
    return {}


def judged(paper: PaperFile) -> tuple[FileKind | None, str]:
    """What the file is, or why it is refused; judged by its bytes, which must be those that were taken in."""
    at, asked = quarantined(paper), paper.application.opening.form.definition.by_id[paper.requirement]
    assert isinstance(asked, Paper)
    taken = listed(extension for one in asked.kinds for extension in one.extensions)
    instead = _("可上传：%(listed)s。") % {"listed": taken}
    try:
        if not at.exists() or digest(at) != paper.sha256:
            raise refused(paper.name, _("文件不见了或内容已变。"), "broken_file", _("请重新上传。"))
        kind = sniff(at, paper.name, remedy=instead)
        if kind not in asked.kinds:
            what = _("这里不收%(kind)s。") % {"kind": _(kind.name)}
            raise refused(paper.name, what, "wrong_kind", instead)
    except Refusal as refusal:
        return None, refusal.briefly
    return kind, ""


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def said(job: Any) -> str:
    state = (job.result or {}).get("state", "")
    return str(PaperState(state).label) if state else ""


PAPER_CHECK = Kind(CHECK, gettext_lazy("核对申报附件"), check, said)
