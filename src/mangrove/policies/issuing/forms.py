"""The forms of a measure in the making."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm, VersionedForm
from mangrove.casework.meetings.models import Decision
from mangrove.casework.meetings.workflow import CONFIRMED
from mangrove.casework.workflow import Step
from mangrove.policies.issuing.asked import offices
from mangrove.policies.issuing.models import Disposition, Draft, Opinion, Outcome, Seeking
from mangrove.policies.issuing.periods import earliest_words
from mangrove.policies.issuing.workflow import DRAFT, LEGALITY
from mangrove.policies.measures import library
from mangrove.policies.measures.models import RuleText
from mangrove.registry.models import User
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import Answering
from mangrove.ui.languages import in_words

#: What a source of opinions is called that is nobody asked by name.
PUBLIC = "public"


class DraftFilter(FilterForm):
    text = forms.CharField(label=_("标题或处室"), max_length=100)
    state = forms.ChoiceField(label=_("状态"))
    lookups = {
        "text": ("title__icontains", "case__unit__icontains", "document_number__icontains"),
        "state": ("case__state",),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.id, state.label) for state in DRAFT.states]
        self.fields["state"].choices = [("", gettext("全部")), *states]  # type: ignore[attr-defined]


class StartForm(ActForm):
    refused_at = {
        **ActForm.refused_at,
        "policies.too_long": "text",
        "policies.control_characters": "text",
        "casework.bad_title": "title",
    }

    title = forms.CharField(label=_("措施名称"), max_length=200)
    base = forms.ChoiceField(
        label=_("从已公布的一版开始"), required=False, help_text=_("选了就以它的文字为草案；都不选、不贴，从空白的样张开始。"),
    )  # fmt: skip
    text = forms.CharField(
        label=_("或贴上已有的文字"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("贴了文字就用贴的文字。"),
    )  # fmt: skip

    field_order = ["title", "base", "text", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [one for newest in library.measures() for one in library.versions(newest.rule)]
        named = [
            (str(one), gettext("%(name)s 第 %(n)s 版") % {"name": one.name, "n": one.number}) for one in rows
        ]
        self.fields["base"].choices = [("", gettext("（不选）")), *named]  # type: ignore[attr-defined]

    def clean_base(self) -> RuleText | None:
        rule, _at, number = self.cleaned_data["base"].rpartition("@")
        return library.version(rule, int(number)) if rule else None


class WriteForm(Answering):
    refused_at = dict.fromkeys(
        ("policies.too_long", "policies.control_characters", "policies.newer_text"), "text"
    )

    text = forms.CharField(
        label=_("条文和规则"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}),
        help_text=_("每条左写条文（text），右写规则（for、when、amount、cap）；写法见“规则语言”。"),
    )  # fmt: skip


class DraftStepForm(VersionedForm):
    """A step without more of its own."""

    def __init__(self, *args: Any, draft: Draft, step: Step, user: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": draft.case.version}, **kwargs)
        self.fields["why"].required = step.needs_reason
        self.prepare(draft, user)

    def prepare(self, draft: Draft, user: User) -> None:
        """Fill in the choices that depend on the draft."""


class CirculateForm(DraftStepForm):
    refused_at = {
        **VersionedForm.refused_at,
        "policies.nobody_asked": "units",
        "policies.too_short": "until",
        "policies.public_unseen": "published_at",
    }

    offices = forms.MultipleChoiceField(
        label=_("征求意见的本单位处室"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("只列有账号的处室；选了的，处室里有账号的人都收到消息，并列入其待办。"),
    )  # fmt: skip
    units = forms.CharField(
        label=_("其他被征求的单位"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个，写全称。这里写的单位没有账号就收不到系统消息，须另行函送；送出之后会说明谁收到、谁没有收到。"),
    )  # fmt: skip
    public = forms.BooleanField(label=_("向社会公开征求意见"), required=False, initial=True)
    until = DateField(label=_("截止日"), required=False, help_text=_("不填即按时限规则所定的最后一日。"))

    published_at = forms.CharField(
        label=_("公开的出处"), required=False, max_length=300,
        help_text=_("网址，或报刊名称和日期。业务日期早于今天的公开征求意见（补录）必填：系统里没有公开过，别人要找得到。"),
    )  # fmt: skip

    field_order = ["offices", "units", "public", "until", "published_at", "on", "why", "expected_version"]

    def prepare(self, draft: Draft, user: User) -> None:
        self.fields[
            "until"
        ].help_text = f"{self.fields['until'].help_text} {earliest_words(timezone.localdate())}"
        found = offices(user.bodies, but=draft.case.unit)
        named = [
            (unit, gettext("%(unit)s（%(n)s 人）") % {"unit": in_words(unit), "n": n})
            for unit, n in found.items()
        ]
        self.fields["offices"].choices = named  # type: ignore[attr-defined]

    def clean_units(self) -> list[str]:
        return [line.strip()[:150] for line in self.cleaned_data["units"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        """As the act takes it: whoever is asked in one list."""
        said = super().clean()
        chosen = said.pop("offices", [])
        if "units" in said:
            said["units"] = list(dict.fromkeys([*chosen, *said["units"]]))
        return said


class ReviewForm(DraftStepForm):
    refused_at = {
        **VersionedForm.refused_at,
        "policies.no_outcome": "outcome",
        "registry.required": "opinion",
    }

    outcome = forms.ChoiceField(label=_("审查结论"))
    opinion = forms.CharField(
        label=_("审查意见"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("适用例外规定的，写明是哪一项、期限到何时。"),
    )  # fmt: skip

    field_order = ["outcome", "opinion", "on", "why", "expected_version"]

    def prepare(self, draft: Draft, user: User) -> None:
        passing = [Outcome.LAWFUL] if draft.case.state == LEGALITY else [Outcome.FREE, Outcome.EXCEPTION]
        named = [(one.value, one.label) for one in (*passing, Outcome.BACK)]
        self.fields["outcome"].choices = [("", gettext("请选择")), *named]  # type: ignore[attr-defined]


class DecideForm(DraftStepForm):
    refused_at = {
        **VersionedForm.refused_at,
        **dict.fromkeys(("casework.no_decision", "policies.other_meeting", "policies.other_matter", "policies.before_legality"), "decision"),
    }  # fmt: skip

    decision = forms.ChoiceField(label=_("会议决定"), help_text=_("只列本单位已附纪要确认的。"))

    field_order = ["decision", "on", "why", "expected_version"]

    def prepare(self, draft: Draft, user: User) -> None:
        rows = Decision.objects.filter(
            meeting__case__organisation=draft.case.organisation, meeting__case__state=CONFIRMED
        ).select_related("meeting")  # fmt: skip
        named = [
            (str(one.pk), f"{one.meeting} {one.number} {one.subject}")
            for one in rows.order_by("-meeting__held_on", "number")
            if one.about in (None, draft.ref)
        ]
        self.fields["decision"].choices = [("", gettext("请选择")), *named]  # type: ignore[attr-defined]


class NumberForm(DraftStepForm):
    refused_at = {**VersionedForm.refused_at, "policies.number_taken": "document_number"}

    document_number = forms.CharField(
        label=_("统一编号"), max_length=100, help_text=_("由统一登记编号的机构给的编号，照录。"),
    )  # fmt: skip
    guide = forms.CharField(
        label=_("解读"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("用大白话写：谁能得、得多少、怎么申报。这时没有写好的，公布后在期限内发布。"),
    )  # fmt: skip
    guide_en = forms.CharField(
        label=_("解读（英文）"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    field_order = ["document_number", "guide", "guide_en", "on", "why", "expected_version"]


class ExplainForm(DraftStepForm):
    refused_at = {**VersionedForm.refused_at, "registry.required": "guide", "policies.guide_already": "guide"}

    guide = forms.CharField(
        label=_("解读"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("用大白话写：谁能得、得多少、怎么申报。"),
    )
    guide_en = forms.CharField(
        label=_("解读（英文）"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    field_order = ["guide", "guide_en", "on", "why", "expected_version"]


class OpinionForm(ActForm):
    """``source`` is one of the units asked, or the public with the way it came."""

    refused_at = {
        **ActForm.refused_at, "policies.not_asked": "unit", "policies.not_public": "unit", "registry.required": "text",
    }  # fmt: skip

    unit = forms.ChoiceField(label=_("谁的意见"))
    channel = forms.CharField(
        label=_("社会意见的来路"),
        required=False,
        max_length=150,
        help_text=_("如“门户网站留言 3 号”。不写个人姓名。"),
    )
    nothing = forms.BooleanField(label=_("无意见，或逾期未复"), required=False)
    text = forms.CharField(label=_("意见内容"), required=False, widget=forms.Textarea(attrs={"rows": 5}))

    field_order = ["unit", "channel", "nothing", "text", "on", "why"]

    def __init__(self, *args: Any, round: Seeking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(unit, unit) for unit in round.units]
        choices += [(PUBLIC, gettext("社会公众"))] if round.public else []
        self.fields["unit"].choices = [("", gettext("请选择")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("unit") == PUBLIC and not said.get("channel", "").strip():
            self.add_error("channel", gettext("请写明社会意见的来路。"))
        if not said.get("nothing") and not said.get("text", "").strip():
            self.add_error("text", gettext("请填写意见内容，或选“无意见”。"))
        return said

    def said(self) -> dict[str, Any]:
        """As the act takes it."""
        told = dict(self.cleaned_data)
        unit, channel = told.pop("unit"), told.pop("channel").strip()
        public = unit == PUBLIC
        return {**told, "public": public, "source": channel if public else unit}


class DisposeForm(ActForm):
    refused_at = {
        **ActForm.refused_at,
        "policies.no_disposition": "disposition",
        "registry.required": "reason",
    }

    disposition = forms.ChoiceField(label=_("采纳与否"), choices=[("", _("请选择")), *Disposition.choices])
    reason = forms.CharField(
        label=_("采纳与否的理由"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("采纳的写明改了哪里；不采纳的写明为什么。"),
    )  # fmt: skip

    field_order = ["disposition", "reason", "on", "why"]

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        known = {"disposition": opinion.disposition, "reason": opinion.reason}
        super().__init__(*args, initial=known, **kwargs)


FORMS: dict[str, type[DraftStepForm]] = {
    "circulate": CirculateForm, "clear": ReviewForm, "find_lawful": ReviewForm, "send_back": ReviewForm,
    "decide": DecideForm, "number": NumberForm, "explain": ExplainForm,
}  # fmt: skip
