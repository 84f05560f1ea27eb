"""The forms of an objection, a complaint, a report: lodge it, take a step on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm, VersionedForm
from mangrove.casework.grievances.actions import From
from mangrove.casework.grievances.models import Grievance
from mangrove.casework.grievances.workflow import OUTCOMES
from mangrove.casework.notices.models import Notice, NoticeItem
from mangrove.casework.rules import rules
from mangrove.casework.uploads import CHOOSE_AGAIN, UploadField
from mangrove.registry.models import Organisation
from mangrove.ui.filters import FilterForm
from mangrove.ui.forms import Dated, RowField

STATES = [("received", _("已收到，待决定受理")), ("handling", _("已受理，办理中")), ("answered", _("已答复"))]
TELLING = _("会记入账本；不能写出反映人的身份。")


#: What only an office that enters a paper is asked.
OF_THE_OFFICE = ("handed_in_by", "unit", "on", "why")


class GrievanceFilter(FilterForm):
    kind = forms.ChoiceField(label=_("类别"))
    state = forms.ChoiceField(label=_("状态"))
    lookups = {"kind": ("kind",), "state": ("case__state",)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, known in (("kind", Grievance.KINDS), ("state", STATES)):
            self.fields[name].choices = [("", gettext("全部")), *known]  # type: ignore[attr-defined]


class ItemField(RowField):
    def label_from_instance(self, line: Any) -> str:
        return f"{line.number} {line.words_said} {line.result_said}"


class LodgeForm(ActForm):
    """What is asked differs by kind; who it is from goes into the secret row alone."""

    refused_at = {
        **ActForm.refused_at, "casework.anonymous": "name", "casework.no_contact": "contact",
        "casework.missing_papers": "papers", "casework.no_content": "content", "casework.no_target": "against",
        "casework.not_own_result": "item", "casework.no_item": "item", "casework.out_of_period": "on",
        "casework.telling": "why", "casework.own_affair": "unit", "casework.other_unit": "unit",
        "casework.nobody_there": "unit",
    }  # fmt: skip

    item = ItemField(label=_("公示事项"), queryset=NoticeItem.objects.none(), required=False)
    against = forms.CharField(label=_("反映的对象"), required=False, max_length=200)
    against_unit = forms.CharField(label=_("对象所在处室"), required=False, max_length=100)
    content = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 6}))
    name = forms.CharField(label=_("反映人"), required=False, max_length=100)
    organisation = RowField(label=_("反映单位"), queryset=Organisation.objects.none(), required=False)
    contact = forms.CharField(label=_("联系电话"), required=False, max_length=100)
    address = forms.CharField(label=_("联系地址"), required=False, max_length=200)
    handed_in_by = forms.CharField(label=_("递交人"), required=False, max_length=100)
    papers = forms.MultipleChoiceField(
        label=_("所附材料"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("勾选已经齐备的材料。"),
    )  # fmt: skip
    unit = forms.CharField(label=_("受理处室"), max_length=100, help_text=_("不能是所反映事项的业务处室。"))

    field_order = [
        "item", "against", "against_unit", "content", "name", "organisation", "contact", "address", "handed_in_by",
        "papers", "unit", "on", "why",
    ]  # fmt: skip

    def __init__(
        self,
        *args: Any,
        kind: str,
        notice: Notice | None,
        organisations: QuerySet[Organisation],
        on_paper: bool,
        **kwargs: Any,
    ) -> None:
        """on_paper: an office enters what came to it on paper; else whoever raises it writes for themselves, today."""
        super().__init__(*args, **kwargs)
        rule = rules().grievance(kind)
        self.fields["papers"].choices = [(paper.id, paper.said) for paper in rule.papers]  # type: ignore[attr-defined]
        self.fields["item"].queryset = items_for(kind, notice, organisations)  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        only_one(self.fields, "item", "organisation")
        self.fields["unit"].initial = notice.objection_unit if kind == "objection" and notice else rule.unit
        self.fields["why"].help_text = TELLING
        self.to_unit = self.fields["unit"].initial
        for name in [*left_out(kind, notice), *([] if on_paper else OF_THE_OFFICE)]:
            del self.fields[name]

    def given(self) -> dict[str, Any]:
        """As :func:`lodge` takes it."""
        said = {"unit": self.to_unit, "on": timezone.localdate(), "why": "", **self.cleaned_data}
        sender = {
            name: said.pop(name, "")
            for name in ("name", "organisation", "contact", "address", "handed_in_by")
        }
        return said | {"sender": From(**sender)}


def items_for(
    kind: str, notice: Notice | None, organisations: QuerySet[Organisation]
) -> QuerySet[NoticeItem]:
    """Who objects is shown their own results; a report may be about anybody's."""
    if notice is None:
        return NoticeItem.objects.none()
    items = notice.items.order_by("number")
    return items.filter(applicant__in=organisations) if kind == "objection" else items


def only_one(fields: Mapping[str, Any], *names: str) -> None:
    """Where there is one to choose it is chosen."""
    for name in names:
        rows = list(fields[name].queryset[:2])
        if len(rows) == 1:
            fields[name].initial = rows[0]


class ScanForm(Dated):
    """One scan. Its bytes are judged by a job; what is said here goes into the ledger."""

    file = UploadField(label=_("扫描件"), help_text=CHOOSE_AGAIN)
    field_order = ["file", "on", "why"]
    refused_at = {
        "casework.too_many_scans": "file", "casework.too_large": "file", "registry.classified": "file", "casework.no_name": "file",
        "registry.unreadable_file": "file",
        "casework.telling": "why",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].help_text = TELLING


def left_out(kind: str, notice: Notice | None) -> list[str]:
    """What is not asked: an objection has no target but its item, a complaint no item, and no notice has no items."""
    if kind == "objection":
        return ["against", "against_unit"]
    return ["item"] if kind == "complaint" or notice is None else []


class GrievanceStepForm(VersionedForm):
    """Taking it up asks nothing more; every end of it says something to who it is from."""

    words = forms.CharField(
        label=_("答复的话"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写给反映人，只有受理处室和反映人看得到，不记入账本。"),
    )  # fmt: skip
    outcome = forms.ChoiceField(label=_("结论"), choices=[("", _("请选择")), *OUTCOMES.items()])

    field_order = ["outcome", "words", "on", "why", "expected_version"]
    refused_at = {**VersionedForm.refused_at, "casework.telling": "why"}

    def __init__(self, *args: Any, grievance: Grievance, act: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": grievance.case.version}, **kwargs)
        self.fields["why"].help_text = TELLING
        if act == "accept":
            del self.fields["words"]
        if act != "answer":
            del self.fields["outcome"]
