"""Scans of what came with an objection, a complaint, a report: taken in at once, kept apart until a job has looked into them.

Name and bytes are as secret as the words: the ledger has a salted digest, the job a number, and the file is handed to the
handling office and to who lodged it alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from mangrove.casework.attachments import Readable, arriving, clean_name, digest, put
from mangrove.casework.file_states import FileState
from mangrove.casework.grievances.access import access_grievance, may_enter
from mangrove.casework.grievances.actions import WITHHELD, sender_of, told_of_sender
from mangrove.casework.grievances.models import Grievance, GrievanceScan
from mangrove.casework.models import Case
from mangrove.casework.quarantine import forsaken, look_into, released, said, waiting
from mangrove.casework.rules import rules
from mangrove.casework.sealing import digest_of, refuse_telling
from mangrove.jobs.actions import submit
from mangrove.jobs.kinds import Kind
from mangrove.jobs.running import Running
from mangrove.ledger.actions import record
from mangrove.ledger.checks import said as told_by
from mangrove.ledger.refs import SYSTEM, Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.classified import refuse_classified_file
from mangrove.registry.models import User
from mangrove.ui.languages import make_known

QUARANTINE, RELEASED = "scans_waiting", "scans"
CHECK, ADD = "casework.check_scan", "casework.add_scan"
#: The title of the job: it tells neither the name of the file nor of anybody.
TITLE = gettext_noop("核对%(number)s所附扫描件")
make_known(TITLE)


def path_of(sha256: str) -> Path:
    return released(RELEASED, sha256)


def quarantined(scan: GrievanceScan) -> Path:
    return waiting(QUARANTINE, scan)


def upload(*, id: uuid.UUID, file: Readable, name: str, by: User, on: date, why: str = "") -> GrievanceScan:
    """Take a scan in and queue its check; the same file again is the one that is there. Raises :class:`Refusal`."""
    name = clean_name(name)
    access_grievance(by, id)
    with arriving(file, name) as arrived, transaction.atomic():
        refuse_classified_file(arrived.path, name)
        found = open_grievance(by, id)
        same = found.scans.filter(sha256=arrived.sha256).first()
        if same is not None:
            if same.state == FileState.QUARANTINED:
                queue_check(same, actor_for(by, found), on)
            return same
        refuse_too_many(found)
        refuse_telling(told_of_sender(sender_of(found.secret)), why, "")
        actor = actor_for(by, found)
        payload = {"digest": sealed(found.secret.salt, name, arrived.sha256)}
        event = record(ADD, subject=found.case.ref, by=actor, on=on, why=why, payload=payload)
        made = GrievanceScan.objects.create(
            grievance=found, name=name, sha256=arrived.sha256, size=arrived.size, uploaded_on=on, event=event
        )
        put(arrived.path, quarantined(made))
        queue_check(made, actor, on, why)
    return made


def actor_for(by: User, found: Grievance) -> Actor:
    """As the ledger writes who adds to it."""
    return by.actor if may_enter(by, found.kind) else WITHHELD


def queue_check(scan: GrievanceScan, by: Actor, on: date, why: str = "") -> None:
    """One that is on its way already is not queued twice."""
    title = TITLE % {"number": scan.grievance.short}
    submit(CHECK, title=title, arguments={"scan": scan.pk}, by=by, on=on, key=str(scan.pk), why=why)


def check_again() -> int:
    """Between jobs: scans whose check came to nothing. Returns how many."""
    rows = GrievanceScan.objects.filter(grievance__secret__purged_on=None).select_related("grievance")
    found = forsaken(CHECK, rows)
    for one in found:
        queue_check(one, SYSTEM, timezone.localdate())
    return len(found)


def sealed(salt: str, name: str, sha256: str) -> str:
    return digest_of(salt, {"scan": name, "sha256": sha256})


def open_grievance(by: User, id: uuid.UUID) -> Grievance:
    """The grievance with its case locked, while something may still be added to it."""
    found = access_grievance(by, id)
    case = Case.objects.select_for_update().get(pk=found.case_id)
    if case.closed_on is not None:
        raise Refusal(
            _("此件已办结，不能再附扫描件。"), code="casework.closed", where=str(found), remedy=_("有新的情况请另提一件。"),
        )  # fmt: skip
    return found


def refuse_too_many(found: Grievance) -> None:
    most = rules().scans_at_most
    if found.scans.count() >= most:
        raise Refusal(
            _("每件最多附 %(n)s 个扫描件。") % {"n": most}, code="casework.too_many_scans", where=str(found),
            remedy=_("请合并成一个文件再传。"),
        )  # fmt: skip


def access_scan(user: User, id: uuid.UUID, scan: int) -> GrievanceScan:
    """A scan that was found clean, to who reads the grievance."""
    held = access_grievance(user, id).scans.exclude(name="")
    found = held.filter(pk=scan, state=FileState.CLEAN).first()
    if found is None:
        raise Http404(_("没有这个扫描件。"))
    return found


def check(running: Running) -> None:
    scan = GrievanceScan.objects.get(pk=running.arguments["scan"])
    running.progress(0, 1)
    look_into(running, scan, at=quarantined(scan), to=path_of(scan.sha256), kinds=rules().scan_kinds)


SCAN_CHECK = Kind(CHECK, gettext_lazy("核对所附扫描件"), check, said)


def verify_scans() -> list[str]:
    """One sentence for each scan that is not as recorded or whose bytes are not there; named by number alone."""
    rows = GrievanceScan.objects.select_related("grievance__secret", "event__body").order_by("pk")
    return [fault for row in rows.iterator() if (fault := fault_of(row))]


def fault_of(row: GrievanceScan) -> str:
    if row.grievance.secret.purged_on is not None:
        return _("%(what)s的扫描件到期而没有清除") % {"what": row} if is_left(row) else ""
    told, at = told_by(row.event), path_of(row.sha256) if row.state == FileState.CLEAN else quarantined(row)
    if told is not None and told["digest"] != sealed(row.grievance.secret.salt, row.name, row.sha256):
        return _("%(what)s的扫描件与登记时不同") % {"what": row}
    if not at.exists() or digest(at) != row.sha256:
        return _("%(what)s的扫描件不见了或内容已变") % {"what": row}
    return ""


# --- forgotten with the sender -----------------------------------------------------------------------------------


def forget(grievance: uuid.UUID) -> int:
    """The names of its scans now, the bytes once that is committed; how many there were. Inside the caller's transaction."""
    rows = GrievanceScan.objects.filter(grievance=grievance)
    transaction.on_commit(partial(take_away, list(rows)))
    return rows.update(name="", refusal="")


def take_away(rows: Iterable[GrievanceScan]) -> None:
    """Bytes lie by their hash: those that somebody else sent as well stay for them."""
    for row in rows:
        quarantined(row).unlink(missing_ok=True)
        if not is_shared(row):
            path_of(row.sha256).unlink(missing_ok=True)


def is_shared(row: GrievanceScan) -> bool:
    others = GrievanceScan.objects.filter(sha256=row.sha256, grievance__secret__purged_on=None)
    return others.exclude(state=FileState.REFUSED).exists()


def is_left(row: GrievanceScan) -> bool:
    lies = quarantined(row).exists() or (path_of(row.sha256).exists() and not is_shared(row))
    return bool(row.name) or lies
