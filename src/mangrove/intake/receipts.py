"""The receipt of a submission on paper: always in Chinese, and the same bytes however often it is made."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from mangrove.documents.fonts import UnprintableError
from mangrove.documents.sheet import Sheet, set_sheet
from mangrove.intake.models import PaperFile, Submission
from mangrove.intake.standing import until
from mangrove.intake.submitting import received
from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import listed


def receipt_pdf(made: Submission) -> bytes:
    """Raises :class:`Refusal` where something handed in has characters that no font here can print."""
    with translation.override("zh-hans"):
        sheet = receipt_sheet(made)
    try:
        return set_sheet(sheet)
    except UnprintableError as error:
        raise Refusal(
            _("回执里有打印不出的字符：%(characters)s。") % {"characters": listed(one.character for one in error.report.unprintable)},
            code="intake.unprintable", where=made.number, remedy=_("请打印网页上的回执；效力相同。"),
        ) from error  # fmt: skip


def receipt_sheet(made: Submission) -> Sheet:
    """What the receipt says; everything of it stood still when it was handed in."""
    content, opening = made.content, made.application.opening
    code = content["organisation"]["credit_code"]
    rows = [
        ("回执号", made.number),
        ("申报", opening.title),
        ("申报单位", f"{content['organisation']['name']}{f'（{code}）' if code else ''}"),
        ("收到时间", f"{received(made.received_at)}（北京时间，以服务器为准）"),
        ("截止时间", f"{until(made.closes_at)}{'；在宽限内收到' if made.in_grace else ''}"),
        ("第几次提交", str(made.round)),
        ("提交人", made.by_name),
        ("表单", f"{opening.form.title} 第 {content['form']['version']} 版"),
        ("内容校验值", hash_words(made.content_hash)),
    ]
    papers = [one.paper for one in made.enclosures.select_related("paper")]
    foot = "内容与文件各有 SHA-256 校验值，日后可以核对所交的就是这一份；提交一事已记入账本。"
    office = content.get("office", {}).get("name") or opening.office.name  # early submissions do not say it
    issuer = f"{office}{'（样例，合成）' if opening.synthetic else ''}"
    return Sheet(issuer, "申报回执", rows, "所交文件", [paper_row(one) for one in papers], foot)


def paper_row(paper: PaperFile) -> tuple[str, str]:
    return paper.name, f"{hash_words(paper.sha256)}\n{paper.size} 字节"


def hash_words(digest: str) -> str:
    """In groups of eight, so that it breaks in a narrow column and can be read aloud."""
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))
