from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    name = "mangrove.proposals"
    label = "proposals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.casework.access import decide_cases, open_cases
        from mangrove.casework.delegations.acts import register as can_be_delegated
        from mangrove.casework.workflow import register
        from mangrove.figures.listeners import listen
        from mangrove.jobs import rounds
        from mangrove.ledger.checks import register as check
        from mangrove.likeness.corpora import register as compared
        from mangrove.proposals.access import promises_made
        from mangrove.proposals.delegated import ACT
        from mangrove.proposals.importing import PROPOSALS
        from mangrove.proposals.likeness import PROPOSALS as PROPOSAL_TEXTS
        from mangrove.proposals.limits import refuse_unknown_limits
        from mangrove.proposals.office.sealing import look
        from mangrove.proposals.received.access import received_cases
        from mangrove.proposals.received.workflow import RECEIVED
        from mangrove.proposals.room import ROOM
        from mangrove.proposals.rules import rules
        from mangrove.proposals.signing import figures_revised
        from mangrove.proposals.verification import verify_letters, verify_registrations
        from mangrove.proposals.workflow import CO_HANDLING, PROPOSAL, REPLY
        from mangrove.registry.importing.kinds import register as can_be_imported
        from mangrove.ui.house import open_room

        rules()
        refuse_unknown_limits()
        for flow in (PROPOSAL, REPLY, CO_HANDLING, RECEIVED):
            register(flow)
        can_be_delegated(ACT, _("签发答复"))
        open_room(ROOM)
        compared(PROPOSAL_TEXTS)
        can_be_imported(PROPOSALS)
        open_cases("proposals", promises_made)
        decide_cases(RECEIVED.id, received_cases)
        listen("proposals", figures_revised)
        rounds.register("proposals.seal", look)
        check("proposals.letters", _("签发的正式函"), verify_letters)
        check("proposals.registrations", _("登记与撤销"), verify_registrations)
