"""An offer: a clause is met by what the house knows of a firm, and how much it comes to; the firm confirms or declines."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refs import Ref
from mangrove.policies.claims.models import Claim
from mangrove.policies.measures.models import RuleText


class OfferState(models.TextChoices):
    OFFERED = "offered", _("待企业确认")
    CONFIRMED = "confirmed", _("已确认")
    DECLINED = "declined", _("企业放弃")
    LAPSED = "lapsed", _("逾期未确认")


class Offer(models.Model):
    """One thing of one firm under one scheme, once. ``amount`` in fen as computed on ``known_on``; ``data`` what it was computed from.

    ``consent`` is the text that the firm agreed to, word for word; ``remark`` what it said about the data.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scheme = models.SlugField(max_length=60)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="offers")
    office = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="offers_made")
    thing = models.CharField(max_length=100)
    rule = models.ForeignKey(RuleText, on_delete=models.PROTECT, related_name="offers")
    amount = models.BigIntegerField()
    known_on = models.DateField()
    until = models.DateField()
    data = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=OfferState.choices, default=OfferState.OFFERED)
    consent = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answered_by_name = models.CharField(max_length=150, blank=True)
    answered_on = models.DateField(null=True)
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, null=True, related_name="offer")
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-known_on", "scheme", "id"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "thing"], name="policies_one_offer_a_thing"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="policies_offer_of_something"),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="policies_offer_organisation")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.thing}"

    @property
    def ref(self) -> Ref:
        return Ref("policies", "offer", str(self.pk))
