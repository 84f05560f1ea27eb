"""What a job is: what to do, how far it is, who holds it until when, and how it ended."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refs import Actor, Ref
from mangrove.ui.languages import in_words


class State(models.TextChoices):
    QUEUED = "queued", _("排队")
    RUNNING = "running", _("进行中")
    DONE = "done", _("完成")
    FAILED = "failed", _("未完成")
    CANCELLED = "cancelled", _("已取消")


OPEN = (State.QUEUED, State.RUNNING)


class Job(models.Model):
    """``kind`` names what is run, see ``jobs/kinds.py``; ``arguments`` are its own and plain JSON.

    ``key``: the same kind with the same key, while it is open or done, is the same job and is not run twice.
    ``done`` of ``total`` pieces, where the total is known; ``note`` says in words what it is at.
    ``holder`` has the lease until ``lease_until``; ``attempts`` counts how often it was taken up, and fences off who held it before.
    ``refusal``: what was wrong, where, by which rule, what to do; ``result``: what it came to.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    username = models.CharField(max_length=150)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=100, blank=True)
    business_date = models.DateField()
    why = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    holder = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    refusal = models.JSONField(null=True)

    class Meta:
        ordering = ["-queued_at", "-id"]
        indexes = [models.Index(fields=["state", "queued_at"], name="jobs_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=~Q(key="") & Q(state__in=["queued", "running", "done"]),
                name="jobs_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def said(self) -> str:
        """The title as this reader reads it: it is kept in Chinese, whoever asked, and its sentences are made known."""
        return in_words(self.title)

    @property
    def ref(self) -> Ref:
        return Ref("jobs", "job", str(self.uid))

    @property
    def actor(self) -> Actor:
        """Who asked for it, and in whose name it acts."""
        return Actor(self.username, self.name, self.role)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Piece(models.Model):
    """A piece of a job that has been done; written in the transaction of what it did."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pieces")
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="jobs_piece_once")]

    def __str__(self) -> str:
        return self.key
