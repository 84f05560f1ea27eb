"""Papers of an application: taken in at once, kept apart until a job has looked into them, and never lost.

A file lies in ``MEDIA_ROOT/quarantine`` until the check releases it to ``MEDIA_ROOT/papers``, where it lies by the hash of its
bytes.
What was uploaded belongs to the application and to no revision of its text, so saving a draft can never drop it.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from mangrove.casework.attachments import Readable, arriving, clean_name, put
from mangrove.casework.file_states import FileState
from mangrove.casework.quarantine import forsaken, look_into, released, said, waiting
from mangrove.intake.access import access_application
from mangrove.intake.definition import Paper
from mangrove.intake.hooks import table_of
from mangrove.intake.models import Application, PaperFile
from mangrove.jobs.actions import submit
from mangrove.jobs.kinds import Kind
from mangrove.jobs.running import Running
from mangrove.ledger.refs import SYSTEM, Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.classified import refuse_classified_file
from mangrove.registry.models import User
from mangrove.ui.languages import make_known

QUARANTINE, RELEASED = "quarantine", "papers"
CHECK = "intake.check_paper"
#: The title of the job as it is kept: in Chinese, whoever asks.
CHECK_TITLE = gettext_noop("核对附件 %(name)s")
make_known(CHECK_TITLE)


def path_of(sha256: str) -> Path:
    return released(RELEASED, sha256)


def quarantined(paper: PaperFile) -> Path:
    return waiting(QUARANTINE, paper)


def current(application: Application) -> QuerySet[PaperFile]:
    """The files that would go with the next submission."""
    return application.papers.filter(removed_at=None)


def upload(
    *, application_id: int, requirement: str, file: Readable, name: str, by: User, on: date
) -> PaperFile:
    """Take a file in and queue its check. Raises :class:`Refusal` for its size, for a mark of secrecy in it, which must not
    lie even in quarantine, or where nothing may be handed in now."""
    name = clean_name(name)
    access_application(by, application_id, to="write")
    with arriving(file, name) as arrived, transaction.atomic():
        refuse_classified_file(arrived.path, name)
        application = locked(application_id)
        paper = wanted(application, requirement)
        standing = current(application).exclude(state=FileState.REFUSED)
        same = standing.filter(requirement=requirement, sha256=arrived.sha256).first()
        if same is not None:  # the same file sent twice
            if same.state == FileState.QUARANTINED:
                queue_check(same, by.actor, on)
            return same
        make_room(application, paper, by)
        refuse_too_many(application, paper)
        made = PaperFile.objects.create(
            application=application, requirement=requirement, name=name, sha256=arrived.sha256, size=arrived.size,
            uploaded_by=by.username, uploaded_by_name=by.name, uploaded_at=timezone.now(),
        )  # fmt: skip
        put(arrived.path, quarantined(made))
        queue_check(made, by.actor, on)
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


def make_room(application: Application, paper: Paper, by: User) -> None:
    """A file that did not pass its check leaves to the next one of its requirement the place that it fills."""
    refused = current(application).filter(requirement=paper.id, state=FileState.REFUSED)
    refused.update(removed_at=timezone.now(), removed_by=by.username)


def refuse_too_many(application: Application, paper: Paper) -> None:
    if current(application).filter(requirement=paper.id).count() >= paper.most:
        raise Refusal(
            _("“%(label)s”最多 %(n)s 个文件。") % {"label": paper.label, "n": paper.most}, code="intake.too_many_files",
            where=application.number, remedy=_("请先删去不用的，或合并成一个文件。"),
        )  # fmt: skip


def queue_check(paper: PaperFile, by: Actor, on: date) -> None:
    """One that is on its way already is not queued twice."""
    title = CHECK_TITLE % {"name": paper.name}
    submit(CHECK, title=title[:200], arguments={"paper": paper.pk}, by=by, on=on, key=str(paper.pk))


def check_again() -> int:
    """Between jobs: papers whose check came to nothing. Returns how many."""
    found = forsaken(CHECK, PaperFile.objects.all())
    for one in found:
        queue_check(one, SYSTEM, timezone.localdate())
    return len(found)


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


def check(running: Running) -> None:
    paper = PaperFile.objects.select_related("application__opening__form").get(pk=running.arguments["paper"])
    asked = paper.application.opening.form.definition.by_id[paper.requirement]
    assert isinstance(asked, Paper)
    table = table_of(paper.application.opening.form.form, paper.requirement)
    running.progress(0, 1, paper.name)
    look_into(
        running, paper, at=quarantined(paper), to=path_of(paper.sha256), kinds=asked.kinds,
        read=(lambda content: asdict(table.read(content))) if table else None,
    )  # fmt: skip


PAPER_CHECK = Kind(CHECK, gettext_lazy("核对申报附件"), check, said)
