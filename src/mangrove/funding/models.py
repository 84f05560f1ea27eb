"""What funding keeps. Decided, ordered, paid, received, recovered are five different amounts, all in fen."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.registry.personal.masking import bank_account


class Pot(models.Model):
    """Money of one budget year under one budget document (下达文件). ``amount`` bounds what is decided from it."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="pots")
    budget_year = models.PositiveSmallIntegerField()
    document_number = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    closed_on = models.DateField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-budget_year", "code"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="funding_pot_holds_money")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        return Ref("funding", "pot", self.code)


class Award(models.Model):
    """What was decided for one recipient: ``decided`` as it stands, after reductions. ``subject`` is what it is for.

    ``registered_by`` is who entered it by hand; empty where a programme decided it, which has two people of its own.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pot = models.ForeignKey(Pot, on_delete=models.PROTECT, related_name="awards")
    recipient = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="awards")
    programme = models.CharField(max_length=60)
    subject_room = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    decided = models.BigIntegerField()
    decided_on = models.DateField()
    basis = models.CharField(max_length=200)
    registered_by = models.CharField(max_length=150, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-decided_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(decided__gte=0), name="funding_award_not_negative"),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("registered_by")),
                name="funding_award_two_persons",
            ),
            models.UniqueConstraint(
                fields=["programme", "subject_room", "subject_kind", "subject_id"],
                name="funding_one_award_a_subject",
            ),
        ]
        indexes = [models.Index(fields=["recipient", "decided_on"], name="funding_award_recipient")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        return Ref("funding", "award", str(self.uid))

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_room, self.subject_kind, self.subject_id)

    @property
    def awaits_confirming(self) -> bool:
        return bool(self.registered_by and not self.confirmed_by)


class RunState(models.TextChoices):
    OPEN = "open", _("待送出")
    SENDING = "sending", _("正在送出")
    SENT = "sent", _("已送国库")


class PaymentRun(models.Model):
    """Orders that go to the treasury together: one file, one batch of events. ``sha256`` is that of the file."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="payment_runs"
    )
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.OPEN)
    made_on = models.DateField()
    made_by = models.CharField(max_length=150)
    count = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        return Ref("funding", "run", str(self.uid))


class PaymentOrder(models.Model):
    """One tranche of an award on its way to the recipient; its states are the table in ``workflow.py``.

    A tranche has one living order at a time: what came back (退票) or lapsed is followed by a new one. Who prepared it
    never approves it. ``payee_reason``: why the money goes to another name than that of the award's recipient.
    """

    number = models.CharField(max_length=40, unique=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="orders")
    tranche = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    payee = models.CharField(max_length=200)
    payee_reason = models.TextField(blank=True)
    bank = models.CharField(max_length=200)
    account = models.CharField(max_length=60)
    state = models.CharField(max_length=12, default="prepared")
    prepared_by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150, blank=True)
    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, null=True, related_name="orders")
    settled_on = models.DateField(null=True)
    treasury_reference = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    received_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="funding_order_pays_something"),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("prepared_by")), name="funding_two_persons"
            ),
            models.UniqueConstraint(
                fields=["award", "tranche"],
                condition=~Q(state__in=["returned", "lapsed", "cancelled"]),
                name="funding_one_order_a_tranche",
            ),
        ]
        indexes = [models.Index(fields=["state", "number"], name="funding_order_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> Ref:
        return Ref("funding", "order", self.number)

    @property
    def state_words(self) -> str:
        from mangrove.funding.workflow import ORDER

        return str(ORDER.state(self.state).label)

    @property
    def masked_account(self) -> str:
        """The last four digits; the whole of it is in the treasury's file, and shown to who says what for."""
        return bank_account(self.account)


class Recovery(models.Model):
    """Money that came back from the recipient (追回). ``basis``: the paper that claims it back; ``receipt``: 缴款凭证号."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="recoveries")
    amount = models.BigIntegerField()
    on = models.DateField()
    reason = models.TextField()
    basis = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=100, blank=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="recovery")

    class Meta:
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="funding_recovers_something")]

    def __str__(self) -> str:
        return f"{self.award} {self.amount}"


class Transfer(models.Model):
    """Below the first transfer: money of an order passed on from one body to the next, or still waiting there."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="transfers")
    sequence = models.PositiveSmallIntegerField()
    holder = models.CharField(max_length=200)
    arrived_on = models.DateField()
    passed_on = models.DateField(null=True)

    class Meta:
        ordering = ["order_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="funding_transfer_sequence"),
            models.CheckConstraint(
                condition=Q(passed_on=None) | Q(passed_on__gte=F("arrived_on")),
                name="funding_passed_after_arrival",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.holder}"


class EvidenceKind(models.TextChoices):
    INVOICE = "invoice", _("发票")
    CONTRACT = "contract", _("合同")


class Evidence(models.Model):
    """A contract or invoice that a claim rests on; it belongs to one claim at a time.

    ``key`` is the number as numbers are compared (``decisions.evidence_key``). ``released_on``: the claim let go of it.
    """

    kind = models.CharField(max_length=12, choices=EvidenceKind.choices)
    code = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=100)
    key = models.CharField(max_length=130)
    seller = models.CharField(max_length=200)
    buyer = models.CharField(max_length=200)
    dated = models.DateField()
    amount = models.BigIntegerField()
    claim_room = models.CharField(max_length=40)
    claim_kind = models.CharField(max_length=40)
    claim_id = models.CharField(max_length=64)
    claim_title = models.CharField(max_length=300)
    claimant = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="evidence")
    programme = models.CharField(max_length=60)
    accepted_reason = models.TextField(blank=True)
    released_on = models.DateField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-dated", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(released_on=None), name="funding_evidence_counts_once"
            )
        ]
        indexes = [
            models.Index(fields=["seller", "buyer", "dated"], name="funding_evidence_parties"),
            models.Index(fields=["claim_room", "claim_kind", "claim_id"], name="funding_evidence_claim"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> Ref:
        return Ref("funding", "evidence", str(self.pk))

    @property
    def claim(self) -> Ref:
        return Ref(self.claim_room, self.claim_kind, self.claim_id)


class PriorMoney(models.Model):
    """Money received elsewhere for the same matter (先前资金): other programmes, years, levels of government."""

    level = models.CharField(max_length=20)
    programme = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    recipient = models.CharField(max_length=200)
    matter = models.CharField(max_length=300)
    invoice_code = models.CharField(max_length=20, blank=True)
    invoice_number = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=130, blank=True, db_index=True)
    amount = models.BigIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["-year", "recipient", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "programme", "year", "recipient", "matter", "key"],
                name="funding_prior_money_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.programme} {self.recipient}"
