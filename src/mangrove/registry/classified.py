"""Classified matter (涉密) is refused at the door: in files, in their names, and in what people type.

Here, in the lowest room that takes files; casework and the web's own guard ask the same.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from mangrove.documents.classified import Mark, mark_in, mark_in_file, mark_in_name
from mangrove.documents.errors import DocumentError
from mangrove.ledger.refusals import Refusal


def refuse_classified_file(path: Path, name: str) -> None:
    """Raises :class:`Refusal` where the name of a file or its text bears a mark, or where its text cannot be read; the caller
    removes the file."""
    try:
        found = mark_in_name(name) or mark_in_file(path)
    except DocumentError as error:
        raise unreadable(name) from error
    if found:
        raise classified(found, _("文件名") if found.line == 0 else _("文件内容"))


def unreadable(name: str) -> Refusal:
    return Refusal(
        _("文件有损坏或加密的部分，读不出里面的文字。"), code="registry.unreadable_file", where=name,
        rule=_("收下以前须看过有没有密级标志"), remedy=_("请用原来的软件打开，去掉密码后另存，再传。"),
    )  # fmt: skip


def refuse_classified_text(text: str, where: str) -> None:
    if found := mark_in(text):
        raise classified(found, _("%(field)s第 %(line)s 行") % {"field": where, "line": found.line})


def classified(found: Mark, where: str) -> Refusal:
    """Says the level and the place, and nothing of the text."""
    return Refusal(
        _("带有“%(level)s”标志，本系统不收涉密内容，没有保存。") % {"level": found.level},
        code="registry.classified", where=where,
        rule=_("本系统不是涉密信息系统：国家秘密不得在此录入、上传、传递"),
        remedy=_("请立即停止在本机处理这份材料，并报告本单位保密工作机构；确属误判的，请用浏览器的“后退”回到所填内容，改写这一处后再试。"),
    )  # fmt: skip
