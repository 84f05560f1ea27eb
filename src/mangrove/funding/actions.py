"""What people do with money up to the treasury's door. Each act locks what it counts against, so that no two spend it twice.

``by`` is who acts; that they may is asked by ``access.py`` before. On SQLite the transaction itself is the lock.
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mangrove.funding import totals
from mangrove.funding.confirming import refuse_unconfirmed
from mangrove.funding.hooks import ask
from mangrove.funding.models import Award, PaymentOrder, Pot, Recovery
from mangrove.funding.payees import refuse_other_payee
from mangrove.funding.workflow import LIVE, moved
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import required
from mangrove.registry.models import Organisation
from mangrove.ui.numbers import yuan


@transaction.atomic
def open_pot(
    *, code: str, name: str, organisation: Organisation, budget_year: int, document_number: str, amount: int,
    by: Actor, on: date, why: str = "", synthetic: bool = False,
) -> Pot:  # fmt: skip
    """Enter money of a budget year under its budget document. ``amount`` in fen."""
    refuse_nothing(amount, _("资金总额"))
    if Pot.objects.filter(code=code).exists():
        raise Refusal(
            _("资金池编号 %(code)s 已经用过。") % {"code": code}, code="funding.pot_exists", where=_("编号")
        )
    pot = Pot.objects.create(
        code=code, name=name, organisation=organisation, budget_year=budget_year, document_number=document_number,
        amount=amount, synthetic=synthetic,
    )  # fmt: skip
    payload = {"amount": amount, "budget_year": budget_year, "document_number": document_number}
    record("funding.pot.open", subject=pot.ref, by=by, on=on, why=why, payload=payload)
    return pot


@transaction.atomic
def decide(
    *, pot: Pot, recipient: Organisation, programme: str, subject: Ref, title: str, amount: int, basis: str,
    by: Actor, on: date, why: str = "", synthetic: bool = False, by_hand: bool = False,
) -> Award:  # fmt: skip
    """Decide an amount for one recipient. ``basis``: the paper that decides (文号、会议纪要). One award a subject.

    ``by_hand``: entered by one person and decided by no programme here, so that a second one has to confirm it.

    Raises :class:`Refusal` where the pot does not hold it, or the subject has an award already.
    """
    refuse_nothing(amount, _("决定金额"))
    pot = Pot.objects.select_for_update().get(pk=pot.pk)
    refuse_closed(pot)
    left = pot.amount - totals.of_pot(pot).decided
    if amount > left:
        raise Refusal(
            _("“%(pot)s”只剩 %(left)s 元，不够 %(amount)s 元。") % {"pot": pot.name, "left": yuan(left), "amount": yuan(amount)},
            code="funding.pot_empty", where=_("决定金额"), rule=_("决定的总额不超过下达的资金：%(document)s") % {"document": pot.document_number},
            remedy=_("请核减金额；有追加下达的，请资金经办先在资金池页“追加资金”。"),
        )  # fmt: skip
    award = created(
        pot=pot, recipient=recipient, programme=programme, subject_room=subject.room, subject_kind=subject.kind,
        subject_id=subject.id, title=title, decided=amount, decided_on=on, basis=basis, synthetic=synthetic,
        registered_by=by.username if by_hand else "",
    )  # fmt: skip
    payload = {
        "pot": pot.code,
        "recipient": recipient.pk,
        "subject": str(subject),
        "amount": amount,
        "basis": basis,
        **({"by_hand": True} if by_hand else {}),
    }
    record("funding.award.decide", subject=award.ref, by=by, on=on, why=why, payload=payload)
    return award


def refuse_closed(pot: Pot) -> None:
    if pot.closed_on:
        raise Refusal(
            _("“%(pot)s”已于 %(day)s 撤销登记。") % {"pot": pot.name, "day": pot.closed_on}, code="funding.pot_closed",
            where=pot.name, remedy=_("请从另一笔下达的资金列支。"),
        )  # fmt: skip


def created(**fields: object) -> Award:
    try:
        with transaction.atomic():
            return Award.objects.create(**fields)
    except IntegrityError as error:
        raise Refusal(
            _("这件事已经有资助决定。"), code="funding.awarded_already", where=str(fields["title"]),
            rule=_("一件事一个决定"), remedy=_("金额要减的，在原有的决定上办“核减”；要增的或另有一件事，写清事项，另登记一项决定。"),
        ) from error  # fmt: skip


@transaction.atomic
def reduce(*, award: Award, amount: int, by: Actor, on: date, why: str) -> Award:
    """Set a lower decided amount (核减). Not below what is ordered already."""
    required(why, _("核减理由"))
    award = Award.objects.select_for_update().get(pk=award.pk)
    now = totals.of_award(award)
    if not now.ordered <= amount < award.decided:
        raise Refusal(
            _("决定金额现为 %(decided)s 元，已下指令 %(ordered)s 元；核减后须在两者之间。") % {"decided": yuan(award.decided), "ordered": yuan(now.ordered)},
            code="funding.bad_reduction", where=_("核减后金额"), remedy=_("已付的钱用追回，不用核减。"),
        )  # fmt: skip
    record(
        "funding.award.reduce",
        subject=award.ref,
        by=by,
        on=on,
        why=why,
        payload={"was": award.decided, "amount": amount},
    )
    award.decided = amount
    award.save(update_fields=["decided"])
    return award


@transaction.atomic
def prepare_order(
    *,
    award: Award,
    tranche: int,
    amount: int,
    payee: str,
    bank: str,
    account: str,
    by: Actor,
    on: date,
    why: str = "",
    payee_reason: str = "",
) -> PaymentOrder:
    """Prepare the order of one tranche; bank and account go to the treasury and are masked everywhere else.

    ``payee_reason``: why the payee is not the recipient, where it is not.
    """
    refuse_nothing(amount, _("指令金额"))
    award = Award.objects.select_for_update(of=("self",)).select_related("pot", "recipient").get(pk=award.pk)
    refuse_unconfirmed(award)
    payee_reason = refuse_other_payee(award, payee, payee_reason)
    refuse_over(award, amount)
    refuse_second(award, tranche)
    ask([award], on)
    order = PaymentOrder.objects.create(
        number=number_of(award, tranche), award=award, tranche=tranche, amount=amount, payee=payee, payee_reason=payee_reason, bank=bank, account=account,
        prepared_by=by.username,
    )  # fmt: skip
    payload = {
        "award": str(award.uid),
        "tranche": tranche,
        "amount": amount,
        "payee": payee,
        "account": order.masked_account,
        **({"payee_reason": payee_reason} if payee_reason else {}),
    }
    record("funding.order.open", subject=order.ref, by=by, on=on, why=why, payload=payload)
    return order


def number_of(award: Award, tranche: int) -> str:
    """``2026-000123-01``; ordered again after a return, ``2026-000123-01-2``."""
    before = award.orders.filter(tranche=tranche).count()
    again = f"-{before + 1}" if before else ""
    return f"{award.pot.budget_year}-{award.pk:06d}-{tranche:02d}{again}"


def refuse_over(award: Award, amount: int) -> None:
    left = totals.of_award(award).to_order
    if amount > left:
        raise Refusal(
            _("这项决定还可下指令 %(left)s 元，不够 %(amount)s 元。") % {"left": yuan(left), "amount": yuan(amount)},
            code="funding.over_award", where=_("指令金额"), rule=_("指令总额不超过决定金额"), remedy=_("请改小金额，或先作废未付的指令。"),
        )  # fmt: skip


def refuse_second(award: Award, tranche: int) -> None:
    if award.orders.filter(tranche=tranche, state__in=LIVE).exists():
        raise Refusal(
            _("第 %(tranche)s 期已有付款指令。") % {"tranche": tranche}, code="funding.tranche_ordered", where=_("期次"),
            rule=_("一期一张有效指令"), remedy=_("退票、收回或作废以后才能重新下指令。"),
        )  # fmt: skip


@transaction.atomic
def approve(
    *, order: PaymentOrder, expected_version: int, by: Actor, on: date, why: str = ""
) -> PaymentOrder:
    """A second person approves; raises :class:`Refusal` for the one who prepared it, and for a stale page."""
    order = locked(order, expected_version)
    state = moved(order.state, "approve", order.number)
    if order.prepared_by == by.username:
        raise Refusal(
            _("这张指令是您经办的，不能由您审核。"), code="funding.two_persons", where=order.number,
            rule=_("经办与审核分离"), remedy=_("请由另一位资金审核人办理。"),
        )  # fmt: skip
    refuse_unconfirmed(order.award)
    ask([order.award], on)
    order.approved_by = by.username
    return keep(
        order,
        state,
        record(
            "funding.order.approve",
            subject=order.ref,
            by=by,
            on=on,
            why=why,
            payload={"amount": order.amount},
        ),
    )


@transaction.atomic
def cancel(*, order: PaymentOrder, expected_version: int, by: Actor, on: date, why: str) -> PaymentOrder:
    """Void an order that has not left; not once it is in a run."""
    required(why, _("作废理由"))
    order = locked(order, expected_version)
    state = moved(order.state, "cancel", order.number)
    if order.run_id is not None:
        raise Refusal(
            _("这张指令已编入付款批次，不能作废。"), code="funding.in_run", where=order.number,
            remedy=_("请先把它移出批次；批次已送出的，等国库回执。"),
        )  # fmt: skip
    return keep(
        order,
        state,
        record(
            "funding.order.cancel", subject=order.ref, by=by, on=on, why=why, payload={"amount": order.amount}
        ),
    )


def locked(order: PaymentOrder, expected_version: int) -> PaymentOrder:
    """The order as it stands, locked; raises :class:`Refusal` where it is not as the page showed it."""
    found = PaymentOrder.objects.select_for_update().get(pk=order.pk)
    if found.version != expected_version:
        raise Refusal(
            _("这张指令在您打开页面之后有了变动。"), code="funding.stale", where=found.number,
            remedy=_("请刷新页面，看清现状后再办。"),
        )  # fmt: skip
    return found


def keep(order: PaymentOrder, state: str, event: Event) -> PaymentOrder:
    order.state, order.version = state, order.version + 1
    order.save(update_fields=["state", "version", "approved_by"])
    return order


@transaction.atomic
def confirm_received(*, order: PaymentOrder, by: Actor, on: date, why: str = "") -> PaymentOrder:
    """The recipient says that the money has arrived. Only then is it received, whatever was paid above them."""
    order = PaymentOrder.objects.select_for_update().get(pk=order.pk)
    if order.state != "paid" or order.received_on or (order.settled_on and on < order.settled_on):
        raise Refusal(
            _("只有已支付、尚未确认的款项可以确认到账，到账不早于支付。"), code="funding.not_to_receive", where=order.number,
            remedy=_("请核对指令状态和日期。"),
        )  # fmt: skip
    order.received_on = on
    order.save(update_fields=["received_on"])
    record(
        "funding.order.received", subject=order.ref, by=by, on=on, why=why, payload={"amount": order.amount}
    )
    return order


@transaction.atomic
def recover(
    *, award: Award, amount: int, basis: str, receipt: str, by: Actor, on: date, why: str
) -> Recovery:
    """Enter money that came back: by which paper it was claimed, on which receipt it came. Not more than was paid."""
    refuse_nothing(amount, _("追回金额"))
    required(why, _("追回理由"))
    required(basis, _("追回依据"))
    required(receipt, _("缴款凭证号"))
    award = Award.objects.select_for_update().get(pk=award.pk)
    now = totals.of_award(award)
    if amount > now.paid - now.recovered:
        raise Refusal(
            _("已支付未追回的是 %(left)s 元，不能追回 %(amount)s 元。") % {"left": yuan(now.paid - now.recovered), "amount": yuan(amount)},
            code="funding.over_recovery", where=_("追回金额"), remedy=_("请核对金额。"),
        )  # fmt: skip
    told = {"basis": basis.strip(), "receipt": receipt.strip()}
    event = record(
        "funding.award.recover", subject=award.ref, by=by, on=on, why=why, payload={"amount": amount, **told}
    )
    return Recovery.objects.create(award=award, amount=amount, on=on, reason=why, event=event, **told)


def refuse_nothing(amount: int, where: str) -> None:
    if amount <= 0:
        raise Refusal(
            _("金额须大于零。"),
            code="funding.no_money",
            where=where,
            remedy=_("请填写金额，单位元，可到分。"),
        )
