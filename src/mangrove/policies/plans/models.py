"""What is kept of a plan: the rules, the facts and the pots it was decided on, what came out, and who gets what."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mangrove.casework.grievances.models import Grievance
from mangrove.casework.models import Case
from mangrove.casework.notices.models import Notice
from mangrove.funding.models import Award, Pot
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.policies.claims.models import Claim
from mangrove.policies.measures.models import RuleText


class Plan(models.Model):
    """Claims decided together (拟资助计划). All that the answer rests on is kept here, so that it replays to the last bit.

    ``population`` is the canonical JSON of the facts as tables; ``result`` that of what came out. Both are empty until computed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="plan")
    title = models.CharField(max_length=200)
    schemes = models.JSONField(default=list)
    budget_year = models.PositiveSmallIntegerField()
    portfolio = models.ForeignKey(
        RuleText, on_delete=models.PROTECT, null=True, related_name="plans_of_portfolio"
    )
    measures = models.ManyToManyField(RuleText, related_name="plans")
    decide_on = models.DateField(null=True)
    known_at = models.DateTimeField(null=True)
    semantics = models.PositiveSmallIntegerField(null=True)
    population = models.TextField(blank=True)
    population_hash = models.CharField(max_length=64, blank=True)
    result = models.TextField(blank=True)
    result_hash = models.CharField(max_length=64, blank=True)
    computed_by = models.CharField(max_length=150, blank=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="plans")
    basis = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-budget_year", "title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        return Ref("policies", "plan", str(self.pk))


def without_texts(plans: str = "") -> list[str]:
    """What a list leaves in the database, by the lookup that leads to the plans: their texts are megabytes, and no list shows them."""
    return [f"{plans}__{name}" if plans else name for name in ("population", "result")]


class PlanPot(models.Model):
    """Which pot of money stands for a pot of the portfolio, and how much of it was left when the plan was computed, in fen.

    ``schemes`` are those that it pays, in a plan of several; none in a plan of one pot. Their order is that of the names.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="pots")
    name = models.CharField(max_length=60)
    pot = models.ForeignKey(Pot, on_delete=models.PROTECT, related_name="plans")
    schemes = models.JSONField(default=list)
    left = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["plan_id", "name"]
        constraints = [models.UniqueConstraint(fields=["plan", "name"], name="policies_plan_pot_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.name}"


class PlanLine(models.Model):
    """What a claim gets in a plan: ``asked`` under its clause, ``proposed`` after choices and pots, in fen; null is not known.

    ``because`` is why it is less than asked, or nothing: a code and the names that it speaks of.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines")
    step = models.CharField(max_length=130)
    standing = models.CharField(max_length=8)
    asked = models.BigIntegerField(null=True)
    proposed = models.BigIntegerField(default=0)
    pot = models.CharField(max_length=60, blank=True)
    because = models.JSONField(default=dict)
    award = models.OneToOneField(Award, on_delete=models.PROTECT, null=True, related_name="plan_line")

    class Meta:
        ordering = ["plan_id", "-proposed", "claim_id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "claim"], name="policies_plan_line_once"),
            models.CheckConstraint(condition=Q(proposed__gte=0), name="policies_plan_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.claim_id}"


class Way(models.TextChoices):
    RECHECK = "recheck", _("退回审核")
    LATER = "later", _("移出计划，留待以后的计划")


class Departure(models.Model):
    """A line taken out of an announced plan after something raised about it was upheld. What was computed stays as it was.

    ``grievance`` is known to who may read it; pages and the ledger tell the reason alone. A plan that is computed anew begins
    with lines of its own.
    """

    line = models.OneToOneField(PlanLine, on_delete=models.CASCADE, related_name="departure")
    grievance = models.ForeignKey(Grievance, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices)
    reason = models.TextField()
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="policies_departure")

    def __str__(self) -> str:
        return f"{self.line_id} {self.way}"
