from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LikenessConfig(AppConfig):
    name = "mangrove.likeness"
    label = "likeness"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.jobs import kinds, rounds
        from mangrove.ledger.checks import register as check
        from mangrove.likeness.looking import LOOK, look_after
        from mangrove.likeness.room import ROOM
        from mangrove.likeness.verification import verify_judgements
        from mangrove.ui.house import open_room

        kinds.register(LOOK)
        rounds.register("likeness.look", look_after)
        check("likeness.judgements", _("相近文本的判断"), verify_judgements)
        open_room(ROOM)
