"""The tables of an answer, each for the page and for Excel; and the lists of measures and of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.tables import status_tag
from mangrove.policies.sandbox.answering import Answer, PotTold
from mangrove.policies.sandbox.models import Scenario
from mangrove.policies.sandbox.naming import clause_label
from mangrove.policies.sandbox.numbers import called
from mangrove.policies.sandbox.owners import Known, owners
from mangrove.policies.sandbox.rules import rules
from mangrove.registry.labels import named, said
from mangrove.registry.models import Organisation, User
from mangrove.rulebook.simulate.compare import Moved, ThingMoved
from mangrove.rulebook.simulate.groups import Group
from mangrove.rulebook.simulate.telling import percent
from mangrove.rulebook.simulate.totals import StepTotal
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.languages import as_data, in_chinese
from mangrove.ui.numbers import FEN_PER_WAN, signed, wan
from mangrove.ui.tables import Column, Table

WAN = _("万元")


def money(
    key: str, label: Any, of: Callable[[Any], int | None] | None = None, *, on_page: bool = True
) -> Column:
    fen = of or (lambda row: getattr(row, key))
    return Column(
        key, label, unit=WAN, numeric=True, cell=lambda row: None if fen(row) is None else wan(fen(row) or 0),
        export=lambda row: None if fen(row) is None else Decimal(fen(row) or 0) / FEN_PER_WAN, on_page=on_page,
    )  # fmt: skip


def change(of: Callable[[Any], int]) -> Column:
    return Column(
        "change", _("增减"), unit=WAN, numeric=True, cell=lambda row: signed(Decimal(of(row)) / FEN_PER_WAN, 2),
        export=lambda row: Decimal(of(row)) / FEN_PER_WAN,
    )  # fmt: skip


def count(key: str, label: Any, of: Callable[[Any], int | None], *, on_page: bool = True) -> Column:
    return Column(key, label, numeric=True, cell=of, on_page=on_page)


# --- clauses -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepRow:
    name: str
    before: int
    step: StepTotal


CLAUSES = Table(
    "sandbox_clauses",
    _("各条款"),
    [
        Column("article", _("条款"), cell=lambda row: as_data(row.name), export=lambda row: row.name),
        money("before", _("现行")),
        money("after", _("改后"), lambda row: row.step.cost.low),
        change(lambda row: row.step.cost.low - row.before),
        money("high", _("改后至多"), lambda row: row.step.cost.high, on_page=False),
        count("paid", _("受益"), lambda row: row.step.beneficiaries),
        count("meets", _("符合"), lambda row: row.step.meets, on_page=False),
        count("fails", _("不符合"), lambda row: row.step.fails, on_page=False),
        count("lacks", _("缺数据"), lambda row: row.step.lacks),
    ],
)


def clause_rows(found: Answer) -> list[StepRow]:
    before = {one.clause.id: one.cost.low for one in found.before.steps}
    measure = found.asked.measure
    return [
        StepRow(clause_label(measure, one.clause), before.get(one.clause.id, 0), one)
        for one in found.after.steps
    ]


# --- who wins and who loses ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupRow:
    group: Group
    moved: Moved

    @property
    def name(self) -> str:
        return said(self.group)


def group_table(id: str, label: Any) -> Table:
    return Table(
        f"sandbox_{id}", label,
        [
            Column("name", label),
            money("before", _("现行"), lambda row: row.moved.before),
            money("after", _("改后"), lambda row: row.moved.after),
            change(lambda row: row.moved.after - row.moved.before),
            count("winners", _("增加的"), lambda row: row.moved.winners),
            count("losers", _("减少的"), lambda row: row.moved.losers),
            count("unchanged", _("不变的"), lambda row: row.moved.unchanged, on_page=False),
            count("open", _("待定的"), lambda row: row.moved.open),
            money("gained", _("增加额"), lambda row: row.moved.gained, on_page=False),
            money("lost", _("减少额"), lambda row: row.moved.lost, on_page=False),
        ],
    )  # fmt: skip


def group_rows(found: Answer, by: str) -> list[GroupRow]:
    return [GroupRow(group, moved) for group, moved in found.groups[by]]


#: A page shows the groups that move most, when there are many; the file has them all.
MOST_GROUPS = 12


def groups_on_page(rows: Sequence[GroupRow]) -> list[GroupRow]:
    """Those with money, in their order; of too many those that move most, then those with most money."""
    paid = [one for one in rows if one.moved.before or one.moved.after]
    if len(paid) <= MOST_GROUPS:
        return paid
    ranked = sorted(paid, key=lambda one: (-abs(one.moved.after - one.moved.before), -one.moved.after))
    kept = ranked[:MOST_GROUPS]
    return [one for one in paid if one in kept]


@dataclass(frozen=True)
class ThingRow:
    """One thing whose amount moved, with what it is and whose."""

    known: Known
    moved: ThingMoved


LARGEST = Table(
    "sandbox_largest",
    _("变动最大的"),
    [
        Column("key", _("对象"), cell=lambda row: row.known.name, export=lambda row: row.known.words),
        Column("firm", _("单位"), cell=lambda row: firm_link(row.known.firm), export=lambda row: row.known.firm and named(row.known.firm)),
        money("before", _("现行"), lambda row: row.moved.before),
        money("after", _("改后"), lambda row: row.moved.after),
        change(lambda row: row.moved.change),
    ],
)  # fmt: skip


def firm_link(firm: Organisation | None) -> Link | None:
    return None if firm is None else Link(named(firm), reverse("registry:organisation", args=[firm.pk]))


def largest_rows(found: Answer, reader: User) -> list[ThingRow]:
    known = owners(found, [(one.entity, one.key) for one in found.largest], reader)
    return [ThingRow(known[one.entity, one.key], one) for one in found.largest]


LACKING = Table(
    "sandbox_lacking",
    _("待定的"),
    [
        Column("name", _("对象")),
        Column("firm", _("单位"), cell=lambda row: firm_link(row.firm)),
        Column("clause", _("条款"), cell=lambda row: as_data(row.clause)),
        Column("waits", _("缺的数据"), cell=lambda row: as_data(row.waits)),
    ],
)


# --- pots ----------------------------------------------------------------------------------------------------------------

RISKS: Mapping[str, tuple[Any, Tone]] = {
    "short": (_("不够"), "bad"),
    "high": (_("花不完，风险高"), "warn"),
    "notable": (_("花不完，请留意"), "warn"),
    "low": (_("基本用完"), "good"),
}


def risk_tag(one: PotTold) -> Tag:
    words, tone = RISKS[one.risk]
    return Tag(words, tone)


def dry_day(one: PotTold) -> Any:
    """The day, or why there is none."""
    if one.dry is None:
        return None
    if one.dry.first_unpaid is not None:
        return Short(one.dry.first_unpaid.day.isoformat())
    return gettext("没有日期") if one.dry.undated and not one.dry.served else gettext("够用")


POTS = Table(
    "sandbox_pots",
    _("额度"),
    [
        Column("name", _("额度"), cell=lambda row: Short(row.pot.name or gettext("本措施的额度"))),
        money("fen", _("大小")),
        money("before", _("现行预计"), lambda row: row.before.fen, on_page=False),
        money("after", _("改后预计"), lambda row: row.after.fen),
        money("high", _("改后至多"), lambda row: row.after.high, on_page=False),
        money("left", _("结余"), lambda row: row.unspent - row.short),
        money("unspent", _("花不掉"), on_page=False),
        Column("share", _("占额度"), numeric=True, cell=lambda row: percent(row.share), on_page=False),
        money("short", _("不够"), on_page=False),
        Column("risk", _("判断"), cell=risk_tag),
        Column("day", _("用完日"), cell=dry_day),
        count("served", _("用完前付"), lambda row: row.dry.served if row.dry else None, on_page=False),
        count("unserved", _("付不到"), lambda row: row.dry.unserved if row.dry else None, on_page=False),
    ],
)


@dataclass(frozen=True)
class Shown:
    """A table of an answer and its rows."""

    table: Table
    rows: Sequence[Any]


def tables_of(found: Answer, reader: User) -> dict[str, Shown]:
    """By the name under which each is exported."""
    by = {one.id: Shown(group_table(one.id, str(one)), group_rows(found, one.id)) for one in rules().groups}
    return {
        "clauses": Shown(CLAUSES, clause_rows(found)), "pots": Shown(POTS, found.pots), **by,
        "largest": Shown(LARGEST, largest_rows(found, reader)),
    }  # fmt: skip


# --- lists ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeasureRow:
    """``claims``: what firms claimed under it; ``things``: with these, the things of the registry that it may pay for.

    ``without``: the kinds of things that it pays for or looks at, of which the registry has none.
    """

    rule: RuleText
    numbers: int
    claims: int
    things: int
    without: Sequence[str]


MEASURES = Table(
    "sandbox_measures",
    _("可以试算的措施"),
    [
        Column("name", _("措施"), cell=lambda row: Link(row.rule.name, sandbox_page(row.rule)), export=lambda row: row.rule.name),
        Column("version", _("版本"), numeric=True, cell=lambda row: row.rule.number),
        Column("status", _("状态"), cell=lambda row: status_tag(row.rule), export=lambda row: row.rule.status),
        Column("numbers", _("可改的数"), numeric=True, sort="numbers"),
        Column("claims", _("申报"), numeric=True, sort="claims"),
        Column("things", _("名录和申报里的对象"), numeric=True, sort="things"),
        Column("without", _("还缺的资料"), cell=lambda row: ("、" if in_chinese() else ", ").join(row.without) or None),
    ],
    order="-claims",
    empty=_("措施库公布措施后列在这里。"),
)  # fmt: skip


def sandbox_page(rule: RuleText) -> str:
    return reverse("policies:sandbox", args=[rule.rule, rule.number])


def fen(key: str) -> Callable[[Scenario], int]:
    return lambda row: int(row.totals[key])


SCENARIOS = Table(
    "scenarios",
    _("试算方案"),
    [
        Column("name", _("名称"), sort="name", cell=lambda row: Link(row.name, reverse("policies:scenario", args=[row.pk])), export=lambda row: row.name),
        Column("rule", _("措施"), sort="rule__name", cell=lambda row: as_data(row.rule.name), export=lambda row: row.rule.name),
        Column("changed", _("改动"), cell=lambda row: changes_said(row)),
        money("known", _("已知金额"), fen("fen")),
        change(lambda row: int(row.totals["fen"]) - int(row.against_fen)),
        Column("beneficiaries", _("受益"), numeric=True, cell=fen("beneficiaries")),
        Column("shared", _("给谁看"), sort="shared", cell=lambda row: Short(row.get_shared_display()), export=lambda row: row.get_shared_display()),
        Column("owner", _("保存人"), sort="owner__name", cell=lambda row: Short(row.owner.name), export=lambda row: row.owner.name),
        Column("created_at", _("保存时间"), sort="created_at"),
    ],
    order="-created_at",
    empty=_("在试算页点“保存试算”，方案列在这里。"),
)  # fmt: skip


def changes_said(one: Scenario) -> str:
    """比例 25%；第三条 上限 300万元"""
    measure = measure_of(one.rule)
    said_so = [f"{called(measure, name)} {typed}" for name, typed, _value in one.changes]
    return ("；" if in_chinese() else "; ").join(said_so) or gettext("没有改数")
