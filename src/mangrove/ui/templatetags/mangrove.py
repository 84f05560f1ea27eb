"""Components as tags: ``{% load mangrove %}``. The style guide shows each in all its states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mangrove.ui import dates, languages, listviews, numbers
from mangrove.ui.components import Fact, Figure, Moment, Progress, Step, Tab, Tag, shared_reason
from mangrove.ui.tables import TablePage

register = template.Library()


@register.simple_tag
def status(text: Any, tone: Any = "calm") -> SafeString:
    """``{% status "临期 3 天" "warn" %}``"""
    return Tag(text, tone).__html__()


@register.simple_tag
def figure(
    value: Any, unit: Any = "", qualifier: Any = "", href: str = "", large: bool = False
) -> SafeString:
    """``{% figure 48000 unit="座" qualifier="超" href=lineage_url %}``"""
    return Figure(value, unit, qualifier, href, large).__html__()


@register.simple_tag
def progress(part: Any, whole: Any, mark: Any = None) -> SafeString:
    """``{% progress 48000 50000 mark=45000 %}``"""
    return Progress(part, whole, mark).__html__()


@register.inclusion_tag("ui/parts/facts.html")
def facts(items: Sequence[Fact], single: bool = False) -> dict[str, Any]:
    """A description list of :class:`~mangrove.ui.components.Fact`; ``single`` stacks label over value."""
    return {"facts": items, "single": single}


@register.inclusion_tag("ui/parts/steps.html")
def steps(items: Sequence[Step]) -> dict[str, Any]:
    return {"steps": items}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(items: Sequence[Moment]) -> dict[str, Any]:
    """What was done, newest first; a reason of back-entry that many acts give is said once, at the head."""
    return {"moments": items, "reason": shared_reason(items)}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[Tab], label: Any = "") -> dict[str, Any]:
    return {"tabs": items, "label": label}


@register.inclusion_tag("ui/parts/empty.html")
def empty(what: Any, remedy: Any = "", href: str = "", act: Any = "") -> dict[str, Any]:
    """Nothing here: what that means, and what to do about it."""
    return {"what": what, "remedy": remedy, "href": href, "act": act}


@register.inclusion_tag("ui/parts/pagination.html")
def pagination(page: Any) -> dict[str, Any]:
    """``page`` is a :class:`~mangrove.ui.tables.TablePage`."""
    return {"page": page}


@register.inclusion_tag("ui/parts/table.html")
def table(page: Any, cards: bool = True) -> dict[str, Any]:
    """``page`` is a :class:`~mangrove.ui.tables.TablePage`; on a phone its rows become cards unless ``cards=False``."""
    return {"page": page, "cards": cards}


@register.inclusion_tag("ui/parts/chart.html")
def chart(drawing: Any) -> dict[str, Any]:
    """``drawing`` is a :class:`~mangrove.ui.charts.Chart`; its data table lies below it."""
    return {"chart": drawing}


@register.simple_tag(takes_context=True)
def view_bar(context: Any) -> listviews.Bar | None:
    """``{% view_bar as bar %}``: what the kept views of this list need; see ``ui/list.html``."""
    page = context.get("page")
    return listviews.bar(context, page, context.get("filters")) if isinstance(page, TablePage) else None


@register.inclusion_tag("ui/parts/field.html")
def field(bound: Any, wide: bool = False) -> dict[str, Any]:
    """A form field with its label, help and error tied to the control."""
    return {"field": bound, "wide": wide or is_long(bound), "choices": is_choice_list(bound)}


@register.inclusion_tag("ui/parts/errors.html")
def error_summary(form: Any) -> dict[str, Any]:
    """All that is wrong, at the top of the form, each line leading to its field."""
    return {"form": form, "fields": [bound for bound in form if bound.errors]}


@register.simple_block_tag
def notice(content: str, tone: str = "info") -> SafeString:
    """``{% notice "warn" %}…{% endnotice %}``"""
    return format_html(
        '<div class="notice notice--{}"><span class="notice__word">{}</span> {}</div>',
        tone,
        tone_word(tone),
        content,
    )


@register.simple_block_tag
def define(content: str, term: Any) -> SafeString:
    """A term that opens its definition, by click or keyboard, without script."""
    return format_html(
        '<details class="define"><summary>{}</summary><div class="define__body">{}</div></details>',
        term,
        content,
    )


@register.filter
def data(value: Any) -> Any:
    """What the city's papers say, marked as Chinese where the reader reads another language."""
    return languages.as_data(value)


@register.filter
def words(value: Any) -> str:
    """A word from a short list that is kept in Chinese (满意、待核), in the reader's language."""
    return languages.in_words(value)


@register.filter
def grouped(value: Any) -> str:
    return numbers.grouped(value)


@register.filter
def wan(fen: int) -> str:
    """Money in 万元; give the raw 元 beside it where space allows."""
    return numbers.wan(fen)


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as tables write it: 2021-08-30."""
    if value is None:
        return _("未定")
    return timezone.localtime(value).date().isoformat() if isinstance(value, datetime) else value.isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """A time as tables write it, in Shanghai: 2021-08-30 10:32."""
    return dates.moment(value) if value else _("未定")


def tone_word(tone: str) -> str:
    words = {
        "good": pgettext("notice", "完成"),
        "warn": pgettext("notice", "注意"),
        "bad": pgettext("notice", "有误"),
        "info": pgettext("notice", "说明"),
        "calm": pgettext("notice", "提示"),
    }
    return words[tone]


def is_long(bound: Any) -> bool:
    widget = bound.field.widget
    return type(widget).__name__ == "Textarea" or bool(getattr(widget, "wide", False))


def is_choice_list(bound: Any) -> bool:
    return bool(bound.use_fieldset)
