"""How a plan moves: computed, announced to the public, approved by somebody else."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow
from mangrove.policies.claims.workflow import OFFICER, READERS
from mangrove.policies.plans.guards import ENDED, may_announce, may_approve, may_return

APPROVER = "signer"
#: Nobody is asked to approve what the public still has its time for.
NOTICE_ENDED = Q(plan__notice__case__state__in=ENDED)
DRAFTING, COMPUTED, ANNOUNCED, APPROVED, DROPPED = "drafting", "computed", "announced", "approved", "dropped"

PLAN = Workflow(
    id="policies.plan",
    label=_("资助计划"),
    url_name="policies:plan",
    readers=(*READERS, "payment_officer", "payment_approver"),
    start=DRAFTING,
    states=(
        State(DRAFTING, _("编制中"), _("编制中")),
        State(COMPUTED, _("已算定，待公示"), _("编制中")),
        State(ANNOUNCED, _("待公示办结"), _("待公示办结")),
        State(APPROVED, _("已批准"), _("已批准"), final=True),
        State(DROPPED, _("已撤销"), _("已撤销"), final=True),
    ),
    steps=(
        Step("compute", _("算定"), (OFFICER,), (DRAFTING, COMPUTED), COMPUTED),
        Step("announce", _("送公示"), (OFFICER,), (COMPUTED,), ANNOUNCED, may_announce),
        Step("approve", _("批准"), (APPROVER,), (ANNOUNCED,), APPROVED, may_approve, asks_when=NOTICE_ENDED),
        Step("take_out", _("移出一件"), (OFFICER,), (ANNOUNCED,), ANNOUNCED, needs_reason=True, prompts=False),
        Step("return", _("退回重编"), (APPROVER, OFFICER), (COMPUTED, ANNOUNCED), DRAFTING, may_return, needs_reason=True, prompts=False),
        Step("drop", _("撤销"), (OFFICER,), (DRAFTING, COMPUTED), DROPPED, needs_reason=True, prompts=False),
    ),
)  # fmt: skip
