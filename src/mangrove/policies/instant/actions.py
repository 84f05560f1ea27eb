"""What a firm does with an offer: confirm it, which makes a claim of it, or decline; and what becomes of one never answered."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.actions import opened
from mangrove.policies.instant.access import access_offer
from mangrove.policies.instant.models import Offer, OfferState
from mangrove.policies.instant.rules import rules
from mangrove.policies.schemes.definition import scheme
from mangrove.registry.models import User
from mangrove.ui.languages import in_words


@transaction.atomic
def confirm(
    *, offer_id: uuid.UUID, agreed: bool, by: User, on: date, remark: str = "", why: str = ""
) -> Offer:
    """The firm wants it and agrees to the data being used; it becomes a claim of the office, ready to be checked."""
    access_offer(by, offer_id, to="answer")
    one = locked(offer_id, by)
    refuse_too_late(one, on)
    if not agreed:
        raise Refusal(
            _("没有同意使用所列数据，不能确认。"), code="policies.no_consent", where=_("同意"),
            remedy=_("请勾选同意；不同意的请选“放弃”，仍可以按窗口申报。"),
        )  # fmt: skip
    asked = scheme(one.scheme)
    one.claim = opened(
        asked, organisation=one.organisation, title=f"{asked.title.zh} {one.organisation.name}", applied_on=on, declared={},
        by=by.actor, on=on, unit=asked.unit, office=one.office, thing=one.thing, synthetic=one.synthetic, why=why,
    )  # fmt: skip
    return answered(one, OfferState.CONFIRMED, by, on, remark, why, consent=str(rules().consent.zh))


@transaction.atomic
def decline(*, offer_id: uuid.UUID, by: User, on: date, remark: str = "", why: str = "") -> Offer:
    access_offer(by, offer_id, to="answer")
    return answered(locked(offer_id, by), OfferState.DECLINED, by, on, remark, why)


def locked(id: uuid.UUID, by: User) -> Offer:
    """The row locked and asked again: of two people of the firm one answers."""
    Offer.objects.select_for_update().get(pk=id)
    return access_offer(by, id, to="answer")


def refuse_too_late(one: Offer, on: date) -> None:
    if on > one.until:
        raise Refusal(
            _("确认期限是 %(until)s。") % {"until": one.until}, code="policies.offer_over", where=_("业务日期"),
            rule=_("%(days)s 天内确认（%(status)s）") % {"days": rules().to_confirm.days, "status": in_words(rules().status)},
            remedy=_("请与业务处室联系，下一次比对会重新列出。"),
        )  # fmt: skip


def answered(one: Offer, state: str, by: User, on: date, remark: str, why: str, consent: str = "") -> Offer:
    one.state, one.remark, one.consent = state, remark, consent
    one.answered_by, one.answered_by_name, one.answered_on = by.username, by.name, on
    one.save()
    told = {"state": state, "remark": remark, "consent": consent, "claim": str(one.claim_id or "")}
    record("policies.offer.answer", subject=one.ref, by=by.actor, on=on, why=why, payload=told)
    return one


def lapse() -> int:
    """What nobody answered in time; asked by the worker's rounds. What lapsed the next match offers anew."""
    today, count = timezone.localdate(), 0
    for one in Offer.objects.filter(state=OfferState.OFFERED, until__lt=today):
        with transaction.atomic():
            if Offer.objects.select_for_update().get(pk=one.pk).state == OfferState.OFFERED:
                Offer.objects.filter(pk=one.pk).update(state=OfferState.LAPSED)
                record(
                    "policies.offer.lapse",
                    subject=one.ref,
                    by=SYSTEM,
                    on=today,
                    payload={"until": one.until.isoformat()},
                )
                count += 1
    return count
