"""Records against the ledger: each is as the event of its file says, and each version ends where the next begins, unless it was taken out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.registry.records.models import Record
from mangrove.registry.records.taking import IMPORT, digest
from mangrove.registry.records.withdrawing import WITHDRAW

#: Entity, key and version of a record that was taken out.
Ended = tuple[str, str, int]


def verify_records() -> list[str]:
    """One sentence for each file whose records are not as it entered them, and for each thing with a gap."""
    return [*wrong_files(), *gaps()]


def wrong_files() -> Iterator[str]:
    """The records of one file at a time: all of them may be many."""
    batches = {str(one) for one in Record.objects.order_by().values_list("batch", flat=True).distinct()}
    for event in Event.objects.filter(act=IMPORT).select_related("body"):
        words = said(event)
        rows = Record.objects.filter(batch=event.object_id)
        if words is not None and words["digest"] != digest(rows.iterator(chunk_size=2000)):
            yield _("文件“%(file)s”导入的记录与账本不符") % {"file": words["file"]}
        batches.discard(event.object_id)
    for batch in sorted(batches):
        yield _("记录“%(record)s”的导入不在账本上") % {"record": Record.objects.filter(batch=batch)[0]}


def gaps() -> Iterator[str]:
    """Things one of whose versions ends otherwise than by the next one, or by an act that took it out."""
    taken_out = withdrawn()
    rows = Record.objects.order_by("entity", "key", "version").defer("values")
    for (_entity, _key), found in groupby(rows.iterator(chunk_size=2000), lambda one: (one.entity, one.key)):
        versions = list(found)
        if not joined(versions, taken_out):
            yield _("记录“%(record)s”的各版接不上") % {"record": versions[0]}


def withdrawn() -> set[Ended]:
    events = Event.objects.filter(act=WITHDRAW).select_related("body")
    told = [words for event in events if (words := said(event)) is not None]
    return {(words["entity"], words["key"], words["version"]) for words in told}


def joined(versions: list[Record], taken_out: set[Ended]) -> bool:
    numbered = [one.version for one in versions] == [*range(1, len(versions) + 1)]
    return numbered and all(
        ends_rightly(one, after, (one.entity, one.key, one.version) in taken_out)
        for one, after in zip(versions, [*versions[1:], None], strict=True)
    )


def ends_rightly(one: Record, after: Record | None, taken_out: bool) -> bool:
    if taken_out:
        return one.known_until is not None and (after is None or one.known_until <= after.known_from)
    return one.known_until == (after.known_from if after else None)
