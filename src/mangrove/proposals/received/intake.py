"""Reading a letter in: the file is told by its content, read, and kept with its reading, or nothing is kept at all."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mangrove.casework.actions import open_case
from mangrove.casework.attachments import (
    Arrived,
    Readable,
    arriving,
    clean_name,
    keep_row,
    path_of,
    put_in_place,
)
from mangrove.casework.models import Attachment
from mangrove.casework.sniffing import DOCX, PDF, TEXT, sniff
from mangrove.casework.sniffing import Kind as FileKind
from mangrove.documents.reading.dates import date_of_letter
from mangrove.documents.reading.extract import extract
from mangrove.documents.reading.letter import LetterReading, read_letter
from mangrove.documents.reading.lexicon import words
from mangrove.documents.reading.source import ReadingRefusal, SourceText
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.received.access import may_read_in
from mangrove.proposals.received.decisions import is_day
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.proposals.received.reading import seeds
from mangrove.proposals.received.rows import recount, sow
from mangrove.registry.models import User
from mangrove.registry.names import names_for_reading
from mangrove.ui.languages import in_words

TRIES = 5
LETTERS = (TEXT, DOCX, PDF)
TAKEN = gettext_noop("请传 TXT、DOCX 或 PDF；图片须先做文字识别并人工核对。")
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class ReadIn:
    """The letter, and whether it is new: the same file read again leads to the reading there is."""

    letter: ReceivedLetter
    is_new: bool


def read_in(
    *, by: User, on: date, content: Readable, name: str, pasted: bool = False, why: str = ""
) -> ReadIn:
    """Read a letter from a file (txt, docx, pdf) or from pasted text, and keep both for the desk.

    Raises :class:`Refusal` for whoever may not, and for a file that is too large, misnamed, broken, scanned, encrypted,
    or without a letter in it; a refused file leaves nothing behind.
    """
    if not may_read_in(by):
        raise Refusal(
            _("您的角色不能读入来函。"), code="proposals.received_not_reader", where=by.name, remedy=_("来函由承办单位的经办人或核稿人读入。")
        )  # fmt: skip
    name = clean_name(name)
    with arriving(content, name) as arrived:
        known = earlier(by, arrived.sha256)
        if known is not None:
            return ReadIn(known, False)
        kind = sniff(arrived.path, name, remedy=_(TAKEN))
        refuse_unread_kind(kind, name)
        reading = read_file(arrived.path, name, on)
        return keep_or_find(reading, arrived, kind, by=by, on=on, name=name, pasted=pasted, why=why)


def earlier(by: User, sha256: str) -> ReceivedLetter | None:
    return ReceivedLetter.objects.filter(organisation__in=by.bodies, sha256=sha256).first()


def refuse_unread_kind(kind: FileKind, name: str) -> None:
    if kind not in LETTERS:
        raise Refusal(
            _("“%(name)s”是%(kind)s，读不出复函的文字。") % {"name": name, "kind": _(kind.name)},
            code="proposals.received_unreadable", where=name, remedy=_(TAKEN),
        )  # fmt: skip


def read_file(path: Path, name: str, on: date) -> LetterReading:
    """The reading, with organisations under the names that they bore on the letter's own day."""
    try:
        source = extract(path.read_bytes(), name)
    except ReadingRefusal as refusal:
        raise unreadable(name, in_words(refusal)) from refusal
    refuse_no_letter(source, name)
    dated = date_of_letter(source.text)
    day = date.fromisoformat(dated) if is_day(dated) else on
    return read_letter(source, organisations=names_for_reading(day), home=settings.CITY["name"])


def unreadable(name: str, said: str) -> Refusal:
    """The engine's words, parted into what was wrong and what to do."""
    what, stop, remedy = said.partition("。")
    return Refusal(what + stop, code="proposals.received_unreadable", where=name, remedy=remedy)


def refuse_no_letter(source: SourceText, name: str) -> None:
    written = len(HAN.findall(source.text))
    if written < words("limits")["fewest_letters"]:
        raise Refusal(
            _("“%(name)s”里只有 %(written)s 个汉字，读不出一封复函。") % {"name": name, "written": written},
            code="proposals.received_no_letter", where=name, remedy=_("请核对文件；图片和扫描件须先做文字识别并人工核对。"),
        )  # fmt: skip
    most = settings.MANGROVE_TEXT_LIMIT
    if len(source.text) > most:
        raise Refusal(
            _("“%(name)s”有 %(n)s 字，超过一次阅读的上限 %(most)s 字。") % {"name": name, "n": len(source.text), "most": most},
            code="proposals.received_too_long", where=name, remedy=_("请只传复函正文；附件和汇编请拆开。"),
        )  # fmt: skip


def keep_or_find(
    reading: LetterReading,
    arrived: Arrived,
    kind: FileKind,
    *,
    by: User,
    on: date,
    name: str,
    pasted: bool,
    why: str,
) -> ReadIn:
    """Keep it under the next number; who was faster with the number makes us take the one after, with the file theirs."""
    for _attempt in range(TRIES):
        try:
            letter = keep(reading, arrived, kind, by=by, on=on, name=name, pasted=pasted, why=why)
            return ReadIn(letter, True)
        except IntegrityError:
            known = earlier(by, arrived.sha256)
            if known is not None:
                return ReadIn(known, False)
    raise Refusal(
        _("同时读入来函的人太多，这次没有存下。"), code="proposals.received_busy", where=name, remedy=_("请稍后再传一次。")
    )  # fmt: skip


def keep(
    reading: LetterReading,
    arrived: Arrived,
    kind: FileKind,
    *,
    by: User,
    on: date,
    name: str,
    pasted: bool,
    why: str,
) -> ReceivedLetter:
    try:
        with transaction.atomic():
            letter = open_letter(reading, arrived, by=by, on=on, name=name, pasted=pasted, why=why)
            put_in_place(arrived)
            keep_row(arrived, kind, name=name, by=by.actor, case=letter.case, on=on, why=why)
        return letter
    except BaseException:
        forget(arrived)
        raise


def open_letter(
    reading: LetterReading, arrived: Arrived, *, by: User, on: date, name: str, pasted: bool, why: str
) -> ReceivedLetter:
    number = last_number() + 1
    title = reading.elements.title.value if reading.elements.title else name
    found = seeds(reading)
    case = open_case(
        workflow_id="proposals.received", subject=Ref("proposals", "received_letter", str(number)),
        title=f"R{number} {title}"[:300], by=by.actor, on=on, why=why, unit=by.unit, organisation=by.body,
        details={"file": name, "sha256": arrived.sha256, "pasted": pasted, "read": len(found)},
    )  # fmt: skip
    letter = ReceivedLetter(
        id=number, organisation=by.body, case=case, name=name, kind="paste" if pasted else reading.source.kind,
        sha256=arrived.sha256, text=reading.source.text, tables=[asdict(table) for table in reading.source.tables],
        read_on=on, read_by=by.username, read_by_name=by.name,
    )  # fmt: skip
    letter.save(force_insert=True)
    sow(letter, found)
    recount(letter)
    return letter


def last_number() -> int:
    last: int | None = ReceivedLetter.objects.aggregate(last=Max("pk"))["last"]
    return last or 0


def forget(arrived: Arrived) -> None:
    """Take the file back out of the store when the act that brought it failed, unless another attachment holds it."""
    if not Attachment.objects.filter(sha256=arrived.sha256).exists():
        with suppress(FileNotFoundError):
            path_of(arrived.sha256).unlink()
