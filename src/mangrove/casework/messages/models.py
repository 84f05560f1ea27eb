"""Messages (站内消息), and the mails that say the same outside the house."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from mangrove.casework.messages.kinds import words_of
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref


class Message(models.Model):
    """One sentence to one person. Written in the transaction of the act that it tells of, delivered after its commit.

    ``key`` is unique: what is told twice is told once. ``kind`` names the sentence, ``said`` fills its holes, so that
    each reader reads it in their own language.
    """

    key = models.CharField(max_length=180, unique=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=60)
    said = models.JSONField(default=dict)
    about_room = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=64)
    href = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(delivered_at=None), name="casework_message_waiting"),
            models.Index(fields=["to", "read_at"], name="casework_message_unread"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def words(self) -> str:
        return words_of(self.kind, self.said)

    @property
    def about(self) -> Ref:
        return Ref(self.about_room, self.about_kind, self.about_id)


class Mail(models.Model):
    """The same by mail. A sender claims it until ``claimed_until``, sends, and marks it sent; see ``mailing.py``."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="mail")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(sent_at=None, failed_at=None), name="casework_mail_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.attempts}"


class Reminder(models.Model):
    """That people were reminded of a time limit or of a promise, once for each threshold of each due date.

    ``threshold``: days before the due date, or, below zero, days after it.
    """

    clock = models.ForeignKey("casework.Clock", on_delete=models.PROTECT, null=True, related_name="reminders")
    promise = models.ForeignKey(
        "casework.Promise", on_delete=models.PROTECT, null=True, related_name="reminders"
    )
    due_on = models.DateField()
    threshold = models.SmallIntegerField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="reminder")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "due_on", "threshold"], name="casework_reminded_once"),
            models.UniqueConstraint(
                fields=["promise", "due_on", "threshold"], name="casework_reminded_of_promise_once"
            ),
            models.CheckConstraint(
                condition=Q(clock__isnull=True) ^ Q(promise__isnull=True), name="casework_reminded_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id or self.promise_id} {self.due_on} {self.threshold}"
