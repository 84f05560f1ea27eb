"""What reviewing keeps: the expert pool, rounds with the things under review, assignments, drafts, marks, draws.

A round holds its rubric and its rules as they stood when it was opened, so that later edits of the files change no
ranking. Marks are kept whole; totals, means and ranks are computed, never stored. ``Expert.suspended`` is a cache of
what the ledger last said, and is verified (``verification.py``).
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import Attachment, Case
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.registry.models import Organisation

NAMED, EXPERTS_BLIND, DOUBLE_BLIND = "named", "experts_blind", "double_blind"
MODES = [
    (NAMED, _("实名：专家看得到申报单位")),
    (EXPERTS_BLIND, _("单盲：专家看不到申报单位")),
    (DOUBLE_BLIND, _("双盲：申报单位也看不到专家")),
]


def new_code() -> str:
    """A number that says nothing of when or for whom the item was entered."""
    return f"{secrets.randbelow(90_000) + 10_000}"


class Expert(models.Model):
    """Somebody whom a bureau may ask to review. ``fields`` are words of the vocabulary; the pool is the bureau's own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expertise")
    bureau = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="experts")
    fields = models.JSONField(default=list)
    active_from = models.DateField()
    active_until = models.DateField(null=True)
    agreed_on = models.DateField(null=True)
    suspended = models.BooleanField(default=False)

    class Meta:
        ordering = ["user__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "bureau"], name="reviews_expert_once_a_bureau"),
            models.CheckConstraint(
                condition=Q(active_until=None) | Q(active_from__lt=F("active_until")),
                name="reviews_expert_half_open",
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def ref(self) -> Ref:
        return Ref("reviews", "expert", str(self.pk))

    def serves_on(self, day: date) -> bool:
        """Whether the expert may be given work that day: within the term, and not suspended."""
        return (
            not self.suspended
            and self.active_from <= day
            and (self.active_until is None or day < self.active_until)
        )


class Round(models.Model):
    """One review: its rubric and rules as frozen when it was opened, how blind it is, by when the marks are due."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="review_round", null=True)
    title = models.CharField(max_length=120)
    bureau = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="review_rounds")
    mode = models.CharField(max_length=20, choices=MODES)
    rubric = models.JSONField()
    rules = models.JSONField()
    least = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        return Ref("reviews", "round", str(self.pk))

    @property
    def blind(self) -> bool:
        """Whether experts must not learn whose item they read."""
        return self.mode != NAMED


class Item(models.Model):
    """A thing under review. ``code`` is what everybody calls it; ``text`` is what experts read, redacted by the caller."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=5, default=new_code)
    subject_room = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    blind_title = models.CharField(max_length=200)
    text = models.TextField()
    fields = models.JSONField(default=list)
    parties = models.ManyToManyField(Organisation, related_name="items_under_review")

    class Meta:
        ordering = ["round_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="reviews_code_once_a_round"),
            models.UniqueConstraint(
                fields=["round", "subject_room", "subject_kind", "subject_id"],
                name="reviews_subject_once_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_room, self.subject_kind, self.subject_id)

    @property
    def ref(self) -> Ref:
        return Ref("reviews", "item", str(self.pk))

    @property
    def shown_title(self) -> str:
        """What an expert may be told that it is called."""
        return self.blind_title if self.round.blind else self.title


class ItemFile(models.Model):
    """A file of an item. Experts get it under a name made of code and number, whatever its uploader called it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="review_file")

    class Meta:
        ordering = ["item_id", "id"]

    def __str__(self) -> str:
        return self.attachment.name


class Unsuitable(models.Model):
    """An expert whom the applicant asks not to be reviewed by."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="unsuitable")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="named_unsuitable")
    reason = models.TextField()

    class Meta:
        ordering = ["item_id", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "expert"], name="reviews_unsuitable_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.expert_id}"


class Draw(models.Model):
    """A draw by lot: the seed and who stood in the pool, from which anybody can draw the same again."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="draws")
    seed = models.CharField(max_length=64)
    pool = models.JSONField()
    wanted = models.PositiveSmallIntegerField()
    drawn = models.JSONField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="review_draw")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.seed}"


class Assignment(models.Model):
    """One expert and one item; the case says how far it is. The key says nothing of order or of others."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="review_assignment")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="assignments")

    class Meta:
        ordering = ["item_id", "uid"]
        constraints = [models.UniqueConstraint(fields=["item", "expert"], name="reviews_expert_once_an_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.expert_id}"

    @property
    def ref(self) -> Ref:
        return Ref("reviews", "assignment", str(self.pk))


class MarkDraft(models.Model):
    """What an expert has written so far; a draft is no act, and an older revision never wins."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="draft")
    revision = models.PositiveIntegerField(default=0)
    said = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.assignment_id} r{self.revision}"


class Submission(models.Model):
    """An expert's marks as submitted. A reopened one stays, no longer ``standing``; at most one stands an assignment."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="submissions")
    key = models.CharField(max_length=64)
    marks = models.JSONField()
    comment = models.TextField()
    standing = models.BooleanField(default=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="review_submission")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(standing=True), name="reviews_one_submission_stands"
            ),
            models.UniqueConstraint(fields=["assignment", "key"], name="reviews_submission_key"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.key}"
