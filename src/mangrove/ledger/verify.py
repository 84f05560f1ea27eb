"""Checking the whole chain, so that a change to any event, body or seal is named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.hashing import DIGEST, DIGESTS, GENESIS, canonical, payload_hash, seal_hash
from mangrove.ledger.models import WITHHOLD, Body, Event, Seal
from mangrove.ledger.sealer import heads_file

CHUNK = 1000
BODY = ("body__withheld_by__body",)
#: What was written outside the database: a position has more than one hash only when somebody added a line.
Heads = Mapping[int, set[str]]
HEAD = re.compile(r"(?P<position>[0-9]{1,18})\t(?P<hash>[0-9a-f]{64})\t\S+")


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    position: int
    event: str
    what: str


@dataclass(frozen=True)
class Verification:
    """What verification found. ``unsealed`` events are committed but not chained yet; ``notes`` break nothing."""

    sealed: int
    head: str
    broken: Break | None
    unsealed: int
    oldest_unsealed: timedelta | None
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.broken is None


def verify() -> Verification:
    """Walk the chain from its start, then the events not yet sealed; stops at the first break. Reads only."""
    previous, position, broken = GENESIS, 0, None
    heads, notes = written_heads()
    for seal, event in links():
        broken = check_link(seal, event, position + 1, previous) or check_head(seal, event, heads)
        if broken:
            break
        previous, position = seal.hash, seal.position
    broken = broken or check_tail(position, heads) or check_unsealed(position)
    pending = Event.objects.filter(seal=None).order_by("id")
    first = pending.first()
    age = timezone.now() - first.recorded_at if first else None
    return Verification(position, previous, broken, pending.count(), age, notes)


def check_head(seal: Seal, event: Event | None, heads: Heads) -> Break | None:
    if heads.get(seal.position, {seal.hash}) == {seal.hash}:
        return None
    return Break(seal.position, name_of(event), _("与库外留存的链头不一致"))


def check_tail(position: int, heads: Heads) -> Break | None:
    """Whether the chain that was walked to ``position`` is all that there once was."""
    if position and not heads:
        return Break(
            position, "", _("库外没有留存的链头（seals/heads.log 不在或读不懂），不能证明链未被整个改写")
        )
    if heads and max(heads) > position:
        what = _("库外留存的链头到第 %(max)s 条，库内只有 %(position)s 条：链尾被截去")
        return Break(position + 1, "", what % {"max": max(heads), "position": position})
    return None


def check_unsealed(position: int) -> Break | None:
    """No seal covers these events yet, but their bodies must already be what was recorded."""
    pending = Event.objects.filter(seal=None).select_related(*BODY).order_by("id")
    for place, event in enumerate(pending.iterator(CHUNK), start=position + 1):
        if broken := check_body(place, event, DIGEST):
            return broken
    return None


def links() -> Iterator[tuple[Seal, Event | None]]:
    """Seals in order with their events; the event is ``None`` when somebody removed it."""
    after = -1
    while chunk := list(Seal.objects.filter(position__gt=after).order_by("position")[:CHUNK]):
        events = Event.objects.select_related(*BODY).in_bulk([seal.event_id for seal in chunk])
        for seal in chunk:
            yield seal, events.get(seal.event_id)
        after = chunk[-1].position


def check_link(seal: Seal, event: Event | None, position: int, previous: str) -> Break | None:
    if seal.position != position:
        return Break(position, "", _("缺少第 %(position)s 条封存记录") % {"position": position})
    if event is None:
        return Break(position, str(seal.event_id), _("事件已被删除"))
    if seal.previous != previous:
        return Break(position, name_of(event), _("封存记录与前一条不相接"))
    if seal.digest not in DIGESTS:
        return Break(
            position, name_of(event), _("封存所用的摘要“%(digest)s”不认识") % {"digest": seal.digest}
        )
    if seal.hash != seal_hash(previous, position, event, seal.digest, seal.sealed_at):
        return Break(position, name_of(event), _("事件内容与封存时不同"))
    return check_body(position, event, seal.digest)


def check_body(position: int, event: Event, digest: str) -> Break | None:
    body = getattr(event, "body", None)
    if body is None:
        return Break(position, name_of(event), _("事件正文已被删除，且没有撤下记录"))
    if body.withheld_by is not None and rightly_withheld(event, body):
        return None
    if body.withheld_by is not None:
        return Break(position, name_of(event), _("事件正文被撤下，却没有相应的撤下记录"))
    if payload_hash(body.salt, body.text, digest) != event.payload_hash:
        return Break(position, name_of(event), _("事件正文与封存时不同"))
    return None


def rightly_withheld(event: Event, body: Body) -> bool:
    """Whether nothing was put in the body's place, and the withholding act, itself checked, names this very event."""
    act = body.withheld_by
    if body.text or body.salt or act is None or act.act != WITHHOLD:
        return False
    named = getattr(act, "body", None)
    return named is not None and named.text == canonical({"event": str(event.uid)})


def name_of(event: Event | None) -> str:
    return f"{event.uid} {event.act} {event.subject}" if event else ""


def written_heads() -> tuple[Heads, tuple[str, ...]]:
    """The heads kept outside the database by position, and a sentence for each line that cannot be read."""
    path, heads, notes = heads_file(), defaultdict[int, set[str]](set), []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        if found := HEAD.fullmatch(line):
            heads[int(found["position"])].add(found["hash"])
        elif line:
            notes.append(
                _("库外链头文件 heads.log 第 %(number)s 行不完整，已略过（多为写入时断电或进程被杀）。")
                % {"number": number}
            )
    return dict(heads), tuple(notes)
