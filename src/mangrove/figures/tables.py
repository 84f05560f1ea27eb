"""The lists of the room: every counting rule, the values of one, conflicts, records, and what the check found."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.figures.assertions import Backing
from mangrove.figures.check import Checked
from mangrove.figures.labels import (
    as_figure,
    definition_link,
    figure_text,
    name,
    period_words,
    printed_text,
    record_amount,
    record_unit,
    rule,
    status_tag,
    unit_word,
)
from mangrove.figures.lineage import in_full
from mangrove.figures.models import Definition, Value, ValueRow
from mangrove.ui.components import Figure, Short, Tag
from mangrove.ui.languages import in_words
from mangrove.ui.lines import line_label
from mangrove.ui.tables import SYNTHETIC, Column, Table


@dataclass(frozen=True)
class Standing:
    """A definition as it stands: the value to print now, and how many sources contradict one another.

    It carries the columns that the list sorts by, so that the export sorts like the page.
    """

    definition: Definition
    value: Value | None
    conflicting: int = 0

    @property
    def synthetic(self) -> bool:
        return self.value is not None and self.value.source.synthetic

    @property
    def zh(self) -> str:
        return self.definition.zh

    @property
    def kind(self) -> str:
        return self.definition.kind

    @property
    def rule_status(self) -> str:
        return self.definition.rule_status


@dataclass(frozen=True)
class Kept:
    """A value as the history of its definition shows it. ``records``: how many rows it was counted from."""

    value: Value
    current: bool
    records: int

    @property
    def synthetic(self) -> bool:
        return self.value.source.synthetic


@dataclass(frozen=True)
class Beside:
    """A value next to others of the same rule and date; ``preferred`` is the one that letters print."""

    value: Value
    preferred: bool
    agrees: bool = False

    @property
    def synthetic(self) -> bool:
        return self.value.source.synthetic


def figure_or_unknown(row: Standing) -> Figure:
    return as_figure(row.value) if row.value else Figure(None)


def period(row: Standing | Kept | Beside) -> Short | None:
    return Short(period_words(row.value)) if row.value else None


def conflict_tag(row: Standing) -> Tag | None:
    if not row.conflicting:
        return None
    return Tag(gettext("%(n)s个来源不一致") % {"n": row.conflicting}, "warn")


NAME = Column("zh", _("指标"), sort="zh", cell=lambda row: definition_link(row.definition))
CONCEPT = Column("concept", _("概念"), cell=lambda row: name(row.definition.concept))
LATEST = Column(
    "latest", _("最新数值"), numeric=True, cell=figure_or_unknown,
    export=lambda row: printed_text(row.value) if row.value else gettext("缺数据"),
)  # fmt: skip
AS_OF = Column("as_of", _("时点"), cell=period)
RULE_STATUS = Column(
    "rule_status",
    _("口径"),
    sort="rule_status",
    cell=lambda row: status_tag(row.definition.rule_status),
)
SOURCE = Column("source", _("来源"), cell=lambda row: row.value.source.title if row.value else None)
SOURCE_STATUS = Column(
    "source_status",
    _("来源核对"),
    cell=lambda row: status_tag(row.value.source.status) if row.value else None,
)
CONFLICTS_COUNT = Column("conflicting", _("多来源"), cell=conflict_tag)
KIND = Column("kind", _("类别"), sort="kind", cell=lambda row: Short(row.definition.get_kind_display()))
RULE = Column("rule_zh", _("计数规则"), cell=lambda row: rule(row.definition))

FIGURES = Table(
    "figures",
    _("图表与口径"),
    [NAME, CONCEPT, LATEST, AS_OF, RULE_STATUS, SOURCE, SOURCE_STATUS, CONFLICTS_COUNT, SYNTHETIC],
    empty=_("导入城市资料后，指标与口径列在这里。"),
)

#: What only the file carries: the rule in full, the digits behind what is printed, the ids.
FIGURES_EXPORT = Table(
    "figures",
    FIGURES.caption,
    [
        *FIGURES.columns,
        Column(
            "full", _("完整数值"), cell=lambda row: figure_text(in_full(row.value)) if row.value else None
        ),
        KIND,
        RULE,
        Column("population", _("总体"), cell=lambda row: row.definition.population),
        Column("unit", _("计量单位"), cell=lambda row: unit_word(row.definition.unit)),
        Column("line", _("工作条线"), cell=lambda row: str(line_label(row.definition.concept.line))),
        Column("id", _("编号"), cell=lambda row: row.definition.pk),
    ],
)

OTHER_WAYS = Table("other_ways", _("其他口径现在的数值"), [NAME, LATEST, AS_OF, SOURCE, RULE, SYNTHETIC])

PERIOD = Column("period", _("时点"), cell=period)
FULL = Column(
    "full",
    _("数值"),
    numeric=True,
    cell=lambda row: as_figure(row.value, in_full(row.value)),
    export=lambda row: figure_text(in_full(row.value)),
)
NOTE = Column("note", _("备注"), cell=lambda row: row.value.note)


def revision(row: Kept) -> Tag:
    words = gettext("第%(n)s次") % {"n": row.value.revision}
    return Tag(words, "info") if row.current else Tag(words + gettext("，已被取代"), "calm")


def entered(row: Kept) -> Short:
    event = row.value.event
    return Short(f"{event.actor_name} {event.business_date.isoformat()}")


VALUES = Table(
    "values",
    _("各时点、各来源的数值"),
    [
        PERIOD, FULL, SOURCE, SOURCE_STATUS, Column("revision", _("修订"), cell=revision),
        Column("records", _("明细"), numeric=True, cell=lambda row: row.records or None),
        NOTE, Column("entered", _("录入"), cell=entered), SYNTHETIC,
    ],
    empty=_("录入第一个数值后列在这里。"),
)  # fmt: skip


def preferred(row: Beside) -> Tag | None:
    return Tag(gettext("印用此数"), "info") if row.preferred else None


CONFLICTS = Table(
    "conflicts",
    _("各来源并列"),
    [PERIOD, FULL, SOURCE, SOURCE_STATUS, Column("preferred", _("印用"), cell=preferred), NOTE, SYNTHETIC],
)


def agreement(row: Beside) -> Tag:
    return Tag(gettext("可同时为真"), "good") if row.agrees else Tag(gettext("不一致"), "warn")


OTHER_SOURCES = Table(
    "other_sources",
    _("其他来源"),
    [SOURCE, FULL, Column("agrees", _("与此数"), cell=agreement), SOURCE_STATUS, NOTE, SYNTHETIC],
)


def records(definition: Definition, *, sources: bool = True) -> Table:
    """The records under a value of this definition; amounts as people write them.

    ``sources`` of false leaves out their source, for a page that names the one that they share.
    """

    def amount(row: ValueRow) -> Decimal:
        return record_amount(row.amount, definition)

    columns = [
        Column("key", _("键")),
        Column("label", _("名称")),
        Column("amount", _("数量"), unit=unit_word(record_unit(definition)), numeric=True, cell=amount),
        Column("source", _("来源"), cell=lambda row: row.source.title),
        Column(
            "synthetic", SYNTHETIC.label, cell=lambda row: gettext("合成") if row.source.synthetic else None
        ),
    ]
    shown = [column for column in columns if sources or column.key != "source"]
    return Table("records", _("明细"), shown, page_size=200)


def place(start: int) -> Short:
    return Short(gettext("第%(n)s字") % {"n": start + 1})


def checked_figure(one: Checked) -> Any:
    return as_figure(one.value) if one.value else None


AGREEMENTS = Table(
    "agreements",
    _("与指标一致的数字"),
    [
        Column("text", _("文中"), cell=lambda one: one.quantity.text),
        Column("verdict", _("结论"), cell=lambda one: Tag(in_words(one.verdict), "good")),
        Column(
            "definition",
            _("指标"),
            cell=lambda one: name(one.value.definition) if one.value else one.definition,
        ),
        Column("value", _("指标数值"), cell=checked_figure),
        Column("place", _("位置"), cell=lambda one: place(one.quantity.start)),
    ],
)


def backing_tag(backing: Backing) -> Tag:
    return Tag(in_words(backing.status), "good" if backing.status == "已核" else "warn")


CLAIMS = Table(
    "claims",
    _("说法与来源"),
    [
        Column("text", _("文中"), cell=lambda one: one.claim.text),
        Column("status", _("状态"), cell=lambda one: backing_tag(one.backing)),
        Column("source", _("来源"), cell=lambda one: one.backing.source, absent=_("未找到")),
        Column("note", _("说明"), cell=lambda one: in_words(one.backing.note)),
        Column("place", _("位置"), cell=lambda one: place(one.claim.start)),
    ],
)
