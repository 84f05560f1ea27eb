"""The workflow of a promise: five states, every step on named evidence; and one for what was never sent.

The scale follows the completion scale of the Open Government Partnership (not started, limited, substantial,
complete), with 无法完成 for what must be said openly to the deputy.
"""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import PromiseEvidence
from mangrove.casework.workflow import Occasion, State, Step, Workflow, register
from mangrove.ledger.refusals import Refusal

OFFICER = ("case_officer", "registrar")
SIGNER = ("reviewer", "signer")
#: A promise that was signed, but taken out of the letter before it was ever sent: it was made to nobody.
WITHDRAWN = "withdrawn"


def on_evidence(occasion: Occasion) -> None:
    """The step must name evidence of this promise, dated no later than the step."""
    named = set(occasion.details.get("evidence", ()))
    if not named:
        raise no_evidence(occasion, gettext("没有指明证据"))
    known = dict(PromiseEvidence.objects.filter(promise__case=occasion.case).values_list("pk", "dated"))
    if named - set(known):
        raise no_evidence(occasion, gettext("指明的证据不属于此项承诺"))
    later = sorted(known[key] for key in named if known[key] > occasion.on)
    if later:
        raise no_evidence(
            occasion, gettext("证据日期 %(later)s 晚于 %(on)s") % {"later": later[-1], "on": occasion.on}
        )


def no_evidence(occasion: Occasion, what: str) -> Refusal:
    return Refusal(
        gettext("承诺的状态凭证据改变：%(what)s。") % {"what": what},
        code="casework.no_evidence", where=occasion.case.title, remedy=gettext("请先登记证据（内容、出处、日期），再改状态。"),
    )  # fmt: skip


def deputy_told(occasion: Occasion) -> None:
    """无法完成 also needs the notice that told the deputy."""
    on_evidence(occasion)
    if not str(occasion.details.get("notice", "")).strip():
        raise Refusal(
            gettext("承诺无法完成须书面告知代表。"),
            code="casework.deputy_not_told", where=occasion.case.title, remedy=gettext("请写明告知函的文号和日期。"),
        )  # fmt: skip


PROMISES = register(
    Workflow(
        id="casework.promises",
        label=_("承诺"),
        states=(
            State("not_started", _("未启动"), _("未启动")),
            State("limited", _("有限进展"), _("有进展")),
            State("substantial", _("实质进展"), _("有实质进展")),
            State("complete", _("完成"), _("已完成"), final=True),
            State("impossible", _("无法完成"), _("无法完成，已告知代表"), final=True),
            State(WITHDRAWN, _("送达前撤去"), _("送达前撤去"), final=True),
        ),
        steps=(
            Step("report_limited", _("记有限进展"), OFFICER, ("not_started",), "limited", on_evidence),
            Step(
                "report_substantial", _("记实质进展"), OFFICER, ("not_started", "limited"), "substantial", on_evidence
            ),
            Step(
                "set_back", _("退回有限进展"), OFFICER, ("substantial",), "limited", on_evidence,
                needs_reason=True, prompts=False,
            ),
            Step(
                "report_complete", _("认定完成"), SIGNER, ("not_started", "limited", "substantial"), "complete",
                on_evidence, prompts=False,
            ),
            Step(
                "report_impossible", _("认定无法完成"), SIGNER, ("not_started", "limited", "substantial"),
                "impossible", deputy_told, needs_reason=True, prompts=False,
            ),
            # Nobody's to take: it follows from signing a newer version that no longer makes the promise.
            Step(
                "withdraw", _("撤去"), (), ("not_started", "limited", "substantial"), WITHDRAWN, needs_reason=True,
                prompts=False,
            ),
        ),
        start="not_started",
        readers=("deputies_office", "inspector", "auditor", "chain_chief"),
    )
)  # fmt: skip
