"""Who is paid against who was granted: another name needs a reason, which the approver sees beside the two."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.funding.models import Award, PaymentOrder
from mangrove.ledger.refusals import Refusal
from mangrove.registry.decisions import name_key
from mangrove.registry.models import Organisation


def is_recipient(payee: str, recipient: Organisation) -> bool:
    """Whether the name is that of the recipient, in any of the entries that are the same body; width and blanks do not count."""
    names = Organisation.objects.filter(pk__in=recipient.bodies).values_list("name", flat=True)
    return name_key(payee) in {name_key(one) for one in (recipient.name, *names)}


def refuse_other_payee(award: Award, payee: str, reason: str) -> str:
    """The reason to keep with the order: none where the recipient itself is paid. Raises :class:`Refusal` where one lacks."""
    if is_recipient(payee, award.recipient):
        return ""
    if not reason.strip():
        raise Refusal(
            _("收款人“%(payee)s”与受资助单位“%(recipient)s”不一致。") % {"payee": payee, "recipient": award.recipient.name},
            code="funding.other_payee", where=_("收款人"), rule=_("资金付给受资助单位本身"),
            remedy=_("请改为受资助单位的名称；确须付给别人的，写明理由，如财政直拨到承办单位。"),
        )  # fmt: skip
    return reason.strip()


def differs(order: PaymentOrder) -> bool:
    """Whether whoever approves has to be told: by the names as they stand, or by the reason that was asked for then."""
    return bool(order.payee_reason) or not is_recipient(order.payee, order.award.recipient)
