"""What follows from the facts of a proposal. Pure: no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from mangrove.documents.check import Verdict
from mangrove.documents.check.words import check_number
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.rules import Rules, SignOff
from mangrove.ui.languages import in_words, listed

OPEN = "主动公开"
#: What a line of 抄送 or 送达对象 may hold, see ``Delivery.to``.
NAME_AT_MOST = 100
PROPOSAL_NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-z-]+", re.ASCII)
NUMBER = re.compile(r"(?P<prefix>.+)〔(?P<year>\d{4})〕(?P<n>\d+)号")


def refuse_rank(rank: str, entry: SignOff) -> None:
    """Refuse a signer whose rank may not sign this kind of reply, naming the article and who may."""
    if rank in entry.ranks:
        return
    raise Refusal(
        _("职级“%(rank)s”不能签发%(when)s。") % {"rank": in_words(rank) or _("未登记"), "when": entry.said},
        code="proposals.rank", where=_("签发人"), rule=entry.source, remedy=_("须由%(ranks)s签发。") % {"ranks": _("或").join(map(in_words, entry.ranks))},
    )  # fmt: skip


def refuse_proposal_number(number: str) -> None:
    """A number becomes part of addresses: letters, digits and hyphens, with at least one digit."""
    if not PROPOSAL_NUMBER.fullmatch(number):
        raise Refusal(
            _("编号“%(number)s”写法不对。") % {"number": number},
            code="proposals.bad_proposal_number", where=_("建议编号"), remedy=_("编号由数字、字母和连字符组成，例如 20210615。"),
        )  # fmt: skip


def refuse_importance(kind: str, local: Rules) -> None:
    known = dict(local.kinds)
    if kind not in known:
        raise Refusal(
            _("没有“%(kind)s”这一类建议。") % {"kind": kind}, code="proposals.importance", where=_("督办级别"), remedy=_("可选：%(known)s。") % {"known": listed(known.values())}
        )  # fmt: skip


def refuse_rating(attitude: str, result: str, reason: str, local: Rules) -> None:
    """Refuse grades that are not on the scale, and a grade that needs a reason without one."""
    for what, grade in ((_("办理态度"), attitude), (_("办理结果"), result)):
        if grade not in local.grades:
            raise Refusal(
                _("“%(grade)s”不在评价等次之内。") % {"grade": grade},
                code="proposals.grade", where=what, rule=local.rating_source, remedy=_("可选：%(grades)s。") % {"grades": listed(map(in_words, local.grades))},
            )  # fmt: skip
    if {attitude, result} & local.grades_with_reason and not reason.strip():
        raise Refusal(
            reason_needed(local),
            code="proposals.rating_needs_reason", where=_("理由"), rule=local.rating_source,
            remedy=_("请写明哪一点没有办好，承办单位将据此再次办理。"),
        )  # fmt: skip


def reason_needed(local: Rules) -> str:
    """For which grades a reason is asked, in the reader's language and in the order of the scale."""
    grades = listed(in_words(grade) for grade in local.grades if grade in local.grades_with_reason)
    return _("评价为“%(grades)s”须写明理由。") % {"grades": grades}


def is_dissatisfied(attitude: str, result: str, local: Rules) -> bool:
    """Whether a rating asks for a second handling: a grade that had to be given with a reason."""
    return bool({attitude, result} & local.grades_with_reason)


def refuse_document_number(number: str) -> None:
    """Refuse a 发文字号 that is not written as the standard has it."""
    found = check_number(number)
    if found.verdict is Verdict.PASS:
        return
    raise Refusal(
        _("“%(number)s”不是规范的发文字号。") % {"number": number},
        code="proposals.bad_number", where=_("发文字号"), rule=found.rule.cited,
        remedy=_("写作“机关代字〔年份〕序号号”，例如 深工信函〔2021〕1号：年份四位、六角括号，序号不加“第”、不补零。"),
    )  # fmt: skip


def refuse_result_class(letter: str, local: Rules) -> None:
    if letter in local.result_classes:
        return
    known = listed(f"{key} {local.result_word(key)}" for key in local.result_classes)
    raise Refusal(
        _("办理结果类别“%(letter)s”不在%(jurisdiction)s的分类之内。") % {"letter": letter, "jurisdiction": local.jurisdiction} if letter else _("还没有写明办理结果类别。"),
        code="proposals.result_class", where=_("办理结果"), rule=local.result_classes_source, remedy=_("可选：%(known)s。") % {"known": known},
    )  # fmt: skip


def refuse_openness(openness: str, reason: str, local: Rules) -> None:
    """What is not published says why, by the article."""
    if openness == OPEN or reason.strip():
        return
    raise Refusal(
        _("公开类型为“%(openness)s”，须写明理由。") % {"openness": in_words(openness)},
        code="proposals.openness_reason", where=_("公开类型"), rule=local.openness_source, remedy=_("请写明依据哪一条不主动公开。"),
    )  # fmt: skip


def refuse_long_names(names: Iterable[str], where: str) -> None:
    """Whom a letter goes to, one name a line."""
    long = next((name for name in names if len(name) > NAME_AT_MOST), None)
    if long is not None:
        raise Refusal(
            _("“%(name)s…”太长，有 %(n)s 字，一行最多 %(most)s 字。") % {"name": long[:20], "n": len(long), "most": NAME_AT_MOST},
            code="proposals.long_name", where=where, remedy=_("请一行只写一个单位或一个人的名称。"),
        )  # fmt: skip


@dataclass(frozen=True)
class Satisfaction:
    """Ratings counted against replies: 未反馈 stands apart and is not satisfaction."""

    replies: int
    rated: int
    satisfied: int

    @property
    def share(self) -> Decimal | None:
        """Satisfied (满意 or 基本满意) of those rated, in per cent to one decimal; ``None`` when nobody rated."""
        if not self.rated:
            return None
        return (Decimal(self.satisfied * 100) / self.rated).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def without_feedback(self) -> int:
        return self.replies - self.rated


def satisfaction(replies: int, results: Collection[str], local: Rules) -> Satisfaction:
    """``results``: one grade a rated reply."""
    fine = sum(1 for grade in results if grade not in local.grades_with_reason)
    return Satisfaction(replies, len(results), fine)


def next_number(taken: Iterable[str], year: int) -> str:
    """The next 发文字号 of a year after those ``taken``, the newest last: ``深工信函〔2021〕1号``; gaps stay gaps.

    The 机关代字 is that of the newest; empty when none was ever given.
    """
    read = [found for number in taken if (found := NUMBER.fullmatch(number))]
    if not read:
        return ""
    prefix = read[-1]["prefix"]
    used = [int(one["n"]) for one in read if one["prefix"] == prefix and int(one["year"]) == year]
    return f"{prefix}〔{year}〕{max(used, default=0) + 1}号"
