"""A merge of two entries of one organisation: proposed, decided on, and perhaps undone."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refs import Ref


class Merge(models.Model):
    """Two entries of one body: ``other`` is to be answered for by ``kept``. One proposes, a second person decides.

    Nothing of any room is rewritten: ``other.merged_into`` alone changes, so that undoing gives everything back.
    ``hung`` is what hung on each at the moment of merging, by relation, so that what came since can be told.
    """

    STATES = [
        ("proposed", _("待复核")),
        ("confirmed", _("已合并")),
        ("declined", _("不是同一家")),
        ("undone", _("已撤销")),
    ]

    kept = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="merges_kept")
    other = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="merges_away")
    state = models.CharField(max_length=10, choices=STATES, default="proposed")
    why = models.CharField(max_length=300)
    proposed_by = models.CharField(max_length=150)
    proposed_by_name = models.CharField(max_length=150)
    proposed_on = models.DateField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_on = models.DateField(null=True)
    decided_why = models.CharField(max_length=300, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_by_name = models.CharField(max_length=150, blank=True)
    undone_on = models.DateField(null=True)
    undone_why = models.CharField(max_length=300, blank=True)
    hung = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("other")), name="registry_merge_of_two"),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("proposed_by")),
                name="registry_merge_by_two_people",
            ),
            models.UniqueConstraint(
                fields=["other"],
                condition=Q(state__in=["proposed", "confirmed"]),
                name="registry_merged_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} {self.kept_id}"

    @property
    def ref(self) -> Ref:
        return Ref("registry", "merge", str(self.pk))
