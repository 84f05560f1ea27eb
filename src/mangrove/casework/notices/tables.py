"""The list of notices, the lines of one, what was corrected."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.workflow import NOTICE, PERIOD
from mangrove.casework.things import state_tag
from mangrove.ui.components import Link, Tag, Tone
from mangrove.ui.tables import Column, Table

TONES: dict[str, Tone] = {"draft": "calm", "clear": "good", "answered": "good", "withdrawn": "bad"}


def until(notice: Notice) -> Any:
    """The last day of the period; prefetch ``case__clocks`` when reading many."""
    clocks = [clock for clock in notice.case.clocks.all() if clock.terms["key"] == PERIOD]
    return max(clocks, key=lambda clock: clock.pk).due_on if clocks else None


def public_tag(notice: Notice) -> Tag:
    """The state as everybody is told it."""
    return Tag(NOTICE.state(notice.case.state).public_label, TONES.get(notice.case.state, "info"))


NOTICES = Table(
    "notices",
    _("公示"),
    [
        Column(
            "title",
            _("标题"),
            sort="title",
            cell=lambda one: Link(one.title, reverse("casework:notice", args=[one.pk])),
        ),
        Column("unit", _("业务处室"), sort="case__unit", cell=lambda one: one.case.unit),
        Column("objection_unit", _("异议受理处室")),
        Column("state", _("状态"), cell=lambda one: state_tag(one.case, TONES)),
        Column("published_on", _("公示首日"), sort="published_on"),
        Column("until", _("公示末日"), cell=until),
    ],
    empty=_("业务处室拟好、局领导发布的公示列在这里。"),
)

PUBLIC_NOTICES = Table(
    "public_notices",
    _("公示公告"),
    [
        Column(
            "title",
            _("标题"),
            cell=lambda one: Link(one.title, reverse("casework:public_notice", args=[one.pk])),
        ),
        Column("state", _("状态"), cell=public_tag),
        Column("published_on", _("公示首日"), sort="published_on"),
        Column("until", _("公示末日"), cell=until),
    ],
    order="-published_on",
    empty=_("现在没有公示。"),
)

ITEMS = Table(
    "notice_items",
    _("公示内容"),
    [
        Column("number", _("序号"), sort="number", numeric=True),
        Column("words", _("对象"), cell=lambda one: one.words_said),
        Column("result", _("公示结果"), cell=lambda one: one.result_said),
    ],
    order="number",
    page_size=200,
)

CORRECTIONS = Table(
    "notice_corrections",
    _("更正记录"),
    [
        Column("corrected_on", _("日期")),
        Column("item", _("对象"), cell=lambda one: one.item.words_said),
        Column("was", _("原公示结果")),
        Column("now", _("更正为")),
        Column("reason", _("理由")),
    ],
    page_size=200,
)
