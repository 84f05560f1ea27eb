"""A request to another department (核验请求) that answers hit or no hit, and forgets both when its time is over."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refs import Ref


class Verification(models.Model):
    """Who asks whom, for what, by which law, and until when it is kept. Its case is with the department that is asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField("casework.Case", on_delete=models.PROTECT, related_name="verification")
    asker = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="verifications_asked"
    )
    asker_unit = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=300)
    basis = models.CharField(max_length=300)
    question = models.CharField(max_length=300)
    keep_until = models.DateField()
    cleared_on = models.DateField(null=True)

    class Meta:
        ordering = ["-keep_until", "id"]

    def __str__(self) -> str:
        """The number by which people speak of it, in the reader's language."""
        return gettext("核验请求 %(number)s") % {"number": str(self.pk)[:8]}

    @property
    def ref(self) -> Ref:
        return Ref("casework", "verification", str(self.pk))

    def is_over(self, today: date) -> bool:
        return self.cleared_on is not None or today > self.keep_until


class VerificationItem(models.Model):
    """One credit code, person or project that is asked about, and the answer; emptied when the time is over."""

    KINDS = [("credit_code", _("统一社会信用代码")), ("person", _("人员")), ("other", _("其他"))]
    ANSWERS = [("hit", _("命中")), ("no_hit", _("未命中")), ("unclear", _("无法核验"))]

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=KINDS)
    value = models.CharField(max_length=100, blank=True)
    answer = models.CharField(max_length=10, choices=ANSWERS, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    salt = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["verification_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["verification", "number"], name="casework_verification_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.verification_id} {self.number}"
