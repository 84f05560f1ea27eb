"""How an objection, a complaint, a report moves: received, taken up or declined, answered. One table for each of the three."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow, register

#: What an objection comes to; a complaint or report was borne out or was not.
OUTCOMES = {"upheld": _("成立"), "partly": _("部分成立"), "rejected": _("不成立")}


def table(kind: str, label: Any, role: str) -> Workflow:
    office = (role,)
    return register(
        Workflow(
            id=f"casework.{kind}",
            label=label,
            url_name="casework:grievance",
            start="received",
            states=(
                State("received", _("已收到，待决定受理"), _("已收到")),
                State("handling", _("已受理，办理中"), _("办理中")),
                State("answered", _("已答复"), _("已答复"), final=True),
                State("declined", _("不予受理"), _("不予受理"), final=True),
                State("taken_back", _("反映人已撤回"), _("已撤回"), final=True),
            ),
            steps=(
                Step("accept", _("受理"), office, ("received",), "handling", scope="unit"),
                Step("decline", _("不予受理"), office, ("received",), "declined", scope="unit"),
                Step("answer", _("答复"), office, ("handling",), "answered", scope="unit"),
                Step("take_back", _("反映人撤回"), office, ("received", "handling"), "taken_back", scope="unit", prompts=False),
            ),
        )
    )  # fmt: skip


FLOWS = {
    "objection": table("objection", _("异议"), "objection_office"),
    "complaint": table("complaint", _("投诉"), "complaint_office"),
    "report": table("report", _("举报"), "complaint_office"),
}
