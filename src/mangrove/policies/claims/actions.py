"""What people do with claims. Each act is atomic, asks its access function, and writes its event."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.casework.actions import lock_case, open_case, take_step
from mangrove.intake.decisions import restored
from mangrove.intake.definition import Form
from mangrove.intake.hooks import Happened
from mangrove.intake.models import Application
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.access import access_claim, access_doubt
from mangrove.policies.claims.evidence import release_all
from mangrove.policies.claims.guards import refuse_unsearched
from mangrove.policies.claims.models import Check, CheckKind, Claim, Doubt, DoubtState, Judgement
from mangrove.policies.claims.standing import checks
from mangrove.policies.claims.telling import tell_refused
from mangrove.policies.claims.workflow import CLAIM
from mangrove.policies.measures.library import measure_of
from mangrove.policies.schemes.definition import Scheme, scheme, schemes
from mangrove.policies.schemes.rules import judged_inputs, paying, rule_on
from mangrove.registry.actions import required
from mangrove.registry.models import User
from mangrove.vocabulary.values import as_json, parse_value

#: Steps by which a claim lets go of what it rested on.
ENDS = ("refuse", "withdraw")


def hear(happened: Happened) -> None:
    """An application passed its formal check: it becomes a claim, in the transaction of the check."""
    if happened.act == "accept":
        accept(
            happened.application,
            happened.submission.content["answers"],
            by=happened.by,
            on=happened.on,
            why=happened.why,
        )


def accept(
    application: Application, answers: Mapping[str, Any], *, by: Actor, on: date, why: str = ""
) -> Claim:
    one = schemes()[application.opening.form.form]
    form, applied_on = application.opening.form.definition, handed_in_on(application)
    clause = paying(one, measure_of(rule_on(one, applied_on)))
    declared = dict(one.sets) | declared_in(form, answers, clause.entity)
    title = str(answers.get("title") or one.title.zh)
    return opened(
        one, application=application, organisation=application.organisation, title=title, applied_on=applied_on,
        declared=declared, by=by, on=on, unit=application.opening.unit, office=application.opening.office,
        owner=application.case.owner if application.case else None, synthetic=application.opening.synthetic, why=why,
    )  # fmt: skip


def handed_in_on(application: Application) -> date:
    """The business day of the first handing-in, by which the rules are chosen."""
    return application.submissions.order_by("round")[0].event.business_date


def declared_in(form: Form, answers: Mapping[str, Any], entity: str) -> dict[str, Any]:
    """The answers about the thing itself, by field, in the vocabulary's JSON forms."""
    asked = [one for one in form.questions if one.of == entity and answers.get(one.id) is not None]
    values = {one.field.id: (one.field, restored(one, answers[one.id])) for one in asked}
    return {id: as_json(field, value) for id, (field, value) in values.items() if value is not None}


def opened(
    one: Scheme, *, organisation: Any, title: str, applied_on: date, declared: Mapping[str, Any], by: Actor, on: date,
    unit: str, office: Any, application: Application | None = None, owner: User | None = None, thing: str = "",
    synthetic: bool = False, why: str = "",
) -> Claim:  # fmt: skip
    """Open a claim; ``thing`` is the key of a record of the registry, or the claim brings a thing of its own."""
    claim = Claim(
        id=uuid.uuid4(), scheme=one.id, organisation=organisation, application=application, title=title[:300],
        applied_on=applied_on, declared=dict(declared), synthetic=synthetic,
    )  # fmt: skip
    claim.thing = thing or str(claim.pk)
    told = {
        "scheme": one.id,
        "applied_on": applied_on.isoformat(),
        "declared": dict(declared),
        "thing": claim.thing,
    }
    claim.case = open_case(
        workflow_id=CLAIM.id, subject=claim.ref, title=claim.title, by=by, on=on, why=why, owner=owner, unit=unit,
        organisation=office, details=told,
    )  # fmt: skip
    claim.save(force_insert=True)
    return claim


@transaction.atomic
def judge(
    *, claim_id: uuid.UUID, name: str, said: str, reason: str, by: User, on: date, why: str = ""
) -> Judgement:
    """Record what a person judges of one input of the measure; the last word counts, the earlier ones stay."""
    required(reason, _("判断的理由"))
    claim = locked(access_claim(by, claim_id, to="judge"))
    if name == scheme(claim.scheme).score:
        refuse_typed_review(claim)
    asked = next((one for one in judged_inputs(claim) if one.name == name), None)
    if asked is None:
        raise Refusal(
            _("这一事项不判断“%(name)s”。") % {"name": name},
            code="policies.no_input",
            where=claim.title,
        )
    return judged(claim, asked, said, reason, by=by.actor, on=on, why=why)


def judged(
    claim: Claim, asked: Any, said: str, reason: str, *, by: Actor, on: date, why: str = ""
) -> Judgement:
    field = rule_field(claim, asked)
    value = read_value(field, said, asked)
    stored = as_json(field, value)
    event = record(
        "policies.claim.judge", subject=claim.ref, by=by, on=on, why=why,
        payload={"name": asked.name, "value": stored, "reason": reason},
    )  # fmt: skip
    return Judgement.objects.create(
        claim=claim, name=asked.name, value=stored, reason=reason, by=by.username, by_name=by.name, on=on, event=event
    )  # fmt: skip


def rule_field(claim: Claim, asked: Any) -> Any:
    one = scheme(claim.scheme)
    return measure_of(rule_on(one, claim.applied_on)).vocabulary.entities[asked.entity].fields[asked.name]


def read_value(field: Any, said: str, asked: Any) -> Any:
    """Raises :class:`Refusal` for what is no value of the input, or lies outside its range."""
    try:
        value = parse_value(field, said)
    except ValueError as error:
        raise Refusal(str(error), code="policies.bad_value", where=field.zh) from error
    if value is None:
        raise Refusal(_("请填写“%(name)s”。") % {"name": field.zh}, code="policies.bad_value", where=field.zh)
    if asked.low is not None and isinstance(value, int):
        refuse_out_of_range(field, value, asked)
    return value


def refuse_out_of_range(field: Any, value: int, asked: Any) -> None:
    """Bounds of an input are in base units, as are stored integers of money; decimals at their scale."""
    scale = 10**field.scale if field.type in ("decimal", "ratio") else 1
    if not asked.low * scale <= value <= asked.high * scale:
        low, high = (vocabulary.show_value(field, int(end * scale)) for end in (asked.low, asked.high))
        raise Refusal(
            _("“%(name)s”须在 %(low)s 至 %(high)s 之间。") % {"name": field.zh, "low": low, "high": high},
            code="policies.out_of_range",
            where=field.zh,
        )


@transaction.atomic
def check(
    *, claim_id: uuid.UUID, kind: str, passed: bool, opinion: str, by: User, on: date, detail: Mapping[str, Any] | None = None,
    why: str = "",
) -> Check:  # fmt: skip
    """End one check of the scheme. ``detail``: what was found, JSON-able. What does not pass needs an opinion."""
    claim = locked(access_claim(by, claim_id, to="check"))
    if kind == CheckKind.REVIEW:
        refuse_typed_review(claim)
    return checked(claim, kind, passed, opinion, detail or {}, by=by.actor, on=on, why=why)


def refuse_typed_review(claim: Claim) -> None:
    """What experts decide follows from the round that they marked; see ``expert_review.py``."""
    if scheme(claim.scheme).panel is not None:
        raise Refusal(
            _("专家评审的结论和得分来自评审轮次，不能手工填写。"), code="policies.from_review", where=claim.title,
            rule=_("评审结果以轮次结束时专家提交的分数为准"), remedy=_("请在“专家评审”里开评审轮次；轮次结束时自动得出。"),
        )  # fmt: skip


def checked(
    claim: Claim, kind: str, passed: bool, opinion: str, detail: Mapping[str, Any], *, by: Actor, on: date, why: str = ""
) -> Check:  # fmt: skip
    if kind not in {one.kind for one in checks(claim)}:
        raise Refusal(
            _("这一事项没有这种审核。"),
            code="policies.no_check",
            where=claim.title,
        )
    if not passed:
        required(opinion, _("不通过的理由"))
    elif kind == CheckKind.DOUBLES:
        refuse_unsearched(claim)
    told = {"kind": kind, "passed": passed, "opinion": opinion, "detail": dict(detail)}
    event = record("policies.claim.check", subject=claim.ref, by=by, on=on, why=why, payload=told)
    return Check.objects.create(
        claim=claim, kind=kind, passed=passed, opinion=opinion, detail=dict(detail), by=by.username, by_name=by.name, on=on,
        event=event,
    )  # fmt: skip


def locked(claim: Claim) -> Claim:
    """Its case locked until the transaction ends, so that nobody finishes it meanwhile; what went on since it was looked at is refused."""
    lock_case(claim.case_id, claim.case.version)
    return claim


@transaction.atomic
def step(*, claim_id: uuid.UUID, act: str, by: User, on: date, expected_version: int, why: str = "") -> Claim:
    """Take a step of the workflow: finish, recheck, refuse, withdraw."""
    claim = access_claim(by, claim_id, to=act)
    take_step(
        claim.case_id,
        act,
        by=by.actor,
        roles=by.roles,
        on=on,
        expected_version=expected_version,
        why=why,
    )
    if act in ENDS:
        release_all(claim, by=by.actor, on=on, why=why)
    if act == "refuse":
        tell_refused(claim, why)
    claim.case.refresh_from_db()
    return claim


# --- doubts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What a search found doubtful about a claim."""

    kind: str
    key: str
    other: str = ""
    detail: Mapping[str, Any] | None = None


def doubt(claim: Claim, found: Sequence[Found], *, by: Actor, on: date, why: str = "") -> list[Doubt]:
    """Keep what is new; what is known stays as it was judged. The caller holds the claim's lock."""
    known = set(claim.doubts.values_list("kind", "key"))
    new = [one for one in found if (one.kind, one.key) not in known]
    made = Doubt.objects.bulk_create(
        Doubt(
            claim=claim,
            kind=one.kind,
            key=one.key,
            other=one.other,
            detail=dict(one.detail or {}),
            found_on=on,
        )
        for one in new
    )
    if new:
        told = [
            {"kind": one.kind, "key": one.key, "other": one.other, "detail": dict(one.detail or {})}
            for one in new
        ]
        record("policies.claim.doubt", subject=claim.ref, by=by, on=on, why=why, payload={"found": told})
    return made


@transaction.atomic
def weigh(*, doubt_id: int, upheld: bool, reason: str, by: User, on: date, why: str = "") -> Doubt:
    """Say whether a doubt is founded. The reason is kept; the machine's finding stays as it was."""
    required(reason, _("核实的理由"))
    one = access_doubt(by, doubt_id, to="weigh")
    locked(one.claim)
    one = Doubt.objects.select_for_update().get(pk=one.pk)
    one.state = DoubtState.UPHELD if upheld else DoubtState.DISMISSED
    one.reason, one.judged_by, one.judged_by_name, one.judged_on = reason, by.username, by.name, on
    one.save()
    told = {"kind": one.kind, "key": one.key, "upheld": upheld, "reason": reason}
    record("policies.claim.weigh", subject=one.claim.ref, by=by.actor, on=on, why=why, payload=told)
    return one
