"""What must hold before a step of a reply: limits of the rule packs, and what deputies said. Asked under the case's lock."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from mangrove.casework.models import Clock
from mangrove.casework.workflow import Occasion
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.decisions import is_dissatisfied
from mangrove.proposals.models import Rating
from mangrove.proposals.rules import rules


def clock_of(case: Any, key: str) -> Clock | None:
    """The newest clock of this limit."""
    return next((clock for clock in case.clocks.order_by("-id") if clock.terms["key"] == key), None)


def named_rule(clock: Clock) -> str:
    """The article with its 已核/待核, as a refusal cites it."""
    return f"{clock.terms['article']}（{clock.terms['status']}）"


def within_return_limit(occasion: Occasion) -> None:
    """A unit gives a proposal back within days, or handles it."""
    clock = clock_of(occasion.case, "return")
    if clock is None or clock.due_on is None or occasion.on <= clock.due_on:
        return
    raise Refusal(
        _("退回期限已于 %(due_on)s 届满，不能再退回。") % {"due_on": clock.due_on},
        code="proposals.late_return", where=_("业务日期"), rule=named_rule(clock),
        remedy=_("请签收办理；如确不属本单位职责，请与交办机关联系，由其加派有职责的单位。"),
    )  # fmt: skip


def after_feedback_limit(occasion: Occasion) -> None:
    """Nobody closes a reply as 未反馈 while the deputy may still answer."""
    clock = clock_of(occasion.case, "feedback")
    if clock is not None and clock.due_on is not None and occasion.on > clock.due_on:
        return
    until = (
        _("至 %(due_on)s") % {"due_on": clock.due_on} if clock is not None and clock.due_on else _("期限停着")
    )
    raise Refusal(
        _("代表的反馈期还没有过（%(until)s），不能按未反馈办结。") % {"until": until},
        code="proposals.feedback_open", where=_("业务日期"), rule=named_rule(clock) if clock else "",
        remedy=_("请等反馈期满，其间可提醒代表。"),
    )  # fmt: skip


def dissatisfied(case: Any) -> bool:
    """Whether a deputy called the newest letter 不满意, in attitude or in result."""
    letter = case.reply.signed_letters.order_by("-version").first()
    given = Rating.objects.filter(letter=letter) if letter else ()
    return any(is_dissatisfied(rating.attitude, rating.result, rules()) for rating in given)


def somebody_dissatisfied(occasion: Occasion) -> None:
    if dissatisfied(occasion.case):
        return
    raise Refusal(
        _("代表没有评为不满意，不须再次办理。"),
        code="proposals.not_dissatisfied", where=_("代表评价"), rule=rules().rating_source,
        remedy=_("请办结此件；代表另有意见的，请记入联系代表。"),
    )  # fmt: skip


def handled_again_if_dissatisfied(occasion: Occasion) -> None:
    """A dissatisfied deputy is answered a second time before anybody closes the matter."""
    again = occasion.case.acts.filter(act="redo").exists()
    if again or not dissatisfied(occasion.case):
        return
    raise Refusal(
        _("代表评为不满意，须先再次办理，不能直接办结。"),
        code="proposals.second_handling_first", where=_("代表评价"), rule=rules().rating_source,
        remedy=_("请选“再次办理”，并写明代表不满意的是什么。"),
    )  # fmt: skip
