"""The forms of the room. A business date is always asked: back-entry needs its reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mangrove.proposals.checking import KEEPING
from mangrove.proposals.decisions import reason_needed
from mangrove.proposals.models import Contact, Proposal, Reply
from mangrove.proposals.rules import rules
from mangrove.proposals.workflow import PROPOSAL, REPLY
from mangrove.registry.labels import named
from mangrove.registry.models import Organisation, Unit, User
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import Answering, Dated, RowField
from mangrove.ui.languages import as_data, in_words, listed


class OrganisationChoice(RowField):
    def label_from_instance(self, one: Any) -> str:
        return named(one)


class DeputiesChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, one: Any) -> Any:
        return as_data(str(one))


class ProposalFilter(FilterForm):
    """``public``: for deputies, who are not told where within the house a reply stands."""

    text = forms.CharField(label=_("编号或题目"))
    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("全部")), *Proposal.KINDS])
    unit = forms.CharField(label=_("承办单位"))
    state = forms.ChoiceField(
        label=_("办理状态"),
        choices=[
            ("", _("全部")),
            (PROPOSAL.start, PROPOSAL.state(PROPOSAL.start).label),
            *((state.id, state.label) for state in REPLY.states),
        ],
    )
    since = DateField(label=_("登记不早于"))

    lookups = {
        "text": ("number__icontains", "title__icontains", "lead_deputy__icontains"),
        "kind": ("kind",),
        "unit": ("replies__organisation__name__icontains",),
        "state": ("replies__case__state",),
        "since": ("received_on__gte",),
    }

    def __init__(self, *args: Any, public: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if public:
            del self.fields["state"]

    def lookups_of(self, name: str, value: Any) -> tuple[str, ...]:
        if value == PROPOSAL.start:  # nobody has it yet, so no reply can say so
            return ("case__state",)
        return super().lookups_of(name, value)


class RegisterForm(Dated):
    """``namesakes`` are the ids that the page names, of which the person says that this is another (``namesakes_seen``)."""

    refused_at = {"proposals.namesakes": "namesakes_seen"}
    namesakes = forms.CharField(required=False, widget=forms.HiddenInput)
    namesakes_seen = forms.BooleanField(label=_("确认是另一件"), required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=Proposal.KINDS)
    number = forms.CharField(label=_("编号"), max_length=40, help_text=_("例如 20210615"))
    title = forms.CharField(label=_("题目"), max_length=200)
    meeting = forms.CharField(
        label=_("会议"), max_length=100, help_text=_("例如 市七届人大一次会议"),
        widget=forms.TextInput(attrs={"list": "meetings"}),
    )  # fmt: skip
    lead_deputy = forms.CharField(label=_("领衔代表或第一提案人"), max_length=50)
    co_signers = forms.CharField(label=_("联名代表或提案人"), max_length=300, required=False)
    deputies = DeputiesChoice(
        label=_("代表、委员账号"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("选中的代表可以看到这件建议，收阅答复并作评价。"),
    )
    importance = forms.ChoiceField(
        label=_("督办级别"), help_text=_("决定谁可以签发答复；重点督办的由主要负责人签发。")
    )
    original_text = forms.CharField(
        label=_("建议原文"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    synthetic = forms.BooleanField(
        label=_("合成数据"), required=False, help_text=_("练习或测试用的件请勾选。")
    )

    field_order = [
        "namesakes_seen",
        "kind",
        "number",
        "title",
        "meeting",
        "lead_deputy",
        "co_signers",
        "deputies",
        "importance",
        "original_text",
        "synthetic",
        "on",
        "why",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["importance"].choices = rules().kinds  # type: ignore[attr-defined]
        holders = [user.pk for user in User.objects.filter(is_active=True) if user.has_role("deputy")]
        self.fields["deputies"].queryset = User.objects.filter(pk__in=holders).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        named = said.pop("namesakes", "").split()
        return said | {"namesakes_seen": named if said.get("namesakes_seen") else []}

    def named(self) -> list[str]:
        """The ids of the namesakes that the page names."""
        return str(self["namesakes"].value() or "").split()

    def ask_about(self, ids: Iterable[str]) -> None:
        """Name these and ask anew: a tick was about those that were named before. All else that was typed stays."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["namesakes"] = " ".join(ids)
        data.pop("namesakes_seen", None)
        self.data = data


class HandOverForm(Dated):
    organisation = OrganisationChoice(label=_("承办单位"), queryset=Organisation.objects.none())
    part = forms.ChoiceField(label=_("办理方式"), choices=Reply.PARTS)
    unit = forms.CharField(
        label=_("承办处室"), required=False, max_length=100, widget=forms.TextInput(attrs={"list": "units"})
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ["organisation", "part", "unit", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Organisation.objects.standing().filter(kind="government").order_by("name")
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]

    @property
    def known_units(self) -> list[str]:
        """The names of all units, to choose from as one types."""
        return sorted(set(Unit.objects.values_list("name", flat=True)))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        organisation, unit = said.get("organisation"), said.get("unit", "")
        known = list(organisation.units.values_list("name", flat=True)) if organisation else []
        if unit and known and unit not in known:
            self.add_error("unit", _("%(body)s没有“%(unit)s”，有%(known)s；不知道的可以不填，由该单位签收时自定。")
                % {"body": named(organisation), "unit": unit, "known": listed(known)})  # fmt: skip
        return said


class StepForm(Dated):
    """A step that asks nothing but when and why. ``expected_version`` is the state that the page showed."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class OpinionStepForm(StepForm):
    """A step whose opinion is kept with it (核稿, 签发, 退回)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True


class KeepingForm(StepForm):
    """A step by which somebody answers for the numbers; ``keep_reason`` is asked only where one differs."""

    refused_at = {"proposals.findings": "keep_reason"}
    keep_reason = forms.CharField(
        label=KEEPING, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不符的数字和理由会一并记入账本。"),
    )  # fmt: skip

    def ask_only_where(self, numbers_differ: bool) -> None:
        """Leave the question out of a page whose numbers all agree."""
        if not numbers_differ:
            del self.fields["keep_reason"]


class SubmitForm(KeepingForm):
    pass


class ReviewForm(KeepingForm, OpinionStepForm):
    seen_hash = forms.CharField(widget=forms.HiddenInput)


class SignForm(KeepingForm, OpinionStepForm):
    """``delegation`` is asked only of who may sign in another's place, too."""

    refused_at = {
        **KeepingForm.refused_at,
        **dict.fromkeys(
            (f"casework.{code}" for code in ("no_delegation", "delegation_revoked", "delegation_not_in_force", "delegation_powerless")),
            "delegation",
        ),
    }  # fmt: skip

    delegation = forms.ChoiceField(label=_("以谁的名义签发"), required=False)
    seen_hash = forms.CharField(widget=forms.HiddenInput)

    field_order = ["delegation", "on", "why", "keep_reason"]

    def offer(self, choices: list[tuple[str, Any]]) -> None:
        """One that was chosen and holds no more stays: the act refuses it, and nobody signs in another name than they chose."""
        chosen = self.data.get("delegation", "")
        if chosen and chosen not in dict(choices):
            choices = [*choices, (chosen, _("已失效的授权"))]
        if choices:
            self.fields["delegation"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["delegation"]


class NumberForm(StepForm):
    document_number = forms.CharField(
        label=_("发文字号"), max_length=60, help_text=_("例如 深工信函〔2021〕1号")
    )

    field_order = ["document_number", "on", "why"]


class DeliverForm(StepForm):
    to = forms.CharField(
        label=_("送达对象"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("一行一个。")
    )
    means = forms.ChoiceField(
        label=_("送达方式"),
        choices=[("公文交换", _("公文交换")), ("当面", _("当面")), ("邮寄", _("邮寄")), ("系统", _("系统"))],
    )

    field_order = ["to", "means", "on", "why"]

    def clean_to(self) -> list[str]:
        return lines_of(self.cleaned_data["to"])


class RateForm(Answering):
    """A deputy's own form: two grades and a reason, today, in their own words."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    attitude = forms.ChoiceField(label=_("办理态度"), widget=forms.RadioSelect)
    result = forms.ChoiceField(label=_("办理结果"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = reason_needed(rules())
        for name in ("attitude", "result"):
            self.fields[name].choices = [(grade, in_words(grade)) for grade in rules().grades]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"on": timezone.localdate()}


class ContactForm(Dated):
    deputy = forms.CharField(label=_("代表"), max_length=50)
    means = forms.ChoiceField(label=_("方式"), choices=Contact.MEANS)
    summary = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 4}))

    field_order = ["deputy", "means", "summary", "on", "why"]


class OpinionForm(OpinionStepForm):
    openness = forms.ChoiceField(label=_("会办意见是否公开"), choices=Reply.OPENNESS)


class ParticularsForm(StepForm):
    """What stands around the text of the letter, and the class of its result.

    What this officer did not touch is told apart from what they did, so that nobody puts back what another changed.
    """

    result_class = forms.ChoiceField(
        label=_("办理结果类别"), widget=forms.RadioSelect, show_hidden_initial=True
    )
    openness = forms.ChoiceField(label=_("公开类型"), choices=Reply.OPENNESS, show_hidden_initial=True)
    openness_reason = forms.CharField(
        label=_("不主动公开的理由"), required=False, show_hidden_initial=True,
        help_text=_("除主动公开外须写明依据哪一条。"),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("联系人及电话"), max_length=100, required=False, show_hidden_initial=True,
        help_text=_("填写后印在函末。"),
    )  # fmt: skip
    copies = forms.CharField(
        label=_("抄送"), widget=forms.Textarea(attrs={"rows": 3}), show_hidden_initial=True, help_text=_("一行一个。")
    )  # fmt: skip

    field_order = ["result_class", "openness", "openness_reason", "contact", "copies", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = [(key, f"{key} {rules().result_word(key)}") for key in rules().result_classes]
        self.fields["result_class"].choices = classes  # type: ignore[attr-defined]
        self.fields["result_class"].help_text = rules().result_classes_source

    def clean_copies(self) -> list[str]:
        return lines_of(self.cleaned_data["copies"])


class LimitForm(Dated):
    """A time limit is restarted: when and why."""


class StopLimitForm(Dated):
    category = forms.CharField(label=_("等什么"), max_length=40, help_text=_("例如 待代表补充材料"))

    field_order = ["category", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True


class ExtendLimitForm(Dated):
    total = forms.IntegerField(label=_("延长后的总时限"), min_value=1)
    consent_by = forms.CharField(label=_("经谁同意"), max_length=200)

    field_order = ["total", "consent_by", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True


def lines_of(text: str) -> list[str]:
    """One entry a line, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class DraftForm(Answering):
    text = forms.CharField(
        label=_("答复正文"),
        strip=False,  # what is saved while one types is not stripped either: one text, whoever sends it first
        widget=forms.Textarea(attrs={"rows": 26, "class": "draft-text"}),
        error_messages={
            "null_characters_not_allowed": _("正文中有打印不出的控制字符（U+0000），没有保存；请删去后再存。")
        },
        help_text=_(
            "一行一段。数字写作 {{指标名}}，印出时取当天的值；承诺写作 [[C01|承诺的文字]]，签发后进入承诺台账。"
        ),
    )
