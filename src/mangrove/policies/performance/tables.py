"""Promised against measured, award by award; and all of a plan, a measure or a scheme in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.things import state_tag
from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.performance import amounts
from mangrove.policies.performance.models import Indicator, Outcome
from mangrove.policies.performance.workflow import PERFORMANCE
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.languages import as_data
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {"due": "warn", "reported": "info", "confirmed": "good"}
OUTCOME_TONES: dict[str, Tone] = {Outcome.MET: "good", Outcome.PARTLY: "warn", Outcome.NOT: "bad"}
#: What is said of a promise that no number can be read from.
WORDS_ONLY = _("文字承诺，不能计算")


def performance_link(one: Indicator) -> Link:
    return Link(one.performance.claim.title, reverse("policies:performance", args=[one.performance_id]))


def outcome_tag(one: Indicator) -> Tag | None:
    return Tag(one.get_outcome_display(), OUTCOME_TONES[one.outcome]) if one.outcome else None


def public_tag(one: Any) -> Tag:
    """The state as the firm is told it."""
    return Tag(PERFORMANCE.state(one.case.state).public_label, TONES[one.case.state])


def share_words(one: Indicator) -> str | None:
    found = amounts.share_of(one)
    return None if found is None else f"{found}%"


def promised_cell(one: Indicator) -> str | None:
    """As a number with its unit; words of an older form that are none are said to be so."""
    return amounts.words(one, one.promised) or (str(WORDS_ONLY) if one.in_words else None)


def way_tag(one: Indicator) -> Tag:
    if not one.in_words:
        return Tag(_("数量与年份"), "good")
    return Tag(WORDS_ONLY, "warn") if one.promised is None else Tag(_("文字承诺，已读出数"), "calm")


def due_words(one: Indicator) -> str | None:
    """By the end of which year; said to be ahead where what was measured was counted before it."""
    if one.due_year is None:
        return None
    early = one.until is not None and one.until.year < one.due_year
    return gettext("%(year)s（统计时未到）") % {"year": one.due_year} if early else str(one.due_year)


def paper_name(one: Indicator) -> str | None:
    return one.paper.name if one.paper else None


def paper_link(one: Indicator) -> Link | None:
    return Link(one.paper.name, reverse("casework:attachment", args=[one.paper_id])) if one.paper else None


def promised_words(on_page: bool) -> Column:
    """The firm's own words; a list of many has no room for them."""
    return Column(
        "promised_text", _("承诺（原话）"), cell=lambda one: as_data(one.promised_text), on_page=on_page
    )


#: What both lists say of an indicator. Files have the amounts as numbers, in the unit beside them.
COMPARED: Sequence[Column] = (
    Column("name", _("指标"), cell=amounts.name),
    Column("promised", _("承诺"), numeric=True, cell=promised_cell, export=lambda one: amounts.in_shown(one, one.promised), absent=_("须折算")),
    Column("measured", _("实测"), numeric=True, cell=lambda one: amounts.words(one, one.measured), export=lambda one: amounts.in_shown(one, one.measured), absent=_("未填报")),
    Column("shown", _("单位"), on_page=False),
    Column("due_year", _("完成年份"), cell=due_words, export=lambda one: one.due_year),
    Column("share", _("实测占承诺"), numeric=True, cell=share_words, export=amounts.share_of),
    Column("outcome", _("结论"), sort="outcome", cell=outcome_tag, absent=_("未核定")),
)  # fmt: skip

PERFORMANCES = Table(
    "performances",
    _("绩效评价"),
    [
        Column("title", _("项目"), sort="performance__claim__title", cell=performance_link, export=lambda one: one.performance.claim.title),
        Column("firm", _("企业"), sort="performance__claim__organisation__name", cell=lambda one: named(one.performance.claim.organisation)),
        *COMPARED,
        promised_words(False),
        Column("way", _("承诺方式"), cell=way_tag, on_page=False),
        Column("until", _("统计截止"), cell=lambda one: one.until.isoformat() if one.until else None, on_page=False),
        Column("source", _("数据来源"), cell=lambda one: as_data(one.source) if one.source else None, on_page=False),
        Column("paper", _("证明材料"), cell=paper_name, on_page=False),
        Column("due_on", _("应评价日"), sort="performance__due_on", cell=lambda one: Short(one.performance.due_on.isoformat())),
        Column("state", _("状态"), sort="performance__case__state", cell=lambda one: state_tag(one.performance.case, TONES)),
        Column("scheme", _("扶持事项"), sort="performance__claim__scheme", cell=lambda one: scheme_words(one.performance.claim.scheme), on_page=False),
        Column("plan", _("资助计划"), cell=lambda one: one.performance.award.plan_line.plan.title, on_page=False),
        SYNTHETIC,
    ],
    order="due_on",
    empty=_("资助付出、到了该评价的时间，承诺的指标列在这里，由企业填报实测的数。"),
)  # fmt: skip

INDICATORS = Table(
    "indicators",
    _("承诺与实测"),
    [
        *COMPARED,
        promised_words(True),
        Column("way", _("承诺方式"), cell=way_tag),
        Column("until", _("统计截止"), cell=lambda one: Short(one.until.isoformat()) if one.until else None),
        Column("source", _("数据来源"), cell=lambda one: as_data(one.source) if one.source else None),
        Column("paper", _("证明材料"), cell=paper_link, export=paper_name),
    ],
    page_size=20,
)


def per_cent(key: str, label: Any) -> Column:
    return Column(
        key, label, unit="%", numeric=True, cell=lambda row: getattr(row.tally, key), absent=_("无数据")
    )


def count(key: str, label: Any) -> Column:
    return Column(key, label, numeric=True, cell=lambda row: getattr(row.tally, key))


def group_link(row: Any) -> Any:
    return Link(row.label, row.href) if row.href else row.label


SUMMARY = Table(
    "performance_summary",
    _("成效汇总"),
    [
        Column("label", _("名称"), cell=group_link, export=lambda row: row.label),
        count("awards", _("资助件数")), count("not_due", _("未到评价时间")), count("met", _("达到")), count("partly", _("部分达到")),
        count("missed", _("未达到")), count("unconfirmed", _("待核定")), count("unreported", _("未填报")),
        per_cent("kept", _("达到的占比")), per_cent("median", _("实测占承诺，中位")),
    ],
    page_size=100,
    empty=_("批准并支付了有承诺指标的资助之后，各计划、措施、事项的成效汇总在这里。"),
)  # fmt: skip
