"""The form by which somebody sends an opinion on a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.policies.issuing.models import Seeking
from mangrove.policies.issuing.sending import articles
from mangrove.policies.measures.house_rules import house_rules
from mangrove.ui.forms import Answering
from mangrove.ui.languages import as_data


class SendForm(Answering):
    refused_at = {
        "policies.no_article": "clause", "registry.required": "text", "policies.opinion_long": "text",
        "policies.opinions_many": "text",
    }  # fmt: skip

    clause = forms.ChoiceField(label=_("针对哪一条"), required=False)
    text = forms.CharField(label=_("意见内容"), widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, round: Seeking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("全文")), *((one, as_data(one)) for one in articles(round))]
        self.fields["clause"].choices = choices  # type: ignore[attr-defined]
        self.fields["text"].help_text = gettext("写明改什么、为什么；最多 %(most)s 个字。") % {
            "most": house_rules().longest
        }
