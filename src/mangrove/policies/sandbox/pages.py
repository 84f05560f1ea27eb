"""An answer as a page shows it; nothing is reckoned here that was not answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.policies.measures.articles import article_said
from mangrove.policies.sandbox import charts
from mangrove.policies.sandbox.answering import Answer
from mangrove.policies.sandbox.forms import AskForm
from mangrove.policies.sandbox.lacking import lacking
from mangrove.policies.sandbox.numbers import called, parts, shown
from mangrove.policies.sandbox.rules import rules
from mangrove.policies.sandbox.tables import LACKING, Shown, groups_on_page, tables_of
from mangrove.registry.models import User
from mangrove.rulebook.measures import Clause
from mangrove.ui.charts import Chart
from mangrove.ui.components import Figure
from mangrove.ui.numbers import FEN_PER_WAN, grouped, signed, wan
from mangrove.ui.tables import TablePage


@dataclass(frozen=True)
class Tile:
    label: str
    figure: Figure
    notes: Sequence[str]


@dataclass(frozen=True)
class PartShown:
    """An article, or the definitions: its rules in words, and the fields of the numbers that first stand in it."""

    clause: Clause | None
    rules: Sequence[tuple[str, str]]
    fields: Sequence[BoundField]
    changed: int

    @property
    def article(self) -> str:
        return article_said(self.clause.article) if self.clause else ""


@dataclass(frozen=True)
class Panel:
    """A table with the address of its Excel file, which has ``left_out`` rows more."""

    page: TablePage
    href: str
    left_out: int


def left(form: AskForm) -> list[PartShown]:
    """Articles that have no number of their own are told all the same: they use those of others."""
    found = []
    for one in parts(form.measure):
        fields = [form.number(name) for name in one.names]
        changed = sum(
            form.found.get(bound.name, value(form, name)) != value(form, name)
            for bound, name in zip(fields, one.names, strict=True)
        )
        found.append(PartShown(one.clause, one.rules, fields, changed))
    return found  # fmt: skip


def value(form: AskForm, name: str) -> Any:
    return form.constants[name].value


def tiles(found: Answer) -> list[Tile]:
    cost, before = found.after.cost, found.before
    high = _("至多 %(high)s 万元（缺数据的按最多算）") % {"high": wan(cost.high)}
    open_ones = _("另有 %(n)s 件说不出上限") % {"n": grouped(cost.unbounded)}
    return [
        Tile(_("应付（已知）"), Figure(wan(cost.low), _("万元"), large=True), [than(found.change), high]),
        Tile(_("预计支出（按参与率）"), Figure(wan(found.expected.fen), _("万元"), large=True), [than(found.expected.fen - found.before_expected.fen), _("预计 %(n)s 笔") % {"n": grouped(found.expected.claims)}]),
        Tile(_("受益对象"), Figure(found.after.beneficiaries, large=True), [difference(found.after.beneficiaries - before.beneficiaries), _("增加 %(up)s，减少 %(down)s，待定 %(open)s") % {"up": grouped(found.all.winners), "down": grouped(found.all.losers), "open": grouped(found.all.open)}]),
        Tile(_("缺数据待补"), Figure(cost.open, large=True), [difference(cost.open - before.cost.open), *([open_ones] if cost.unbounded else [])]),
    ]  # fmt: skip


def than(fen: int) -> str:
    return _("较现行 %(change)s 万元") % {"change": signed(Decimal(fen) / FEN_PER_WAN, 2)}


def difference(number: int) -> str:
    return _("较现行 %(change)s") % {"change": signed(number)}


def panels(found: Answer, query: QueryDict, reader: User) -> dict[str, Panel]:
    return {name: panel(found, name, one, query) for name, one in tables_of(found, reader).items()}


def panel(found: Answer, name: str, one: Shown, query: QueryDict) -> Panel:
    rule = found.asked.rule
    rows = groups_on_page(one.rows) if name in found.groups else one.rows
    href = reverse("policies:sandbox_export", args=[rule.rule, rule.number, name])
    return Panel(
        one.table.page(rows, QueryDict("size=200")), f"{href}?{query.urlencode()}", len(one.rows) - len(rows)
    )


def shown_answer(found: Answer, query: QueryDict, reader: User) -> dict[str, Any]:
    """What ``policies/parts/answer.html`` draws."""
    own, open_ones = panels(found, query, reader), lacking(found, reader)
    rule = found.asked.rule
    return {
        "answer": found, "tiles": tiles(found), "waterfall": chart(found), "clauses": own["clauses"], "pots": own["pots"] if found.pots else None,
        "groups": [own[one.id] for one in rules().groups], "largest": own["largest"],
        "lacking": LACKING.page(open_ones.first, QueryDict()), "lacking_more": open_ones.more, "query": query.urlencode(),
        "save": f"{reverse('policies:scenario_save', args=[rule.rule, rule.number])}?{query.urlencode()}",
        "changes": changes(found), "empty": nothing(found), "synthetic": synthetic(found), "quotas": bool(found.asked.measure.quotas),
        "rules": rules(), "said": said(found),
    }  # fmt: skip


def said(found: Answer) -> str:
    """The answer in one sentence, for who hears the page."""
    cost = wan(found.after.cost.low)
    return _("应付 %(cost)s 万元，%(than)s。") % {"cost": cost, "than": than(found.change)}


def chart(found: Answer) -> Chart | None:
    return charts.waterfall(found.waterfall, found.asked.measure) if found.waterfall.steps else None


def changes(found: Answer) -> list[tuple[str, str, str]]:
    """What it is called, what is written, what it becomes."""
    measure, known = found.asked.measure, found.asked.measure.constants()
    return [
        (called(measure, name), shown(measure, known[name]), shown(measure, known[name], new))
        for name, new in found.asked.changes.items()
    ]


def nothing(found: Answer) -> bool:
    """Whether the registry has nothing that this measure pays for."""
    return not any(found.city.count(kind) for kind, _moved in found.kinds)


def synthetic(found: Answer) -> bool:
    """Whether some of what was reckoned on is synthetic."""
    snapshot = found.results.snapshot
    kinds = [kind for kind, _moved in found.kinds if "synthetic" in snapshot.vocabulary.entities[kind].fields]
    return any(bool(snapshot.column(kind, "synthetic").values.any()) for kind in [*kinds, "organisation"])


def exported(found: Answer, name: str, reader: User) -> Shown | None:
    return tables_of(found, reader).get(name)
