from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "mangrove.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.registry.importing.kinds import register
        from mangrove.registry.importing.organisations import ORGANISATIONS
        from mangrove.registry.room import ROOM
        from mangrove.ui.house import open_room

        open_room(ROOM)
        register(ORGANISATIONS)
