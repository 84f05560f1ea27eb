from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "mangrove.funding"
    label = "funding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from mangrove.casework.workflow import register
        from mangrove.funding import personal, verification
        from mangrove.funding.importing import PRIOR_MONEY, RECEIPTS
        from mangrove.funding.room import ROOM
        from mangrove.funding.sending import SEND
        from mangrove.funding.workflow import ORDER
        from mangrove.jobs import kinds
        from mangrove.ledger import checks
        from mangrove.registry.importing import kinds as importing
        from mangrove.registry.personal import kinds as personal_kinds
        from mangrove.ui.house import open_room

        register(ORDER)
        personal_kinds.register(personal.ORDER, personal.account)
        kinds.register(SEND)
        importing.register(RECEIPTS)
        importing.register(PRIOR_MONEY)
        checks.register("funding.orders", _("付款指令"), verification.verify_orders)
        checks.register("funding.amounts", _("资金数额"), verification.verify_amounts)
        open_room(ROOM)
