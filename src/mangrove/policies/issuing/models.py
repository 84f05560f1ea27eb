"""What is kept of a measure in the making: every text that was saved, who was asked and what they said, who reviewed it, the publication."""

from __future__ import annotations

import hashlib
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import Case
from mangrove.ledger.models import AppendOnly, Event
from mangrove.ledger.refs import Ref
from mangrove.policies.measures.models import RuleText


class Draft(models.Model):
    """A measure in the making. ``base`` is the published version it was started from.

    ``sealed`` is the text that went to review; it is nothing while the text may be changed. The meeting's decision is cited
    by its id. ``guide`` is what will be published with the text, where it is ready by then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="draft")
    title = models.CharField(max_length=200)
    base = models.ForeignKey(RuleText, on_delete=models.PROTECT, null=True, related_name="drafts_after")
    sealed = models.ForeignKey("DraftText", on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.UUIDField(null=True)
    document_number = models.CharField(max_length=100, blank=True)
    guide = models.TextField(blank=True)
    guide_en = models.TextField(blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document_number"], condition=~Q(document_number=""), name="policies_document_number_once"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        return Ref("policies", "draft", str(self.pk))

    @property
    def text_now(self) -> DraftText | None:
        """The newest text that was saved."""
        return self.texts.order_by("-revision").first()


class DraftText(models.Model):
    """One saved text of a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="texts")
    revision = models.PositiveIntegerField()
    text = models.TextField()
    saved_by = models.CharField(max_length=150)
    saved_by_name = models.CharField(max_length=150)
    saved_at = models.DateTimeField()

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["draft_id", "-revision"]
        constraints = [models.UniqueConstraint(fields=["draft", "revision"], name="policies_draft_text_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.revision}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class Seeking(models.Model):
    """One round of seeking opinions: on which text, from which units, whether from the public, until which day.

    ``published_at`` says where the public could read it besides this house: required of what was entered later.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="seekings")
    number = models.PositiveIntegerField()
    text = models.ForeignKey(DraftText, on_delete=models.PROTECT, related_name="seekings")
    units = models.JSONField(default=list)
    public = models.BooleanField()
    started_on = models.DateField()
    until = models.DateField()
    published_at = models.CharField(max_length=300, blank=True, default="")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["draft_id", "number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="policies_seeking_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.number}"


class Disposition(models.TextChoices):
    ADOPTED = "adopted", _("采纳")
    PARTLY = "partly", _("部分采纳")
    REJECTED = "rejected", _("不采纳")


class Opinion(models.Model):
    """What one unit, or somebody of the public, said; and what became of it. ``nothing``: they have no opinion.

    ``source`` names the unit, or of the public the way it came; never a person. ``receipt`` is the number of what somebody sent
    by their own account, which is ``by``; ``clause`` the article that it is about, nothing for the whole.
    """

    seeking = models.ForeignKey(Seeking, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField()
    public = models.BooleanField()
    source = models.CharField(max_length=150)
    nothing = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    clause = models.CharField(max_length=60, blank=True)
    receipt = models.CharField(max_length=20, blank=True)
    received_on = models.DateField()
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    disposition = models.CharField(max_length=8, choices=Disposition.choices, blank=True)
    reason = models.TextField(blank=True)
    disposed_by = models.CharField(max_length=150, blank=True)
    disposed_by_name = models.CharField(max_length=150, blank=True)
    disposed_on = models.DateField(null=True)

    class Meta:
        ordering = ["seeking_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["seeking", "number"], name="policies_opinion_once"),
            models.UniqueConstraint(
                fields=["receipt"], condition=~Q(receipt=""), name="policies_receipt_once"
            ),
            models.CheckConstraint(
                condition=Q(nothing=True) | ~Q(text=""), name="policies_opinion_says_something"
            ),
            models.CheckConstraint(
                condition=Q(disposition="") | ~Q(reason=""), name="policies_disposition_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"

    @property
    def open(self) -> bool:
        return not self.nothing and not self.disposition


class ReviewKind(models.TextChoices):
    COMPETITION = "competition", _("公平竞争审查")
    LEGALITY = "legality", _("合法性审核")


class Outcome(models.TextChoices):
    FREE = "free", _("不排除、限制竞争，可以出台")
    EXCEPTION = "exception", _("适用例外规定，可以出台")
    LAWFUL = "lawful", _("合法，可以提请审议")
    BACK = "back", _("退回修改")


class Review(models.Model):
    """What one of the two reviews of a text came to."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=12, choices=ReviewKind.choices)
    text = models.ForeignKey(DraftText, on_delete=models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    opinion = models.TextField()
    unit = models.CharField(max_length=100)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="policies_review")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["draft_id", "id"]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.kind} {self.outcome}"


class Publication(models.Model):
    """A draft is published once, and no published text comes from two drafts: the database keeps both."""

    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="publication")
    rule = models.OneToOneField(RuleText, on_delete=models.PROTECT, related_name="publication")
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    on = models.DateField()

    objects = AppendOnly.as_manager()

    def __str__(self) -> str:
        return f"{self.draft_id} {self.rule}"
