from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "mangrove.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.casework.attachments import verify_files
        from mangrove.casework.opening import open_casework
        from mangrove.casework.room import ROOM
        from mangrove.casework.verification import verify_clocks, verify_promises, verify_states
        from mangrove.ledger.checks import register
        from mangrove.ui.house import open_room

        open_room(ROOM)
        register("casework.states", _("办件状态"), verify_states)
        register("casework.clocks", _("办件时限"), verify_clocks)
        register("casework.promises", _("承诺内容"), verify_promises)
        register("casework.files", _("附件"), verify_files)
        open_casework()
