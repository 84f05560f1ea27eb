"""How a meeting's decisions move: entered, confirmed with the minutes, or struck."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow, register

CONFIRMED = "confirmed"

MEETING = register(
    Workflow(
        id="casework.meeting",
        label=_("会议决定"),
        url_name="casework:meeting",
        readers=("inspector", "auditor", "chain_chief"),
        start="entered",
        states=(
            State("entered", _("已登记，待附纪要确认"), _("未定稿")),
            State(CONFIRMED, _("已确认"), _("已确认"), final=True),
            State("struck", _("登记已撤销"), _("登记已撤销"), final=True),
        ),
        steps=(
            Step("confirm", _("附纪要确认"), ("reviewer",), ("entered",), CONFIRMED),
            Step("strike", _("撤销登记"), ("case_officer", "reviewer"), ("entered",), "struck", needs_reason=True, prompts=False),
        ),
    )
)  # fmt: skip
