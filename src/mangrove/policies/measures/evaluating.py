"""Evaluating a measure before it is renewed, and the guide that came after the text. Each is kept for ever, with its event."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.library import version
from mangrove.policies.measures.models import Conclusion, Evaluation, Guide, RuleText
from mangrove.policies.measures.publishing import guides_digest
from mangrove.registry.actions import required
from mangrove.registry.models import User
from mangrove.rulebook.texts.families import DRAFT

OFFICER = "case_officer"


def may_evaluate(user: Any) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(OFFICER) and bool(user.organisation_id)


def access_evaluating(user: Any, rule: str, number: int) -> RuleText:
    """The version, for who may evaluate it. Raises ``Http404`` or :class:`Refusal`."""
    found = version(rule, number)
    if not may_evaluate(user):
        raise Refusal(
            _("措施由经办人评估。"), code="policies.not_permitted", where=found.name, remedy=_("请交给业务处室的经办人。"),
        )  # fmt: skip
    if found.status == DRAFT:
        raise Refusal(
            _("草案没有施行过，不评估。"), code="policies.never_in_force", where=found.name,
            remedy=_("请评估施行过的一版。"),
        )  # fmt: skip
    return found


@transaction.atomic
def evaluate(
    *,
    rule: str,
    number: int,
    promised: str,
    measured: str,
    conclusion: str,
    by: User,
    on: date,
    why: str = "",
) -> Evaluation:
    """Record what was promised, what was measured, and what follows. A second evaluation stands beside the first."""
    one = access_evaluating(by, rule, number)
    required(promised, _("当初的目标"))
    required(measured, _("实际的结果"))
    refuse_no_conclusion(conclusion, one)
    made = Evaluation(
        rule=one, promised=promised, measured=measured, conclusion=conclusion, unit=by.unit or by.actor.role, by=by.username,
        by_name=by.name, on=on,
    )  # fmt: skip
    made.event = record(
        "policies.measure.evaluate", subject=one.ref, by=by.actor, on=on, why=why, payload=made.told()
    )
    made.save(force_insert=True)
    return made


def refuse_no_conclusion(conclusion: str, one: RuleText) -> None:
    if conclusion not in Conclusion.values:
        raise Refusal(_("请选择评估结论。"), code="policies.no_conclusion", where=one.name)


def explain(one: RuleText, *, guide: str, guide_en: str, by: Actor, on: date, why: str = "") -> Guide:
    """Publish the guide of a text that came without one; part of an act. Raises :class:`Refusal` where it has one."""
    required(guide, _("解读"))
    if one.guide_now is not None:
        raise Refusal(
            _("这一版已有解读，不能再发布一份。"), code="policies.guide_already", where=one.name,
            remedy=_("解读有误的，请在措施的下一版更正。"),
        )  # fmt: skip
    event = record(
        "policies.measure.explain", subject=one.ref, by=by, on=on, why=why,
        payload={"guide_sha256": guides_digest(guide, guide_en)},
    )  # fmt: skip
    return Guide.objects.create(
        rule=one, guide=guide, guide_en=guide_en, by=by.username, by_name=by.name, on=on, event=event
    )  # fmt: skip
