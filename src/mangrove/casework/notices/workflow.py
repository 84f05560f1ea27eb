"""How a notice moves: prepared, open for its period, closed without objection or after the objections were answered."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.grievances.models import Grievance
from mangrove.casework.models import Clock
from mangrove.casework.workflow import Occasion, State, Step, Workflow, register
from mangrove.ledger.refusals import Refusal

BUSINESS = ("case_officer",)
SIGNER = ("signer",)
OPEN = "open"
#: The states in which everybody may read a notice.
PUBLIC = (OPEN, "clear", "answered", "withdrawn")
PERIOD = "publicity"
#: What keeps a notice from being closed while it is not answered.
HOLDING = ("objection", "report")


def period_of(case: object) -> Clock | None:
    """The newest clock of the notice's period; a correction starts a new one."""
    clocks = case.clocks.order_by("-id")  # type: ignore[attr-defined]
    return next((clock for clock in clocks if clock.terms["key"] == PERIOD), None)


def period_over(occasion: Occasion) -> None:
    clock = period_of(occasion.case)
    if clock is not None and clock.due_on is not None and occasion.on > clock.due_on:
        return
    until = clock.due_on if clock else ""
    raise Refusal(
        gettext("公示期至 %(until)s，期满之后才能办结。") % {"until": until},
        code="casework.notice_period", where=gettext("业务日期"),
        rule=f"{clock.terms['article']}（{clock.terms['status']}）" if clock else "",
        remedy=gettext("请在期满的次日或以后办结。"),
    )  # fmt: skip


def all_answered(occasion: Occasion) -> None:
    """Asked under the lock of the notice's case, which whoever lodges an objection takes too."""
    period_over(occasion)
    about = Grievance.objects.filter(notice__case=occasion.case, kind__in=HOLDING)
    if about.filter(case__closed_on=None).exists():
        raise Refusal(
            gettext("还有异议或举报没有办结，公示不能办结。"),
            code="casework.objection_open", where=occasion.case.title,
            remedy=gettext("请等受理处室答复之后再办。"),
        )  # fmt: skip


def no_objection(occasion: Occasion) -> None:
    all_answered(occasion)
    if Grievance.objects.filter(
        notice__case=occasion.case, kind="objection", case__state="answered"
    ).exists():
        raise Refusal(
            gettext("公示期内有过异议，不能按无异议办结。"),
            code="casework.was_objected", where=occasion.case.title, remedy=gettext("请选“异议已答复，办结”。"),
        )  # fmt: skip


def was_objected(occasion: Occasion) -> None:
    all_answered(occasion)
    if not Grievance.objects.filter(
        notice__case=occasion.case, kind="objection", case__state="answered"
    ).exists():
        raise Refusal(
            gettext("没有答复过的异议。"),
            code="casework.not_objected", where=occasion.case.title, remedy=gettext("请选“无异议，办结”。"),
        )  # fmt: skip


NOTICE = register(
    Workflow(
        id="casework.notice",
        label=_("公示"),
        url_name="casework:notice",
        start="draft",
        readers=("inspector", "auditor"),
        states=(
            State("draft", _("拟公示，待发布"), _("未公示")),
            State(OPEN, _("公示中"), _("公示中")),
            State("clear", _("公示无异议"), _("公示结束"), final=True),
            State("answered", _("异议已答复"), _("公示结束"), final=True),
            State("withdrawn", _("已撤回"), _("已撤回"), final=True),
        ),
        steps=(
            Step("publish", _("发布公示"), SIGNER, ("draft",), OPEN),
            Step("correct", _("更正公示"), BUSINESS, (OPEN,), OPEN, needs_reason=True, scope="unit", prompts=False),
            Step("close_clear", _("无异议，办结"), BUSINESS, (OPEN,), "clear", no_objection, scope="unit", prompts=False),
            Step("close_answered", _("异议已答复，办结"), BUSINESS, (OPEN,), "answered", was_objected, scope="unit", prompts=False),
            Step("reopen", _("误办结，恢复公示"), SIGNER, ("clear", "answered"), OPEN, needs_reason=True, prompts=False, reopens=True),
            Step("withdraw", _("撤回公示"), SIGNER, ("draft", OPEN), "withdrawn", needs_reason=True, prompts=False),
        ),
    )
)  # fmt: skip
