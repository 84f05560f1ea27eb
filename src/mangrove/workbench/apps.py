from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "mangrove.workbench"
    label = "workbench"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth import user_logged_in, user_logged_out

        from mangrove.ledger.checks import register as check
        from mangrove.ui import house
        from mangrove.workbench import room
        from mangrove.workbench.listviews.verification import verify_views
        from mangrove.workbench.middleware import forget_sign_in, remember_sign_in
        from mangrove.workbench.operation import deploy  # noqa: F401 -- registers its checks

        user_logged_in.connect(remember_sign_in, dispatch_uid="mangrove.workbench.signed_in_at")
        user_logged_out.connect(forget_sign_in, dispatch_uid="mangrove.workbench.signed_out")
        check("workbench.views", _("共享的视图"), verify_views)
        house.open_room(room.ROOM)
        house.open_room(room.LEDGER)
