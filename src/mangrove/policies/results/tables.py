"""The year by scheme."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.figures.decisions import Exact, as_printed
from mangrove.figures.labels import as_figure, definition_link, period_text
from mangrove.figures.models import Value
from mangrove.figures.values import form_of
from mangrove.funding.tables import money
from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.results.decisions import OUTSIDE, WHOLE, Line
from mangrove.policies.results.publishing import Shown
from mangrove.ui.components import Link, Tag
from mangrove.ui.tables import Column, Table


def line_words(line: Line) -> Any:
    named = {OUTSIDE: _("计划外的决定"), WHOLE: _("合计")}
    return named.get(line.scheme) or scheme_words(line.scheme)


def claims_link(line: Line) -> Any:
    """The claims that it was added up from; outside a plan there are none."""
    if line.scheme == OUTSIDE:
        return line_words(line)
    return Link(scheme_words(line.scheme), f"{reverse('policies:claims')}?scheme={line.scheme}&state=awarded")


RESULTS = Table(
    "results",
    _("按扶持事项"),
    [
        Column("scheme", _("扶持事项"), cell=claims_link, export=line_words),
        Column("awards", _("资助件数"), numeric=True),
        Column("beneficiaries", _("受益企业"), numeric=True),
        money("decided", _("已决定")),
        money("paid", _("已支付")),
        money("recovered", _("已追回")),
        Column("median", _("申报到拨付，中位"), unit=_("天"), numeric=True),
        Column("ninetieth", _("九成以内"), unit=_("天"), numeric=True),
        # The page tells their sums above, and the summary of the reviews tells them by scheme.
        Column("promised", _("承诺指标"), unit=_("项"), numeric=True, on_page=False),
        Column(
            "measured",
            _("已填实测"),
            unit=_("项"),
            numeric=True,
            on_page=False,
        ),
        Column("met", _("达到"), unit=_("项"), numeric=True, on_page=False),
    ],
    page_size=100,
    empty=_("批准第一份资助计划之后，各事项的决定、支付和用时列在这里。"),
)


def value_figure(value: Value | None) -> Any:
    return as_figure(value) if value else None


def figure_now(one: Shown) -> Any:
    """What it comes to as the rows stand, which is kept nowhere and so leads nowhere."""
    if one.now is None:
        return None
    amount = Exact(Fraction(one.now.amount, 10**one.definition.scale), one.definition.unit)
    return as_figure(one.now, as_printed(amount, form_of(one.definition)), linked=False)


def agreement(one: Shown) -> Tag:
    if one.published is None:
        return Tag(_("未发布"), "calm")
    return Tag(_("一致"), "good") if one.current else Tag(_("已有变化，可再发布"), "warn")


PUBLISHED = Table(
    "published",
    _("发布为指标的数"),
    [
        Column("definition", _("指标"), cell=lambda one: definition_link(one.definition)),
        Column("now", _("现在的数"), numeric=True, cell=figure_now),
        Column("published", _("已发布"), numeric=True, cell=lambda one: value_figure(one.published), absent=_("未发布")),
        Column("period", _("时点"), cell=lambda one: period_text(one.published.period) if one.published else None),
        Column("revision", _("修订"), numeric=True, cell=lambda one: one.published.revision if one.published else None),
        Column("agreement", _("比较"), cell=agreement),
    ],
    page_size=100,
    empty=_("本市的指标库里没有资金执行的口径，不能发布；请先装入口径。"),
)  # fmt: skip
