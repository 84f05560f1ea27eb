"""How a verification request moves: asked, answered or given back; withdrawn by who asked; lapsed with its time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow, register

OFFICER = ("case_officer",)

VERIFICATION = register(
    Workflow(
        id="casework.verification",
        label=_("核验请求"),
        url_name="casework:verification",
        start="asked",
        states=(
            State("asked", _("待答复"), _("核验中")),
            State("answered", _("已答复"), _("已核验"), final=True),
            State("given_back", _("已退回"), _("已退回"), final=True),
            State("withdrawn", _("已撤回"), _("已撤回"), final=True),
            State("lapsed", _("到期未答复"), _("到期"), final=True),
        ),
        steps=(
            Step("answer", _("答复核验"), OFFICER, ("asked",), "answered", scope="unit"),
            Step("give_back", _("退回"), OFFICER, ("asked",), "given_back", needs_reason=True, scope="unit", prompts=False),
            # The asker's own, whose case it is not; and nobody's.
            Step("withdraw", _("撤回请求"), (), ("asked",), "withdrawn", needs_reason=True, prompts=False),
            Step("lapse", _("到期清除"), (), ("asked",), "lapsed", prompts=False),
        ),
    )
)  # fmt: skip
