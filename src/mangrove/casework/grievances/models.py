"""Objections, complaints and reports (异议、投诉、举报), and apart from them, what is secret of each.

Everything that tells who it is from, and what it says, stands in :class:`Secret`. The case, its acts, the ledger and
the messages know only the kind, the office and a number that says nothing.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from mangrove.casework.file_states import FileState
from mangrove.ledger.refs import Ref


class Grievance(models.Model):
    """One of the three. ``notice``: the notice that it is about, if any; which line of it is secret."""

    KINDS = [("objection", _("异议")), ("complaint", _("投诉")), ("report", _("举报"))]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS)
    case = models.OneToOneField("casework.Case", on_delete=models.PROTECT, related_name="grievance")
    notice = models.ForeignKey(
        "casework.Notice", on_delete=models.PROTECT, null=True, related_name="grievances"
    )
    received_on = models.DateField()
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["-received_on", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.short}"

    @property
    def short(self) -> str:
        """The number by which people speak of it; drawn by lot, it tells neither who nor how many."""
        return str(self.pk)[:8]

    @property
    def ref(self) -> Ref:
        return Ref("casework", "grievance", str(self.pk))


class Secret(models.Model):
    """Who it is from and what it says, for the handling office alone. ``salt`` makes the ledger's digest (``sealing.py``)."""

    grievance = models.OneToOneField(
        Grievance, on_delete=models.PROTECT, primary_key=True, related_name="secret"
    )
    name = models.CharField(max_length=100, blank=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    contact = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=200, blank=True)
    handed_in_by = models.CharField(max_length=100, blank=True)
    item = models.ForeignKey("casework.NoticeItem", on_delete=models.PROTECT, null=True, related_name="+")
    against = models.CharField(max_length=200, blank=True)
    against_unit = models.CharField(max_length=100, blank=True)
    content = models.TextField()
    papers = models.JSONField(default=list)
    answer = models.TextField(blank=True)
    lodged_by = models.CharField(max_length=150, db_index=True)
    salt = models.CharField(max_length=32)
    purged_on = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class GrievanceScan(models.Model):
    """A scan that came with it, as secret as what it says. Nobody opens it before a job has looked into it."""

    grievance = models.ForeignKey(Grievance, on_delete=models.PROTECT, related_name="scans")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=FileState.choices, default=FileState.QUARANTINED)
    content_type = models.CharField(max_length=100, blank=True)
    refusal = models.TextField(blank=True)
    uploaded_on = models.DateField()
    event = models.OneToOneField("ledger.Event", on_delete=models.PROTECT, related_name="grievance_scan")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["grievance", "sha256"], name="casework_scan_once")]

    def __str__(self) -> str:
        return f"{self.grievance} {self.pk}"
