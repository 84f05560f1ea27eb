"""What must be so before a draft goes on. Asked under the lock of its case."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.casework.models import Case
from mangrove.casework.workflow import Occasion
from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.house_rules import house_rules
from mangrove.ui.languages import listed


def all_disposed(occasion: Occasion) -> None:
    """The round is over, who was asked has answered, and of each opinion it is said what became of it."""
    from mangrove.policies.issuing.standing import open_opinions, round_now, silent

    draft = occasion.case.draft
    round = round_now(draft)
    assert round is not None  # the state is reached by a round
    if occasion.on <= round.until:
        raise Refusal(
            _("征求意见到 %(until)s 为止，期满之后才能办结。") % {"until": round.until}, code="policies.seeking_runs",
            where=_("业务日期"), remedy=_("请在期满的次日或以后办结。"),
        )  # fmt: skip
    if missing := silent(round):
        raise Refusal(
            _("还没有登记这些单位的意见：%(units)s。") % {"units": listed(missing)}, code="policies.unit_silent",
            where=draft.title, remedy=_("请登记其意见；逾期未复的，按“无意见”登记并写明。"),
        )  # fmt: skip
    if waiting := open_opinions(draft):
        raise Refusal(
            _("还有 %(n)s 条意见没有写明采纳与否：%(which)s。") % {"n": len(waiting), "which": listed(one.source for one in waiting)},
            code="policies.opinion_open", where=draft.title, rule=_("每条意见都须写明采纳、部分采纳或不采纳及理由"),
            remedy=_("请逐条办理后再办结。"),
        )  # fmt: skip


def by_another_office(occasion: Occasion) -> None:
    """The office of the reviewer is said in the details; it is not the one that drafted, and they had no hand in the text."""
    refuse_own_hand(occasion, _("您参与过起草，不能审查这份草案。"))
    refuse_own_office(occasion.details.get("unit", ""), occasion.case)


def by_the_legal_office(occasion: Occasion) -> None:
    by_another_office(occasion)
    refuse_other_than_legal(occasion.details.get("unit", ""), occasion.case)


def by_whose_turn_it_is(occasion: Occasion) -> None:
    (by_the_legal_office if occasion.case.state == "legality" else by_another_office)(occasion)


def refuse_own_office(unit: str, case: Case) -> None:
    if not unit or unit == case.unit:
        raise Refusal(
            _("审查由起草处室以外的处室办理，您的处室是“%(unit)s”。") % {"unit": unit or _("未写")}, code="policies.own_office",
            where=case.title, rule=_("起草的处室不审查自己的草案"), remedy=_("请由另一个处室的核稿人审查。"),
        )  # fmt: skip


def refuse_other_than_legal(unit: str, case: Case) -> None:
    rules = house_rules()
    if unit != rules.legal_unit:
        raise Refusal(
            _("合法性审核由%(legal)s办理，您的处室是“%(unit)s”。") % {"legal": rules.legal_unit, "unit": unit}, code="policies.not_legal_office",
            where=case.title, rule=rules.legality_cited, remedy=_("请由%(legal)s的核稿人审核。") % {"legal": rules.legal_unit},
        )  # fmt: skip


def not_the_drafter(occasion: Occasion) -> None:
    refuse_own_hand(occasion, _("您参与过起草，不能自己公布。"))


def refuse_own_hand(occasion: Occasion, what: str) -> None:
    from mangrove.policies.issuing.standing import hands

    if occasion.by.username in hands(occasion.case.draft):
        raise Refusal(
            what, code="policies.own_draft", where=occasion.case.title, rule=_("起草的人与审查、公布的人不是同一人"),
            remedy=_("请由没有参与起草的人办理。"),
        )  # fmt: skip
