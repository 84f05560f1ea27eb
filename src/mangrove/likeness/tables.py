"""The list of pairs, its filter, and the form in which one is judged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.likeness.corpora import corpora, corpus
from mangrove.likeness.models import Pair, Verdict
from mangrove.likeness.pages import share_words, verdict_tag
from mangrove.ui.components import Link, Short
from mangrove.ui.dates import moment
from mangrove.ui.filters import FilterForm
from mangrove.ui.forms import Dated
from mangrove.ui.house import Named
from mangrove.ui.tables import Column, Table


def called(pair: Pair) -> str:
    """Both by the names that the view has given the row."""
    told: tuple[Named | None, Named | None] = getattr(pair, "called", (None, None))
    return " · ".join(
        one.brief if one else id for one, id in zip(told, (pair.first, pair.second), strict=True)
    )


PAIRS = Table(
    "likeness",
    gettext_lazy("相近文本"),
    [
        Column("pair", gettext_lazy("哪两件"), cell=lambda pair: Link(called(pair), reverse("likeness:pair", args=[pair.pk])), export=called),
        Column("corpus", gettext_lazy("种类"), sort="corpus", cell=lambda pair: corpus(pair.corpus).label),
        Column("share", gettext_lazy("共有"), sort="share", numeric=True, cell=share_words),
        Column("verdict", gettext_lazy("判断"), sort="verdict", cell=verdict_tag),
        Column("judged_by_name", gettext_lazy("判断人"), sort="judged_by_name", cell=lambda pair: Short(pair.judged_by_name)),
        Column("judged_on", gettext_lazy("判断日期"), sort="judged_on"),
        Column("why", gettext_lazy("理由"), on_page=False),
        Column("found_at", gettext_lazy("发现时间"), sort="found_at", cell=lambda pair: Short(moment(pair.found_at))),
    ],
    order="-share",
    empty=gettext_lazy("提交申报、登记建议后由后台任务比对；相近的列在这里，由人判断。"),
)  # fmt: skip


class PairFilter(FilterForm):
    corpus = forms.ChoiceField(label=gettext_lazy("种类"))
    verdict = forms.ChoiceField(
        label=gettext_lazy("判断"), choices=[("", gettext_lazy("全部")), *Verdict.choices]
    )
    lookups = {"corpus": ("corpus",), "verdict": ("verdict",)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [(one.id, one.label) for one in corpora()]
        self.fields["corpus"].choices = [("", _("全部")), *every]  # type: ignore[attr-defined]


class JudgeForm(Dated):
    """What the officer says of a pair, against the version that was seen."""

    refused_at = {"registry.required": "why", "casework.needs_reason": "why"}
    field_order = ("verdict", "why", "on")

    verdict = forms.ChoiceField(
        label=gettext_lazy("判断"), choices=[choice for choice in Verdict.choices if choice[0] != Verdict.OPEN],
        widget=forms.RadioSelect, help_text=gettext_lazy("判断“是”或“不是”须写理由；只记下判断，不影响办理。"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
