"""The room's lists. Amounts are shown in 元 to the fen and exported as numbers."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove import vocabulary
from mangrove.funding.models import Award, Evidence, PaymentOrder, PaymentRun, Pot, PriorMoney, RunState
from mangrove.funding.totals import Totals
from mangrove.funding.workflow import FREED, ORDER
from mangrove.registry.labels import enum_word, named
from mangrove.ui import house
from mangrove.ui.components import Link, Short, Tag, Tick, Tone
from mangrove.ui.numbers import FEN_PER_YUAN, yuan
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {"paid": "good", "sent": "info", **dict.fromkeys(FREED, "warn")}
YUAN = _("元")


def money(key: str, label: Any, of: Any = None, *, sort: str = "") -> Column:
    """A column of fen: ``of(row)`` gives them, else the attribute named ``key``."""
    fen = of or (lambda row: getattr(row, key))
    return Column(
        key, label, unit=YUAN, numeric=True, sort=sort,
        cell=lambda row: yuan(fen(row)), export=lambda row: Decimal(fen(row)) / FEN_PER_YUAN,
        number_format="#,##0.00",
    )  # fmt: skip


def state_tag(order: PaymentOrder) -> Tag:
    return Tag(ORDER.state(order.state).label, TONES.get(order.state, "calm"))


def pot_link(pot: Pot) -> Link:
    return Link(pot.name, reverse("funding:pot", args=[pot.code]))


def award_link(award: Award) -> Link:
    return Link(award.title, reverse("funding:award", args=[award.uid]))


def order_link(order: PaymentOrder) -> Short:
    return Short(Link(order.number, reverse("funding:order", args=[order.number])))


def pots_table(sums: dict[int, Totals]) -> Table:
    """``sums``: the totals of every pot that may be shown."""
    return Table(
        "pots",
        _("资金池"),
        [
            Column("name", _("资金池"), sort="name", cell=pot_link, export=lambda pot: pot.name),
            Column("budget_year", _("预算年度"), sort="budget_year", cell=lambda pot: Short(pot.budget_year), export=lambda pot: pot.budget_year),
            Column("document_number", _("下达文件"), sort="document_number"),
            money("amount", _("下达"), sort="amount"),
            money("decided", _("决定"), lambda pot: sums[pot.pk].decided),
            money("ordered", _("指令"), lambda pot: sums[pot.pk].ordered),
            money("paid", _("支付"), lambda pot: sums[pot.pk].paid),
            money("received", _("到账"), lambda pot: sums[pot.pk].received),
            money("recovered", _("追回"), lambda pot: sums[pot.pk].recovered),
            SYNTHETIC,
        ],
        order="-budget_year",
        empty=_("登记下达的资金，决定和付款都从这里列支。"),
    )  # fmt: skip


AWARDS = Table(
    "awards",
    _("资助决定"),
    [
        Column("title", _("事项"), sort="title", cell=award_link, export=lambda award: award.title),
        Column("recipient", _("受资助单位"), sort="recipient__name", cell=lambda award: named(award.recipient)),
        Column("basis", _("决定依据"), sort="basis"),
        Column("decided_on", _("决定日期"), sort="decided_on", cell=lambda award: Short(award.decided_on)),
        money("decided", _("决定金额"), sort="decided"),
        SYNTHETIC,
    ],
    order="-decided_on",
    empty=_("办结的申报在这里成为资助决定，也可以登记。"),
)  # fmt: skip

ORDERS = Table(
    "orders",
    _("付款指令"),
    [
        Column("number", _("指令编号"), sort="number", cell=order_link, export=lambda order: order.number),
        Column("award", _("事项"), sort="award__title", cell=lambda order: award_link(order.award), export=lambda order: order.award.title),
        Column("payee", _("收款人"), sort="payee"),
        Column("account", _("账号"), cell=lambda order: Short(order.masked_account)),
        Column("tranche", _("期次"), numeric=True, sort="tranche"),
        money("amount", _("指令金额"), sort="amount"),
        Column("state", _("状态"), sort="state", cell=state_tag),
        Column("settled_on", _("支付日期"), sort="settled_on", cell=lambda order: order.settled_on and Short(order.settled_on)),
        Column("outcome", _("退回原因"), sort="outcome"),
    ],
    order="-number",
    empty=_("在资助决定那一页下付款指令。"),
)  # fmt: skip

RECOVERIES = Table(
    "recoveries",
    _("追回"),
    [
        Column("on", _("追回日期"), cell=lambda one: Short(one.on)),
        money("amount", _("追回金额")),
        Column("basis", _("追回依据")),
        Column("receipt", _("缴款凭证号")),
        Column("reason", _("追回理由")),
    ],
    page_size=100,
)

#: A run is chosen from one page: no more than one form may send.
GATHERED_AT_MOST = 500


def gather_table(ticked: Collection[str]) -> Table:
    """Approved orders to choose a run from; ``ticked`` are the numbers chosen already."""
    return Table(
        "gather",
        _("已审核的指令"),
        [
            Column("number", _("指令编号"), cell=lambda order: Tick("orders", order.number, order.number in ticked)),
            Column("award", _("事项"), cell=lambda order: award_link(order.award)),
            Column("payee", _("收款人")),
            Column("pot", _("资金池"), cell=lambda order: pot_link(order.award.pot)),
            Column("year", _("预算年度"), cell=lambda order: Short(order.award.pot.budget_year)),
            Column("tranche", _("期次"), numeric=True),
            money("amount", _("指令金额")),
        ],
        page_size=GATHERED_AT_MOST,
    )  # fmt: skip


RUNS = Table(
    "runs",
    _("付款批次"),
    [
        Column("title", _("批次"), sort="title", cell=lambda run: Link(run.title, reverse("funding:run", args=[run.uid])), export=lambda run: run.title),
        Column("made_on", _("编制日期"), sort="made_on", cell=lambda run: Short(run.made_on)),
        Column("count", _("指令数"), unit=_("张"), numeric=True, sort="count"),
        money("amount", _("批次金额"), sort="amount"),
        Column("state", _("状态"), sort="state", cell=lambda run: run_tag(run)),
    ],
    order="-made_on",
    empty=_("选出已审核的指令，编成一批送国库。"),
)  # fmt: skip


def run_tag(run: PaymentRun) -> Tag:
    tones: dict[str, Tone] = {RunState.SENT: "good", RunState.SENDING: "info"}
    return Tag(run.get_state_display(), tones.get(run.state, "calm"))


EVIDENCE = Table(
    "evidence",
    _("凭据"),
    [
        Column("number", _("号码"), sort="number", cell=lambda one: Link(one.number, reverse("funding:evidence_item", args=[one.pk])), export=lambda one: one.number),
        Column("kind", _("种类"), sort="kind", cell=lambda one: Short(one.get_kind_display())),
        Column("seller", _("销售方"), sort="seller"),
        Column("buyer", _("购买方"), sort="buyer"),
        Column("dated", _("日期"), sort="dated", cell=lambda one: Short(one.dated)),
        money("amount", _("凭据金额"), sort="amount"),
        Column("claim", _("用于"), sort="claim_title", cell=lambda one: one.claim_title),
        Column("claimant", _("申报单位"), sort="claimant__name", cell=lambda one: named(one.claimant)),
        Column("standing", _("状态"), cell=lambda one: standing(one)),
        SYNTHETIC,
    ],
    order="-dated",
    empty=_("申报所附的合同、发票登记在这里，同一份只算一次。"),
)  # fmt: skip


def programme_words(named: str) -> Any:
    """What a programme of this house is called; of one that it does not run, the name that was written."""
    found = house.room(named)
    return found.label if found else named


def standing(one: Evidence) -> Tag:
    return Tag(_("已释放"), "calm") if one.released_on else Tag(_("在用"), "good")


PRIOR_FIELDS = vocabulary.entity("prior_money")

PRIOR_MONEY = Table(
    "prior_money",
    _("先前资金"),
    [
        Column("recipient", _("收款企业"), sort="recipient"),
        Column("matter", _("资助事项"), sort="matter"),
        Column("programme", _("资金名称"), sort="programme"),
        Column("level", _("资金层级"), sort="level", cell=lambda one: level_words(one)),
        Column("year", _("资金年度"), sort="year", cell=lambda one: Short(one.year), export=lambda one: one.year),
        Column("invoice_code", _("发票代码"), on_page=False),
        Column("invoice_number", _("发票号码"), sort="invoice_number"),
        money("amount", _("资助金额"), sort="amount"),
        Column("source", _("来源"), sort="source"),
    ],
    order="-year",
    empty=_("导入其他计划、其他层级已给的资金，查重时一并比对。"),
)  # fmt: skip


def level_words(one: PriorMoney) -> Any:
    return enum_word("government_level", one.level)
