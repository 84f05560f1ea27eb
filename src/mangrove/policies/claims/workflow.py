"""How a claim moves from acceptance to a decision; its payment is followed by the orders of ``funding``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow
from mangrove.policies.claims.guards import all_checked

#: What funding calls the programme whose awards these are.
PROGRAMME = "policies"
OFFICER, APPLICANT = "case_officer", "applicant"
READERS = ("inspector", "chain_chief", "auditor")
CHECKING, READY, PLANNED, ANNOUNCED, AWARDED, REFUSED, WITHDRAWN = (
    "checking", "ready", "planned", "announced", "awarded", "refused", "withdrawn",
)  # fmt: skip
BEFORE_THE_PLAN = (CHECKING, READY)

CLAIM = Workflow(
    id="policies.claim",
    label=_("扶持申报"),
    url_name="policies:claim",
    readers=READERS,
    start=CHECKING,
    states=(
        State(CHECKING, _("审核中"), _("审核中")),
        State(READY, _("审核完成，待列入计划"), _("审核完成，等待资助计划")),
        State(PLANNED, _("已列入拟资助计划"), _("拟定资助计划中")),
        State(ANNOUNCED, _("待公示办结"), _("待公示办结")),
        State(AWARDED, _("已批准"), _("已批准"), final=True),
        State(REFUSED, _("不予资助"), _("不予资助"), final=True),
        State(WITHDRAWN, _("已撤回"), _("已撤回"), final=True),
    ),
    steps=(
        Step("finish", _("审核完成"), (OFFICER,), (CHECKING,), READY, all_checked),
        Step("recheck", _("退回审核"), (OFFICER,), (READY,), CHECKING, needs_reason=True, prompts=False),
        Step("refuse", _("不予资助"), (OFFICER,), BEFORE_THE_PLAN, REFUSED, needs_reason=True, prompts=False),
        Step("withdraw", _("撤回"), (APPLICANT,), BEFORE_THE_PLAN, WITHDRAWN, needs_reason=True, scope="anyone", prompts=False),
        Step("plan", _("列入拟资助计划"), (), (READY,), PLANNED),
        Step("unplan", _("移出计划"), (), (PLANNED, ANNOUNCED), READY),
        Step("announce", _("公示"), (), (PLANNED,), ANNOUNCED),
        Step("award", _("批准资助"), (), (ANNOUNCED,), AWARDED),
        Step("nothing", _("计划不予资助"), (), (ANNOUNCED,), REFUSED),
    ),
)  # fmt: skip
