"""What is kept of the review of an award (绩效评价): each promised indicator with what was measured, and how it was found."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import Attachment, Case
from mangrove.funding.models import Award
from mangrove.ledger.refs import Ref
from mangrove.policies.claims.models import Claim


class Outcome(models.TextChoices):
    MET = "met", _("达到")
    PARTLY = "partly", _("部分达到")
    NOT = "not", _("未达到")


class Performance(models.Model):
    """The review of one award, once. ``paid_on``: its first payment; ``due_on``: from then on it can be measured."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="performance")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="performance")
    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="performance")
    paid_on = models.DateField()
    due_on = models.DateField()
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.claim.title

    @property
    def ref(self) -> Ref:
        return Ref("policies", "performance", str(self.pk))


class Indicator(models.Model):
    """One promise of the review. Amounts are integers of ``10 ** -scale`` of ``unit``; money is in fen.

    ``promised_text`` is what the firm wrote, word for word; ``promised`` what it comes to, ``None`` where it is no number
    until an officer has said. ``due_year``: by the end of which year; older forms asked for words alone and have none. ``measured`` counts up to ``until``. ``outcome`` is empty until confirmed. Each change of
    them is an act of the ledger.
    """

    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="indicators")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    promised_text = models.CharField(max_length=300)
    unit = models.CharField(max_length=20)
    scale = models.PositiveSmallIntegerField(default=0)
    shown = models.CharField(max_length=20)
    due_year = models.PositiveSmallIntegerField(null=True)
    promised = models.BigIntegerField(null=True)
    measured = models.BigIntegerField(null=True)
    until = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)
    paper = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="indicators")
    reported_by = models.CharField(max_length=150, blank=True)
    reported_by_name = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)

    class Meta:
        ordering = ["performance_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["performance", "place"], name="policies_indicator_once"),
        ]

    def __str__(self) -> str:
        return f"{self.performance_id} {self.name}"

    @property
    def synthetic(self) -> bool:
        return self.performance.synthetic

    @property
    def in_words(self) -> bool:
        """Promised as a text, under a form that did not ask for amount, unit and year."""
        return self.due_year is None
