"""A payment run: approved orders leave together in one file. However often the worker is killed, each leaves once.

Each order has an event of its own, all under the batch of the run. The events are sealed before the run is confirmed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.funding.actions import locked
from mangrove.funding.hooks import ask
from mangrove.funding.models import PaymentOrder, PaymentRun, RunState
from mangrove.funding.treasury import treasury_file
from mangrove.jobs.actions import submit
from mangrove.jobs.kinds import Kind
from mangrove.jobs.models import OPEN, Job
from mangrove.jobs.running import Running
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.sealer import seal_pending
from mangrove.registry.actions import required
from mangrove.registry.importing.files import keep
from mangrove.registry.models import Organisation
from mangrove.ui.numbers import grouped, yuan

#: How many orders leave in one transaction; each still has its own event.
PIECE = 100


@transaction.atomic
def make_run(
    *, title: str, organisation: Organisation, numbers: Collection[str], by: Actor, on: date, why: str = ""
) -> PaymentRun:
    """Put approved orders together. Raises :class:`Refusal` naming an order that is not approved, or in a run already."""
    chosen = PaymentOrder.objects.select_for_update().filter(number__in=numbers)
    ready = chosen.filter(
        state="approved", run=None, award__pot__organisation__in=organisation.bodies
    ).exclude(prepared_by=by.username)
    refuse_unready(numbers, set(ready.values_list("number", flat=True)))
    amount = ready.aggregate(sum=Sum("amount"))["sum"]
    run = PaymentRun.objects.create(
        title=title, organisation=organisation, made_on=on, made_by=by.username, count=len(set(numbers)), amount=amount
    )  # fmt: skip
    ready.update(run=run, version=F("version") + 1)
    record(
        "funding.run.make",
        subject=run.ref,
        by=by,
        on=on,
        why=why,
        payload={"count": run.count, "amount": amount},
    )
    return run


def refuse_unready(numbers: Collection[str], ready: Collection[str]) -> None:
    if not numbers:
        raise Refusal(
            _("没有选中指令。"), code="funding.none_chosen", where=_("付款指令"), remedy=_("请勾选要编入这一批的指令。")
        )  # fmt: skip
    if left := sorted(set(numbers) - set(ready)):
        raise Refusal(
            _("%(n)s 张指令不能编入批次，第一张是 %(number)s。") % {"n": len(left), "number": left[0]},
            code="funding.not_ready", where=_("付款指令"), rule=_("只有本单位已审核、未编入批次、不是自己经办的指令可以送出"),
            remedy=_("请刷新列表后重新选择。"),
        )  # fmt: skip


@transaction.atomic
def take_out(*, order: PaymentOrder, expected_version: int, by: Actor, on: date, why: str) -> PaymentOrder:
    """Take an order out of a run that it has not left with; it is approved as before, and may be voided or go in another."""
    required(why, _("移出理由"))
    order = locked(order, expected_version)
    run = PaymentRun.objects.select_for_update().filter(orders=order).exclude(state=RunState.SENT).first()
    if run is None or order.state != "approved" or is_leaving(run):
        raise Refusal(
            _("这张指令不在待送出的批次里。"), code="funding.not_in_run", where=order.number,
            remedy=_("批次已经送出的，等国库回执。"),
        )  # fmt: skip
    order.run, order.version = None, order.version + 1
    order.save(update_fields=["run", "version"])
    run.count, run.amount = run.count - 1, run.amount - order.amount
    run.save(update_fields=["count", "amount"])
    record(
        "funding.run.take_out",
        subject=run.ref,
        by=by,
        on=on,
        why=why,
        payload={"order": order.number, "amount": order.amount},
    )
    return order


def is_leaving(run: PaymentRun) -> bool:
    """Whether a worker is at it, or will be; where its job has failed, what held it up can be taken out."""
    return Job.objects.filter(kind=SEND.id, key=str(run.uid), state__in=OPEN).exists()


@transaction.atomic
def ask_to_send(*, run: PaymentRun, by: Actor, on: date, why: str = "") -> Job:
    """Queue the sending. Asked twice, it is the same job. Not by who prepared one of the orders."""
    run = PaymentRun.objects.select_for_update().get(pk=run.pk)
    if run.count == 0:
        raise Refusal(
            _("这一批里没有指令。"), code="funding.empty_run", where=run.title, remedy=_("请另编一批。")
        )
    if own := run.orders.filter(prepared_by=by.username).first():
        raise Refusal(
            _("批次里的 %(number)s 是您经办的，不能由您送出。") % {"number": own.number}, code="funding.two_persons",
            where=run.title, rule=_("经办与审核分离"), remedy=_("请由另一位资金审核人送出。"),
        )  # fmt: skip
    ask([one.award for one in run.orders.filter(state="approved").select_related("award")], on)
    if run.state == RunState.OPEN:
        run.state = RunState.SENDING
        run.save(update_fields=["state"])
    return submit(
        SEND.id, title=run.title, arguments={"run": str(run.uid)}, by=by, on=on, key=str(run.uid), why=why
    )  # fmt: skip


def send(running: Running) -> Mapping[str, Any]:
    """The job: orders leave piece by piece, then the file is written, then the run is confirmed.

    Called off in the middle and asked for again, it goes on with those that have not left.
    """
    run = PaymentRun.objects.get(uid=running.arguments["run"])
    numbers = list(run.orders.filter(state="approved").order_by("number").values_list("number", flat=True))
    for start in range(0, len(numbers), PIECE):
        running.progress(run.count - len(numbers) + start, run.count, _("送出指令"))
        piece = numbers[start : start + PIECE]
        running.once(piece[0], lambda piece=piece: leave(run, piece, running))  # type: ignore[misc]
    running.progress(run.count, run.count, _("生成文件"))
    seal_pending()
    with running.effects() as result:
        result |= confirmed(run, running)
    seal_pending()
    return result


def leave(run: PaymentRun, numbers: Sequence[str], running: Running) -> None:
    """These orders go; all of them, or the run stops."""
    orders = list(
        run.orders.select_for_update(of=("self",))
        .filter(number__in=numbers, state="approved")
        .select_related("award")
        .order_by("number")
    )
    if len(orders) != len(numbers):
        raise Refusal(
            _("批次里有指令已不是“已审核”。"), code="funding.run_changed", where=run.title,
            remedy=_("请核对批次里的指令，另编一批。"),
        )  # fmt: skip
    ask([order.award for order in orders], running.on)
    for order in orders:
        record(
            "funding.order.send", subject=order.ref, by=running.actor, on=running.on, why=running.why, batch=run.uid,
            payload={"amount": order.amount, "run": str(run.uid)},
        )  # fmt: skip
    PaymentOrder.objects.filter(pk__in=[order.pk for order in orders]).update(
        state="sent", version=F("version") + 1
    )


def confirmed(run: PaymentRun, running: Running) -> dict[str, Any]:
    """The file under its hash, and the run as sent."""
    content = treasury_file(run.orders.order_by("number"))
    run.sha256 = keep(BytesIO(content), run.title)
    run.state = RunState.SENT
    run.save(update_fields=["sha256", "state"])
    payload = {"count": run.count, "amount": run.amount, "sha256": run.sha256}
    record(
        "funding.run.send",
        subject=run.ref,
        by=running.actor,
        on=running.on,
        why=running.why,
        batch=run.uid,
        payload=payload,
    )
    return payload


def said(job: Job) -> str:
    found = job.result or {}
    return _("已送出 %(n)s 张指令，%(amount)s 元。") % {
        "n": grouped(found["count"]),
        "amount": yuan(found["amount"]),
    }


def address(job: Job) -> str:
    from django.urls import reverse

    return reverse("funding:run", args=[job.arguments["run"]])


SEND = Kind("funding.send", gettext_lazy("送出付款批次"), send, said=said, address=address, attempts=100)
