"""How the review of an award moves: due, reported, confirmed by somebody else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow
from mangrove.policies.claims.workflow import APPLICANT, OFFICER, READERS
from mangrove.policies.performance.guards import may_confirm

DUE, REPORTED, CONFIRMED = "due", "reported", "confirmed"

PERFORMANCE = Workflow(
    id="policies.performance",
    label=_("绩效评价"),
    url_name="policies:performance",
    readers=(*READERS, "payment_officer", "payment_approver"),
    start=DUE,
    states=(
        State(DUE, _("待填报"), _("待填报")),
        State(REPORTED, _("待核定"), _("已填报，等待核定")),
        State(CONFIRMED, _("已核定"), _("已核定"), final=True),
    ),
    steps=(
        # The firm is told by its own line of the inbox: a step for anyone with the role would prompt every firm.
        Step("report", _("填报实测"), (APPLICANT,), (DUE, REPORTED), REPORTED, scope="anyone", prompts=False),
        Step("enter", _("代为填报"), (OFFICER,), (DUE, REPORTED), REPORTED, prompts=False),
        Step("confirm", _("核定"), (OFFICER,), (REPORTED,), CONFIRMED, may_confirm),
        Step("return", _("退回重填"), (OFFICER,), (REPORTED,), DUE, needs_reason=True, prompts=False),
        Step("reopen", _("重新核定"), (OFFICER,), (CONFIRMED,), REPORTED, needs_reason=True, prompts=False, reopens=True),
    ),
)  # fmt: skip
