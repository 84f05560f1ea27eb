"""Seeking opinions: who is asked and until when, what was said, and what became of each opinion."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.actions import lock_case
from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.access import access_draft, access_opinion, refuse_wrong_state
from mangrove.policies.issuing.actions import step
from mangrove.policies.issuing.drafting import TO_WRITE
from mangrove.policies.issuing.models import Disposition, Draft, Opinion, Seeking
from mangrove.policies.issuing.periods import last_day, limit_of, refuse_unseen
from mangrove.policies.issuing.standing import readable_text, round_now
from mangrove.policies.issuing.telling import tell_units
from mangrove.registry.actions import required
from mangrove.registry.models import User
from mangrove.ui.languages import listed


@transaction.atomic
def circulate(
    *, draft_id: uuid.UUID | str, units: Sequence[str], public: bool, by: User, on: date, expected_version: int,
    until: date | None = None, published_at: str = "", why: str = "",
) -> Seeking:  # fmt: skip
    """Send the newest text to units, and to the public. ``until`` may be later than the rule's day, never earlier.

    ``published_at``: where else the public could read it, which must be said of a public round that is entered later.
    """
    draft = access_draft(by, draft_id, to="circulate")
    text = readable_text(draft)
    refuse_unwritten(text.text, draft)
    asked = list(dict.fromkeys(unit.strip() for unit in units if unit.strip()))
    refuse_nobody(asked, public, draft)
    refuse_unseen(public, on, published_at)
    limit = limit_of(public, on)
    round = Seeking(
        draft=draft, number=draft.seekings.count() + 1, text=text, units=asked, public=public, started_on=on,
        until=last_day(limit, on, until), published_at=published_at.strip() if public else "",
    )  # fmt: skip
    told = {**told_of(round), "rule": limit.id, "pack": limit.pack, "pack_hash": limit.pack_hash}
    step(draft, "circulate", by=by, on=on, expected_version=expected_version, why=why, details=told)
    round.save(force_insert=True)
    tell_units(round, by)
    return round


def told_of(round: Seeking) -> dict[str, object]:
    return {
        "round": round.number, "revision": round.text.revision, "sha256": round.text.sha256, "units": round.units,
        "public": round.public, "until": round.until.isoformat(), "published_at": round.published_at,
    }  # fmt: skip


def refuse_unwritten(text: str, draft: Draft) -> None:
    """What the empty sheet says nobody has decided; nobody is asked about it."""
    left = [said for said in TO_WRITE if said in text]
    if left:
        raise Refusal(
            _("草案里还有样张上的字没有改：%(left)s。") % {"left": listed(left)}, code="policies.unwritten", where=draft.title,
            rule=_("征求意见的是写成的草案"), remedy=_("请写上名称、标识、出处和条文，比例和金额也请逐项核对。"),
        )  # fmt: skip


def refuse_nobody(units: Sequence[str], public: bool, draft: Draft) -> None:
    if not units and not public:
        raise Refusal(
            _("没有写征求谁的意见。"), code="policies.nobody_asked", where=draft.title,
            remedy=_("请写单位，或选向社会公开征求意见。"),
        )  # fmt: skip


@transaction.atomic
def opine(
    *, draft_id: uuid.UUID | str, source: str, text: str, by: User, on: date, public: bool = False, nothing: bool = False,
    why: str = "",
) -> Opinion:  # fmt: skip
    """Enter what a unit or somebody of the public said. The ledger keeps the digest of the words, not the words."""
    draft = locked(access_draft(by, draft_id, to="opine"), "opine")
    round = round_now(draft)
    assert round is not None
    refuse_opinion(round, source, text, public, nothing)
    made = Opinion(
        seeking=round, number=round.opinions.count() + 1, public=public, source=source.strip(), nothing=nothing,
        text="" if nothing else text.strip(), received_on=on, by=by.username, by_name=by.name,
    )  # fmt: skip
    record("policies.draft.opine", subject=draft.case.ref, by=by.actor, on=on, why=why, payload=said(made))
    made.save(force_insert=True)
    return made


def said(one: Opinion) -> dict[str, object]:
    """What the ledger is told of an opinion as it came."""
    sent = {"receipt": one.receipt, "clause": one.clause} if one.receipt else {}
    return {
        "round": one.seeking.number, "number": one.number, "source": one.source, "public": one.public,
        "nothing": one.nothing, "sha256": digest(one.text), **sent,
    }  # fmt: skip


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def refuse_opinion(round: Seeking, source: str, text: str, public: bool, nothing: bool) -> None:
    required(source, _("意见来源"))
    if not nothing:
        required(text, _("意见内容"))
    if public and not round.public:
        raise Refusal(
            _("这一轮没有向社会公开征求意见。"), code="policies.not_public", where=source,
            remedy=_("请改为单位意见，或另开一轮。"),
        )  # fmt: skip
    if not public and source.strip() not in round.units:
        raise Refusal(
            _("这一轮没有征求“%(source)s”的意见。") % {"source": source}, code="policies.not_asked", where=_("意见来源"),
            remedy=_("请从所征求的单位中选；社会意见请选“社会公众”。"),
        )  # fmt: skip


@transaction.atomic
def dispose(
    *,
    draft_id: uuid.UUID | str,
    opinion_id: int,
    disposition: str,
    reason: str,
    by: User,
    on: date,
    why: str = "",
) -> Opinion:
    """Say whether an opinion is adopted, in part or not, and why. The last word counts; the ledger keeps each."""
    one = access_opinion(by, draft_id, opinion_id, to="dispose")
    locked(one.seeking.draft, "dispose")
    one.refresh_from_db()
    required(reason, _("采纳与否的理由"))
    refuse_disposition(one, disposition)
    one.disposition, one.reason = disposition, reason.strip()
    one.disposed_by, one.disposed_by_name, one.disposed_on = by.username, by.name, on
    one.save()
    record(
        "policies.draft.dispose", subject=one.seeking.draft.case.ref, by=by.actor, on=on, why=why, payload=answered(one)
    )  # fmt: skip
    return one


def answered(one: Opinion) -> dict[str, object]:
    return {
        "round": one.seeking.number, "number": one.number, "disposition": one.disposition, "reason": one.reason,
        "by": one.disposed_by,
    }  # fmt: skip


def refuse_disposition(one: Opinion, disposition: str) -> None:
    if disposition not in Disposition.values:
        raise Refusal(_("请选择采纳、部分采纳或不采纳。"), code="policies.no_disposition", where=one.source)
    if one.nothing:
        raise Refusal(
            _("对方没有意见，不必办理。"), code="policies.nothing_said", where=one.source,
            remedy=_("请办其他意见。"),
        )  # fmt: skip


@transaction.atomic
def settle(*, draft_id: uuid.UUID | str, by: User, on: date, expected_version: int, why: str = "") -> Draft:
    """The round is done: everyone asked was heard, every opinion answered."""
    draft = access_draft(by, draft_id, to="settle")
    step(draft, "settle", by=by, on=on, expected_version=expected_version, why=why)
    return draft


def locked(draft: Draft, to: str) -> Draft:
    """Its case locked until the transaction ends, so that the round is not settled meanwhile."""
    draft.case.refresh_from_db(fields=["version", "state"])
    draft.case = lock_case(draft.case_id, draft.case.version)
    refuse_wrong_state(draft, to)
    return draft
