"""A scenario as it was kept: all that its answer rests on, and what came out. That part is never changed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refs import Ref
from mangrove.policies.measures.models import RuleText
from mangrove.registry.models import Organisation, User


class Shared(models.TextChoices):
    OWN = "own", _("只有自己")
    UNIT = "unit", _("本处室")
    ORGANISATION = "organisation", _("本单位")


class Scenario(models.Model):
    """``changes``: name, what was typed, and the value in base units, in the order of the measure. ``take_up``: exact fractions.

    ``pots``: fen by id. ``tables``: the identity of each table of the facts known just before ``known_at``; ``snapshot`` that of
    all. ``numbers`` are those of the text. ``totals``: fen and counts by name; ``result``: of every row of every clause.
    ``version`` rises when the name, the note or the sharing changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="scenarios")
    shared = models.CharField(max_length=12, choices=Shared.choices, default=Shared.OWN)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.CharField(max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    rule = models.ForeignKey(RuleText, on_delete=models.PROTECT, related_name="scenarios")
    text_sha256 = models.CharField(max_length=64)
    against = models.ForeignKey(RuleText, on_delete=models.PROTECT, related_name="scenarios_against")
    against_sha256 = models.CharField(max_length=64)
    against_fen = models.DecimalField(max_digits=30, decimal_places=0)
    structure = models.CharField(max_length=64)
    numbers = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    decide_on = models.DateField()
    budget_year = models.PositiveSmallIntegerField()
    known_at = models.DateTimeField()
    take_up = models.JSONField(default=dict)
    pots = models.JSONField(default=dict)
    order_by = models.CharField(max_length=60, blank=True)
    tables = models.JSONField(default=dict)
    snapshot = models.CharField(max_length=64)
    semantics = models.CharField(max_length=12)
    totals = models.JSONField(default=dict)
    result = models.CharField(max_length=64)

    class Meta:
        ordering = ["-created_at", "name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="policies_scenario_named_once"),
            models.CheckConstraint(
                condition=Q(shared="own") | Q(organisation__isnull=False), name="policies_scenario_shared_with"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        return Ref("policies", "scenario", str(self.pk))
