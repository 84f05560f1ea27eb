"""A scheme beside the version of its measure that holds: which clause pays, for what kind of thing, by which inputs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.models import Claim
from mangrove.policies.measures.library import measure_of, version_on
from mangrove.policies.measures.models import RuleText
from mangrove.policies.schemes.definition import Scheme, scheme
from mangrove.rulebook.measures import Clause, Input, Measure
from mangrove.rulebook.texts.needed import read_by


def rule_on(one: Scheme, day: date) -> RuleText:
    """The version of the scheme's measure that holds on a day. Raises :class:`Refusal` where none does, or its clause is no longer paid."""
    found = version_on(one.measure, day)
    if found is None:
        raise Refusal(
            _("%(on)s 没有有效的“%(measure)s”，不能办“%(scheme)s”。") % {"on": day, "measure": called(one.measure), "scheme": one.title},
            code="policies.no_measure", where=str(one.title), remedy=_("请先在措施库公布当日有效的一版。"),
        )  # fmt: skip
    paying(one, measure_of(found))
    return found


def called(rule: str) -> str:
    """A measure by the name of its last version; one that was never published by its id."""
    last = RuleText.objects.filter(rule=rule).order_by("-number").first()
    return measure_of(last).name if last else rule


def paying(one: Scheme, measure: Measure) -> Clause:
    """The clause that pays. Raises :class:`Refusal` where the measure has no such clause, or another takes its money over."""
    found = next((clause for clause in measure.paid() if clause.id == one.step), None)
    if found is None:
        raise Refusal(
            _("“%(measure)s”里没有直接支付的条款“%(step)s”。") % {"measure": measure.name, "step": one.step},
            code="policies.no_clause", where=str(one.title), remedy=_("请改扶持事项的 pays，或公布含这一条的措施。"),
        )  # fmt: skip
    return found


def rule_of(claim: Claim) -> Measure:
    """The measure under which the claim was made: what held on the day of applying."""
    return measure_of(rule_on(scheme(claim.scheme), claim.applied_on))


def judged_inputs(claim: Claim) -> Sequence[Input]:
    """The inputs about the thing itself that people must judge before the clause can answer."""
    measure = rule_of(claim)
    clause = paying(scheme(claim.scheme), measure)
    read = read_by(measure, clause)
    return [one for one in measure.inputs if one.entity == clause.entity and (one.entity, one.name) in read]
