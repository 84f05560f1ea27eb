"""The forms of received letters. Each kind of item has the fields that an officer may put right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.uploads import OneFile, UploadField
from mangrove.documents.reading.enumerations import CLOSED, OPEN, UNKNOWN
from mangrove.figures.periods import Period
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.forms import OpinionStepForm, StepForm
from mangrove.proposals.received.actions import Passage, no_such_passage, which_place
from mangrove.proposals.received.checking import figures_day
from mangrove.proposals.received.decisions import is_day, places, same_words
from mangrove.proposals.received.labels import ROLE_LABELS
from mangrove.proposals.received.models import Kind, ReceivedItem, ReceivedLetter
from mangrove.proposals.received.reading import retold
from mangrove.registry.models import Organisation
from mangrove.registry.names import candidates, find_organisation
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import Answering, Dated
from mangrove.ui.languages import beside, listed

EXTENSIONS = (".txt", ".docx", ".pdf")


class ReceivedFilter(FilterForm):
    text = forms.CharField(label=_("标题或发文字号"))
    issuer = forms.CharField(label=_("发文单位"))
    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("全部")), ("reading", _("待确认")), ("filed", _("已归档"))]
    )
    since = DateField(label=_("成文不早于"))

    lookups = {
        "text": ("title__icontains", "document_number__icontains", "name__icontains"),
        "issuer": ("issuer__icontains",),
        "state": ("case__state",),
        "since": ("dated__gte",),
    }


class ReadInForm(OneFile, Dated):
    """A file or pasted text, one of the two."""

    file = UploadField(
        label=_("来函文件"), required=False, help_text=_("TXT、DOCX 或 PDF；按内容识别，扫描件请先做文字识别。")
    )  # fmt: skip
    text = forms.CharField(
        label=_("或粘贴来函全文"), required=False, widget=forms.Textarea(attrs={"rows": 10}), strip=False,
        help_text=_("一段一行，连同标题、主送、署名和日期。"),
    )  # fmt: skip

    field_order = ["file", "text", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(EXTENSIONS)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.turned_away.get("file"):
            return said
        both = bool(said.get("file")), bool(said.get("text", "").strip())
        if both == (True, True):
            self.add_error("text", _("文件和粘贴的文字只能有一样；请删去其中一样。"))
        elif both == (False, False) and "file" not in self.errors:
            self.add_error("file", _("请选择文件，或在下面粘贴来函全文。"))
        return said


class FileForm(StepForm):
    seen_hash = forms.CharField(widget=forms.HiddenInput)


class ReopenForm(OpinionStepForm):
    """Reopening needs its reason."""


class ItemForm(Answering):
    """The words of the letter that an item stands on, and why a person decides as they do."""

    passage = forms.CharField(
        label=_("原文"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("从来函原文照抄；有几处相同时会请您选定。"),
    )  # fmt: skip
    place = forms.ChoiceField(label=_("是哪一处"), required=False, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("改正或否定须写明。")
    )  # fmt: skip
    expected_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    #: Fields of ``said`` that this kind of item lets a person set.
    own: tuple[str, ...] = ()

    def __init__(self, letter: ReceivedLetter, item: ReceivedItem | None, data: Any = None) -> None:
        self.letter, self.item = letter, item
        super().__init__(data, initial=self.starting(item))
        self.order_fields(["passage", "place", *self.own, "why"])
        self.offer_places()

    def starting(self, item: ReceivedItem | None) -> dict[str, Any]:
        if item is None:
            return {}
        return {"passage": item.text, "expected_version": item.version, **self.shown(item.said)}

    def shown(self, said: dict[str, Any]) -> dict[str, Any]:
        """The fields as the form starts with them."""
        return {name: said[name] for name in self.own}

    def offer_places(self) -> None:
        """Ask which place only where the words stand in several, and are not those that the item had already."""
        passage = self.data.get("passage", "")
        found = places(self.letter.text, passage)
        unmoved = self.item is not None and same_words(passage, self.item.text)
        if len(found) < 2 or unmoved:
            del self.fields["place"]
        else:
            self.fields["place"].choices = [(str(one.start), one.around) for one in found]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        passage = said.get("passage", "")
        if not passage.strip():
            if self.item is None or self.item.start is not None:
                self.add_error("passage", _("请照抄来函中的文字。"))
        elif not places(self.letter.text, passage):
            self.add_error("passage", str(no_such_passage(passage)))
        elif "place" in self.fields and not said.get("place"):
            self.add_error("place", str(which_place(places(self.letter.text, passage))))
        return said

    def changes(self) -> dict[str, Any]:
        """What of ``said`` the officer set; text only."""
        return {name: self.cleaned_data[name] for name in self.own}

    @property
    def where(self) -> Passage | None:
        words = self.cleaned_data.get("passage", "").strip()
        place = self.cleaned_data.get("place")
        return Passage(words, int(place) if place else None) if words else None

    @property
    def put_right(self) -> list[str]:
        """The fields that differ from what the page showed; the reason is none of them, nor how lines are broken."""
        changed = [name for name in self.changed_data if name in self.own]
        moved = "passage" in self.fields and not same_words(
            self.initial.get("passage", ""), self.data.get("passage", "")
        )
        return [*changed, "passage"] if moved else changed


class ElementForm(ItemForm):
    role = forms.ChoiceField(label=_("要素"), choices=list(ROLE_LABELS.items()))
    value = forms.CharField(
        label=_("内容"), required=False, help_text=_("成文日期写作 2021-08-30；不填则取原文。")
    )
    own = ("role", "value")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        value = (said.get("value") or said.get("passage", "")).strip()
        if not value:
            self.add_error("value", _("请填内容，或按“来函没有这一要素”。"))
        elif said.get("role") == "date" and not is_day(value):
            self.add_error("value", _("日期请写作 2021-08-30。"))
        return said | {"value": value}


class NumberForm(ItemForm):
    printed_value = forms.DecimalField(label=_("数值"), max_digits=24, decimal_places=8, localize=False)
    printed_unit = forms.CharField(
        label=_("单位"), required=False, max_length=20, help_text=_("照印出的写：万个、亿元、%。")
    )
    qualifier = forms.CharField(
        label=_("限定"), required=False, max_length=10, help_text=_("超、约、近、以上 等。")
    )
    as_of = forms.CharField(label=_("时点"), required=False, help_text=_("2020、2020-08 或 2021-08-30。"))
    own = ("printed_value", "printed_unit", "qualifier", "as_of")

    def shown(self, said: dict[str, Any]) -> dict[str, Any]:
        return super().shown(said) | {"printed_value": Decimal(said["printed_value"])}

    def clean_as_of(self) -> str:
        said: str = self.cleaned_data["as_of"].strip()
        try:
            if said:
                Period.parse(said)
        except ValueError as error:
            raise forms.ValidationError(_("请写作 2020、2020-08 或 2021-08-30。")) from error
        return said

    def changes(self) -> dict[str, Any]:
        said = self.cleaned_data
        told: dict[str, Any] = retold(said["printed_value"], said["printed_unit"])
        told |= {"qualifier": said["qualifier"], "as_of": said["as_of"]}
        if self.item is None or said["as_of"] != self.item.said["as_of"]:
            told["as_of_why"] = "经办人填写" if said["as_of"] else ""
        return told


class BareForm(ItemForm):
    """Sums follow from the numbers, and a doubt is only looked at: there is nothing of their own to put right."""

    def __init__(self, letter: ReceivedLetter, item: ReceivedItem | None, data: Any = None) -> None:
        super().__init__(letter, item, data)
        for name in ("passage", "place"):
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


class ClaimForm(ItemForm):
    source = forms.CharField(
        label=_("来源"), required=False, max_length=300, help_text=_("文号、公报、网页及日期；没有则留空，记为待核。")
    )  # fmt: skip
    own = ("source",)


class CommitmentForm(ItemForm):
    owner = forms.CharField(label=_("责任单位"), required=False, max_length=200)
    due_on = DateField(label=_("完成时限"), required=False, help_text=_("最后一天；来函没有写明则留空。"))
    measure = forms.CharField(label=_("衡量指标"), required=False)
    own = ("owner", "due_on", "measure")

    def shown(self, said: dict[str, Any]) -> dict[str, Any]:
        return super().shown(said) | {
            "due_on": date.fromisoformat(said["due_on"]) if said["due_on"] else None
        }

    def changes(self) -> dict[str, Any]:
        due = self.cleaned_data["due_on"]
        return super().changes() | {"due_on": due.isoformat() if due else ""}


class OrganisationForm(ItemForm):
    org_id = forms.CharField(
        label=_("机构库中的机构"), required=False, help_text=_("名称、简称或编号；不在机构库中则留空（未入册）。")
    )  # fmt: skip
    own = ("org_id",)

    def clean_org_id(self) -> str:
        said: str = self.cleaned_data["org_id"].strip()
        if not said:
            return ""
        known = Organisation.objects.filter(pk=said).first() or self.by_name(said)
        if known is None:
            raise forms.ValidationError(self.unknown(said))
        return known.standing.pk

    def by_name(self, said: str) -> Organisation | None:
        try:
            return find_organisation(said, figures_day(self.letter))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def unknown(self, said: str) -> str:
        near = candidates(said, figures_day(self.letter))
        words = gettext("机构库中没有“%(said)s”。") % {"said": said}
        if not near:
            return words + gettext("请核对名称，或留空记为未入册。")
        named = listed(beside(one.text, one.organisation) for one in near)
        return words + gettext("相近的有：%(named)s。") % {"named": named}


class ListForm(ItemForm):
    items = forms.CharField(
        label=_("各项"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("一行一项。")
    )
    total = forms.IntegerField(label=_("来函所称总数"), required=False, min_value=1)
    of = forms.CharField(label=_("统称"), required=False, max_length=60)
    completeness = forms.ChoiceField(
        label=_("是否列尽"), choices=[(OPEN, _("列举未尽")), (CLOSED, _("列举已尽")), (UNKNOWN, _("未说明"))]
    )
    own = ("items", "total", "of", "completeness")

    def shown(self, said: dict[str, Any]) -> dict[str, Any]:
        total = int(said["total"]) if said["total"] else None
        return super().shown(said) | {"items": "\n".join(said["items"]), "total": total}

    def changes(self) -> dict[str, Any]:
        said = self.cleaned_data
        named = [line.strip() for line in said["items"].splitlines() if line.strip()]
        return super().changes() | {"items": named, "total": str(said["total"] or "")}


FORMS: dict[str, type[ItemForm]] = {
    Kind.ELEMENT: ElementForm,
    Kind.NUMBER: NumberForm,
    Kind.FINDING: BareForm,
    Kind.CLAIM: ClaimForm,
    Kind.COMMITMENT: CommitmentForm,
    Kind.ORGANISATION: OrganisationForm,
    Kind.LIST: ListForm,
    Kind.DOUBT: BareForm,
}
