"""The package that goes to the office system: drafting sheet with opinions, the letter as DOCX and PDF, and their hashes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from mangrove.casework.models import CaseAct
from mangrove.casework.workflow import workflow
from mangrove.documents.docx import ZIP_DATE
from mangrove.documents.drafting_sheet import DraftingSheet, SheetOpinion, write_drafting_sheet
from mangrove.documents.letter import Letter
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.access import Visitor, access_reply
from mangrove.proposals.letter_pages import LetterView, letter_on_page
from mangrove.proposals.models import Reply
from mangrove.proposals.paper import as_docx, on_paper
from mangrove.proposals.rules import rules
from mangrove.registry.models import User

SHEET, WORD, PAGE, LIST = "发文稿纸.docx", "复函.docx", "复函.pdf", "清单.json"


@dataclass(frozen=True)
class Package:
    """A ZIP and its name; ``content_hash`` is that of the letter's words."""

    name: str
    content: bytes
    content_hash: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@transaction.atomic
def send_out(*, by: User, on: date, reply_id: str, why: str = "") -> Package:
    """Make the package and write down that it went out, with the hashes of all that is in it."""
    reply = access_reply(by, reply_id)
    refuse_outsider(by, reply)
    view = letter_to_send(reply)
    package = packed(reply, view)
    payload = {"content_hash": package.content_hash, "package": package.sha256, "state": reply.case.state}
    record(
        "proposals.office_out",
        subject=Ref("proposals", "reply", reply.pk),
        by=by.actor,
        on=on,
        why=why,
        payload=payload,
    )
    return package


def sends_out(user: Visitor, reply: Reply) -> bool:
    """Whether this person handles the letter in the unit that answers."""
    return (
        isinstance(user, User)
        and user.has_role("case_officer", "reviewer")
        and reply.organisation_id in user.bodies
    )


def refuse_outsider(user: Visitor, reply: Reply) -> None:
    if not sends_out(user, reply):
        raise Refusal(
            _("您不能把这件答复送往办公系统。"), code="proposals.not_office_sender", where=str(reply.proposal),
            remedy=_("由承办单位的经办人或核稿人办理。"),
        )  # fmt: skip


def letter_to_send(reply: Reply) -> LetterView:
    """Raises :class:`Refusal` where there is no letter, or it is not out of its drafter's hands yet."""
    view = None if reply.case.state in ("handed", "drafting", "returned") else letter_on_page(reply)
    if view is None:
        raise Refusal(
            _("还没有送核稿的答复，不能送往办公系统。"), code="proposals.nothing_to_send", where=str(reply.proposal),
            remedy=_("请先起草并送核稿。"),
        )  # fmt: skip
    return view


def packed(reply: Reply, view: LetterView) -> Package:
    """The same letter in the same state gives the same bytes."""
    with override("zh-hans"):  # the office system reads Chinese, whoever sends
        files = {
            SHEET: write_drafting_sheet(drafting_sheet(reply, view)),
            WORD: as_docx(view.letter),
            PAGE: on_paper(view.letter).pdf,
        }
    files[LIST] = listed_files(reply, view, files)
    return Package(f"{reply.proposal.number}_复函_送办公系统.zip", zipped(files), view.content_hash)


def listed_files(reply: Reply, view: LetterView, files: dict[str, bytes]) -> bytes:
    said = {
        "reply": reply.pk, "proposal": reply.proposal.number, "state": reply.case.state, "content_hash": view.content_hash,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def drafting_sheet(reply: Reply, view: LetterView) -> DraftingSheet:
    return DraftingSheet(
        reply.organisation.name, particulars(reply, view.letter), opinions(reply), view.content_hash
    )


def particulars(reply: Reply, letter: Letter) -> list[tuple[str, str]]:
    return [
        ("标题", letter.title), ("发文字号", letter.number or ""), ("主送", letter.addressee.rstrip("：")),
        ("抄送", letter.copies_text), ("公开类型", reply.openness), ("不公开理由", reply.openness_reason),
        ("办理结果", " ".join((reply.result_class, rules().result_word(reply.result_class))).strip()),
        ("承办处室", reply.case.unit), ("联系人", letter.contact or ""),
        ("建议提案", f"{reply.proposal.number} {reply.proposal.title}"),
        ("成文日期", letter.date_text if letter.date else ""),
    ]  # fmt: skip


def opinions(reply: Reply) -> list[SheetOpinion]:
    """What everybody said to whom the draft went, in the order of the acts; older rounds stay."""
    flow = workflow(reply.case.workflow)
    labels = {step.act: str(step.label) for step in flow.steps}
    taken = CaseAct.objects.filter(
        case=reply.case, act__in=("submit", "send_back", "pass_review", "decline", "sign", "recall")
    )
    return [
        SheetOpinion(labels[act.act], act.by_name, act.on, act.opinion) for act in taken.order_by("sequence")
    ]
