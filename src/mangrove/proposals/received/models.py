"""A letter that another bureau wrote, and each thing that was read in it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import Case
from mangrove.ledger.refs import Ref


class ReceivedLetter(models.Model):
    """One letter as one organisation read it. The same bytes are read once an organisation.

    ``id`` is a running number without gaps; the letter is cited as ``R12``, its promises as ``R12-C03``. ``issuer``, ``title``,
    ``document_number``, ``dated`` and the three counts are caches of the items, written in the act that changes them.
    ``content_hash`` is empty until the letter is filed; ``filings`` counts how often it was.
    """

    KINDS = [("txt", _("文本")), ("docx", "DOCX"), ("pdf", "PDF"), ("paste", _("粘贴"))]

    id = models.PositiveIntegerField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="received_letters"
    )
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="received_letter")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=5, choices=KINDS)
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    tables = models.JSONField(default=list)
    issuer = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    dated = models.DateField(null=True)
    read_on = models.DateField()
    read_by = models.CharField(max_length=150, db_index=True)
    read_by_name = models.CharField(max_length=150)
    numbers = models.PositiveIntegerField(default=0)
    commitments = models.PositiveIntegerField(default=0)
    undecided = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(max_length=64, blank=True)
    filed_on = models.DateField(null=True)
    filings = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"], name="proposals_one_reading_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.title or self.name}"

    @property
    def mark(self) -> str:
        """How the letter is cited."""
        return f"R{self.pk}"

    @property
    def ref(self) -> Ref:
        return Ref("proposals", "received_letter", str(self.pk))

    @property
    def is_filed(self) -> bool:
        return bool(self.content_hash)


class Kind(models.TextChoices):
    """What a thing in a letter is."""

    ELEMENT = "element", _("公文要素")
    NUMBER = "number", _("数字")
    FINDING = "finding", _("数字互核")
    CLAIM = "claim", _("无数字表述")
    COMMITMENT = "commitment", _("承诺")
    ORGANISATION = "organisation", _("机构")
    LIST = "list", _("列举")
    DOUBT = "doubt", _("存疑")


#: The letter that begins the number of an item of that kind: N03, C11.
LETTERS = {
    Kind.ELEMENT: "E",
    Kind.NUMBER: "N",
    Kind.FINDING: "A",
    Kind.CLAIM: "K",
    Kind.COMMITMENT: "C",
    Kind.ORGANISATION: "O",
    Kind.LIST: "L",
    Kind.DOUBT: "D",
}


#: Kinds that follow from the others: nobody adds or corrects them, only agrees or not.
COMPUTED = (Kind.FINDING, Kind.DOUBT)


class ReceivedItem(models.Model):
    """One thing read in a letter, or added by an officer.

    ``text`` is the letter's own words at ``start:end`` (both ``None`` for what has no place: an element that was not found,
    a sum over a table); ``more`` holds further places ``[start, end]`` of the same name. ``read`` is what the rules read, and
    stays; ``said`` is what holds now, by kind (:mod:`.reading`); both are text, and lists of text, only. ``doubt`` says why the
    reading is unsure. ``version`` rises with every decision. ``verdict`` is the figure check, frozen when the letter is filed.
    """

    STATES = [
        ("pending", _("待确认")),
        ("confirmed", _("已确认")),
        ("corrected", _("已改正")),
        ("dismissed", _("不是")),
    ]

    letter = models.ForeignKey(ReceivedLetter, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(max_length=8)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    text = models.TextField(blank=True)
    more = models.JSONField(default=list)
    read = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    doubt = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="pending")
    added = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_on = models.DateField(null=True)
    why = models.TextField(blank=True)
    verdict = models.JSONField(null=True)

    class Meta:
        ordering = ["letter_id", "kind", "start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="proposals_one_item_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:40]}"

    @property
    def stands(self) -> bool:
        """Whether it counts: an item that was dismissed does not."""
        return self.state != "dismissed"

    @property
    def needs_decision(self) -> bool:
        """Whether a person must decide before the letter is filed: whatever is doubtful, and every commitment."""
        return self.state == "pending" and (bool(self.doubt) or self.kind == Kind.COMMITMENT)

    @property
    def fingerprint(self) -> dict[str, Any]:
        """What of the item a filing binds to."""
        return {
            "number": self.number, "kind": self.kind, "start": self.start, "end": self.end, "more": self.more,
            "said": self.said, "state": self.state, "why": self.why,
        }  # fmt: skip
