"""The list of what can be applied for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.intake.models import Opening
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.tables import TONES as STATUS_TONES
from mangrove.policies.measures.tables import WORDS, measure_link
from mangrove.policies.schemes.definition import CHECK_WORDS, Scheme
from mangrove.policies.schemes.origins import ASKED, KNOWN, OFFICE, Origin, input_words
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.languages import listed
from mangrove.ui.tables import Column, Table


@dataclass(frozen=True)
class SchemeRow:
    """``rule``: the version that holds today, if any; ``window``: the one that is open now; ``may_open``: whether the reader may open one."""

    scheme: Scheme
    rule: RuleText | None
    window: Opening | None
    may_open: bool


def way_words(one: Scheme) -> Any:
    return _("免申即享") if one.instant else _("申报")


def checks_words(one: Scheme) -> str:
    return str(listed(str(CHECK_WORDS[kind]) for kind in one.checks))


def window_link(window: Opening | None) -> Link | None:
    return Link(str(window), reverse("intake:opening", args=[window.pk])) if window else None


def open_link(row: SchemeRow) -> Short | None:
    if not row.may_open or row.scheme.instant or row.rule is None:
        return None
    return Short(Link(_("开放申报"), reverse("policies:scheme_open", args=[row.scheme.id])))


def scheme_link(one: Scheme) -> Link:
    return Link(str(one.title), reverse("policies:scheme", args=[one.id]))


def schemes_table(may_open: bool) -> Table:
    act = [Column("act", _("办理"), cell=open_link)] if may_open else []
    return Table(
        "policy_schemes",
        _("扶持事项一览"),
        [
            Column("title", _("事项"), cell=lambda one: scheme_link(one.scheme), export=lambda one: str(one.scheme.title)),
            Column("rule", _("依据"), cell=lambda one: measure_link(one.rule) if one.rule else None, export=lambda one: one.rule and one.rule.name, absent=_("没有今天有效的措施")),
            Column("way", _("取得方式"), cell=lambda one: Tag(way_words(one.scheme), "calm")),
            Column("checks", _("审核环节"), cell=lambda one: checks_words(one.scheme), on_page=False),
            Column("unit", _("受理处室"), cell=lambda one: Short(one.scheme.unit)),
            Column("window", _("正在开放的窗口"), cell=lambda one: window_link(one.window), absent=_("没有")),
            Column("status", _("核对状态"), cell=lambda one: Tag(WORDS.get(one.scheme.status, one.scheme.status), STATUS_TONES.get(one.scheme.status, "calm"))),
            *act,
        ],
        page_size=200,
        empty=_("规则库里写好的扶持事项列在这里。"),
    )  # fmt: skip


HOW: dict[str, tuple[Any, Tone]] = {
    ASKED: (_("问申报单位"), "info"), KNOWN: (_("取自名录或系统"), "good"), OFFICE: (_("由办理环节写入"), "calm"),
}  # fmt: skip


def how_tag(one: Origin) -> Tag:
    return Tag(*HOW[one.how])


ORIGINS = Table(
    "scheme_origins",
    _("表单从哪里来"),
    [
        Column("label", _("内容")),
        Column("how", _("怎样取得"), cell=how_tag),
        Column("why", _("为什么")),
        Column("input", _("条款的输入"), cell=input_words, absent=_("条款不读")),
    ],
    page_size=200,
)  # fmt: skip
