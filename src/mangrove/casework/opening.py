"""What casework tells the house when it opens: its tables of states, its checks, its rounds, who alone reads what."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


def open_casework() -> None:
    """Called once by the app; the imports stand here because models must be ready first."""
    from mangrove.casework.access import decide_cases
    from mangrove.casework.grievances import personal as senders
    from mangrove.casework.grievances.access import readable_cases_of
    from mangrove.casework.grievances.forgetting import SENDERS
    from mangrove.casework.grievances.scans import check_again
    from mangrove.casework.grievances.workflow import FLOWS
    from mangrove.casework.meetings import workflow as meetings  # noqa: F401 -- registers its table
    from mangrove.casework.messages.rounds import look_after
    from mangrove.casework.notices import workflow as notices  # noqa: F401 -- registers its table
    from mangrove.casework.requests import personal as persons
    from mangrove.casework.requests.access import verification_cases
    from mangrove.casework.requests.actions import forget
    from mangrove.casework.requests.workflow import VERIFICATION
    from mangrove.jobs import rounds
    from mangrove.registry.personal import kinds, retention

    for flow in FLOWS.values():
        decide_cases(flow.id, readable_cases_of)
    decide_cases(VERIFICATION.id, verification_cases)
    kinds.register(senders.SENDER, senders.sender)
    retention.register(SENDERS)
    kinds.register(persons.PERSONS, persons.persons)
    rounds.register("casework.messages", look_after)
    rounds.register("casework.forget", forget)
    rounds.register("casework.scans", check_again)
    register_jobs()
    register_messages()
    register_checks()


def register_jobs() -> None:
    from mangrove.casework.grievances.scans import SCAN_CHECK
    from mangrove.jobs.kinds import register

    register(SCAN_CHECK)


def register_messages() -> None:
    from mangrove.casework.delegations import actions as delegations
    from mangrove.casework.grievances.actions import ANSWERED, RECEIVED
    from mangrove.casework.messages.kinds import register
    from mangrove.casework.notices.actions import PUBLISHED
    from mangrove.casework.requests import actions as requests

    register(
        {
            PUBLISHED: _("公示“%(title)s”含贵单位的结果，至 %(until)s；有异议请在此期间提出。"),
            RECEIVED: _("收到一件由您处室受理的：%(title)s。"),
            ANSWERED: _("您反映的已办结：%(title)s，请看答复。"),
            requests.ASKED: _("收到核验请求，请答复：%(title)s。"),
            requests.ANSWERED: _("核验请求已答复：%(title)s。"),
            requests.RETURNED: _("核验请求被退回，请看理由：%(title)s。"),
            delegations.GIVEN: _("%(name)s授权您代签，自 %(first)s 至 %(last)s。"),
            delegations.REVOKED: _("%(name)s给您的代签授权（%(first)s 至 %(last)s）已撤销。"),
        }
    )


def register_checks() -> None:
    from mangrove.casework.delegations.verification import verify_delegations
    from mangrove.casework.grievances.scans import verify_scans
    from mangrove.casework.grievances.verification import verify_grievances
    from mangrove.casework.meetings.verification import verify_meetings
    from mangrove.casework.messages.verification import verify_reminders
    from mangrove.casework.notices.verification import verify_notices
    from mangrove.casework.requests.verification import verify_verifications
    from mangrove.ledger.checks import register

    register("casework.notices", _("公示内容"), verify_notices)
    register("casework.grievances", _("异议、投诉和举报"), verify_grievances)
    register("casework.scans", _("异议、投诉和举报的扫描件"), verify_scans)
    register("casework.reminders", _("提醒"), verify_reminders)
    register("casework.verifications", _("核验请求"), verify_verifications)
    register("casework.meetings", _("会议决定"), verify_meetings)
    register("casework.delegations", _("代签授权"), verify_delegations)
