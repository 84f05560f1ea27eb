"""Contracts and invoices: each counts in one claim at a time, across programmes, years and levels of government."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mangrove.funding.decisions import Finding, Nearness, Piece, evidence_key, findings
from mangrove.funding.models import Evidence, PriorMoney
from mangrove.funding.rules import rules
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import required
from mangrove.registry.models import Organisation


def nearness() -> Nearness:
    near = rules("evidence")
    split = near["split_contracts"]
    return Nearness(split["days"], split["at_least"], near["same_parties"]["days"])


@transaction.atomic
def register_evidence(
    *, kind: str, number: str, seller: str, buyer: str, dated: date, amount: int, claim: Ref, claim_title: str,
    claimant: Organisation, programme: str, by: Actor, on: date, code: str = "", accepted_reason: str = "",
    why: str = "", synthetic: bool = False,
) -> Evidence:  # fmt: skip
    """Enter a contract or invoice of a claim. Raises :class:`Refusal` where it counts elsewhere already.

    ``accepted_reason``: why money received elsewhere on this invoice is no double payment (another part of it, say).
    """
    key = evidence_key(kind, code, number)
    refuse_empty(key, number)
    refuse_counted(kind, key)
    if kind == "invoice":
        refuse_paid_elsewhere(key, accepted_reason)
    one = created(
        kind=kind, code=code, number=number, key=key, seller=seller, buyer=buyer, dated=dated, amount=amount,
        claim_room=claim.room, claim_kind=claim.kind, claim_id=claim.id, claim_title=claim_title, claimant=claimant,
        programme=programme, accepted_reason=accepted_reason, synthetic=synthetic,
    )  # fmt: skip
    payload = {
        "kind": kind,
        "key": key,
        "amount": amount,
        "claim": str(claim),
        "accepted_reason": accepted_reason,
    }
    record("funding.evidence.register", subject=one.ref, by=by, on=on, why=why, payload=payload)
    return one


def refuse_empty(key: str, number: str) -> None:
    if not key:
        raise Refusal(
            _("“%(number)s”里没有号码。") % {"number": number},
            code="funding.no_number",
            where=_("号码"),
            remedy=_("请照票面或合同填写。"),
        )


def refuse_counted(kind: str, key: str) -> None:
    held = Evidence.objects.filter(kind=kind, key=key, released_on=None).first()
    if held is not None:
        raise counted(held)


def counted(held: Evidence) -> Refusal:
    return Refusal(
        _("%(kind)s %(number)s 已用于“%(claim)s”（%(claimant)s）。") % {
            "kind": held.get_kind_display(), "number": held.number, "claim": held.claim_title, "claimant": held.claimant.name,
        },
        code="funding.evidence_counted", where=_("号码"), rule=_("一份凭据同一时间只支持一项申报，跨计划、年度、层级都算"),
        remedy=_("填错的请更正；原申报已撤回的，请先在那一项里释放这份凭据。"),
    )  # fmt: skip


def refuse_paid_elsewhere(key: str, accepted_reason: str) -> None:
    paid = PriorMoney.objects.filter(key=key).first()
    if paid is not None and not accepted_reason.strip():
        raise Refusal(
            _("这张发票已在 %(year)s 年“%(programme)s”得到资助（%(recipient)s）。") % {
                "year": paid.year, "programme": paid.programme, "recipient": paid.recipient,
            },
            code="funding.paid_elsewhere", where=_("号码"), rule=_("一份凭据同一时间只支持一项申报，跨计划、年度、层级都算"),
            remedy=_("确属不同部分的，写明理由再登记；理由记入账本。"),
        )  # fmt: skip


def created(**fields: Any) -> Evidence:
    """The unique key of the database answers where two register the same at once."""
    try:
        with transaction.atomic():
            return Evidence.objects.create(**fields)
    except IntegrityError:
        refuse_counted(fields["kind"], fields["key"])
        raise


@transaction.atomic
def release_evidence(*, evidence: Evidence, by: Actor, on: date, why: str) -> Evidence:
    """The claim lets go (withdrawn, refused): another may rest on it."""
    required(why, _("释放理由"))
    one = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if one.released_on is not None:
        raise Refusal(_("这份凭据已经释放。"), code="funding.released", where=one.number)
    one.released_on = on
    one.save(update_fields=["released_on"])
    record("funding.evidence.release", subject=one.ref, by=by, on=on, why=why, payload={"key": one.key})
    return one


def look_alike(rows: QuerySet[Evidence]) -> list[Finding]:
    """What a person should look at among these; see :mod:`mangrove.funding.decisions`."""
    return findings(map(piece, rows.filter(released_on=None)), nearness())


def piece(one: Evidence) -> Piece:
    return Piece(
        str(one.pk),
        one.kind,
        one.key,
        one.number,
        one.seller,
        one.buyer,
        one.dated,
        one.amount,
        str(one.claim),
    )
