"""What must hold before a step of the formal check may happen."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.file_states import FileState
from mangrove.casework.models import Case, Clock
from mangrove.casework.workflow import Occasion
from mangrove.intake.models import Application, PaperFile
from mangrove.ledger.refusals import Refusal

MEND = "intake_mend"


def application_of(case: Case) -> Application:
    return Application.objects.select_related("opening").get(case=case)


def papers_all_judged(occasion: Occasion) -> None:
    """Nothing passes with a file that has not been looked into, or that proved to be something else."""
    application = application_of(occasion.case)
    last = application.submissions.get(round=application.rounds)
    for paper in PaperFile.objects.filter(enclosures__submission=last).exclude(state=FileState.CLEAN)[:1]:
        raise Refusal(
            _("附件“%(name)s”%(state)s。") % {"name": paper.name, "state": paper.get_state_display()},
            code="intake.paper_not_clean", where=occasion.case.title,
            remedy=_("核对中的请稍后再办；未通过核对的请退回补正。"),
        )  # fmt: skip


def return_left(occasion: Occasion) -> None:
    """An applicant is sent back once, with everything named at once, and not bit by bit."""
    most = application_of(occasion.case).opening.returns_most
    if occasion.case.acts.filter(act="return").count() >= most:
        raise Refusal(
            _("已退回补正 %(n)s 次，不能再退。") % {"n": most}, code="intake.returned_before", where=occasion.case.title,
            rule=_("每件最多退回 %(n)s 次，须一次写明全部问题") % {"n": most}, remedy=_("请通过，或不予受理并写明理由。"),
        )  # fmt: skip


def mending_limit(case: Case) -> Clock | None:
    """The limit within which what was returned must come back; ``None`` where no rule sets one."""
    return case.clocks.filter(terms__key=MEND, met_on=None).order_by("-id").first()


def mending_is_over(case: Case) -> bool:
    clock = mending_limit(case)
    return clock is not None and clock.due_on is not None and timezone.localdate() > clock.due_on


def after_mending_limit(occasion: Occasion) -> None:
    if not mending_is_over(occasion.case):
        clock = mending_limit(occasion.case)
        until = clock.due_on if clock and clock.due_on else _("未定")
        raise Refusal(
            _("补正期限未到（%(until)s）。") % {"until": until}, code="intake.mending_not_over",
            where=occasion.case.title, remedy=_("请待期限过后再办。"),
        )  # fmt: skip
