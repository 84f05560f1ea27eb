"""The lists of the library: measures, the versions of one, the schemes under it, numbers that differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.policies.measures.drawing import pays_for
from mangrove.policies.measures.house_rules import house_rules
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.succession import with_successor
from mangrove.policies.measures.validity import validity
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.languages import in_words
from mangrove.ui.tables import Column, Table

TONES: dict[str, Tone] = {"已核": "good", "待核": "warn", "草案": "info"}
WORDS = {"已核": _("已核"), "待核": _("待核"), "草案": _("草案")}
STANDINGS: dict[str, Any] = {
    "holds": _("有效"), "ending": _("将失效"), "ended": _("已失效"), "coming": _("尚未施行"), "draft": _("草案，未施行"), "replaced": _("已被新版取代"),
}  # fmt: skip
STANDING_TONES: dict[str, Tone] = {
    "holds": "good",
    "ending": "warn",
    "ended": "calm",
    "coming": "info",
    "draft": "info",
    "replaced": "calm",
}


def rows_of(found: Sequence[RuleText]) -> QuerySet[RuleText]:
    return with_successor(RuleText.objects.filter(pk__in=[one.pk for one in found]))


def status_tag(one: RuleText) -> Tag:
    return Tag(WORDS.get(one.status, one.status), TONES.get(one.status, "calm"))


def standing_tag(one: RuleText, day: date | None = None) -> Tag:
    """Whether it holds; where its end is near, by how many days; where another took its place, which and since when."""
    found = validity(one, day or timezone.localdate(), house_rules())
    words = str(STANDINGS[found.standing])
    if found.standing == "ending":
        words = gettext("将失效 · 还剩 %(n)s 天") % {"n": found.left}
    if found.by is not None:
        words = gettext("已被第 %(n)s 版取代（自 %(day)s）") % {"n": found.by.number, "day": found.by.since}
    return Tag(words, STANDING_TONES[found.standing])


def address(one: RuleText) -> str:
    return reverse("policies:measure", args=[one.rule, one.number])


def measure_link(one: RuleText) -> Link:
    return Link(one.name, address(one))


def version_link(one: RuleText) -> Link:
    return Link(gettext("第 %(n)s 版") % {"n": one.number}, address(one))


def short_day(day: date | None) -> Short | None:
    return Short(day.isoformat()) if day else None


MEASURES = Table(
    "measures",
    _("措施库"),
    [
        Column("name", _("措施"), sort="name", cell=measure_link, export=lambda one: one.name),
        Column("rule", _("标识"), sort="rule", on_page=False),
        Column("document_number", _("文号"), sort="document_number"),
        Column("pays_for", _("对象与条款"), cell=lambda one: pays_for(measure_of(one))),
        Column("standing", _("效力"), cell=standing_tag),
        Column("in_force", _("施行日"), sort="in_force", cell=lambda one: short_day(one.in_force), export=lambda one: one.in_force, absent=_("不详")),
        Column("until", _("失效日"), sort="until", cell=lambda one: short_day(one.until), export=lambda one: one.until, absent=_("未写")),
        Column("status", _("核对状态"), sort="status", cell=status_tag, export=lambda one: in_words(one.status)),
        Column("number", _("版本"), sort="number", numeric=True),
        Column("published_on", _("入库日"), sort="published_on", cell=lambda one: short_day(one.published_on), export=lambda one: one.published_on),
    ],
    order="name",
    empty=_("公布第一份措施后列在这里。"),
)  # fmt: skip


def versions_table(shown: RuleText) -> Table:
    """The versions of a measure beside the one that is shown, each with the way to what differs."""
    return Table(
        "measure_versions",
        _("各版本"),
        [
            Column("number", _("版本"), cell=lambda one: gettext("第 %(n)s 版（本页）") % {"n": one.number} if one.pk == shown.pk else version_link(one)),
            Column("document_number", _("文号")),
            Column("standing", _("效力"), cell=standing_tag),
            Column("in_force", _("施行日"), cell=lambda one: short_day(one.in_force), absent=_("不详")),
            Column("until", _("失效日"), cell=lambda one: short_day(one.until), absent=_("未写")),
            Column("published_on", _("入库日"), cell=lambda one: short_day(one.published_on)),
            Column("difference", _("与本页相比"), cell=lambda one: difference_link(shown, one)),
        ],
        page_size=200,
    )  # fmt: skip


def difference_link(shown: RuleText, other: RuleText) -> Link | None:
    """From the older to the newer, whichever of them the page shows."""
    if other.pk == shown.pk:
        return None
    old, new = sorted((shown.number, other.number))
    return Link(
        gettext("第 %(old)s 版到第 %(new)s 版") % {"old": old, "new": new},
        reverse("policies:difference", args=[shown.rule, old, new]),
    )


SCHEMES = Table(
    "measure_schemes",
    _("据此申报的事项"),
    [
        Column("title", _("事项"), cell=lambda one: str(one.title)),
        Column("step", _("条款"), cell=lambda one: Link(one.step, f"#clause-{one.step}")),
        Column("way", _("办法"), cell=lambda one: Tag(_("免申即享") if one.instant else _("申报"), "calm")),
        Column("unit", _("受理处室")),
        Column(
            "status",
            _("核对状态"),
            cell=lambda one: Tag(WORDS.get(one.status, one.status), TONES.get(one.status, "calm")),
        ),
    ],
    page_size=200,
)

NUMBERS = Table(
    "measure_numbers",
    _("数字"),
    [Column("name", _("名称")), Column("old", _("原为")), Column("new", _("改为"))],
    page_size=200,
)

EVALUATIONS = Table(
    "measure_evaluations",
    _("评估"),
    [
        Column("on", _("日期"), cell=lambda one: short_day(one.on)),
        Column("promised", _("当初的目标")),
        Column("measured", _("实际的结果")),
        Column("conclusion", _("结论"), cell=lambda one: Tag(one.get_conclusion_display(), "info")),
        Column("by_name", _("评估人"), cell=lambda one: f"{one.by_name}（{one.unit}）"),
    ],
    page_size=200,
)
