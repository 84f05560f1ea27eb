"""One version of one thing of the vocabulary, as it was known from one moment until another."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from mangrove.ledger.refs import Ref


class KnownRecords(models.QuerySet["Record"]):
    def current(self) -> KnownRecords:
        return self.filter(known_until=None)

    def known_at(self, moment: datetime) -> KnownRecords:
        """What was known just before that moment, whatever has become known since."""
        still = Q(known_until=None) | Q(known_until__gte=moment)
        return self.filter(still, known_from__lt=moment)


class Record(models.Model):
    """``thing`` names the thing in all its versions, ``key`` is its key as the vocabulary has it, parts joined by ``/``.

    ``values`` holds fields and links by id in the forms of :func:`mangrove.vocabulary.values.as_json`; what is not known is
    left out. ``known_from`` is when the version was entered and ``known_until`` when the next one was: by these, not by the
    business date ``on``, an earlier decision is made again. ``batch`` is the job that entered it, whose event has the file.
    """

    entity = models.CharField(max_length=40)
    thing = models.UUIDField(editable=False)
    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, related_name="records"
    )
    values = models.JSONField(default=dict)
    source = models.CharField(max_length=200)
    synthetic = models.BooleanField(default=False)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)
    on = models.DateField()
    batch = models.UUIDField(db_index=True)

    objects = KnownRecords.as_manager()

    class Meta:
        ordering = ["entity", "key", "version"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "key", "version"], name="registry_record_version_once"),
            models.UniqueConstraint(
                fields=["entity", "key"],
                condition=Q(known_until=None),
                name="registry_record_one_current",
            ),
            models.CheckConstraint(
                condition=Q(known_until=None) | Q(known_until__gt=F("known_from")),
                name="registry_record_half_open",
            ),
        ]
        indexes = [
            models.Index(fields=["thing"], name="registry_record_thing"),
            models.Index(fields=["organisation", "entity"], name="registry_record_about"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.key}"

    @property
    def ref(self) -> Ref:
        return Ref("registry", "record", str(self.thing))
