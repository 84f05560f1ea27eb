"""Awards led to their money, by the acts themselves; and reviews of them that have come up."""

from __future__ import annotations

from mangrove.casework.notices import actions as notices
from mangrove.funding import actions as funding
from mangrove.funding.models import Award, PaymentOrder, Pot
from mangrove.funding.sending import ask_to_send, make_run
from mangrove.funding.settling import settle
from mangrove.intake.models import Opening
from mangrove.jobs import worker
from mangrove.policies.performance.models import Performance
from mangrove.policies.performance.opening import look_after
from mangrove.policies.plans import actions as plans
from mangrove.policies.plans.models import Plan

from . import life


def approved(plan: Plan) -> Plan:
    """Announced, its notice over, approved by somebody else."""
    plan = life.announced(plan)
    assert plan.notice is not None
    plan.notice.case.refresh_from_db()
    notices.end(
        id=plan.notice.pk, act="close_clear", by=life.who("officer"), expected_version=plan.notice.case.version,
        **life.at(life.days_ago(10)),
    )  # fmt: skip
    plan.case.refresh_from_db()
    return plans.approve(
        plan_id=plan.pk, basis="局长办公会纪要（合成）", by=life.who("deputy"), expected_version=plan.case.version,
        **life.at(life.days_ago(9)),
    )  # fmt: skip


def paid(award: Award, part: int = 1) -> PaymentOrder:
    """All of it, or the ``part``-th of it, paid three days after the order was sent."""
    sent_on, paid_on = life.at(life.days_ago(8)), life.at(life.days_ago(5))
    order = funding.prepare_order(
        award=award, tranche=1, amount=award.decided // part, payee=award.recipient.name, bank="样例银行（合成）",
        account=f"6200{award.pk:06d}", by=life.who("payer").actor, **sent_on,
    )  # fmt: skip
    funding.approve(order=order, expected_version=order.version, by=life.who("approver").actor, **sent_on)
    run = make_run(
        title=f"样例批次{award.pk}（合成）", organisation=award.pot.organisation, numbers=[order.number],
        by=life.who("approver").actor, **sent_on,
    )  # fmt: skip
    ask_to_send(run=run, by=life.who("approver").actor, **sent_on)
    worker.work(until_idle=True)
    return settle(
        number=order.number, outcome="paid", settled_on=life.days_ago(5), reference=f"样例{award.pk}", reason="",
        by=life.who("payer").actor, **paid_on,
    )  # fmt: skip


def granted(
    firms: tuple[str, ...] = ("a",), opening: Opening | None = None, money: Pot | None = None, **answers: str
) -> Plan:
    """A plan approved and paid."""
    opening = opening or life.window()
    for firm in firms:
        life.ready(life.claimed(opening, firm, **answers))
    plan = approved(life.planned((opening.form.form,), money))
    for award in Award.objects.filter(plan_line__plan=plan).order_by("pk"):
        paid(award)
    return plan


def reviewed(**answers: str) -> Performance:
    """Paid more than a year ago; its review has come up."""
    with life.long_ago(400):
        plan = granted(**answers)
    look_after()
    return Performance.objects.get(award__plan_line__plan=plan)


def reviewed_in_words(promise: str) -> Performance:
    """The same of an application under an older form, in which a promise is a text."""
    with life.long_ago(400):
        plan = granted(opening=life.worded_window(), promise_1=promise)
    look_after()
    return Performance.objects.get(award__plan_line__plan=plan)
