"""A notice (公示): what is published, in public words, about things of any room; and what was corrected."""

from __future__ import annotations

import uuid

from django.db import models

from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ui.languages import in_chinese


class Notice(models.Model):
    """Prepared by the business office (the unit of its case), open for a period, then closed or withdrawn.

    ``objection_unit`` takes objections, and is never the business office. The period is the newest clock
    ``publicity`` of the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField("casework.Case", on_delete=models.PROTECT, related_name="notice")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    objection_unit = models.CharField(max_length=100)
    published_on = models.DateField(null=True)

    class Meta:
        ordering = ["-published_on", "title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        return Ref("casework", "notice", str(self.pk))


class NoticeItem(models.Model):
    """One line of a notice: of which thing, in which public words, with which result; and whose it is."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    about_room = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=64)
    applicant = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, related_name="notice_items"
    )
    words = models.CharField(max_length=300)
    words_en = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=300)
    result_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["notice_id", "number"]
        constraints = [models.UniqueConstraint(fields=["notice", "number"], name="casework_notice_item_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.words}"

    @property
    def about(self) -> Ref:
        return Ref(self.about_room, self.about_kind, self.about_id)

    @property
    def words_said(self) -> str:
        return self.words if in_chinese() or not self.words_en else self.words_en

    @property
    def result_said(self) -> str:
        return self.result if in_chinese() or not self.result_en else self.result_en


class NoticeCorrection(models.Model):
    """What a line said before it was corrected; public, as the notice is."""

    item = models.ForeignKey(NoticeItem, on_delete=models.PROTECT, related_name="corrections")
    was = models.CharField(max_length=300)
    now = models.CharField(max_length=300)
    reason = models.TextField()
    corrected_on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="notice_correction")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.corrected_on}"
