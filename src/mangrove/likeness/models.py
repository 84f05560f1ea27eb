"""What is compared, and what was found to be alike. No text is kept here: the room that has it gives it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refs import Ref


class Text(models.Model):
    """A thing whose text is compared. ``version`` rises when the text does; ``looked`` is the version compared last."""

    corpus = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    looked = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corpus", "object_id"], name="likeness_text_once")]
        indexes = [
            models.Index(fields=["corpus"], condition=Q(looked__lt=F("version")), name="likeness_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.corpus} {self.object_id}"


class Verdict(models.TextChoices):
    """What a person says of a pair; nobody has said anything of one that is ``open``."""

    OPEN = "open", _("待看")
    SEEN = "seen", _("已看")
    DIFFERENT = "different", _("不是同一件")
    SAME = "same", _("是同一件")


class Pair(models.Model):
    """Two texts that are alike, the lesser id first. A hint to a person: nothing follows from it by itself.

    ``share`` and ``cosine`` in ten-thousandths; ``shared`` of ``smaller`` rare runs of words. The digests are of the texts as they
    were compared; when one of them changes, the verdict is ``open`` again and the ledger keeps what was said of the old one.
    """

    corpus = models.CharField(max_length=60)
    first = models.CharField(max_length=60)
    second = models.CharField(max_length=60, db_index=True)
    first_digest = models.CharField(max_length=64)
    second_digest = models.CharField(max_length=64)
    share = models.PositiveIntegerField()
    cosine = models.PositiveIntegerField()
    shared = models.PositiveIntegerField()
    smaller = models.PositiveIntegerField()
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.OPEN)
    why = models.TextField(blank=True)
    judged_by_name = models.CharField(max_length=150, blank=True)
    judged_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-share", "-cosine", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["corpus", "first", "second"], name="likeness_pair_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="likeness_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    @property
    def ref(self) -> Ref:
        return Ref("likeness", "pair", str(self.pk))

    def other(self, id: str) -> str:
        return self.second if id == self.first else self.first
