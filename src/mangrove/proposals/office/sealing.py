"""A numbered letter goes to be stamped by way of a folder; the stamped file that comes back is compared, kept and told."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from mangrove.casework.attachments import digest, refuse_too_large, store
from mangrove.casework.models import Attachment, Case
from mangrove.ledger.actions import record
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.access import access_reply
from mangrove.proposals.composition import signed_letter
from mangrove.proposals.models import Reply, SignedLetter
from mangrove.proposals.office.coming_back import compare
from mangrove.proposals.office.folders import (
    NAME,
    REFUSED,
    TAKEN,
    Folders,
    aside,
    come_back,
    folders,
    is_whole,
    patience,
    put,
)
from mangrove.proposals.office.package import LIST, PAGE, refuse_outsider
from mangrove.proposals.paper import on_paper
from mangrove.registry.models import User

OUT, BACK = "proposals.seal_out", "proposals.seal_back"
NUMBERED = "numbered"
log = logging.getLogger(__name__)


@transaction.atomic
def put_out(*, by: User, on: date, reply_id: str, why: str = "") -> str:
    """Put the numbered letter and its hashes into the folder; returns the name under which it lies there."""
    reply, of = access_reply(by, reply_id), folders()
    refuse_outsider(by, reply)
    Case.objects.select_for_update().get(pk=reply.case_id)
    letter = letter_to_seal(access_reply(by, reply_id), of)
    assert of is not None
    with override("zh-hans"):
        page = on_paper(signed_letter(letter)).pdf
    name, sha256 = name_of(letter), hashlib.sha256(page).hexdigest()
    put(of.out, name, {PAGE: page, LIST: told(letter, sha256)})
    payload = {"version": letter.version, "content_hash": letter.content_hash, "sha256": sha256}
    record(OUT, subject=Ref("proposals", "reply", reply.pk), by=by.actor, on=on, why=why, payload=payload)
    return name


def letter_to_seal(reply: Reply, of: Folders | None) -> SignedLetter:
    letter = reply.signed_letters.order_by("-version").first()
    if of is None or letter is None or reply.case.state != NUMBERED:
        raise Refusal(
            _("现在不能由文件夹送去用印。"), code="proposals.not_to_seal", where=str(reply.proposal),
            rule=_("编号以后、送达以前用印"), remedy=_("没有设置用印文件夹的，下载后送去用印，再在这里收回。"),
        )  # fmt: skip
    return letter


def name_of(letter: SignedLetter) -> str:
    return f"{letter.reply_id}.v{letter.version}"


def told(letter: SignedLetter, sha256: str) -> bytes:
    """What the seal system reads beside the page: which letter it is, and how the stamped file is to be called."""
    said = {
        "reply": letter.reply_id, "version": letter.version, "number": letter.document_number,
        "content_hash": letter.content_hash, "files": {PAGE: sha256},
        "send_back_as": [f"{name_of(letter)}.pdf", f"{name_of(letter)}.ofd"],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def look() -> int:
    """Between jobs: everything that has come back and lain still. Returns how many files were dealt with."""
    of, now = folders(), time.time()
    return sum(in_turn(path, now) for path in come_back(of, now)) if of else 0


def in_turn(path: Path, now: float) -> bool:
    """What fails stays where it is, is logged and tried again, and keeps no other file from its turn."""
    try:
        return deal_with(path, now)
    except Exception:
        log.exception("seal: %s", path.name)
        return False


def deal_with(path: Path, now: float) -> bool:
    """Taken, or refused with its reason beside it; half of a file is left until it is whole or has had its time."""
    try:
        with copied(path) as copy:
            if is_half(copy, now - path.stat().st_mtime):
                return False
            take(copy)
    except FileNotFoundError:  # another worker, or who put it there, took it
        return False
    except Refusal as refusal:
        log.warning("seal: %s %s", path.name, refusal.code)
        aside(path, REFUSED, str(refusal))
        return True
    aside(path, TAKEN)
    return True


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """A copy under the same name, so that what is compared is what is kept, whoever writes to the folder meanwhile. No link
    is followed."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file, TemporaryDirectory() as folder:
        refuse_too_large(path.name, os.fstat(file.fileno()).st_size)
        copy = Path(folder) / path.name
        with copy.open("wb") as into:
            shutil.copyfileobj(file, into)
        yield copy


def is_half(copy: Path, lain: float) -> bool:
    """Whether it may still become whole; ``lain``: seconds since it was written to. Raises :class:`Refusal` when that is over."""
    if is_whole(copy):
        return False
    if lain < patience().incomplete:
        return True
    raise bad(copy, _("文件不完整，也不再变化。"))


@transaction.atomic
def take(copy: Path) -> None:
    """Keep the stamped file with its case, once, with every difference from what was signed in the ledger."""
    today = timezone.localdate()
    case = Case.objects.select_for_update().get(pk=letter_of(copy).reply.case_id)
    letter = letter_of(copy)  # again, now that nobody moves the case on
    if Attachment.objects.filter(case=case, sha256=digest(copy)).exists():
        return
    found = compare(letter, copy, letter.signed_on)
    with copy.open("rb") as file:
        kept = store(file, name=copy.name, by=SYSTEM, case=case, on=today)
    payload = {
        "sha256": kept.sha256, "version": letter.version, "readable": found.readable,
        "differences": [asdict(one) for one in found.different],
    }  # fmt: skip
    record(BACK, subject=Ref("proposals", "reply", letter.reply_id), by=SYSTEM, on=today, payload=payload)


def letter_of(path: Path) -> SignedLetter:
    """Which letter a file is, by its name; only the newest, and only one that waits to be stamped."""
    said = NAME.fullmatch(path.name)
    letter = (
        SignedLetter.objects.select_related("reply__case")
        .filter(reply=said["reply"], version=int(said["version"]))
        .first()
        if said
        else None
    )
    if letter is None:
        raise bad(path, _("文件名对不上送出的函。"))
    if (
        letter.reply.case.state != NUMBERED
        or letter.reply.signed_letters.filter(version__gt=letter.version).exists()
    ):
        raise bad(path, _("这份函不在等候用印。"))
    return letter


def bad(path: Path, what: str) -> Refusal:
    return Refusal(
        what, code="proposals.bad_stamped_file", where=path.name,
        remedy=_("请按清单.json里“send_back_as”的名字放回完整的文件；不用文件夹的，在页面上收回。"),
    )  # fmt: skip
