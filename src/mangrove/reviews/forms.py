"""The forms of reviewing. A refusal is shown at the field it is about, and nothing typed is lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove import vocabulary
from mangrove.casework.uploads import OneFile, UploadField, upload_help
from mangrove.ledger.refusals import Refusal
from mangrove.registry import credit_code
from mangrove.registry.labels import said
from mangrove.registry.models import Organisation
from mangrove.registry.names import find_organisation
from mangrove.reviews.actions import FaultyMarks
from mangrove.reviews.decisions import Fault
from mangrove.reviews.models import MODES, Expert, Round
from mangrove.reviews.pool import FIELDS
from mangrove.reviews.rubrics import Rubric, read_rubric, rubrics
from mangrove.reviews.rules import defaults
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import Answering, CodeField, Dated
from mangrove.ui.languages import as_data, beside

REFUSED_AT = {
    "ledger.future_date": "on", "ledger.back_entry_needs_reason": "why", "casework.needs_reason": "why",
    "casework.out_of_order": "on", "reviews.needs_reason": "why", "reviews.bad_due": "due_on",
    "reviews.too_few_experts": "least", "reviews.bad_fields": "expertise", "reviews.bad_term": "active_until",
    "reviews.not_an_expert": "username", "reviews.too_knowing": "username", "reviews.already_admitted": "username", "reviews.unknown_party": "parties",
    "reviews.no_comment": "comment", "reviews.too_many_unsuitable": "expert",
    "reviews.not_looked": "looked", "reviews.unreadable": "file",
    **dict.fromkeys((f"casework.{code}" for code in (
        "too_large", "empty_file", "false_extension", "refused_kind", "unknown_kind", "broken_file", "zip_bomb",
        "encrypted", "macros", "no_name",
    )), "file"),
}  # fmt: skip


def field_choices() -> list[tuple[str, str]]:
    """The words of the vocabulary, in the reader's language."""
    return [(word.id, said(word)) for word in vocabulary.enum(FIELDS).words.values()]


def rubric_choices() -> list[tuple[str, str]]:
    return [(id, beside(read_rubric(text).said, gettext(text["status"]))) for id, text in rubrics().items()]


class ActForm(Dated):
    refused_at = REFUSED_AT


class VersionedForm(ActForm):
    """A step of a case: ``expected_version`` is what this page showed."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class ExpertiseField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=field_choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class ExpertFilter(FilterForm):
    text = forms.CharField(label=_("姓名或单位"))
    standing = forms.ChoiceField(
        label=_("状态"),
        choices=[("", _("全部")), ("serving", _("未暂停")), ("suspended", _("已暂停"))],
    )
    lookups = {
        "text": ("user__name__icontains", "user__organisation__name__icontains", "user__username__icontains")
    }

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows, standing = super().narrow(rows), self.chosen().get("standing")
        return rows.filter(suspended=standing == "suspended") if standing else rows


class TermForm(ActForm):
    """What an officer sets of an expert."""

    expertise = ExpertiseField(label=_("专长"))
    active_from = DateField(label=_("聘期自"))
    active_until = DateField(
        label=_("聘期至"), required=False, help_text=_("到这一天为止，不含当天；空着即没有定。")
    )

    field_order = ["username", "expertise", "active_from", "active_until", "agreed_on", "on", "why"]

    def given(self) -> dict[str, Any]:
        """As the acts take it."""
        said = dict(self.cleaned_data)
        return {"fields": said.pop("expertise"), **said}


class AdmitForm(TermForm):
    username = forms.CharField(label=_("账号"), help_text=_("须先有账号，并有专家角色。"))
    agreed_on = DateField(
        label=_("保密承诺日期"), required=False,
        help_text=_("已签书面承诺的填签署日期；空着的，专家登录后在自己的页面上同意。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["active_from"].initial = timezone.localdate


class RoundForm(ActForm):
    title = forms.CharField(label=_("名称"), max_length=120)
    mode = forms.ChoiceField(label=_("匿名方式"), choices=MODES)
    rubric = forms.ChoiceField(label=_("评分表"), choices=rubric_choices)
    least = forms.IntegerField(label=_("每件专家数"), min_value=1, max_value=50)
    due_on = DateField(label=_("截止日期"), help_text=_("专家提交评分的最后一天。"))

    field_order = ["title", "mode", "rubric", "least", "due_on", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = defaults()["least_experts"]
        self.fields["least"].initial = rule.value
        self.fields["least"].help_text = as_data(
            gettext("不少于 %(n)s 名，依据：%(rule)s；少于此数须写明理由。")
            % {"n": rule.value, "rule": rule.words}
        )


class ItemForm(ActForm):
    """A thing entered by hand; programmes put theirs in by :func:`rounds.add_item`."""

    number = CodeField(
        label=_("编号"), max_length=40, help_text=_("来件自己的编号，字母、数字和短横；专家看不到。")
    )
    title = forms.CharField(label=_("题目"), max_length=200)
    blind_title = forms.CharField(label=_("匿名题目"), max_length=200, help_text=_("不写单位名称。"))
    text = forms.CharField(
        label=_("供专家看的文字"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("匿名评审的，请先遮去单位名称、人名、产品名；系统会查单位的各种名称和代码。"),
    )
    parties = forms.CharField(
        label=_("申报单位"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一家：全称或统一社会信用代码，须在机构名录里。"),
    )
    expertise = ExpertiseField(label=_("所属方向"), required=False)
    set_aside = forms.CharField(
        label=_("不作名称看的词"), required=False,
        help_text=_("单位简称恰是普通用词的（例如 移动），写在这里，用空格隔开；会记入账本。"),
    )  # fmt: skip

    field_order = ["number", "title", "blind_title", "text", "parties", "expertise", "set_aside", "on", "why"]

    def clean_parties(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["parties"].splitlines() if line.strip()]
        return [self.party(line) for line in lines]

    def party(self, line: str) -> str:
        try:
            found = by_code(line) or find_organisation(line, timezone.localdate())
        except Refusal as refusal:
            raise forms.ValidationError(refusal.briefly) from refusal
        if found is None:
            raise forms.ValidationError(gettext("机构名录里没有“%(name)s”。") % {"name": line})
        return found.pk

    def clean_set_aside(self) -> list[str]:
        return str(self.cleaned_data["set_aside"]).replace("、", " ").split()


def by_code(line: str) -> Organisation | None:
    code = credit_code.read(line).code
    return Organisation.objects.filter(credit_code=code).first() if code else None


class FileForm(OneFile, ActForm):
    file = UploadField(label=_("文件"))
    looked = forms.BooleanField(
        label=_("已逐页看过"), required=False,
        help_text=_("匿名评审里，图片和扫描页系统查不了：看过、没有单位信息的，请勾选；会记入账本。"),
    )  # fmt: skip
    field_order = ["file", "looked", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = upload_help()


class ExpertChoice(forms.ModelChoiceField):
    def label_from_instance(self, shown: Any) -> Any:
        return as_data(beside(shown.user.name, shown.user.organisation or ""))


class UnsuitableForm(ActForm):
    expert = ExpertChoice(label=_("专家"), queryset=Expert.objects.none())
    field_order = ["expert", "on", "why"]

    def __init__(self, *args: Any, of: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pool = Expert.objects.filter(bureau=of.bureau_id).select_related("user__organisation")
        self.fields["expert"].queryset = pool  # type: ignore[attr-defined]
        self.fields["why"].label = _("申报单位的理由")
        self.fields["why"].required = True


class AssignForm(ActForm):
    """What the plan that was looked at becomes: by when, and why against an applicant's wish."""

    due_on = DateField(label=_("截止日期"))
    seen = forms.CharField(widget=forms.HiddenInput)
    field_order = ["due_on", "on", "why", "seen"]


class DrawForm(ActForm):
    due_on = DateField(label=_("截止日期"))
    matching = forms.BooleanField(label=_("只在专长相符的专家中抽"), required=False, initial=True)
    load_at_most = forms.IntegerField(
        label=_("每人至多几件"),
        required=False,
        min_value=1,
        help_text=_("本轮里已有这么多件的专家不参加抽取；空着不限。"),
    )
    seed = forms.CharField(
        label=_("种子"), required=False, max_length=40,
        help_text=_("空着由系统随机生成。种子和当时的名单一起记下，谁都可以重抽核对；不设预览，以免抽到合意为止。"),
    )  # fmt: skip
    field_order = ["due_on", "matching", "load_at_most", "seed", "on", "why"]


class ReopenForm(VersionedForm):
    due_on = DateField(label=_("新的截止日期"))
    field_order = ["due_on", "on", "why", "expected_version"]


class LeaveForm(Answering):
    """An expert leaves an item: a conflict of interest, cannot judge it, or has no time."""

    refused_at = REFUSED_AT
    GROUNDS = (
        ("conflict", _("有利益冲突")), ("cannot_judge", _("不熟悉，难以判断")), ("no_time", _("没有时间")),
    )  # fmt: skip
    ground = forms.ChoiceField(label=_("原因"), choices=GROUNDS, widget=forms.RadioSelect)
    why = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 3}))


FAULTS: Mapping[Fault, Any] = {
    "missing": _("请打分。"),
    "not_whole": _("请填整数。"),
    "out_of_range": _("超出了分数范围。"),
    "no_reason": _("请写明理由。"),
}


class MarksForm(Answering):
    """One mark and one reason a criterion, and the comment. What is missing is told when it is submitted, not before."""

    refused_at = REFUSED_AT
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, rubric: Rubric, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4().hex, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        for one in rubric.criteria:
            self.fields[f"mark_{one.id}"] = mark_field(rubric, one.help_said)
            self.fields[f"reason_{one.id}"] = reason_field()
        self.fields["comment"] = forms.CharField(
            label=_("意见正文"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("会提供给申报单位，不写您的姓名；请不要写出自己是谁。"),
        )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """As the acts take it, from what was posted."""
        return written(self.rubric, self.cleaned_data)

    def refuse(self, refusal: Refusal) -> None:
        if not isinstance(refusal, FaultyMarks):
            return super().refuse(refusal)
        for id, fault in refusal.faults.items():
            self.add_error(f"{'reason' if fault == 'no_reason' else 'mark'}_{id}", str(FAULTS[fault]))
        return None


def mark_field(rubric: Rubric, help_text: str) -> forms.CharField:
    scale = {"min": rubric.least, "max": rubric.most, "step": 1, "inputmode": "numeric"}
    label = gettext("分数（%(least)s 至 %(most)s 的整数）") % {"least": rubric.least, "most": rubric.most}
    return forms.CharField(
        label=label, required=False, widget=forms.NumberInput(attrs=scale), help_text=help_text
    )


def reason_field() -> forms.CharField:
    return forms.CharField(label=_("理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


def written(rubric: Rubric, posted: Mapping[str, Any]) -> dict[str, Any]:
    """Posted fields as drafts and submissions hold them."""
    said: dict[str, Any] = {
        one.id: {"mark": posted.get(f"mark_{one.id}", ""), "reason": posted.get(f"reason_{one.id}", "")}
        for one in rubric.criteria
    }
    return {**said, "comment": posted.get("comment", "")}


def as_initial(rubric: Rubric, said: Mapping[str, Any]) -> dict[str, Any]:
    """The other way round: a draft as the form shows it."""
    shown = {"comment": said.get("comment", "")}
    for one in rubric.criteria:
        entry = said.get(one.id) or {}
        shown |= {f"mark_{one.id}": entry.get("mark", ""), f"reason_{one.id}": entry.get("reason", "")}
    return shown
