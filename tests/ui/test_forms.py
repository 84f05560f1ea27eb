from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.utils import translation

from mangrove.ui import autosave
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import Answering, grouped


class Letter(forms.Form):
    title = forms.CharField(label="标题", help_text="不超过 50 字")
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")], widget=forms.RadioSelect)


class Asking(Answering):
    number = forms.CharField(label="编号")
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")])
    own = forms.CharField(label="密码", error_messages={"required": "密码不能空着。"})
    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(label="备注", required=False)


class Filters(FilterForm):
    since = DateField(label="自")
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), ("open", "在办")])


def drawn(source: str, form: forms.Form) -> str:
    return Template("{% load mangrove %}" + source).render(Context({"form": form}))


def test_an_error_is_tied_to_its_field_and_linked_from_the_summary() -> None:
    form = Letter({})
    field = drawn("{% field form.title %}", form)
    assert 'aria-describedby="id_title_helptext id_title_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'id="id_title_error"' in field
    summary = drawn("{% error_summary form %}", form)
    assert 'href="#id_title"' in summary
    assert 'href="#id_kind_legend"' in summary


def test_a_form_without_errors_has_no_summary() -> None:
    assert drawn("{% error_summary form %}", Letter({"title": "x", "kind": "a"})).strip() == ""


def test_what_was_left_empty_is_asked_for_by_its_name() -> None:
    form = Asking({})
    form.fields["number"].label = "发文字号"  # a form may name its fields late
    assert form.errors["number"] == ["请填写发文字号。"] and form.errors["kind"] == ["请选择类型。"]
    assert form.errors["own"] == ["密码不能空着。"] and "note" not in form.errors
    assert form.errors["seen"] != ["请填写Seen。"]


def test_and_in_english_within_the_sentence() -> None:
    with translation.override("en"):
        form = Asking({})
        form.fields["number"].label, form.fields["kind"].label = "Document number", "PDF"
        assert form.errors["number"] == ["Enter document number."] and form.errors["kind"] == ["Choose PDF."]


def test_no_field_is_lost_between_groups() -> None:
    assert [bound.name for bound in grouped(Letter(), [("函", ["title", "kind"])])[0].fields] == [
        "title",
        "kind",
    ]
    with pytest.raises(ValueError, match="kind"):
        grouped(Letter(), [("函", ["title"])])


def test_a_filter_says_itself_in_words_and_ignores_what_is_wrong() -> None:
    assert Filters(QueryDict("since=2021-08-30&state=open")).words() == "自：2021-08-30；状态：在办"
    wrong = Filters(QueryDict("since=yesterday"))
    assert not wrong.is_narrowed
    assert wrong.errors["since"]
    assert not Filters(QueryDict("")).is_narrowed


@pytest.mark.parametrize(("sent", "revision"), [("7", 7), ("", None), ("-1", None), ("9" * 40, None)])
def test_the_revision_a_draft_is_built_on(sent: str, revision: int | None) -> None:
    request = RequestFactory().post("/", {"draft_revision": sent})
    assert autosave.asked_revision(request) == revision


@override_settings(TIME_ZONE="Asia/Shanghai")
def test_a_draft_somebody_else_changed_is_a_conflict_with_their_name() -> None:
    answer = autosave.conflict("核稿人乙", datetime(2026, 8, 30, 2, 32, tzinfo=UTC))
    assert answer.status_code == 409
    assert "核稿人乙 于 08-30 10:32" in json.loads(answer.content)["message"]
