"""Pages to read: pots, awards, orders, runs, evidence, money received elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.funding import access, personal, pot_views, tables, totals
from mangrove.funding.award_facts import by_hand, paid_to, recipient_link
from mangrove.funding.evidence import look_alike
from mangrove.funding.findings import finding_views
from mangrove.funding.forms import AwardFilter, EvidenceFilter, OrderFilter, PriorFilter
from mangrove.funding.models import Award, Evidence, PaymentOrder, RunState
from mangrove.funding.totals import Totals
from mangrove.funding.transfers import held_too_long
from mangrove.funding.waiting import to_gather, to_make_anew
from mangrove.funding.workflow import ORDER
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.registry.importing.files import path_of
from mangrove.registry.labels import named
from mangrove.ui.components import Fact, Link, Progress, moments
from mangrove.ui.exports import csv_response, excel_response
from mangrove.ui.house import address
from mangrove.ui.numbers import yuan


def respond(request: HttpRequest, table: Any, rows: Any, words: str = "") -> HttpResponse:
    made = csv_response if request.GET.get("as") == "csv" else excel_response
    return made(request, table, rows, words)


def listing(
    request: HttpRequest, template: str, table: Any, rows: Any, filters: Any = None, **more: Any
) -> HttpResponse:
    """A list page, or the same rows as a file where ``?as=`` asks for one."""
    if not access.handles(request.user):
        raise Http404(_("没有这一页，或您无权知晓它。"))
    if request.GET.get("as"):
        return respond(request, table, rows, filters.words() if filters else "")
    query = request.GET.copy()
    query["as"] = "xlsx"
    page = table.page(rows, request.GET, f"{request.path}?{query.urlencode()}")
    return render(request, template, {"page": page, "filters": filters, **more})


def history(ref: Ref) -> Any:
    return moments(Event.objects.filter(room=ref.room, kind=ref.kind, object_id=ref.id))


@require_safe
@login_required
def pots(request: HttpRequest) -> HttpResponse:
    rows = access.readable_pots(request.user)
    table = tables.pots_table(totals.of_pots(rows))
    return listing(request, "funding/pots.html", table, rows, may_open=access.may(request.user, "open_pot"))


@require_safe
@login_required
def pot(request: HttpRequest, code: str) -> HttpResponse:
    one = access.access_pot(request.user, code)
    rows = access.readable_awards(request.user).filter(pot=one)
    sums = totals.of_pot(one)
    context = {
        "pot": one, "amounts": amounts(sums), "bar": Progress(sums.decided, one.amount), "left": yuan(one.amount - sums.decided),
        "facts": [
            Fact(_("编号"), one.code), Fact(_("预算年度"), str(one.budget_year)), Fact(_("下达文件"), one.document_number),
            Fact(_("下达金额"), _("%(amount)s 元") % {"amount": yuan(one.amount)}), Fact(_("管理单位"), named(one.organisation)),
            *([Fact(_("撤销登记"), one.closed_on.isoformat())] if one.closed_on else []), *synthetic(one.synthetic),
        ],
        "awards": tables.AWARDS.page(rows, request.GET), "moments": history(one.ref),
        "may_decide": access.may(request.user, "decide") and one.closed_on is None,
        "acts": pot_views.acts(request.user, one, rows.exists()), "papers": pot_views.papers(one),
    }  # fmt: skip
    return render(request, "funding/pot.html", context)


def amounts(sums: Totals) -> list[Fact]:
    """The five amounts, each with what it counts."""
    return [
        Fact(_("决定"), yuan(sums.decided), _("作出资助决定的金额，核减后")),
        Fact(_("指令"), yuan(sums.ordered), _("有效付款指令，未付和已付")),
        Fact(_("支付"), yuan(sums.paid), _("国库回执已支付")),
        Fact(_("到账"), yuan(sums.received), _("受资助单位确认收到")),
        Fact(_("追回"), yuan(sums.recovered), _("已收回的资金")),
    ]


def synthetic(one: bool) -> list[Fact]:
    return [Fact(_("合成数据"), _("是"))] if one else []


@require_safe
@login_required
def awards(request: HttpRequest) -> HttpResponse:
    filters = AwardFilter(request.GET)
    rows = filters.narrow(access.readable_awards(request.user))
    return listing(request, "funding/awards.html", tables.AWARDS, rows, filters)


@require_safe
@login_required
def award(request: HttpRequest, uid: UUID) -> HttpResponse:
    one = access.access_award(request.user, uid)
    sums = totals.of_award(one)
    rows = access.readable_orders(request.user).filter(award=one)
    subject = address(one.subject)
    context = {
        "award": one, "amounts": amounts(sums),
        "facts": [
            Fact(_("受资助单位"), recipient_link(one)), *by_hand(one),
            Fact(_("资金池"), tables.pot_link(one.pot)), Fact(_("计划或措施"), tables.programme_words(one.programme)),
            Fact(_("决定依据"), one.basis), Fact(_("决定日期"), one.decided_on.isoformat()),
            *([Fact(_("事项"), Link(one.title, subject))] if subject else []), *synthetic(one.synthetic),
        ],
        "orders": tables.ORDERS.page(rows, QueryDict()), "moments": history(one.ref), "recoveries": tables.RECOVERIES.page(one.recoveries.all(), QueryDict()),
        "acts": award_acts(request.user, one, sums),
    }  # fmt: skip
    return render(request, "funding/award.html", context)


def award_acts(user: Any, one: Award, sums: Totals) -> list[Link]:
    open_to = (
        ("confirm", _("确认决定"), one.awaits_confirming and one.registered_by != getattr(user, "username", "")),
        ("prepare", _("下付款指令"), sums.to_order > 0 and not one.awaits_confirming), ("reduce", _("核减"), sums.to_order > 0),
        ("recover", _("登记追回"), sums.paid > sums.recovered),
    )  # fmt: skip
    return [
        Link(label, reverse("funding:award_act", args=[one.uid, act]))
        for act, label, now in open_to
        if now and access.may(user, act)
    ]


@require_safe
@login_required
def orders(request: HttpRequest) -> HttpResponse:
    filters = OrderFilter(request.GET)
    rows = filters.narrow(access.readable_orders(request.user))
    ready = to_gather(access.readable_orders(request.user)).count()
    return listing(
        request, "funding/orders.html", tables.ORDERS, rows, filters, ready=ready,
        may_send=access.may(request.user, "send"), may_receive=access.may(request.user, "take_receipts"),
    )  # fmt: skip


@require_safe
@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    one = access.access_order(request.user, number)
    today = timezone.localdate()
    transfers = [(each, held_too_long(each, today)) for each in one.transfers.all()]
    context = {
        "order": one, "tag": tables.state_tag(one), "facts": order_facts(one), "moments": history(one.ref),
        "acts": order_acts(request.user, one), "transfers": transfers,
    }  # fmt: skip
    return render(request, "funding/order.html", context)


def order_facts(one: PaymentOrder) -> list[Fact]:
    settled = (
        [Fact(_("支付日期"), one.settled_on.isoformat(), one.treasury_reference)] if one.settled_on else []
    )
    reason = [Fact(_("退回原因"), one.outcome)] if one.outcome else []
    received = [Fact(_("到账日期"), one.received_on.isoformat())] if one.received_on else []
    run = (
        [Fact(_("付款批次"), Link(one.run.title, reverse("funding:run", args=[one.run.uid])))]
        if one.run
        else []
    )
    return [
        Fact(_("状态"), tables.state_tag(one)), Fact(_("指令金额"), _("%(amount)s 元") % {"amount": yuan(one.amount)}),
        Fact(_("资助决定"), tables.award_link(one.award)), Fact(_("期次"), str(one.tranche)),
        Fact(_("受资助单位"), recipient_link(one.award)), *paid_to(one), Fact(_("决定依据"), one.award.basis, one.award.decided_on.isoformat()),
        *by_hand(one.award), Fact(_("账号"), one.masked_account, _("全号在送国库的文件里；看全须写明目的")),
        *run, *settled, *reason, *received,
    ]  # fmt: skip


def order_acts(user: Any, one: PaymentOrder) -> list[Link]:
    own = getattr(user, "username", "") == one.prepared_by
    paid = one.state == "paid" and one.received_on is None
    open_to = (
        ("approve", _("审核通过"), one.state == "prepared" and not own),
        ("cancel", _("作废"), ORDER.move(one.state, "cancel") is not None and one.run_id is None),
        ("take_out", _("移出批次"), one.run is not None and one.run.state == RunState.OPEN),
        ("receive", _("确认到账"), paid),
        ("transfer", _("登记下拨"), paid),
    )
    acts = [
        Link(label, reverse("funding:order_act", args=[one.number, act]))
        for act, label, now in open_to
        if now and access.may(user, act)
    ]
    return [*order_again(user, one), *acts, *show_account(user, one)]


def order_again(user: Any, one: PaymentOrder) -> list[Link]:
    """For an order that came back: the form of the next one, filled in as this one was."""
    waits = to_make_anew(PaymentOrder.objects.filter(pk=one.pk)).exists()
    address = reverse("funding:award_act", args=[one.award.uid, "prepare"])
    found = waits and access.may(user, "prepare")
    return [Link(_("重下付款指令"), f"{address}?{urlencode({'again': one.number})}")] if found else []


def show_account(user: Any, one: PaymentOrder) -> list[Link]:
    address = reverse("registry:personal", args=[personal.ORDER, one.number])
    return [Link(_("看全账号"), address)] if access.may(user, "show_account") else []


@require_safe
@login_required
def runs(request: HttpRequest) -> HttpResponse:
    ready = to_gather(access.readable_orders(request.user)).count()
    return listing(
        request, "funding/runs.html", tables.RUNS, access.readable_runs(request.user), ready=ready,
        may_send=access.may(request.user, "send"),
    )  # fmt: skip


@require_safe
@login_required
def run(request: HttpRequest, uid: UUID) -> HttpResponse:
    one = access.access_run(request.user, uid)
    rows = access.readable_orders(request.user).filter(run=one)
    context = {
        "run": one, "tag": tables.run_tag(one), "page": tables.ORDERS.page(rows, request.GET), "moments": history(one.ref),
        "facts": [
            Fact(_("状态"), tables.run_tag(one)), Fact(_("指令数"), str(one.count)),
            Fact(_("批次金额"), _("%(amount)s 元") % {"amount": yuan(one.amount)}), Fact(_("编制日期"), one.made_on.isoformat()),
            Fact(_("文件校验值"), one.sha256[:16] or None),
        ],
        "may_send": access.may(request.user, "send") and one.state != RunState.SENT,
        "may_fetch": bool(one.sha256) and access.may(request.user, "send"),
    }  # fmt: skip
    return render(request, "funding/run.html", context)


@require_safe
@login_required
def run_file(request: HttpRequest, uid: UUID) -> FileResponse:
    """The file for the treasury, with whole accounts: for who sends it."""
    one = access.access_run(request.user, uid, to="send")
    if not one.sha256:
        raise Http404(_("这一批还没有送出。"))
    return FileResponse(
        path_of(one.sha256).open("rb"),
        as_attachment=True,
        filename=f"{one.title}.csv",
        content_type="text/csv; charset=utf-8",
    )


@require_safe
@login_required
def evidence(request: HttpRequest) -> HttpResponse:
    filters = EvidenceFilter(request.GET)
    every = access.readable_evidence(request.user)
    found = finding_views(look_alike(every))
    return listing(
        request, "funding/evidence.html", tables.EVIDENCE, filters.narrow(every), filters, findings=found,
        may_register=access.may(request.user, "register"),
    )  # fmt: skip


@require_safe
@login_required
def evidence_item(request: HttpRequest, id: int) -> HttpResponse:
    one = access.access_evidence(request.user, id)
    near = look_alike(
        access.readable_evidence(request.user).filter(Q(seller=one.seller) | Q(buyer=one.buyer))
    )
    context = {
        "evidence": one, "moments": history(one.ref), "tag": tables.standing(one),
        "findings": finding_views(found for found in near if any(piece.id == str(one.pk) for piece in found.pieces)),
        "may_release": may_release(request.user, one),
        "facts": [
            Fact(_("种类"), one.get_kind_display()), Fact(_("号码"), one.number, one.code), Fact(_("销售方"), one.seller),
            Fact(_("购买方"), one.buyer), Fact(_("日期"), one.dated.isoformat()),
            Fact(_("凭据金额"), _("%(amount)s 元") % {"amount": yuan(one.amount)}), Fact(_("用于"), claim_link(one)),
            Fact(_("申报单位"), named(one.claimant)), Fact(_("计划或措施"), tables.programme_words(one.programme)),
            *([Fact(_("仍登记的理由"), one.accepted_reason)] if one.accepted_reason else []), *synthetic(one.synthetic),
        ],
    }  # fmt: skip
    return render(request, "funding/evidence_item.html", context)


def may_release(user: Any, one: Evidence) -> bool:
    return access.may(user, "release") and one.released_on is None and access.registered_here(user, one)


def claim_link(one: Any) -> Any:
    href = address(one.claim)
    return Link(one.claim_title, href) if href else one.claim_title


@require_safe
@login_required
def prior_money(request: HttpRequest) -> HttpResponse:
    filters = PriorFilter(request.GET)
    rows = filters.narrow(access.readable_prior_money(request.user))
    return listing(
        request, "funding/prior_money.html", tables.PRIOR_MONEY, rows, filters, may_register=access.may(request.user, "register")
    )  # fmt: skip
