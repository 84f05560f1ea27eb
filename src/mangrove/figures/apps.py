from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    name = "mangrove.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.figures.room import ROOM
        from mangrove.figures.verification import verify_sources, verify_values
        from mangrove.ledger.checks import register
        from mangrove.ui.house import open_room

        open_room(ROOM)
        register("figures.values", _("指标数值"), verify_values)
        register("figures.sources", _("指标来源"), verify_sources)
