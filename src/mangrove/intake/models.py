"""What intake keeps: published forms, windows, applications with their drafts and papers, and what was handed in.

A published form, a submission and its enclosures, and a formal check are written once; triggers of the database refuse changes.
Draft texts are revisions: each that was confirmed to somebody is a row of its own and stays.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mangrove.casework.file_states import FileState
from mangrove.casework.models import Case
from mangrove.intake.definition import Form, read_form
from mangrove.ledger.models import AppendOnly, Event
from mangrove.ledger.refs import Ref
from mangrove.registry.models import Organisation
from mangrove.ui.languages import in_chinese


class FormVersion(models.Model):
    """One published version of a form: its text, as it was published, for ever."""

    form = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_on = models.DateField()
    published_by = models.CharField(max_length=150)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["form", "-version"]
        constraints = [models.UniqueConstraint(fields=["form", "version"], name="intake_form_version_once")]

    def __str__(self) -> str:
        return f"{self.form}@{self.version}"

    @property
    def ref(self) -> Ref:
        return Ref("intake", "form", str(self))

    @property
    def definition(self) -> Form:
        return read_form(self.text)


@lru_cache(maxsize=200)
def definition_of(pk: int, sha256: str) -> Form:
    """The form of that key and hash without reading its row again: what was published stays as it is."""
    return read_form(str(FormVersion.objects.values_list("text", flat=True).get(pk=pk, sha256=sha256)))


class Opening(models.Model):
    """A window (申报窗口) in which one version of a form is taken in.

    It closes at ``closes_at``, to the second by this server's clock; ``grace_seconds`` more are taken and said on the receipt.
    ``eligible`` is a condition on the organisation, empty for anyone. ``office`` and its ``unit`` make the formal check.
    """

    id = models.SlugField(max_length=40, primary_key=True)
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="openings")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    grace_seconds = models.PositiveIntegerField(default=0)
    eligible = models.CharField(max_length=300, blank=True)
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="openings")
    unit = models.CharField(max_length=100, blank=True)
    each_most = models.PositiveSmallIntegerField(default=1)
    returns_most = models.PositiveSmallIntegerField(default=1)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-closes_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="intake_opens_before_it_closes"
            )
        ]

    def __str__(self) -> str:
        return self.title if in_chinese() else self.title_en

    @property
    def ref(self) -> Ref:
        return Ref("intake", "opening", self.pk)

    @property
    def last_moment(self) -> datetime:
        return self.closes_at + timedelta(seconds=self.grace_seconds)

    def is_open(self, at: datetime) -> bool:
        """Half-open: the second at which it closes, and with it midnight, is no longer within it."""
        return self.opens_at <= at < self.last_moment


def number_of(opening: str, application: int) -> str:
    """The number that an application is called by."""
    return f"{opening}-{application:06d}".upper()


class Application(models.Model):
    """What one organisation applies for in one window: a draft at first, a case from its first submission on.

    ``key`` stands for the next submission: whoever sends it again, by whatever way, gets the one that was made of it.
    ``unlocked`` are the sections that may be changed: all while it is a draft, the named ones after a return.
    """

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    slot = models.PositiveSmallIntegerField(default=1)
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="application")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    rounds = models.PositiveSmallIntegerField(default=0)
    unlocked = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "organisation", "slot"], name="intake_slot_once")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return number_of(self.opening_id, self.pk)

    @property
    def ref(self) -> Ref:
        return Ref("intake", "application", str(self.pk))

    @property
    def title(self) -> str:
        return f"{self.opening.title} {self.organisation.name}"

    @property
    def writable(self) -> bool:
        return bool(self.unlocked)


class Sheet(models.Model):
    """A section of a draft as it stands. ``revision`` is the one that stands, ``last`` the last that was kept."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sheets")
    section = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)
    saved_by_name = models.CharField(max_length=150, blank=True)
    saved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "section"], name="intake_sheet_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section} r{self.revision}"


class Revision(models.Model):
    """A text that somebody saved, whole. ``fate``: it stood; it was joined into another; it waits beside what stands."""

    FATES = [("stood", _("采用")), ("joined", _("已并入")), ("beside", _("另存，未采用"))]

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    answers = models.JSONField()
    fate = models.CharField(max_length=8, choices=FATES)
    saved_by = models.CharField(max_length=150)
    saved_by_name = models.CharField(max_length=150)
    saved_at = models.DateTimeField()

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="intake_revision_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} r{self.number}"


class PaperFile(models.Model):
    """A file handed in for a requirement. Nobody opens it before it is clean; one that was taken out stays, with who did it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="papers")
    requirement = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=FileState.choices, default=FileState.QUARANTINED)
    content_type = models.CharField(max_length=100, blank=True)
    refusal = models.TextField(blank=True)
    #: What a programme read in it, see ``hooks.Reading``; empty where it is not read.
    reading = models.JSONField(default=dict)
    uploaded_by = models.CharField(max_length=150)
    uploaded_by_name = models.CharField(max_length=150)
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """One handing-in (round 1, and 2 after a return). ``content`` is all that was handed in; ``content_hash`` stands on the receipt.

    ``received_at`` is when the request came in, by this server's clock; the deadline is held against it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=60, unique=True)
    key = models.UUIDField(unique=True)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField(db_index=True)
    submitted_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    in_grace = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="submission")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["application_id", "round"]
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="intake_submission_a_round")
        ]

    def __str__(self) -> str:
        return self.number


class Enclosure(models.Model):
    """A file as it went with a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="enclosures")
    paper = models.ForeignKey(PaperFile, on_delete=models.PROTECT, related_name="enclosures")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.paper_id}"


class FormalCheck(models.Model):
    """What an officer found of one submission: ``findings`` are rows of item, fault (a word of the vocabulary) and note."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="check_made")
    outcome = models.CharField(max_length=12)
    findings = models.JSONField(default=list)
    sections = models.JSONField(default=list)
    opinion = models.TextField(blank=True)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    checked_at = models.DateTimeField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="formal_check")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.outcome}"
