"""The forms of a meeting: enter what it decided, confirm with the minutes, strike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import REFUSED_FILES, ActForm, VersionedForm
from mangrove.casework.meetings.actions import Decided
from mangrove.casework.meetings.models import Meeting
from mangrove.casework.notices.forms import SEPARATORS
from mangrove.casework.uploads import UploadField, upload_help
from mangrove.ui.filters import DateField, FilterForm


class MeetingFilter(FilterForm):
    text = forms.CharField(label=_("会议、议题或决定"))
    lookups = {"text": ("name__icontains", "decisions__subject__icontains", "decisions__text__icontains")}

    def narrow(self, rows: Any) -> Any:
        return super().narrow(rows).distinct()


class EnterForm(ActForm):
    refused_at = {
        **ActForm.refused_at,
        "casework.meeting_ahead": "held_on",
        "casework.no_decisions": "decisions",
    }

    name = forms.CharField(label=_("会议名称"), max_length=150, help_text=_("例如 局长办公会第 12 次会议。"))
    held_on = DateField(label=_("会议日期"))
    decisions = forms.CharField(
        label=_("决定"), widget=forms.Textarea(attrs={"rows": 6}), help_text=_("一行一项：议题｜决定原文。"),
    )  # fmt: skip

    field_order = ["name", "held_on", "decisions", "on", "why"]

    def clean_decisions(self) -> list[Decided]:
        lines = [line for line in self.cleaned_data["decisions"].splitlines() if line.strip()]
        return [read_line(number, line) for number, line in enumerate(lines, start=1)]


def read_line(number: int, text: str) -> Decided:
    separator = next((one for one in SEPARATORS if one in text), "")
    subject, text = (part.strip() for part in text.split(separator, 1)) if separator else ("", text)
    if not subject or not text or len(subject) > 200:
        raise forms.ValidationError(
            gettext("第 %(number)s 行须写成：议题｜决定原文，议题至多 200 字。") % {"number": number}
        )
    return Decided(subject, text)


class ConfirmForm(VersionedForm):
    refused_at = {**VersionedForm.refused_at, **REFUSED_FILES}

    file = UploadField(label=_("会议纪要"))

    field_order = ["file", "on", "why", "expected_version"]

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": meeting.case.version}, **kwargs)
        self.fields["file"].help_text = upload_help()


class StrikeForm(VersionedForm):
    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": meeting.case.version}, **kwargs)
        self.fields["why"].required = True
