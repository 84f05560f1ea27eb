"""The lists of merging: pairs that look like one, merges there are, and two entries side by side."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.registry.merging.doubles import Double
from mangrove.registry.models import Merge
from mangrove.registry.tables import linked
from mangrove.ui.components import Link, Tag, Tone
from mangrove.ui.tables import SYNTHETIC, Column, Table

STATES: dict[str, Tone] = {"proposed": "warn", "confirmed": "good", "declined": "calm", "undone": "calm"}


def likeness(double: Double) -> Tag:
    if double.same:
        return Tag(_("名称相同"), "warn")
    return Tag(_("相近 %(n)s%%") % {"n": double.likeness // 10})


def compared(double: Double) -> Link:
    address = reverse("registry:double", args=[double.one.pk, double.other.pk])
    return Link(_("并排看"), address)


def state(merge: Merge) -> Tag:
    return Tag(merge.get_state_display(), STATES[merge.state])


def opened(merge: Merge) -> Link:
    return Link(merge.other.name, reverse("registry:merge", args=[merge.pk]))


DOUBLES = Table(
    "doubles",
    _("疑似重复"),
    [
        Column("one", _("一家"), cell=lambda row: linked(row.one)),
        Column("one_code", _("统一社会信用代码"), cell=lambda row: row.one.credit_code),
        Column("other", _("另一家"), cell=lambda row: linked(row.other)),
        Column("other_code", _("统一社会信用代码"), cell=lambda row: row.other.credit_code),
        Column("likeness", _("名称"), cell=likeness),
        replace(SYNTHETIC, cell=lambda row: _("合成") if row.one.synthetic or row.other.synthetic else None),
        Column("look", _("核对"), cell=compared),
    ],
    order="",
    empty=_("没有名称相同或相近的两家。"),
)  # fmt: skip

MERGES = Table(
    "merges",
    _("机构合并"),
    [
        Column("other", _("并入的一家"), cell=opened),
        Column("kept", _("保留的一家"), cell=lambda row: linked(row.kept)),
        Column("state", _("状态"), cell=state),
        Column("proposed_by_name", _("提出人")),
        Column("proposed_on", _("提出日期")),
        Column("decided_by_name", _("复核人")),
    ],
    order="",
    empty=_("还没有提出过合并。"),
)
