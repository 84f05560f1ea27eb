"""What things are called on the pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROLE_LABELS = {
    "issuer": _("发文单位"),
    "title": _("标题"),
    "document_number": _("发文字号"),
    "addressee": _("主送"),
    "closing": _("结语"),
    "signatory": _("署名"),
    "date": _("成文日期"),
    "disclosure": _("公开类型"),
    "copies": _("抄送"),
    "contact": _("联系"),
}
CLAIM_FORMS = {"superlative": _("居首"), "standing": _("地位"), "reception": pgettext_lazy("claim", "评价")}
SUMS = {"share": _("占比"), "sum": _("合计"), "growth": _("增幅"), "table": _("表格合计")}
#: What the button says that denies an item of that kind.
NOT_ONE = {
    "element": _("来函没有这一要素"),
    "number": _("不是数字"),
    "finding": _("此算式不成立"),
    "claim": _("不是这类表述"),
    "commitment": _("不是承诺"),
    "organisation": _("不是机构"),
    "list": _("不是列举"),
    "doubt": _("没有疑问"),
}
#: What a section is for, in a sentence under its head.
NOTES = {
    "element": _("没有认出的要素须补上，或写明来函没有。"),
    "number": _("每个数字与指标库核对：按来函日期的指标，各自口径。"),
    "finding": _("来函自己的数字互相核算：占比、合计、增幅、表格合计。"),
    "claim": _("没有数字支撑的说法；没有来源之前一律待核。"),
    "commitment": _(
        "逐项或整节确认后才能归档；本市单位的承诺届时进入承诺台账，归发文单位，来函没有写明的记为未定。"
    ),
    "organisation": _("按来函日期当天的名称与机构库对照。"),
    "list": _("“等”字之前列了几项，是否列尽。"),
    "doubt": _("不像数字的数字、没有写明的年份和单位：看过原文后确认，或写明没有疑问。"),
}
#: The same of a letter that another city wrote: neither our figures nor our ledgers take it up.
NOTES_ELSEWHERE = NOTES | {
    "number": _("不属本市口径，未与指标库核对；单位、时点、限定照列，来函自己的数字仍互相核算。"),
    "commitment": _("外市来函的承诺只随函留存，不进本市承诺台账；归档前仍须确认。"),
}
