"""How a received letter moves: read and confirmed, then filed; reopened only with a reason, by the reviewer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow
from mangrove.proposals.workflow import OFFICES

READERS = ("case_officer", "reviewer")

RECEIVED = Workflow(
    id="proposals.received",
    label=_("来函"),
    url_name="proposals:received_letter",
    readers=OFFICES,
    start="reading",
    states=(
        State("reading", _("待确认"), _("办理中")),
        State("filed", _("已归档"), _("已归档")),
    ),
    # Nobody is prompted here: the letter waits for the person who read it (``room.todos``), not for the whole bureau.
    steps=(
        Step("file", _("归档"), READERS, ("reading",), "filed", prompts=False),
        Step("reopen", _("重新打开"), ("reviewer",), ("filed",), "reading", needs_reason=True, prompts=False),
    ),
)
