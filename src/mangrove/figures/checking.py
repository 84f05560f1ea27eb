"""The figure check as a page: the text with its marks, and each finding with what to do about it. Stores nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.figures.check import Checked, FigureCheck
from mangrove.figures.decisions import Verdict
from mangrove.figures.labels import definition_link, figure_text, lineage_href, period_text, source_words
from mangrove.figures.tables import AGREEMENTS, CLAIMS, place
from mangrove.ui.components import Fact, Link, Short, Tag, Tone
from mangrove.ui.languages import in_words, strung
from mangrove.ui.passages import Line, Overlay, marked_lines
from mangrove.ui.tables import TablePage

TONES: dict[Verdict, Tone] = {Verdict.NO_FIGURE: "warn"}


@dataclass(frozen=True)
class FindingView:
    """One number that must be put right: what stands there, the verdict, and the facts for putting it right."""

    anchor: str
    place: str
    text: str
    tag: Tag
    where: Short
    facts: Sequence[Fact]


@dataclass(frozen=True)
class CheckView:
    """A checked text, ready for the page."""

    check: FigureCheck
    lines: Sequence[Line]
    findings: Sequence[FindingView]
    agreements: TablePage
    claims: TablePage


def check_view(text: str, check: FigureCheck, query: Any) -> CheckView:
    return CheckView(
        check,
        marked_lines(text, overlays(check), [0] * (text.count("\n") + 1)),
        [finding_view(one) for one in check.findings],
        AGREEMENTS.page(check.agreements, query),
        CLAIMS.page(check.claims, query),
    )


def overlays(check: FigureCheck) -> list[Overlay]:
    """What to mark: wrong numbers lead to their finding, right ones to their lineage."""
    wrong = [mark(one, "differs", f"#finding-{one.quantity.start}") for one in check.findings]
    right = [mark(one, "agrees", lineage_href(one.value) if one.value else "") for one in check.agreements]
    claims = [
        Overlay(one.claim.start, one.claim.end, "claim", f"at-{one.claim.start}", "", _("无数字表述"))
        for one in check.claims
    ]
    return [*wrong, *right, *claims]


def mark(one: Checked, kind: str, href: str) -> Overlay:
    start, end = one.quantity.start, one.quantity.end
    return Overlay(start, end, kind, f"at-{start}", href, in_words(one.verdict))


def finding_view(one: Checked) -> FindingView:
    tag = Tag(in_words(one.verdict), TONES.get(one.verdict, "bad"))
    start = one.quantity.start
    return FindingView(
        f"finding-{start}", f"at-{start}", one.quantity.text, tag, place(start), finding_facts(one)
    )


def finding_facts(one: Checked) -> list[Fact]:
    facts = [Fact(_("为什么"), in_words(one.why)), Fact(_("怎么办"), remedy(one))]
    if one.arithmetic:
        facts.append(Fact(_("算式"), figure_text(one.arithmetic)))
    if one.value:
        facts.append(Fact(_("指标"), definition_link(one.value.definition), period_text(one.value.period)))
        facts.append(Fact(_("来源"), Link(source_words(one.value.source), lineage_href(one.value), True)))
    elif one.definition_id:
        facts.append(
            Fact(_("指标"), Link(one.definition, reverse("figures:definition", args=[one.definition_id])))
        )
    if one.beside:
        facts.append(Fact(_("其他来源"), strung(one.beside)))
    return facts


def remedy(one: Checked) -> str:
    if one.expected:
        return _("改为“%(expected)s”；确要保留所印的数，须写明依据。") % {"expected": one.expected}
    if one.definition_id:
        return _("先录入该时点的数值，或改用已有数值的时点。")
    return _("请补立指标并录入数值和来源；没有来源的数字应当删去。")
