"""How a payment order moves. An order is no case of its own: it lives for days, by the thousand, and has no clock."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow
from mangrove.ledger.refusals import Refusal

PREPARER, APPROVER = "payment_officer", "payment_approver"

#: Money that an order holds against its award.
LIVE = ("prepared", "approved", "sent", "paid")
#: Where the order ended without money; its tranche may be ordered anew.
FREED = ("returned", "lapsed", "cancelled")

ORDER = Workflow(
    id="funding.order",
    label=_("付款指令"),
    url_name="funding:order",
    readers=("auditor", "inspector", "chain_chief"),
    start="prepared",
    states=(
        State("prepared", _("待审核"), _("办理中")),
        State("approved", _("已审核，待送国库"), _("办理中")),
        State("sent", _("已送国库"), _("支付中")),
        State("paid", _("已支付"), _("已支付"), final=True),
        State("returned", _("退票"), _("退票，待重新办理"), final=True),
        State("lapsed", _("年末收回"), _("待重新办理"), final=True),
        State("cancelled", _("已作废"), _("已作废"), final=True),
    ),
    steps=(
        Step("approve", _("审核通过"), (APPROVER,), ("prepared",), "approved"),
        Step("cancel", _("作废"), (PREPARER, APPROVER), ("prepared", "approved"), "cancelled", needs_reason=True, prompts=False),
        Step("send", _("送国库"), (APPROVER,), ("approved",), "sent"),
        Step("paid", _("国库已支付"), (), ("sent",), "paid"),
        Step("returned", _("退票"), (), ("sent",), "returned"),
        Step("lapsed", _("年末收回"), (), ("sent",), "lapsed"),
    ),
)  # fmt: skip


def moved(state: str, act: str, where: str) -> str:
    """The state that the act leads to; raises :class:`Refusal` where the state does not offer it."""
    step = ORDER.move(state, act)
    if step is None:
        labels = {one.act: one.label for one in ORDER.steps}
        raise Refusal(
            gettext("现为“%(state)s”，不能“%(act)s”。") % {"state": ORDER.state(state).label, "act": labels[act]},
            code="funding.wrong_state", where=where, remedy=gettext("请刷新页面，看别人是否已经办过。"),
        )  # fmt: skip
    return step.target
