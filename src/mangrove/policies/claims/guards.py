"""What must be so before a claim moves."""

from __future__ import annotations

from typing import NoReturn

from django.utils.translation import gettext as _

from mangrove.casework.workflow import Occasion
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.models import CheckKind, Claim, DoubtKind, DoubtState
from mangrove.ui.languages import listed


def all_checked(occasion: Occasion) -> None:
    """Every check that the scheme asks for has passed, every input that people judge is judged, nothing is doubtful."""
    from mangrove.policies.claims.standing import lacking, open_doubts

    claim = occasion.case.claim
    if missing := lacking(claim):
        raise Refusal(
            _("还没有办完：%(what)s。") % {"what": listed(missing)}, code="policies.not_checked", where=claim.title,
            rule=_("扶持事项所列的审核环节都通过，须由人判断的都已判断"), remedy=_("请先办完这些环节；有一项不通过的，请办“不予资助”。"),
        )  # fmt: skip
    if count := open_doubts(claim).count():
        raise_open(claim, count)
    refuse_stale_audit(claim)
    refuse_listed(claim)
    refuse_in_silence(claim, occasion.why)


def refuse_stale_audit(claim: Claim) -> None:
    """What the audit concluded is what the lines and the judged doubts come to now."""
    from mangrove.policies.claims.audit import stands
    from mangrove.policies.claims.standing import checks

    last = next((one.last for one in checks(claim) if one.kind == CheckKind.AUDIT), None)
    if last is not None and not stands(claim, last):
        raise Refusal(
            _("审计之后费用清单或疑点的核实有了变化。"), code="policies.audit_stale", where=claim.title,
            rule=_("认定的金额以现有的清单和核实结果为准"), remedy=_("请再办一次专项审计。"),
        )  # fmt: skip


def refuse_listed(claim: Claim) -> None:
    if claim.doubts.filter(kind=DoubtKind.CREDIT, state=DoubtState.UPHELD).exists():
        raise Refusal(
            _("申报单位在失信名单上，已核实属实。"), code="policies.listed", where=claim.title,
            rule=_("列入失信名单的不予资助"), remedy=_("请办“不予资助”。"),
        )  # fmt: skip


def refuse_in_silence(claim: Claim, why: str) -> None:
    """What was found to be so and does not end the claim is answered for by whoever lets it go on."""
    upheld = claim.doubts.filter(state=DoubtState.UPHELD)
    if not why.strip() and upheld.exists():
        words = listed(dict.fromkeys(str(one.get_kind_display()) for one in upheld))
        raise Refusal(
            _("有核实属实的疑点（%(what)s），须写明为什么仍可继续。") % {"what": words}, code="policies.upheld_in_silence",
            where=claim.title, rule=_("属实的疑点，写明处理的理由，或不予资助"), remedy=_("请写明理由（如已从认定金额中扣除），或办“不予资助”。"),
        )  # fmt: skip


def refuse_unsearched(claim: Claim) -> None:
    """Nobody says that nothing is claimed twice who has not looked."""
    from mangrove.policies.claims.standing import last_search, open_doubts

    if last_search(claim) is None:
        raise Refusal(
            _("费用清单最后一次变动以来还没有查找过重复。"), code="policies.not_searched", where=claim.title,
            rule=_("查重通过，须以对现有清单的查找为据"), remedy=_("请先在“疑点”页办理查找。"),
        )  # fmt: skip
    if count := open_doubts(claim).count():
        raise_open(claim, count)


def raise_open(claim: Claim, count: int) -> NoReturn:
    raise Refusal(
        _("还有 %(n)s 处疑点没有核实。") % {"n": count}, code="policies.doubts_open", where=claim.title,
        remedy=_("请逐条核实，写明属实或不属实的理由。"),
    )  # fmt: skip
