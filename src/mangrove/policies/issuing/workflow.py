"""How a measure in the making moves. Nobody reviews or publishes what they drafted; no opinion is left unanswered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow
from mangrove.policies.claims.workflow import OFFICER, READERS
from mangrove.policies.issuing.guards import (
    all_disposed,
    by_another_office,
    by_the_legal_office,
    by_whose_turn_it_is,
    not_the_drafter,
)

REVIEWER, SIGNER = "reviewer", "signer"
DRAFTING, SEEKING, REVISED, COMPETITION, LEGALITY, MEETING, NUMBERING, SIGNING, PUBLISHED, EXPLAINED, DROPPED = (
    "drafting", "seeking", "revised", "competition", "legality", "meeting", "numbering", "signing", "published",
    "explained", "dropped",
)  # fmt: skip
#: While the text may be changed.
OPEN = (DRAFTING, REVISED)
#: The steps of reviewers.
REVIEWERS_ACTS = ("clear", "find_lawful", "send_back")
UNDER_WAY = (COMPETITION, LEGALITY, MEETING, NUMBERING, SIGNING)

DRAFT = Workflow(
    id="policies.draft",
    label=_("制定措施"),
    url_name="policies:draft",
    readers=READERS,
    start=DRAFTING,
    states=(
        State(DRAFTING, _("起草中"), _("起草中")),
        State(SEEKING, _("征求意见中"), _("征求意见中")),
        State(REVISED, _("意见已处理，待送审"), _("起草中")),
        State(COMPETITION, _("待公平竞争审查"), _("审核中")),
        State(LEGALITY, _("待合法性审核"), _("审核中")),
        State(MEETING, _("待会议审议"), _("待审议")),
        State(NUMBERING, _("待统一编号"), _("待公布")),
        State(SIGNING, _("待签发公布"), _("待公布")),
        State(PUBLISHED, _("已公布，待发布解读"), _("已公布")),
        State(EXPLAINED, _("已公布并解读"), _("已公布"), final=True),
        State(DROPPED, _("已停止制定"), _("已停止制定"), final=True),
    ),
    steps=(
        Step("circulate", _("送征求意见"), (OFFICER,), OPEN, SEEKING, scope="unit"),
        Step("settle", _("意见办结"), (OFFICER,), (SEEKING,), REVISED, all_disposed, scope="unit"),
        Step("submit", _("送公平竞争审查"), (OFFICER,), (REVISED,), COMPETITION, scope="unit"),
        Step("clear", _("公平竞争审查"), (REVIEWER,), (COMPETITION,), LEGALITY, by_another_office),
        Step("find_lawful", _("合法性审核"), (REVIEWER,), (LEGALITY,), MEETING, by_the_legal_office),
        Step("send_back", _("审查不通过，退回修改"), (REVIEWER,), (COMPETITION, LEGALITY), REVISED, by_whose_turn_it_is, needs_reason=True, prompts=False),
        Step("decide", _("登记会议决定"), (OFFICER,), (MEETING,), NUMBERING, scope="unit"),
        Step("number", _("登记统一编号"), (OFFICER,), (NUMBERING,), SIGNING, scope="unit"),
        Step("publish", _("公布"), (SIGNER,), (SIGNING,), PUBLISHED, not_the_drafter),
        Step("explain", _("发布解读"), (OFFICER, SIGNER), (PUBLISHED,), EXPLAINED),
        Step("hand_back", _("退回起草处室"), (SIGNER,), (SIGNING,), REVISED, needs_reason=True, prompts=False),
        Step("rework", _("撤回修改"), (OFFICER,), UNDER_WAY, REVISED, needs_reason=True, scope="unit", prompts=False),
        Step("drop", _("停止制定"), (OFFICER,), (DRAFTING, SEEKING, REVISED), DROPPED, needs_reason=True, scope="unit", prompts=False),
    ),
)  # fmt: skip
