"""What the office system and the seal send back: number, date and the stamped file, held against what was signed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.attachments import store
from mangrove.casework.models import Attachment
from mangrove.documents.errors import DocumentError
from mangrove.documents.stamped import Difference, differences, words_of
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.access import access_reply
from mangrove.proposals.composition import signed_letter
from mangrove.proposals.models import SignedLetter
from mangrove.proposals.paper import on_paper
from mangrove.proposals.sending import give_number
from mangrove.registry.models import User
from mangrove.ui.languages import strung

#: How much of the differences stands in a refusal; all of them stand in the ledger.
TOLD_AT_MOST, WORDS_AT_MOST = 5, 30


@dataclass(frozen=True)
class Comparison:
    """``readable`` is false for a scan: then a person has compared, and says so."""

    readable: bool
    different: tuple[Difference, ...]
    date_differs: bool

    @property
    def agrees(self) -> bool:
        return self.readable and not self.different and not self.date_differs


def take_back(
    *, by: User, on: date, reply_id: str, document_number: str, dated: date, file: Any, name: str,
    expected_version: int, keep_reason: str = "", why: str = "",
) -> Comparison:  # fmt: skip
    """Give the letter its number and keep the stamped file with its case.

    Raises :class:`Refusal` naming each difference from the signed letter, unless ``keep_reason`` says why it stays;
    the reason and the differences are then in the ledger. Nothing is half done: a refused file leaves no number.
    """
    reply = access_reply(by, reply_id, to="number")
    with transaction.atomic():
        give_number(
            by=by, on=on, reply_id=reply_id, document_number=document_number, expected_version=expected_version, why=why
        )  # fmt: skip
        letter = reply.signed_letters.order_by("-version")[0]
        with uploaded(file) as stamped:
            found = compare(letter, stamped, dated)
        refuse_differences(found, letter, dated, keep_reason)
        file.seek(0)
        kept = store(file, name=name, by=by.actor, case=reply.case, on=on, why=why)
        write_down(reply.pk, found, kept, by, on, why, keep_reason, dated)
    return found


@contextmanager
def uploaded(file: Any) -> Iterator[Path]:
    """The upload as a file of its own for the length of the block."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stamped"
        with path.open("wb") as copy:
            while chunk := file.read(64 * 1024):
                copy.write(chunk)
        yield path


def compare(letter: SignedLetter, stamped: Path, dated: date) -> Comparison:
    """The stamped file against the letter as signed, with the number that it has now."""
    with TemporaryDirectory() as folder:
        ours = Path(folder) / "signed"
        ours.write_bytes(on_paper(signed_letter(letter)).pdf)
        readable = has_words(stamped)
        different = tuple(differences(ours, stamped)) if readable else ()
    return Comparison(readable, different, dated != letter.signed_on)


def has_words(stamped: Path) -> bool:
    """Whether there is anything to compare. Raises :class:`Refusal` for a file that is damaged or closed by a password."""
    try:
        return bool(words_of(stamped))
    except DocumentError as error:
        raise Refusal(
            str(error), code="proposals.unreadable_stamped", where=_("盖章文件"),
            rule=_("印出的须是签发的：签发绑定文本"), remedy=_("请从用印系统重新导出没有密码的文件。"),
        ) from error  # fmt: skip


def refuse_differences(found: Comparison, letter: SignedLetter, dated: date, keep_reason: str) -> None:
    if found.agrees or keep_reason.strip():
        return
    raise Refusal(
        strung(said(found, letter, dated)), code="proposals.stamped_differs", where=_("盖章文件"),
        rule=_("印出的须是签发的：签发绑定文本"),
        remedy=_("请核对是否传错文件；文本确有改动的，撤回复审后重新签发；差异无碍的，写明理由再办。"),
    )  # fmt: skip


def said(found: Comparison, letter: SignedLetter, dated: date) -> Iterator[str]:
    """Each difference in words."""
    if not found.readable:
        yield _("盖章文件里没有文字（多半是扫描件），系统不能核对")
    if found.date_differs:
        yield _("成文日期为%(dated)s，签发日期为%(signed)s") % {"dated": dated, "signed": letter.signed_on}
    for one in found.different[:TOLD_AT_MOST]:
        yield _("签发的是“%(signed)s”，盖章文件是“%(stamped)s”") % {
            "signed": in_place(one, one.signed), "stamped": in_place(one, one.stamped),
        }  # fmt: skip
    if len(found.different) > TOLD_AT_MOST:
        yield _("另有 %(n)s 处不同") % {"n": len(found.different) - TOLD_AT_MOST}


def in_place(one: Difference, words: str) -> str:
    """The words between those that stand before and after them in both files."""
    short = words if len(words) <= WORDS_AT_MOST else f"{words[:WORDS_AT_MOST]}……"
    return f"…{one.after}〖{short}〗{one.before}…"


def write_down(
    reply_id: str,
    found: Comparison,
    kept: Attachment,
    by: User,
    on: date,
    why: str,
    keep_reason: str,
    dated: date,
) -> None:
    payload = {
        "sha256": kept.sha256, "dated": dated.isoformat(), "readable": found.readable, "keep_reason": keep_reason,
        "differences": [asdict(one) for one in found.different],
    }  # fmt: skip
    record(
        "proposals.office_back",
        subject=Ref("proposals", "reply", reply_id),
        by=by.actor,
        on=on,
        why=why,
        payload=payload,
    )
