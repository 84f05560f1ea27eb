"""Two or three scenarios side by side: one line a number, one column a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.policies.measures.library import measure_of
from mangrove.policies.sandbox.models import Scenario
from mangrove.policies.sandbox.numbers import called, shown
from mangrove.policies.sandbox.pots import pots_of
from mangrove.policies.sandbox.replaying import asked_of
from mangrove.rulebook.simulate.telling import percent
from mangrove.ui.languages import beside
from mangrove.ui.numbers import FEN_PER_WAN, grouped, signed, wan
from mangrove.ui.tables import Column, Table


@dataclass(frozen=True)
class Line:
    """``cells``: one a scenario, in their order."""

    label: str
    cells: Sequence[Any]


def side_by_side(found: Sequence[Scenario]) -> tuple[Table, list[Line]]:
    columns = [Column(f"s{n}", one.name, cell=nth(n)) for n, one in enumerate(found)]
    table = Table("scenarios_compared", _("方案比较"), [Column("label", _("项目")), *columns])
    return table, list(lines(found))


def nth(n: int) -> Callable[[Line], Any]:
    return lambda row: row.cells[n]


def lines(found: Sequence[Scenario]) -> Iterator[Line]:
    for label, of in asked():
        yield Line(label, [of(one) for one in found])
    yield from changed(found)
    yield from pots(found)
    for label, of in came():
        yield Line(label, [of(one) for one in found])


def asked() -> list[tuple[str, Callable[[Scenario], Any]]]:
    return [
        (_("措施"), lambda one: beside(one.rule.name, _("第 %(n)s 版") % {"n": one.rule.number})),
        (_("资料截至"), lambda one: f"{timezone.localtime(one.known_at):%Y-%m-%d %H:%M}"),
        (_("数据标识"), lambda one: one.snapshot[:12]),
        (_("决定日"), lambda one: one.decide_on.isoformat()),
        (_("预算年度"), lambda one: str(one.budget_year)),
        (_("符合的会来"), lambda one: percent(Fraction(one.take_up["meets"]))),
        (_("缺数据的会来"), lambda one: percent(Fraction(one.take_up["lacks"]))),
    ]


def came() -> list[tuple[str, Callable[[Scenario], Any]]]:
    return [
        (beside(_("应付（已知）"), _("万元")), lambda one: wan(int(one.totals["fen"]))),
        (beside(_("较现行"), _("万元")), lambda one: signed(Decimal(int(one.totals["fen"]) - int(one.against_fen)) / FEN_PER_WAN, 2)),
        (beside(_("至多"), _("万元")), lambda one: wan(int(one.totals["high"]))),
        (beside(_("预计支出"), _("万元")), lambda one: wan(int(one.totals["expected_fen"]))),
        (_("预计笔数"), lambda one: grouped(int(one.totals["expected_claims"]))),
        (_("受益对象"), lambda one: grouped(int(one.totals["beneficiaries"]))),
        (_("缺数据待补"), lambda one: grouped(int(one.totals["open"]))),
    ]  # fmt: skip


def changed(found: Sequence[Scenario]) -> Iterator[Line]:
    """Every number that one of them changed; where another left it, as it is written there."""
    names = dict.fromkeys(name for one in found for name, _typed, _value in one.changes)
    for name in names:
        yield Line(label_of(found, name), [number(one, name) for one in found])


def label_of(found: Sequence[Scenario], name: str) -> str:
    return next(
        called(measure_of(one.rule), name) for one in found if name in measure_of(one.rule).constants()
    )


def number(one: Scenario, name: str) -> str:
    measure = measure_of(one.rule)
    known = measure.constants().get(name)
    new = asked_of(one).changes.get(name)
    return "—" if known is None else shown(measure, known, new)


def pots(found: Sequence[Scenario]) -> Iterator[Line]:
    names = {pot.id: pot.name for one in found for pot in pots_of(one.rule)}
    for id in dict.fromkeys(id for one in found for id in one.pots):
        label = beside(names.get(id) or _("额度"), _("万元"))
        yield Line(label, [wan(one.pots[id]) if id in one.pots else "—" for one in found])
