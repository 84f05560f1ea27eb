"""Files that lie apart until a job has looked into them: released when they are what they say and what was asked for.

A room keeps a row for each file, with ``name``, ``sha256``, ``state``, ``content_type`` and ``refusal``, and says where the file
lies before and after. One that is refused stays where it is, with the reason in its row. A check that did not come to an end
is asked for again: at once when the file is sent again, else by the room's round, which asks :func:`forsaken`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.attachments import digest, put
from mangrove.casework.file_states import FileState
from mangrove.casework.sniffing import Kind, refused, sniff
from mangrove.jobs.models import OPEN, Job, State
from mangrove.jobs.running import Running
from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import listed

#: How long after a check failed or was called off it is asked for again; technical, so that one that cannot work is no flood.
AGAIN_AFTER = timedelta(hours=1)


def waiting(folder: str, row: Any) -> Path:
    """Where a file waits for its check: its own place, whoever else sent the same bytes."""
    return Path(settings.MEDIA_ROOT) / folder / row.sha256[:2] / f"{row.sha256}.{row.pk}"


def released(folder: str, sha256: str) -> Path:
    """Where released bytes lie; the same bytes are there once."""
    return Path(settings.MEDIA_ROOT) / folder / sha256[:2] / sha256


def look_into(
    running: Running, row: Any, *, at: Path, to: Path, kinds: Collection[Kind],
    read: Callable[[bytes], dict[str, Any]] | None = None,
) -> None:  # fmt: skip
    """The work of the job: the file is linked to where it is released before its row says so, and only then taken away.

    read: gives what stands in the row's ``reading``, of a file that was found clean.
    """
    kind, refusal = judged(row, at, kinds)
    reading = read(at.read_bytes()) if kind and read else None
    if kind is not None:
        put(at, to)
    with running.effects() as result:
        held = type(row).objects.select_for_update().get(pk=row.pk)
        held.state = FileState.CLEAN if kind else FileState.REFUSED
        held.content_type, held.refusal = kind.content_type if kind else "", refusal
        fields = ["state", "content_type", "refusal"]
        if reading is not None:
            held.reading, fields = reading, [*fields, "reading"]
        held.save(update_fields=fields)
        result["state"] = str(held.state)
    if kind is not None:
        at.unlink(missing_ok=True)


def forsaken(kind: str, rows: QuerySet[Any]) -> list[Any]:
    """Of these rows those that wait while the job that was to look into them was called off or failed, some time ago.

    Jobs of this kind have the row's key as theirs. Asked between all jobs, so it begins with the few that came to nothing.
    """
    jobs = Job.objects.filter(kind=kind)
    came_to_nothing = set(
        jobs.filter(state__in=(State.FAILED, State.CANCELLED)).values_list("key", flat=True)
    )
    if not came_to_nothing:
        return []
    lately = Q(state__in=OPEN) | Q(ended_at__gt=timezone.now() - AGAIN_AFTER)
    settled = set(jobs.filter(lately, key__in=came_to_nothing).values_list("key", flat=True))
    return list(rows.filter(state=FileState.QUARANTINED, pk__in=came_to_nothing - settled))


def judged(row: Any, at: Path, kinds: Collection[Kind]) -> tuple[Kind | None, str]:
    """What the file is, or why it is refused; judged by its bytes, which must be those that were taken in."""
    taken = listed(extension for one in kinds for extension in one.extensions)
    instead = _("可上传：%(listed)s。") % {"listed": taken}
    try:
        if not at.exists() or digest(at) != row.sha256:
            raise refused("", _("文件不见了或内容已变。"), "broken_file", _("请重新上传。"))
        kind = sniff(at, row.name, remedy=instead)
        if kind not in kinds:
            raise refused("", _("这里不收%(kind)s。") % {"kind": _(kind.name)}, "wrong_kind", instead)
    except Refusal as refusal:
        return None, refusal.briefly
    return kind, ""


def said(job: Any) -> str:
    """What came of the job, in a word."""
    state = (job.result or {}).get("state", "")
    return str(FileState(state).label) if state else ""
