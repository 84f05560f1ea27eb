"""What casework tells the house when it opens: its tables of states, its checks, its rounds, who alone reads what."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


def open_casework() -> None:
    """Called once by the app; the imports stand here because models must be ready first."""
    from mangrove.casework.access import decide_cases
    from mangrove.casework.grievances.access import readable_cases_of
    from mangrove.casework.grievances.workflow import FLOWS
    from mangrove.casework.messages.rounds import look_after
    from mangrove.casework.notices import workflow  # noqa: F401 -- registers its table
    from mangrove.jobs import rounds

    for flow in FLOWS.values():
        decide_cases(flow.id, readable_cases_of)
    rounds.register("casework.messages", look_after)
    register_messages()
    register_checks()


def register_messages() -> None:
    from mangrove.casework.grievances.actions import ANSWERED, RECEIVED
    from mangrove.casework.messages.kinds import register
    from mangrove.casework.notices.actions import PUBLISHED

    register(
        {
            PUBLISHED: _("公示“%(title)s”含贵单位的结果，至 %(until)s；有异议请在此期间提出。"),
            RECEIVED: _("收到一件由您处室受理的：%(title)s。"),
            ANSWERED: _("您反映的已办结：%(title)s，请看答复。"),
        }
    )


def register_checks() -> None:
    from mangrove.casework.grievances.verification import verify_grievances
    from mangrove.casework.messages.verification import verify_reminders
    from mangrove.casework.notices.verification import verify_notices
    from mangrove.ledger.checks import register

    register("casework.notices", _("公示内容"), verify_notices)
    register("casework.grievances", _("异议、投诉和举报"), verify_grievances)
    register("casework.reminders", _("提醒"), verify_reminders)
