"""What is kept of a claim: what was declared, what people judged and checked, its expenses, and what is doubtful about it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import Case
from mangrove.intake.models import Application
from mangrove.ledger.models import AppendOnly, Event
from mangrove.ledger.refs import Ref
from mangrove.reviews.models import Item


class Claim(models.Model):
    """What one firm asks for under one scheme. ``declared`` are fields of the scheme's entity, in the vocabulary's JSON forms.

    ``application`` is empty where the data sufficed and the firm only confirmed (免申即享). ``thing`` is then the key of the
    registry's own record that it is about; else the claim's key stands for the project that it brings.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="claim")
    scheme = models.SlugField(max_length=60)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="claims")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="claim")
    title = models.CharField(max_length=300)
    applied_on = models.DateField()
    thing = models.CharField(max_length=100)
    declared = models.JSONField(default=dict)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-applied_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "thing"], name="policies_one_claim_a_thing"),
        ]
        indexes = [models.Index(fields=["organisation", "applied_on"], name="policies_claim_organisation")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        return Ref("policies", "claim", str(self.pk))


class Judgement(models.Model):
    """What a person judged: an input of the measure (``name``), as JSON in the vocabulary's form. The last one counts."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="judgements")
    name = models.CharField(max_length=60)
    value = models.JSONField()
    reason = models.TextField()
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="policies_judgement")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["claim_id", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class CheckKind(models.TextChoices):
    REVIEW = "review", _("专家评审")
    AUDIT = "audit", _("专项审计")
    SITE = "site", _("现场核查")
    CREDIT = "credit", _("信用核查")
    DOUBLES = "doubles", _("查重")


class Check(models.Model):
    """One check of a claim and how it ended; ``detail`` is what was found, row by row. Another of the kind replaces it."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=12, choices=CheckKind.choices)
    passed = models.BooleanField()
    opinion = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="policies_check")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["claim_id", "id"]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind}"


class ClaimReview(models.Model):
    """A claim before experts: its item in a round, and the mean from which on it passes, as it stood when the round was opened.

    ``passing`` is an exact fraction as text.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reviews")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="policies_review")
    passing = models.CharField(max_length=20)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="policies_claim_review")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["claim_id", "-id"]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.item_id}"


#: Letters of a number that are looked for; what is found so is compared in full.
LONGEST_KEY = 130


class Expense(models.Model):
    """A line of the list of expenses (费用支出清单), the fields of ``expense_line`` of the vocabulary. In fen.

    The keys are its numbers as numbers are compared (``funding.decisions.evidence_key``), empty where it has none.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="expenses")
    number = models.PositiveIntegerField()
    content = models.CharField(max_length=300)
    equipment = models.BooleanField(null=True)
    declared = models.BigIntegerField()
    audited = models.BigIntegerField(null=True)
    input_tax = models.BigIntegerField(null=True)
    voucher = models.CharField(max_length=100, blank=True)
    contract = models.CharField(max_length=100, blank=True)
    contract_on = models.DateField(null=True)
    seller = models.CharField(max_length=200, blank=True)
    invoice_code = models.CharField(max_length=20, blank=True)
    invoice = models.CharField(max_length=100, blank=True)
    invoice_on = models.DateField(null=True)
    invoice_amount = models.BigIntegerField(null=True)
    bank_slip = models.CharField(max_length=100, blank=True)
    paid_on = models.DateField(null=True)
    listed_in_form = models.BooleanField(default=True)
    invoice_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    contract_key = models.CharField(max_length=LONGEST_KEY, blank=True)

    class Meta:
        ordering = ["claim_id", "number"]
        indexes = [models.Index(fields=["invoice_key"]), models.Index(fields=["contract_key"])]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="policies_expense_line_once"),
            models.CheckConstraint(condition=Q(declared__gte=0), name="policies_expense_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.number}"


class DoubtKind(models.TextChoices):
    INVOICE = "invoice", _("发票已用于别处")
    REPEATED = "repeated", _("同一发票列了多行")
    CONTRACT = "contract", _("合同已用于别处")
    ELSEWHERE = "elsewhere", _("已在别处得到资助")
    SPLIT = "split", _("疑似拆分合同")
    ALIKE = "alike", _("项目文本雷同")
    RELATED = "related", _("关联企业同一项目")
    CREDIT = "credit", _("列入失信名单")
    WINDOW = "window", _("发票在实施期之外")


class DoubtState(models.TextChoices):
    OPEN = "open", _("待核实")
    UPHELD = "upheld", _("属实")
    DISMISSED = "dismissed", _("不属实")


class Doubt(models.Model):
    """Something that a person has to look at before the claim goes on (疑点). The machine finds it and decides nothing.

    ``key`` names the same doubt when it is looked for again; ``other`` is the thing that it is held against, as ``Ref`` text.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="doubts")
    kind = models.CharField(max_length=12, choices=DoubtKind.choices)
    key = models.CharField(max_length=200)
    other = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    found_on = models.DateField()
    state = models.CharField(max_length=12, choices=DoubtState.choices, default=DoubtState.OPEN)
    reason = models.TextField(blank=True)
    judged_by = models.CharField(max_length=150, blank=True)
    judged_by_name = models.CharField(max_length=150, blank=True)
    judged_on = models.DateField(null=True)

    class Meta:
        ordering = ["claim_id", "kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "kind", "key"], name="policies_doubt_once"),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(judged_by=""), name="policies_doubt_judged_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind} {self.key}"

    @property
    def ref(self) -> Ref:
        return Ref("policies", "doubt", str(self.pk))
