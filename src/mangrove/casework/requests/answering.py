"""Answers as a file: the list of what is asked goes out as Excel, and comes back with the results filled in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.casework.requests.models import VerificationItem
from mangrove.ledger.refusals import Refusal
from mangrove.vocabulary.cells import Line, Unreadable, read_table

#: The heads in either language, as the list goes out.
HEADS = {
    "number": ("序号", "No."), "answer": ("结果", "Result"), "remark": ("备注", "Remark"),
}  # fmt: skip
#: The words of an answer in either language.
WORDS = {
    "命中": "hit", "未命中": "no_hit", "无法核验": "unclear", "hit": "hit", "no hit": "no_hit", "cannot be verified": "unclear",
}  # fmt: skip


def read_answers(content: bytes) -> dict[int, tuple[str, str]]:
    """By the number of each line. Raises :class:`Refusal` naming the row."""
    try:
        table = read_table(content)
    except Unreadable as error:
        raise bad(_("文件"), str(error)) from error
    place, columns = heads(table.lines)
    found: dict[int, tuple[str, str]] = {}
    for line in table.lines[place + 1 :]:
        number, answer, remark = read_line(line, columns)
        if number in found:
            raise bad(where(line), _("序号 %(number)s 出现了两次。") % {"number": number})
        found[number] = (answer, remark)
    return found


def heads(lines: tuple[Line, ...] | list[Line]) -> tuple[int, dict[str, int]]:
    for place, line in enumerate(lines[:10]):
        columns = {
            key: at
            for key, names in HEADS.items()
            for at, cell in enumerate(line.cells)
            if cell.strip() in names
        }
        if {"number", "answer"} <= set(columns):
            return place, columns
    raise bad(_("表头"), _("没有找到“序号”和“结果”两列，请用下载的核验清单填写。"))


def read_line(line: Line, columns: dict[str, int]) -> tuple[int, str, str]:
    cells = {key: line.cells[at].strip() if at < len(line.cells) else "" for key, at in columns.items()}
    if not cells["number"].isascii() or not cells["number"].isdecimal():
        raise bad(where(line), _("序号“%(text)s”不是数字。") % {"text": cells["number"]})
    answer = WORDS.get(cells["answer"].lower())
    if answer is None:
        raise bad(
            where(line), _("结果“%(text)s”读不懂；请填命中、未命中或无法核验。") % {"text": cells["answer"]}
        )
    return int(cells["number"]), answer, cells.get("remark", "")[: remark_at_most()]


def remark_at_most() -> int:
    return VerificationItem._meta.get_field("remark").max_length or 0


def where(line: Line) -> str:
    return _("第 %(number)s 行") % {"number": line.number}


def bad(where: str, what: str) -> Refusal:
    return Refusal(what, code="casework.bad_answer_file", where=where, remedy=_("请改正后重新上传。"))
