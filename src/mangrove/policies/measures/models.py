"""A rulebook text as it was published. What was published stays; a correction is another version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.models import AppendOnly, Event
from mangrove.ledger.refs import Ref


class RuleKind(models.TextChoices):
    MEASURE = "measure", _("措施")
    PORTFOLIO = "portfolio", _("组合")


class RuleText(models.Model):
    """One version of a measure or a portfolio. ``rule`` is its id in the text, ``number`` counts its versions from 1.

    ``in_force`` and ``until`` are those of the text; ``published_on`` is the day from which this house knew it.
    """

    kind = models.CharField(max_length=12, choices=RuleKind.choices)
    rule = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=8)
    in_force = models.DateField(null=True)
    until = models.DateField(null=True)
    document_number = models.CharField(max_length=100, blank=True)
    guide = models.TextField(blank=True)
    guide_en = models.TextField(blank=True)
    published_on = models.DateField()
    published_by = models.CharField(max_length=150)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["kind", "rule", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "rule", "number"], name="policies_rule_version_once"),
            models.UniqueConstraint(fields=["kind", "rule", "sha256"], name="policies_rule_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}@{self.number}"

    @property
    def ref(self) -> Ref:
        return Ref("policies", self.kind, str(self))

    @property
    def guide_now(self) -> Guide | RuleText | None:
        """Where the words for everybody stand: published with the text, or after it; ``None`` while there are none."""
        if self.guide:
            return self
        later: Guide | None = getattr(self, "later_guide", None)
        return later


class Guide(models.Model):
    """A guide in plain words (解读) that came after the text."""

    rule = models.OneToOneField(RuleText, on_delete=models.PROTECT, related_name="later_guide")
    guide = models.TextField()
    guide_en = models.TextField(blank=True)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="policies_guide")

    objects = AppendOnly.as_manager()

    def __str__(self) -> str:
        return str(self.rule)


class Conclusion(models.TextChoices):
    RENEW = "renew", _("延续")
    REVISE = "revise", _("修订后延续")
    END = "end", _("到期不再延续")


class Evaluation(models.Model):
    """What a measure promised and what was measured of it, before anybody renews it."""

    rule = models.ForeignKey(RuleText, on_delete=models.PROTECT, related_name="evaluations")
    promised = models.TextField()
    measured = models.TextField()
    conclusion = models.CharField(max_length=8, choices=Conclusion.choices)
    unit = models.CharField(max_length=200)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="policies_evaluation")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["rule_id", "id"]

    def __str__(self) -> str:
        return f"{self.rule} {self.on}"

    def told(self) -> dict[str, str]:
        """As the ledger is told it."""
        return {
            "promised": self.promised,
            "measured": self.measured,
            "conclusion": self.conclusion,
            "unit": self.unit,
        }
