"""What the ledger keeps: events, the bodies they are about, and the chain of seals over them.

The chain lives in a table of its own, so that writers never wait for one another; the body lives apart
from its event, so that it can be withheld by a recorded act without breaking the chain.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from mangrove.ledger.refs import Actor, Ref

#: The one act after which an event's body may be empty.
WITHHOLD = "ledger.withhold"


class AppendOnly(models.QuerySet[Any]):
    """Rows that are written once. A database trigger refuses updates that go round this class."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("账本只增不改。")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("账本只增不删。")


class Event(models.Model):
    """One act. ``business_date`` is when it counts, ``recorded_at`` when it was entered."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    act = models.CharField(max_length=80, db_index=True)
    room = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    actor = models.CharField(max_length=150, db_index=True)
    actor_name = models.CharField(max_length=150)
    actor_role = models.CharField(max_length=200, blank=True)  # the name of an organisation, or of its unit
    business_date = models.DateField(db_index=True)
    recorded_at = models.DateTimeField(db_index=True)
    back_entry = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    batch = models.UUIDField(null=True, db_index=True)
    payload_hash = models.CharField(max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["room", "kind", "object_id", "id"], name="ledger_event_subject")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject} {self.business_date}"

    @property
    def subject(self) -> Ref:
        return Ref(self.room, self.kind, self.object_id)

    @property
    def by(self) -> Actor:
        return Actor(self.actor, self.actor_name, self.actor_role)


class Body(models.Model):
    """What an event says: canonical JSON and the salt of its hash. Emptied when withheld.

    A database trigger refuses every other change, and deletion.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="body")
    salt = models.CharField(max_length=32)
    text = models.TextField()
    withheld_by = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="withholds")

    def __str__(self) -> str:
        return self.text


class Seal(models.Model):
    """One link of the chain: its hash covers the one before it and one committed event."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=12)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.hash[:12]}"


class Sealing(models.Model):
    """The one row that a sealer locks, so that there is never more than one sealer at work."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    def __str__(self) -> str:
        return "sealing"
