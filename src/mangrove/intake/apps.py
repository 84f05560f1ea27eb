from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "mangrove.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.casework.access import decide_cases
        from mangrove.casework.messages.kinds import register as sentences
        from mangrove.casework.workflow import register
        from mangrove.intake import personal, telling, verification
        from mangrove.intake.access import readable_cases
        from mangrove.intake.hooks import know
        from mangrove.intake.known import ORGANISATION, registry_knows
        from mangrove.intake.likeness import APPLICATIONS
        from mangrove.intake.papers import PAPER_CHECK, check_again
        from mangrove.intake.room import ROOM
        from mangrove.intake.workflow import APPLICATION
        from mangrove.jobs import rounds
        from mangrove.jobs.kinds import register as can_be_done
        from mangrove.ledger.checks import register as check
        from mangrove.likeness.corpora import register as compared
        from mangrove.registry.personal import kinds
        from mangrove.ui.house import open_room

        register(APPLICATION)
        kinds.register(personal.SUBMISSION, personal.contacts)
        decide_cases(APPLICATION.id, readable_cases)
        know(ORGANISATION, registry_knows)
        can_be_done(PAPER_CHECK)
        rounds.register("intake.papers", check_again)
        open_room(ROOM)
        compared(APPLICATIONS)
        sentences(telling.KINDS)
        check("intake.submissions", _("申报内容与回执"), verification.verify_submissions)
        check("intake.checks", _("形式审查意见"), verification.verify_checks)
        check("intake.drafts", _("申报草稿"), verification.verify_drafts)
        check("intake.forms", _("公布的表单"), verification.verify_forms)
        check("intake.papers", _("申报附件"), verification.verify_papers)
