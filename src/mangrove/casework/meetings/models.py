"""Decisions of meetings (会议决定): which meeting, when, by which minutes, and what was decided about which thing."""

from __future__ import annotations

import uuid

from django.db import models

from mangrove.ledger.refs import Ref


class Meeting(models.Model):
    """A meeting of an organisation (that of its case). ``minutes`` is the document, by its hash, once it is confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField("casework.Case", on_delete=models.PROTECT, related_name="meeting")
    name = models.CharField(max_length=150)
    held_on = models.DateField()
    minutes = models.ForeignKey(
        "casework.Attachment", on_delete=models.PROTECT, null=True, related_name="minutes_of"
    )

    class Meta:
        ordering = ["-held_on", "name", "id"]

    def __str__(self) -> str:
        return f"{self.held_on} {self.name}"

    @property
    def ref(self) -> Ref:
        return Ref("casework", "meeting", str(self.pk))


class Decision(models.Model):
    """One thing that was decided, word for word; others cite it by its ``Ref``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    about_room = models.CharField(max_length=40, blank=True)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["meeting_id", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="casework_decision_once")]

    def __str__(self) -> str:
        return f"{self.meeting} {self.number} {self.subject}"

    @property
    def ref(self) -> Ref:
        return Ref("casework", "decision", str(self.pk))

    @property
    def about(self) -> Ref | None:
        return Ref(self.about_room, self.about_kind, self.about_id) if self.about_room else None
