from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "mangrove.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from mangrove.jobs import rounds
        from mangrove.ledger import checks
        from mangrove.registry import verification
        from mangrove.registry.importing.kinds import register
        from mangrove.registry.importing.organisations import ORGANISATIONS
        from mangrove.registry.personal import retention
        from mangrove.registry.personal.sign_ins import SIGN_INS
        from mangrove.registry.records.importing import register_all
        from mangrove.registry.records.verification import verify_records
        from mangrove.registry.room import ROOM
        from mangrove.ui.house import open_room

        retention.register(SIGN_INS)
        rounds.register("registry.purge", retention.purge_all)
        open_room(ROOM)
        checks.register("registry.merges", _("机构合并"), verification.verify_merges)
        checks.register("registry.account_changes", _("账号变动"), verification.verify_account_changes)
        register(ORGANISATIONS)
        register_all()
        checks.register("registry.records", _("导入的记录"), verify_records)
