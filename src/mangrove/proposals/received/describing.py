"""An item in words for the page, by kind: its head, what is said of it, what supports or contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from mangrove.documents.reading.arithmetic import AGREES
from mangrove.documents.reading.organisations import Whose
from mangrove.figures.labels import qualifier_word, unit_word
from mangrove.proposals.received.checking import GOOD
from mangrove.proposals.received.decisions import lacks
from mangrove.proposals.received.labels import CLAIM_FORMS, ROLE_LABELS, SUMS
from mangrove.proposals.received.models import Kind, ReceivedItem
from mangrove.proposals.received.reading import now_written
from mangrove.ui.components import Fact, Link, Tag
from mangrove.ui.languages import in_words, listed
from mangrove.ui.numbers import grouped

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Described:
    """``head`` in bold, ``tags`` beside it, ``facts`` in a line, ``notes`` below; ``quote`` is the letter's own words."""

    head: Any
    tags: Sequence[Any] = ()
    facts: Sequence[Fact] = ()
    notes: Sequence[Any] = ()
    quote: str = ""


@dataclass(frozen=True)
class Known:
    """What is known beside the item itself."""

    verdict: Said = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    promises: Mapping[str, int] = field(default_factory=dict)


def describe(
    item: ReceivedItem, verdict: Said, names: Mapping[str, str], promises: Mapping[str, int]
) -> Described:
    """The item in words. ``names``: registry ids to names; ``promises``: item numbers to promises."""
    return DESCRIBERS[item.kind](item, Known(verdict, names, promises))


def element(item: ReceivedItem, known: Known) -> Described:
    value = item.said["value"] or _("未见")
    return Described(value, facts=[Fact(ROLE_LABELS[item.said["role"]], "")])


def number(item: ReceivedItem, known: Known) -> Described:
    said = item.said
    facts = [
        Fact(_("数值"), measured(said)),
        Fact(_("时点"), said["as_of"] or _("日期不详"), in_words(said["as_of_why"])),
        Fact(_("限定"), qualifier_word(said["qualifier"]) or _("无")),
    ]
    now = now_written(item)
    head = item.text if now == item.text else f"{item.text} → {now}"
    return Described(head, verdict_tags(known.verdict), facts, verdict_notes(known.verdict), said["clause"])


def measured(said: Said) -> str:
    return f"{grouped(Decimal(said['value']))} {unit_word(said['unit'])}".strip()


def verdict_tags(verdict: Said) -> list[Tag]:
    word = verdict.get("verdict", "")
    if not word:
        return []
    tone = "good" if word in GOOD else "calm" if word == "无此指标" else "warn" if unsure(verdict) else "bad"
    return [Tag(in_words(word), tone)]  # type: ignore[arg-type]


def unsure(verdict: Said) -> bool:
    """Whether nobody knows if the letter counts as our city does; letters filed before this was asked are of our city."""
    return verdict.get("whose") == Whose.UNKNOWN


def verdict_notes(verdict: Said) -> list[Any]:
    """What the figure says, and why; for a number that agrees, only which figure it is, with its lineage.

    Of a number that no figure is about the tag says enough: what to do then is said to who drafts, not to who reads.
    """
    if not verdict or not verdict["name"]:
        return []
    named = [figure_link(verdict)]
    if verdict["verdict"] in GOOD:
        return named
    told = [differs(verdict)] if unsure(verdict) and verdict["expected"] else [in_words(verdict["why"])]
    if verdict["expected"] and not unsure(verdict):
        told.append(_("应为：%(expected)s") % {"expected": verdict["expected"]})
    if verdict["arithmetic"]:
        told.append(_("算式：%(working)s") % {"working": verdict["arithmetic"]})
    told += [_("另有来源：%(other)s") % {"other": other} for other in verdict["beside"]]
    return [*named, *told]


def differs(verdict: Said) -> str:
    return _("与本市指标%(expected)s不同，请核对是否同一口径") % {"expected": verdict["expected"]}


def figure_link(verdict: Said) -> Any:
    words = _("指标：%(name)s") % {"name": verdict["name"]}
    href = address("figures:lineage", verdict["value"]) if verdict.get("value") else ""
    return Link(words, href, drawer=True) if href else words


def address(name: str, id: Any) -> str:
    """The page of another room's thing; empty where that room has no such page."""
    try:
        return reverse(name, args=[id])
    except NoReverseMatch:
        return ""


def finding(item: ReceivedItem, known: Known) -> Described:
    said = item.said
    good = said["verdict"] == AGREES
    tags = [Tag(in_words(said["verdict"]), "good" if good else "bad"), Tag(SUMS[said["sum"]], "calm")]
    return Described(said["working"], tags, quote="" if good else said["where"])


def claim(item: ReceivedItem, known: Known) -> Described:
    said, verdict = item.said, known.verdict
    source = said["source"] or verdict.get("source", "")
    tags = [Tag(CLAIM_FORMS[said["form"]], "calm")] if said["form"] else []
    tags += [Tag(_("目标"), "calm")] if said["goal"] else []
    sure = bool(said["source"]) or verdict.get("status") == "已核"
    tags.append(Tag(_("有来源"), "good") if sure else Tag(_("待核"), "warn"))
    notes = [] if sure else [in_words(said["note"]), in_words(verdict.get("note", ""))]
    return Described(
        item.text, tags, [Fact(_("来源"), source or _("未找到"))], [note for note in notes if note]
    )


def commitment(item: ReceivedItem, known: Known) -> Described:
    said = item.said
    vague = _("只说“%(words)s”") % {"words": said["vague"]} if said["vague"] and not said["due_on"] else ""
    printed = _("来函写“%(words)s”") % {"words": said["date"]} if said["date"] else vague
    facts = [
        Fact(_("责任单位"), said["owner"] or _("未定")),
        Fact(_("完成时限"), said["due_on"] or _("未定"), printed),
        Fact(_("衡量指标"), said["measure"] or _("未定")),
    ]
    missing = lacks(said)
    tags: list[Any] = [
        Tag(_("缺 %(what)s") % {"what": listed(missing)}, "warn") if missing else Tag(_("三项齐全"), "good")
    ]
    notes = promise_notes(known.promises.get(item.number))
    return Described(item.text, tags, facts, notes, said["heading"])


def promise_notes(promise: int | None) -> list[Any]:
    if promise is None:
        return []
    href = address("casework:promise", promise)
    return [Link(_("已入承诺台账"), href) if href else _("已入承诺台账")]


def organisation(item: ReceivedItem, known: Known) -> Described:
    org_id = item.said["org_id"]
    times = 1 + len(item.more)
    tags: list[Any] = [Tag(_("%(n)s 次") % {"n": times}, "calm")] if times > 1 else []
    if not org_id:
        return Described(item.text, [Tag(_("未入册"), "warn"), *tags])
    name = known.names.get(org_id, org_id)
    link = Link(name, reverse("registry:organisation", args=[org_id]), drawer=False)
    return Described(item.text, [Tag(_("已入册"), "good"), *tags], notes=[link])


def enumeration(item: ReceivedItem, known: Known) -> Described:
    said = item.said
    named = len(said["items"])
    count = _("%(n)s / %(total)s 项") if said["total"] else _("%(n)s 项")
    tags = [
        Tag(in_words(said["completeness"]), "warn" if said["completeness"] == "列举未尽" else "calm"),
        Tag(count % {"n": named, "total": said["total"]}, "calm"),
    ]
    facts = [Fact(_("统称"), said["of"])] if said["of"] else []
    return Described("、".join(said["items"]), tags, facts)


def doubtful(item: ReceivedItem, known: Known) -> Described:
    return Described(item.text)


DESCRIBERS: dict[str, Callable[[ReceivedItem, Known], Described]] = {
    Kind.ELEMENT: element,
    Kind.NUMBER: number,
    Kind.FINDING: finding,
    Kind.CLAIM: claim,
    Kind.COMMITMENT: commitment,
    Kind.ORGANISATION: organisation,
    Kind.LIST: enumeration,
    Kind.DOUBT: doubtful,
}
