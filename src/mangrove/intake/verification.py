"""What intake keeps, checked: submissions against their hashes and the ledger, drafts against their revisions, files by their bytes."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from mangrove.casework.attachments import digest
from mangrove.casework.file_states import FileState
from mangrove.intake.decisions import content_hash
from mangrove.intake.models import (
    Application,
    FormalCheck,
    FormVersion,
    PaperFile,
    Revision,
    Sheet,
    Submission,
)
from mangrove.intake.papers import QUARANTINE, RELEASED, path_of, quarantined
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event


def verify_submissions() -> list[str]:
    """One sentence for each submission that is not as it was handed in, and for each that the ledger tells of and is not there."""
    found, seen = list[str](), set[int]()
    rows = (
        Submission.objects.select_related("event__body").prefetch_related("enclosures__paper").order_by("pk")
    )
    for one in rows.iterator(chunk_size=100):  # with their papers: SQLite takes no thousand of them at once
        seen.add(one.event_id)
        if wrong := fault_of(one):
            found.append(_("申报 %(number)s 的%(what)s") % {"number": one.number, "what": wrong})
    for event in Event.objects.filter(act="intake.submit").exclude(pk__in=seen).order_by("pk"):
        found.append(_("账本事件 %(event)s 所记的申报不见了") % {"event": event.uid})
    return found + rounds()


def fault_of(one: Submission) -> str:
    told = said(one.event)
    if content_hash(one.content) != one.content_hash:
        return _("内容与其校验值不符")
    if told is not None and told.get("content_hash") != one.content_hash:
        return _("校验值与账本所记不符")
    listed = sorted(paper["sha256"] for paper in one.content["papers"])
    if listed != sorted(enclosure.paper.sha256 for enclosure in one.enclosures.all()):
        return _("附件与所交内容不符")
    return ""


def rounds() -> list[str]:
    """The number of rounds that an application keeps is that of its submissions."""
    last = Submission.objects.filter(application=OuterRef("pk")).order_by("-round").values("round")[:1]
    wrong = Application.objects.annotate(last=Subquery(last)).exclude(rounds=F("last"))
    return [
        _("申报 %(number)s 记为第 %(n)s 次提交，实有 %(last)s 次") % {"number": one.number, "n": one.rounds, "last": one.last or 0}
        for one in wrong.filter(rounds__gt=0) | wrong.filter(last__isnull=False)
    ]  # fmt: skip


def verify_checks() -> list[str]:
    """Each formal check says what its event says."""
    found = []
    for one in FormalCheck.objects.select_related("event__body", "submission").order_by("pk"):
        told = said(one.event)
        if told is not None and (told.get("findings"), told.get("sections")) != (one.findings, one.sections):
            found.append(_("申报 %(number)s 的审查意见与账本所记不符") % {"number": one.submission.number})
    return found


def verify_drafts() -> list[str]:
    """Each section of a draft is the text of the revision that it names."""
    revisions = Revision.objects.filter(sheet=OuterRef("pk"), number=OuterRef("revision"))
    rows = Sheet.objects.filter(revision__gt=0).annotate(text=Subquery(revisions.values("answers")[:1]))
    return [
        _("申报 %(id)s 的“%(section)s”与第 %(n)s 稿不符") % {"id": one.application_id, "section": one.section, "n": one.revision}
        for one in rows.iterator()
        if loaded(one.text) != one.answers
    ]  # fmt: skip


def loaded(text: object) -> object:
    return json.loads(text) if isinstance(text, str) else text


def verify_forms() -> list[str]:
    """Each published form has the text that the ledger says was published."""
    told = {
        event.object_id: said(event)
        for event in Event.objects.filter(act="intake.publish_form").select_related("body")
    }
    found = []
    for one in FormVersion.objects.all():
        payload = told.get(str(one), {})
        wrong = one.definition.sha256 != one.sha256 or (
            payload is not None and payload.get("sha256") != one.sha256
        )
        if wrong:
            found.append(_("表单 %(form)s 与公布时不同") % {"form": one})
    return found


def verify_papers() -> list[str]:
    """Every file read again: what is missing, changed, or belongs to nothing."""
    folders = [Path(settings.MEDIA_ROOT) / where for where in (QUARANTINE, RELEASED)]
    lying = [path for folder in folders for path in sorted(folder.glob("??/*"))]
    known, found = set[str](), list[str]()
    for one in PaperFile.objects.order_by("pk").iterator():
        known.add(one.sha256)
        found += [fault for fault in [file_fault(one)] if fault]
    return found + [
        _("文件 %(file)s 没有附件记录") % {"file": path.name}
        for path in lying
        if path.name.partition(".")[0] not in known
    ]


def file_fault(one: PaperFile) -> str:
    path = path_of(one.sha256) if one.state == FileState.CLEAN else quarantined(one)
    named = {"name": one.name, "file": one.sha256}
    if not path.exists():
        return _("附件“%(name)s”的文件 %(file)s 不见了") % named
    return "" if digest(path) == one.sha256 else _("附件“%(name)s”的文件 %(file)s 内容已变") % named
