"""The list of doubts, its filter, and the form in which one is weighed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.policies.claims.audit_forms import BackEntry
from mangrove.policies.claims.credit import Listing
from mangrove.policies.claims.models import Doubt, DoubtKind, DoubtState
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.filters import FilterForm
from mangrove.ui.languages import listed, strung
from mangrove.ui.numbers import yuan
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {DoubtState.OPEN: "warn", DoubtState.UPHELD: "bad", DoubtState.DISMISSED: "calm"}


def doubt_tag(one: Doubt) -> Tag:
    return Tag(one.get_state_display(), TONES[one.state])


def doubt_link(one: Doubt) -> Short:
    return Short(Link(one.get_kind_display(), reverse("policies:doubt", args=[one.pk])))


def claim_link(one: Doubt) -> Link:
    return Link(one.claim.title, reverse("policies:claim_doubts", args=[one.claim_id]))


def what(one: Doubt) -> str:
    """What it is about, in a few words."""
    said = one.detail
    if "number" in said:
        return _("%(number)s，%(amount)s 元") % {"number": said["number"], "amount": yuan(said["amount"])}
    if "line" in said:
        return _("第 %(line)s 行，开票 %(on)s") % {"line": said["line"], "on": said["invoice_on"]}
    if "share" in said or "text" in said:
        return share_words(said.get("text", said)["share"])
    return strung([*said.get("equipment", ()), *said.get("sellers", ())]) or str(said.get("list") or "")


def share_words(share: int) -> str:
    """Of ten-thousandths: what two texts have in common, of the shorter one."""
    tenths = (share + 5) // 10
    return _("文本共有 %(share)s") % {"share": f"{tenths // 10}.{tenths % 10}%"}


def against(one: Doubt) -> str:
    """What it is held against."""
    if "lines" in one.detail:
        return _("清单第 %(lines)s 行") % {"lines": listed(str(each["line"]) for each in one.detail["lines"])}
    there = one.detail.get("there", {})
    who, title = (
        there.get("claimant") or one.detail.get("claimant"),
        there.get("title") or one.detail.get("title"),
    )
    return " · ".join(filter(None, (who, title))) or there.get("programme", "")


def columns(with_claim: bool) -> list[Column]:
    claim = [
        Column("claim", gettext_lazy("哪件申报"), sort="claim__title", cell=claim_link, export=lambda one: one.claim.title),
        Column("firm", gettext_lazy("申报单位"), sort="claim__organisation__name", cell=lambda one: named(one.claim.organisation)),
    ]  # fmt: skip
    return [
        Column("kind", gettext_lazy("疑点"), sort="kind", cell=doubt_link, export=lambda one: one.get_kind_display()),
        *(claim if with_claim else []),
        Column("what", gettext_lazy("疑在何处"), cell=lambda one: what(one) or None),
        Column("against", gettext_lazy("相对的一方"), cell=lambda one: against(one) or None),
        Column("found_on", gettext_lazy("发现日期"), sort="found_on", cell=lambda one: Short(one.found_on.isoformat()), export=lambda one: one.found_on),
        Column("state", gettext_lazy("状态"), sort="state", cell=doubt_tag),
        Column("judged_by_name", gettext_lazy("核实人"), sort="judged_by_name", cell=lambda one: Short(one.judged_by_name) if one.judged_by_name else None, export=lambda one: one.judged_by_name),
        Column("reason", gettext_lazy("理由"), on_page=False),
    ]  # fmt: skip


EMPTY = gettext_lazy("查重后发现的疑点列在这里，逐条由人核实。")
SYNTHETIC_CLAIM = Column(
    "synthetic", SYNTHETIC.label, cell=lambda one: _("合成") if one.claim.synthetic else None
)
DOUBTS = Table(
    "doubts", gettext_lazy("疑点"), [*columns(True), SYNTHETIC_CLAIM], order="-found_on", empty=EMPTY
)
OF_CLAIM = Table("claim_doubts", gettext_lazy("疑点"), columns(False), order="kind", empty=EMPTY)


def listing_tag(one: Listing, days: Sequence[date]) -> Tag:
    held = any(map(one.on, days))
    return Tag(_("在名单上"), "bad") if held else Tag(_("已移出或尚未列入，不影响"), "good")


def listings_table(days: Sequence[date]) -> Table:
    """``days``: those on which the firm must not be listed."""
    return Table(
        "listings",
        gettext_lazy("失信名单核查"),
        [
            Column("list", gettext_lazy("名单")),
            Column("listed_on", gettext_lazy("列入日期"), cell=lambda one: one.listed_on and Short(one.listed_on.isoformat())),
            Column("removed_on", gettext_lazy("移出日期"), cell=lambda one: one.removed_on and Short(one.removed_on.isoformat()), absent=gettext_lazy("仍在名单上")),
            Column("held", gettext_lazy("申报日和今天"), cell=lambda one: listing_tag(one, days)),
            Column("source", gettext_lazy("来源")),
        ],
    )  # fmt: skip


class DoubtFilter(FilterForm):
    """Open ones, unless the reader asks for others."""

    text = forms.CharField(label=gettext_lazy("申报或单位"))
    kind = forms.ChoiceField(
        label=gettext_lazy("疑点"), choices=[("", gettext_lazy("全部")), *DoubtKind.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), choices=[("", gettext_lazy("全部")), *DoubtState.choices]
    )
    lookups = {
        "text": ("claim__title__icontains", "claim__organisation__name__icontains"), "kind": ("kind",), "state": ("state",),
    }  # fmt: skip

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        asked = data.copy()
        asked.setdefault("state", DoubtState.OPEN.value)
        super().__init__(asked, *args, **kwargs)

    @property
    def is_narrowed(self) -> bool:
        """The open ones are what the page shows by itself."""
        return self.chosen() != {"state": DoubtState.OPEN.value}


class WeighForm(BackEntry):
    refused_at = {"registry.required": "reason"}
    field_order = ("upheld", "reason", "on", "why")

    upheld = forms.TypedChoiceField(
        label=gettext_lazy("核实结果"), choices=[("yes", DoubtState.UPHELD.label), ("no", DoubtState.DISMISSED.label)],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("核实的理由"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("看了哪些材料，为什么这样认定；理由记入账本。"),
    )  # fmt: skip


class SearchForm(BackEntry):
    """Only the business day."""
