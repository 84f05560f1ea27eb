"""The list of verification requests, and what one asks about."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.requests.models import Verification, VerificationItem
from mangrove.casework.requests.personal import masked
from mangrove.casework.things import state_tag
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Tag, Tone
from mangrove.ui.dates import due_tag
from mangrove.ui.tables import Column, Table

TONES: dict[str, Tone] = {"answered": "good", "lapsed": "warn", "given_back": "warn", "withdrawn": "calm"}
ANSWER_TONES: dict[str, Tone] = {"hit": "bad", "no_hit": "good", "unclear": "warn"}


def due(one: Verification) -> Any:
    """Of an open one the date to answer by; prefetch ``case__clocks``."""
    dates = [clock.due_on for clock in one.case.clocks.all() if clock.met_on is None]
    return dates[0] if dates else None


def link(one: Verification) -> Link:
    return Link(str(one), reverse("casework:verification", args=[one.pk]))


def asked(one: Verification) -> str:
    department = named(one.case.organisation) if one.case.organisation else ""
    return f"{department} {one.case.unit}".strip()


VERIFICATIONS = Table(
    "verifications",
    _("核验请求"),
    [
        Column("number", _("请求"), cell=link),
        Column("asked", _("被请求单位"), cell=asked),
        Column("purpose", _("目的")),
        Column("asker", _("提出"), cell=lambda one: f"{named(one.asker)} {one.asker_unit}"),
        Column("state", _("状态"), cell=lambda one: state_tag(one.case, TONES)),
        Column("due", _("答复期限"), cell=lambda one: due_tag(due(one)) if due(one) else None, export=due),
        Column("keep_until", _("保存至"), sort="keep_until"),
    ],
    empty=_("本处室向别的部门提出的、别的部门请本单位答复的核验列在这里。"),
)


def answer_tag(item: VerificationItem) -> Any:
    return Tag(item.get_answer_display(), ANSWER_TONES[item.answer]) if item.answer else None


ITEMS = Table(
    "verification_items",
    _("核验清单"),
    [
        Column("number", _("序号"), numeric=True),
        Column("kind", _("对象类别"), cell=lambda one: one.get_kind_display()),
        Column("value", _("对象"), cell=masked, export=lambda one: one.value, absent=_("已清除")),
        Column("answer", _("结果"), cell=answer_tag, absent=_("未答复")),
        Column("remark", _("备注")),
    ],
    page_size=200,
)
