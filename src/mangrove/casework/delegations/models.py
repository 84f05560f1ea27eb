"""Who may sign for whom (授权代签): from when until when, for which acts; revocable; and every act done so."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref


class Delegation(models.Model):
    """``principal`` lets ``delegate`` take these ``acts`` (``proposals.reply.sign``) in their place, both days included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_held"
    )
    acts: Any = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    revoked_on = models.DateField(null=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="delegation")

    class Meta:
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="casework_delegation_span"),
            models.CheckConstraint(
                condition=~Q(principal=F("delegate")), name="casework_delegation_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal_id} {self.delegate_id} {self.starts_on} {self.ends_on}"

    @property
    def ref(self) -> Ref:
        return Ref("casework", "delegation", str(self.pk))

    def covers(self, act: str, day: date) -> bool:
        return act in self.acts and self.revoked_on is None and self.starts_on <= day <= self.ends_on


class DelegatedAct(models.Model):
    """One act that was taken in another's place: which event, by which delegation."""

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="used")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="delegated_act")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.delegation_id} {self.event_id}"
