"""How a proposal and a reply move: state, what staff and the public call it, who leads it where.

The reply's letter is guarded elsewhere too: :mod:`mangrove.proposals.signing` binds the signature to the text. Who
may rate is not a matter of office but of who signed the proposal: :mod:`mangrove.proposals.access` asks that.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow
from mangrove.proposals.guards import (
    after_feedback_limit,
    handled_again_if_dissatisfied,
    somebody_dissatisfied,
    within_return_limit,
)

OFFICES = ("registrar", "deputies_office", "inspector", "chain_chief", "auditor")

#: The states of a reply in which its deputies may rate it.
RATEABLE = ("delivered", "rated")
#: The states in which its letter stands signed, for the other units of the proposal to read.
SIGNED = ("signed", "numbered", "delivered", "rated", "closed")

#: Where a registration ends that was a mistake.
WITHDRAWN = "withdrawn"

PROPOSAL = Workflow(
    id="proposals.proposal",
    label=_("建议"),
    url_name="proposals:proposal",
    readers=OFFICES,
    start="registered",
    states=(
        State("registered", _("已登记，待交办"), _("已收到")),
        State("handed", _("已交办"), _("办理中")),
        State("returned", _("有单位退回，待重新交办"), _("办理中")),
        State("closed", _("已办结"), _("已办结"), final=True),
        State(WITHDRAWN, _("登记已撤销"), _("登记已撤销"), final=True),
    ),
    steps=(
        Step("hand_over", _("交办"), ("registrar",), ("registered", "returned"), "handed", scope="anyone"),
        Step("hand_over", _("加派单位"), ("registrar",), ("handed",), "handed", scope="anyone", prompts=False),
        Step("unit_returned", _("单位退回"), ("case_officer",), ("handed", "returned"), "returned", needs_reason=True, prompts=False),
        Step("keep_units", _("不再另行交办"), ("registrar",), ("returned",), "handed", needs_reason=True, scope="anyone", prompts=False),
        Step("close", _("办结"), ("registrar", "deputies_office"), ("handed",), "closed", scope="anyone", prompts=False),
        Step("withdraw", _("撤销登记"), ("registrar",), ("registered",), WITHDRAWN, needs_reason=True, scope="anyone", prompts=False),
    ),
)  # fmt: skip

REPLY = Workflow(
    id="proposals.reply",
    label=_("答复"),
    url_name="proposals:reply",
    readers=OFFICES,
    start="handed",
    states=(
        State("handed", _("待签收"), _("已交办")),
        State("returned", _("已退回交办机关"), _("重新交办"), final=True),
        State("drafting", _("办理起草"), _("办理中")),
        State("in_review", _("核稿"), _("办理中")),
        State("to_sign", _("待签发"), _("办理中")),
        State("signed", _("已签发，待编号"), _("办理中")),
        State("numbered", _("已编号，待送达"), _("办理中")),
        State("delivered", _("已送达，待评价"), _("已答复")),
        State("rated", _("已评价"), _("已答复")),
        State("closed", _("已办结"), _("已办结"), final=True),
    ),
    steps=(
        Step("accept", _("签收"), ("case_officer",), ("handed",), "drafting"),
        Step("return_to_office", _("退回交办机关"), ("case_officer",), ("handed",), "returned", within_return_limit, needs_reason=True),
        Step("submit", _("送核稿"), ("case_officer",), ("drafting",), "in_review"),
        Step("send_back", _("退回修改"), ("reviewer",), ("in_review",), "drafting", needs_reason=True),
        Step("pass_review", _("核稿通过"), ("reviewer",), ("in_review",), "to_sign", needs_reason=True),
        Step("decline", _("不予签发"), ("signer",), ("to_sign",), "drafting", needs_reason=True),
        Step("sign", _("签发"), ("signer",), ("to_sign",), "signed", needs_reason=True),
        Step("recall", _("撤回复审"), ("case_officer",), ("signed", "numbered"), "to_sign", needs_reason=True, prompts=False),
        Step("number", _("编号"), ("reviewer",), ("signed",), "numbered"),
        Step("deliver", _("送达"), ("case_officer",), ("numbered",), "delivered"),
        Step("rate", _("评价"), ("deputy",), RATEABLE, "rated", prompts=False),
        Step("close_unrated", _("未反馈办结"), ("deputies_office",), ("delivered",), "closed", after_feedback_limit, needs_reason=True, scope="anyone"),
        Step("redo", _("再次办理"), ("deputies_office",), ("rated",), "drafting", somebody_dissatisfied, needs_reason=True, scope="anyone"),
        Step("close", _("办结"), ("deputies_office",), ("rated",), "closed", handled_again_if_dissatisfied, scope="anyone"),
    ),
)  # fmt: skip

CO_HANDLING = Workflow(
    id="proposals.opinion",
    label=_("会办意见"),
    url_name="proposals:reply",
    readers=OFFICES,
    start="handed",
    states=(
        State("handed", _("待签收"), _("已交办")),
        State("returned", _("已退回交办机关"), _("重新交办"), final=True),
        State("preparing", _("准备意见"), _("办理中")),
        State("given", _("已提出意见"), _("已办理"), final=True),
    ),
    steps=(
        Step("accept", _("签收"), ("case_officer",), ("handed",), "preparing"),
        Step("return_to_office", _("退回交办机关"), ("case_officer",), ("handed",), "returned", within_return_limit, needs_reason=True),
        Step("give_opinion", _("提出会办意见"), ("case_officer",), ("preparing",), "given", needs_reason=True),
    ),
)  # fmt: skip

#: The same for an opinion of a co-handling unit.
CO_BAR = (
    (_("登记交办"), ("handed",)),
    (_("准备意见"), ("preparing",)),
    (_("提出意见"), ("given",)),
)

#: The steps that a reader of the page sees as a bar, in order, each with the states that belong to it.
BAR = (
    (_("登记交办"), ("handed",)),
    (_("办理起草"), ("drafting",)),
    (_("核稿"), ("in_review",)),
    (_("签发"), ("to_sign",)),
    (_("编号"), ("signed",)),
    (_("送达"), ("numbered",)),
    (_("评价"), ("delivered",)),
    (_("承诺跟踪"), ("rated", "closed")),
)
#: How many steps of the bar come after the letter was sent.
AFTER_SENDING = 2
