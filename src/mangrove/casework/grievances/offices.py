"""Which office takes an objection, a complaint, a report: never the one whose work it is about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.casework.rules import rules
from mangrove.ledger.refusals import Refusal


def refuse_same_office(business: str, office: str) -> None:
    """The business office and the office that takes objections are two, and both are named."""
    if business.strip() and office.strip() and business != office:
        return
    raise Refusal(
        _("业务处室（%(business)s）与异议受理处室（%(office)s）须是两个处室。") % {"business": business or _("未填"), "office": office or _("未填")},
        code="casework.same_office", where=_("异议受理处室"), rule=rules().grievance("objection").cited,
        remedy=_("请改由另一处室受理。"),
    )  # fmt: skip


def refuse_own_affair(unit: str, business: str, against: str) -> None:
    """Nobody handles what is said about their own office."""
    if unit.strip() and unit not in (business, against):
        return
    raise Refusal(
        _("%(unit)s是所反映事项的业务处室或被反映的处室，不能受理。") % {"unit": unit or _("未填处室")},
        code="casework.own_affair", where=_("受理处室"), rule=rules().grievance("complaint").cited,
        remedy=_("请改由另一处室受理。"),
    )  # fmt: skip
