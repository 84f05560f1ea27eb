"""The form that opens a round of expert review for claims of one scheme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm
from mangrove.policies.claims.models import Claim
from mangrove.reviews.models import EXPERTS_BLIND, MODES
from mangrove.ui.filters import DateField
from mangrove.ui.languages import in_chinese_words


class OpenReviewForm(ActForm):
    """``claims`` are what may enter together; ``first`` is the one from whose page this was asked for."""

    title = forms.CharField(label=_("轮次名称"), max_length=120)
    claim_ids = forms.TypedMultipleChoiceField(
        label=_("送评的申报"), widget=forms.CheckboxSelectMultiple, help_text=_("同一扶持事项里还没有通过评审的。")
    )  # fmt: skip
    mode = forms.ChoiceField(
        label=_("匿名方式"), choices=MODES, initial=EXPERTS_BLIND,
        help_text=_("匿名评审的，系统遮去申报单位的各种名称；产品名、人名请开轮次后逐件看过。"),
    )  # fmt: skip
    due_on = DateField(label=_("截止日期"), help_text=_("专家提交评分的最后一天。"))
    field_order = ["title", "claim_ids", "mode", "due_on", "on", "why"]
    refused_at = {
        **ActForm.refused_at, "reviews.bad_due": "due_on", "policies.under_review": "claim_ids", "reviews.leak": "mode",
        "policies.one_scheme": "claim_ids",
    }  # fmt: skip

    def __init__(self, *args: Any, claims: Sequence[Claim], first: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(one.pk), in_chinese_words(f"{one.title}（{one.organisation.name}）")) for one in claims
        ]
        self.fields["claim_ids"].choices = choices  # type: ignore[attr-defined]
        self.fields["claim_ids"].initial = [str(first.pk)]
