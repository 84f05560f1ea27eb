"""How an application moves once it is handed in: state, what staff and the applicant call it, who leads it where."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow
from mangrove.intake.guards import after_mending_limit, papers_all_judged, return_left

OFFICER, APPLICANT = "case_officer", "applicant"
#: Who oversees the work of the office and reads what was handed in.
READERS = ("inspector", "chain_chief", "auditor")
SUBMITTED, CHECKING, RETURNED, ACCEPTED, REFUSED, WITHDRAWN = (
    "submitted", "checking", "returned", "accepted", "refused", "withdrawn",
)  # fmt: skip
BEFORE_THE_END = (SUBMITTED, CHECKING, RETURNED)

APPLICATION = Workflow(
    id="intake.application",
    label=_("申报"),
    url_name="intake:application",
    readers=READERS,
    start=SUBMITTED,
    states=(
        State(SUBMITTED, _("待形式审查"), _("已提交，等待形式审查")),
        State(CHECKING, _("形式审查中"), _("形式审查中")),
        State(RETURNED, _("退回补正"), _("须补正后再提交")),
        State(ACCEPTED, _("形式审查通过"), _("已受理"), final=True),
        State(REFUSED, _("不予受理"), _("不予受理"), final=True),
        State(WITHDRAWN, _("已撤回"), _("已撤回"), final=True),
    ),
    steps=(
        Step("take", _("开始审查"), (OFFICER,), (SUBMITTED,), CHECKING, scope="unit"),
        Step("accept", _("通过"), (OFFICER,), (CHECKING,), ACCEPTED, papers_all_judged, scope="unit"),
        Step("return", _("退回补正"), (OFFICER,), (CHECKING,), RETURNED, return_left, needs_reason=True, scope="unit"),
        Step("refuse", _("不予受理"), (OFFICER,), (CHECKING,), REFUSED, needs_reason=True, scope="unit"),
        Step("lapse", _("逾期未补正"), (OFFICER,), (RETURNED,), REFUSED, after_mending_limit, needs_reason=True, prompts=False, scope="unit"),
        Step("resubmit", _("补正后提交"), (APPLICANT,), (RETURNED,), SUBMITTED),
        Step("withdraw", _("撤回申报"), (APPLICANT,), BEFORE_THE_END, WITHDRAWN, needs_reason=True, prompts=False),
    ),
)  # fmt: skip

#: The steps that the applicant sees as a bar, each with the states that belong to it.
BAR = (
    (_("填写"), ()),
    (_("提交"), (SUBMITTED,)),
    (_("形式审查"), (CHECKING, RETURNED)),
    (_("结果"), (ACCEPTED, REFUSED, WITHDRAWN)),
)
