"""Who sees what can be applied for (everybody: measures are public), and who opens a window for it (the office's officers)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.intake.access import may_open
from mangrove.ledger.refusals import Refusal
from mangrove.policies.schemes.definition import Scheme, schemes


def access_scheme(user: Any, id: str, to: str = "read") -> Scheme:
    """To ``read`` it, or to ``open`` a window for it."""
    found = schemes().get(id)
    if found is None:
        raise Http404(_("没有扶持事项“%(id)s”。") % {"id": id})
    if to == "open":
        refuse_opening(user, found)
    return found


def refuse_opening(user: Any, one: Scheme) -> None:
    if not may_open(user):
        raise Refusal(
            _("申报窗口由业务处室的经办人开放。"), code="policies.not_permitted", where=str(one.title), remedy=_("请交给经办人。"),
        )  # fmt: skip
    if user.unit != one.unit:
        raise Refusal(
            _("“%(title)s”由%(unit)s受理，您在%(own)s。") % {"title": one.title, "unit": one.unit, "own": user.unit or _("别处")},
            code="policies.other_unit", where=str(one.title), rule=_("谁受理，谁开放申报"),
            remedy=_("请交给%(unit)s的经办人。") % {"unit": one.unit},
        )  # fmt: skip
    if one.instant:
        raise Refusal(
            _("这一事项免申即享，不开申报窗口。"), code="policies.instant", where=str(one.title),
            remedy=_("请在“免申即享”里比对。"),
        )  # fmt: skip
