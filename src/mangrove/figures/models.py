"""What a figure is: a concept, its counting rules (口径), its sources, and values that are written once.

A value is an integer at its definition's declared scale, in its definition's unit; nothing here is a float.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mangrove.figures.periods import Period
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref


class Status(models.TextChoices):
    """Whether somebody has held the source in hand."""

    VERIFIED = "verified", _("已核")
    UNVERIFIED = "unverified", _("待核")


class Kind(models.TextChoices):
    """A stock counts at a moment, a flow over a period, a ratio divides one figure by another."""

    STOCK = "stock", _("存量")
    FLOW = "flow", _("流量")
    RATIO = "ratio", _("比率")


class Role(models.TextChoices):
    NUMERATOR = "numerator", _("分子")
    DENOMINATOR = "denominator", _("分母")


class WrittenOnce(models.QuerySet[Any]):
    """A correction is a new revision. A database trigger refuses updates that go round this class."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("指标数值只增不改：更正请录入新的修订。")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("指标数值只增不删。")


class Concept(models.Model):
    """What people talk about (已建5G基站), however it is counted. ``aliases`` are the words that texts use for it."""

    id = models.SlugField(max_length=64, primary_key=True)
    zh = models.CharField(max_length=100, unique=True)
    en = models.CharField(max_length=200, blank=True)
    aliases = models.JSONField(default=list)
    line = models.CharField(max_length=40, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.zh


class Source(models.Model):
    """Where values come from: a letter, a bulletin, a list of records, or our own division (``computed``)."""

    id = models.SlugField(max_length=64, primary_key=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200, blank=True)
    published = models.DateField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UNVERIFIED)
    synthetic = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title

    @property
    def verified(self) -> bool:
        return self.status == Status.VERIFIED

    @property
    def ref(self) -> Ref:
        return Ref("figures", "source", self.pk)


class Definition(models.Model):
    """One way of counting a concept.

    A value's amount is in units of ``10 ** -scale`` of ``unit``. It is printed in ``display_unit`` with ``decimals``
    places; a ``qualifier`` of 超 prints the number cut down, so that what it says is true. ``cues`` are the words that
    tell this definition from its siblings in a text; ``source_order`` says which source to prefer, best first. What
    ``is_target`` is aimed at by a policy or a plan, so its values lie ahead of their sources.
    """

    id = models.SlugField(max_length=64, primary_key=True)
    concept = models.ForeignKey(Concept, on_delete=models.PROTECT, related_name="definitions")
    zh = models.CharField(max_length=100, unique=True)
    en = models.CharField(max_length=200, blank=True)
    rule_zh = models.CharField(max_length=500)
    rule_en = models.CharField(max_length=500, blank=True)
    rule_status = models.CharField(max_length=12, choices=Status.choices, default=Status.UNVERIFIED)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    unit = models.CharField(max_length=20)
    scale = models.PositiveSmallIntegerField(default=0)
    display_unit = models.CharField(max_length=20)
    decimals = models.PositiveSmallIntegerField(default=0)
    qualifier = models.CharField(max_length=8, blank=True)
    population = models.CharField(max_length=200, blank=True)
    dimensions = models.JSONField(default=list)
    cues = models.JSONField(default=list)
    numerator = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    denominator = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    source_order = models.JSONField(default=list)
    is_target = models.BooleanField(default=False)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="ratio", numerator__isnull=False, denominator__isnull=False)
                | Q(~Q(kind="ratio"), numerator=None, denominator=None),
                name="figures_ratio_has_both_parts",
            ),
        ]

    def __str__(self) -> str:
        return self.zh

    @property
    def ref(self) -> Ref:
        return Ref("figures", "definition", self.pk)


class Value(models.Model):
    """One amount, written once. ``start`` and ``end`` are inclusive; a stock known to the day has both equal.

    ``dimensions`` is canonical JSON, so that the same cut of the same figure is the same text. ``qualifier`` is what the
    source printed: with 超, the amount is a bound and not a count.
    """

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="values")
    dimensions = models.CharField(max_length=300, default="{}")
    start = models.DateField()
    end = models.DateField(db_index=True)
    amount = models.BigIntegerField()
    qualifier = models.CharField(max_length=8, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="values")
    revision = models.PositiveIntegerField(default=1)
    note = models.CharField(max_length=300, blank=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnce.as_manager()

    class Meta:
        ordering = ["definition_id", "-end", "-start", "dimensions", "source_id", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "dimensions", "start", "end", "source", "revision"],
                name="figures_value_revision_once",
            ),
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="figures_value_period_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.period} {self.source_id} r{self.revision}"

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def ref(self) -> Ref:
        return Ref("figures", "value", str(self.pk))


class ValueInput(models.Model):
    """A value that another was divided from: the exact revision, not whatever is newest."""

    value = models.ForeignKey(Value, on_delete=models.PROTECT, related_name="inputs")
    role = models.CharField(max_length=12, choices=Role.choices)
    input = models.ForeignKey(Value, on_delete=models.PROTECT, related_name="used_by")

    objects = WrittenOnce.as_manager()

    class Meta:
        ordering = ["value_id", "-role"]  # the numerator stands before the denominator
        constraints = [models.UniqueConstraint(fields=["value", "role"], name="figures_input_role_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.input_id}"


class ValueRow(models.Model):
    """A record that a value was counted from. The rows of a value add up to its amount, at the same scale."""

    value = models.ForeignKey(Value, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    dataset = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    label = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnce.as_manager()

    class Meta:
        ordering = ["value_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["value", "dataset", "key"], name="figures_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.key}"


class Assertion(models.Model):
    """A claim without a number, known by words that it must contain, and the source for it where there is one."""

    id = models.SlugField(max_length=64, primary_key=True)
    zh = models.CharField(max_length=200)
    words = models.JSONField(default=list)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="assertions")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UNVERIFIED)
    note = models.CharField(max_length=300, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.zh
