"""The list of offers, and what the match came to measure by measure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.funding.tables import money
from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.instant.models import Offer
from mangrove.policies.instant.overview import SchemeRow
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.tables import measure_link
from mangrove.registry.labels import named
from mangrove.rulebook.explaining.saying import Saying
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.dates import due_tag
from mangrove.ui.languages import in_chinese, strung
from mangrove.ui.numbers import grouped
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {"offered": "info", "confirmed": "good", "declined": "calm", "lapsed": "warn"}


def state_tag(offer: Offer) -> Tag:
    return Tag(offer.get_state_display(), TONES[offer.state])


def offer_link(offer: Offer) -> Link:
    return Link(scheme_words(offer.scheme), reverse("policies:offer", args=[offer.pk]))


OFFERS = Table(
    "offers",
    _("免申即享"),
    [
        Column("scheme", _("扶持事项"), sort="scheme", cell=offer_link, export=lambda one: scheme_words(one.scheme)),
        Column("organisation", _("企业"), sort="organisation__name", cell=lambda one: named(one.organisation)),
        money("amount", _("金额"), sort="amount"),
        Column("known_on", _("比对日"), sort="known_on", cell=lambda one: Short(one.known_on.isoformat())),
        Column("until", _("确认期限"), sort="until", cell=lambda one: due_tag(one.until) if one.state == "offered" else Short(one.until.isoformat())),
        Column("state", _("状态"), sort="state", cell=state_tag),
        SYNTHETIC,
    ],
    order="-known_on",
    empty=_("名录里的数据够用、企业只须确认的扶持，比对之后列在这里。"),
)  # fmt: skip


def count_link(state: str = "") -> Any:
    """A count of firms, which leads to the offers that make it."""

    def cell(row: SchemeRow) -> Any:
        number = getattr(row, state or "listed")
        query = urlencode({"scheme": row.scheme.id, **({"state": state} if state else {})})
        return Link(grouped(number), f"{reverse('policies:offers')}?{query}") if number else number

    return cell


def lacking_words(row: SchemeRow) -> str:
    """``缺 认定称号“认定层级”：37 家``, what keeps most firms first."""
    if row.tally is None or row.rule is None:
        return ""
    saying = Saying(measure_of(row.rule), "zh" if in_chinese() else "en")
    return strung(
        gettext("缺 %(data)s：%(n)s 家") % {"data": saying.field_name(entity, field), "n": grouped(count)}
        for (entity, field), count in row.tally.data.items()
    )


def counts(key: str, label: Any) -> Column:
    """A column of firms as the match counted them."""
    return Column(key, label, unit=_("家"), numeric=True, sort=key, absent=_("未比对"))


def offers_column(key: str, label: Any, state: str = "") -> Column:
    return Column(
        key,
        label,
        unit=_("家"),
        numeric=True,
        sort=key,
        cell=count_link(state),
        export=lambda row: getattr(row, key),
    )


OVERVIEW = Table(
    "instant_overview",
    _("免申即享各事项比对情况"),
    [
        Column("title", _("扶持事项"), sort="title"),
        Column("rule", _("依据"), cell=lambda row: measure_link(row.rule) if row.rule else None, export=lambda row: row.rule and row.rule.name, absent=_("比对日没有有效的措施，或还没有比对"), on_page=False),
        counts("meets", _("符合")),
        counts("fails", _("不符合")),
        replace(counts("without", _("其中名录里没有这类记录")), on_page=False),
        counts("lacks", _("缺数据，不能定")),
        Column("data", _("缺什么"), cell=lacking_words),
        offers_column("listed", _("已列出")),
        offers_column("offered", _("待企业确认"), "offered"),
        offers_column("confirmed", _("已确认"), "confirmed"),
        Column("paid", _("已拨付"), unit=_("家"), numeric=True, sort="paid"),
        SYNTHETIC,
    ],
    order="title",
    empty=_("规则库里没有免申即享的事项。"),
)  # fmt: skip
