"""What casework keeps: cases and their acts, clocks, the calendar, attachments, promises.

A case's ``state`` and a clock's ``due_on`` are caches, written in the transaction of the act that changed them and
checked by recomputation (``verification.py``).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ui.languages import in_chinese


class Case(models.Model):
    """Something that someone must finish by a date. ``version`` rises with every act and guards against stale pages."""

    workflow = models.CharField(max_length=60)
    subject_room = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="owned_cases"
    )
    unit = models.CharField(max_length=100, blank=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    state = models.CharField(max_length=60)
    opened_on = models.DateField()
    opened_by = models.CharField(max_length=150)
    closed_on = models.DateField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_room", "subject_kind", "subject_id"], name="casework_case_subject"),
            models.Index(fields=["closed_on", "workflow", "state"], name="casework_case_open"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_room, self.subject_kind, self.subject_id)

    @property
    def ref(self) -> Ref:
        return Ref("casework", "case", str(self.pk))


class CaseAct(models.Model):
    """One step taken. ``on`` is the business date, ``recorded`` the moment of entry; the ledger event holds the rest."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    sequence = models.PositiveIntegerField()
    act = models.CharField(max_length=60)
    from_state = models.CharField(max_length=60)
    to_state = models.CharField(max_length=60)
    by = models.CharField(max_length=150, db_index=True)
    by_name = models.CharField(max_length=150)
    on = models.DateField()
    recorded = models.DateTimeField()
    opinion = models.TextField(blank=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="case_act")

    class Meta:
        ordering = ["case_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="casework_one_act_a_sequence")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.sequence} {self.act}"


class Clock(models.Model):
    """A time limit of a case: the rule in force on the start date, and every date that moved the end.

    ``terms`` is the whole rule as it then stood (:meth:`casework.limits.Limit.terms`); ``extended_amount`` is the new
    total, in the rule's unit, counted from the start. ``original_due_on`` stays when the limit is extended; ``due_on`` is what holds now, ``None`` while stopped.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    rule = models.CharField(max_length=80)
    pack = models.CharField(max_length=80)
    pack_hash = models.CharField(max_length=64)
    terms = models.JSONField()
    started_on = models.DateField()
    due_on = models.DateField(null=True)
    original_due_on = models.DateField(null=True)
    extended_amount = models.PositiveIntegerField(null=True)
    extended_on = models.DateField(null=True)
    consent_by = models.CharField(max_length=200, blank=True)
    extension_reason = models.TextField(blank=True)
    met_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(extended_on=None) | ~Q(consent_by=""), name="casework_extension_has_consent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.started_on}"

    @property
    def what(self) -> str:
        """What the limit is for, in the reader's language."""
        return str(self.terms["what" if in_chinese() else "what_en"])


class ClockStop(models.Model):
    """A stretch in which a clock stands still, from ``stopped_on`` until the day before ``restarted_on``."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="stops")
    category = models.CharField(max_length=40)
    reason = models.TextField()
    stopped_on = models.DateField()
    restarted_on = models.DateField(null=True)

    class Meta:
        ordering = ["clock_id", "stopped_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(restarted_on=None) | Q(restarted_on__gte=F("stopped_on")),
                name="casework_restart_after_stop",
            ),
            models.UniqueConstraint(
                fields=["clock"], condition=Q(restarted_on=None), name="casework_one_open_stop"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stopped_on}–{self.restarted_on or ''} {self.category}"


class CalendarDay(models.Model):
    """A day on which the weekday does not decide: 休 (a holiday) or 班 (a weekend day worked instead)."""

    KINDS = [("休", _("休")), ("班", _("班"))]

    date = models.DateField(primary_key=True)
    kind = models.CharField(max_length=1, choices=KINDS)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    status = models.CharField(max_length=10)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.kind} {self.name}"


class Attachment(models.Model):
    """A file of a case. The bytes lie under ``MEDIA_ROOT`` by their SHA-256; ``name`` is what the uploader called it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    uploaded_by = models.CharField(max_length=150)
    uploaded_on = models.DateField()
    recorded = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Promise(models.Model):
    """A commitment that a letter made (承诺). Owner, date and measure are ``None`` (未定) until an officer sets them."""

    number = models.CharField(max_length=20)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="promise")
    text = models.TextField()
    heading = models.CharField(max_length=200, blank=True)
    line = models.CharField(max_length=60, blank=True)
    owner_unit = models.CharField(max_length=200, null=True)
    due_on = models.DateField(null=True)
    measure = models.TextField(null=True)

    class Meta:
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class PromiseSource(models.Model):
    """Where a promise stands written: characters ``start`` to ``end`` of a letter whose text has that hash.

    ``sent_on``: the day on which that letter was sent to those to whom the promise is made.
    """

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="sources")
    letter_room = models.CharField(max_length=40)
    letter_kind = models.CharField(max_length=40)
    letter_id = models.CharField(max_length=64)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    letter_hash = models.CharField(max_length=64)
    sent_on = models.DateField(null=True)

    class Meta:
        ordering = ["promise_id", "start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="casework_span_not_empty"),
            models.UniqueConstraint(
                fields=["letter_room", "letter_kind", "letter_id", "letter_hash", "start", "end"],
                name="casework_one_promise_a_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter}[{self.start}:{self.end}]"

    @property
    def letter(self) -> Ref:
        return Ref(self.letter_room, self.letter_kind, self.letter_id)


class PromiseEvidence(models.Model):
    """What shows that a promise moved: a document, a figure, a file of the case. Kept once, never edited."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="evidence")
    what = models.TextField()
    source = models.CharField(max_length=300)
    dated = models.DateField()
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="evidence")
    added_by = models.CharField(max_length=150)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="promise_evidence")

    class Meta:
        ordering = ["promise_id", "dated", "id"]

    def __str__(self) -> str:
        return self.what


# Django finds the models of a room through this module.
from mangrove.casework.delegations.models import DelegatedAct, Delegation  # noqa: E402, F401
from mangrove.casework.grievances.models import Grievance, GrievanceScan, Secret  # noqa: E402, F401
from mangrove.casework.meetings.models import Decision, Meeting  # noqa: E402, F401
from mangrove.casework.messages.models import Mail, Message, Reminder  # noqa: E402, F401
from mangrove.casework.notices.models import Notice, NoticeCorrection, NoticeItem  # noqa: E402, F401
from mangrove.casework.requests.models import Verification, VerificationItem  # noqa: E402, F401
