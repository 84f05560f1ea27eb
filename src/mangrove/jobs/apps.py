from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mangrove.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.jobs.room import ROOM
        from mangrove.ui.house import open_room

        open_room(ROOM)
