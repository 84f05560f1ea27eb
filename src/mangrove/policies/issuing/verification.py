"""The library and the drafts, checked against the ledger: texts by their hash, opinions and reviews by what was told of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.policies.issuing import opinions
from mangrove.policies.issuing.models import Opinion, Publication, Review, Seeking
from mangrove.policies.issuing.workflow import DRAFT
from mangrove.policies.measures.models import Evaluation, Guide, RuleText
from mangrove.policies.measures.publishing import guides_digest

Told = dict[str, Any]


def verify_library() -> list[str]:
    """Every published text, its guide and its evaluations."""
    told = publications_told()
    found = [fault for one in RuleText.objects.iterator(100) for fault in text_faults(one, told)]
    return found + list(later_faults())


def publications_told() -> dict[tuple[str, str], Told | None]:
    acts = ("policies.measure.publish", "policies.portfolio.publish")
    events = Event.objects.filter(act__in=acts).select_related("body").order_by("pk")
    return {(one.kind, one.object_id): said(one) for one in events.iterator()}


def text_faults(one: RuleText, told: dict[tuple[str, str], Told | None]) -> Iterator[str]:
    named = {"name": one.name, "n": one.number}
    if hashlib.sha256(one.text.encode()).hexdigest() != one.sha256:
        yield _("措施“%(name)s”第 %(n)s 版的文字与其校验值不符") % named
    key = (one.kind, str(one))
    if key not in told:
        yield _("措施“%(name)s”第 %(n)s 版在账本中没有公布记录") % named
    elif (event := told[key]) is not None and differs(event, as_published(one)):
        yield _("措施“%(name)s”第 %(n)s 版与账本所记的公布不同") % named


def as_published(one: RuleText) -> Told:
    return {
        "sha256": one.sha256, "document_number": one.document_number, "guide_sha256": guides_digest(one.guide, one.guide_en),
    }  # fmt: skip


def differs(event: Told, row: Told) -> bool:
    """What the event does not speak of it does not contradict."""
    return any(event[key] != value for key, value in row.items() if key in event)


def later_faults() -> Iterator[str]:
    for guide in Guide.objects.select_related("rule", "event__body"):
        row = {"guide_sha256": guides_digest(guide.guide, guide.guide_en)}
        if (event := said(guide.event)) is not None and differs(event, row):
            yield _("措施“%(name)s”的解读与账本所记不同") % {"name": guide.rule.name}
    for one in Evaluation.objects.select_related("rule", "event__body"):
        if (event := said(one.event)) is not None and event != one.told():
            yield _("措施“%(name)s”的评估与账本所记不同") % {"name": one.rule.name}


# --- drafts ----------------------------------------------------------------------------------------------------------


def verify_drafts() -> list[str]:
    """Rounds, opinions and what became of them, reviews, and that what was published is what was reviewed."""
    events = drafts_told()
    return [*seeking_faults(events), *opinion_faults(events), *review_faults(), *publication_faults(events)]


def drafts_told() -> dict[str, list[tuple[str, Told | None]]]:
    """By the id of the case: each act in order with what it says."""
    found: defaultdict[str, list[tuple[str, Told | None]]] = defaultdict(list)
    events = Event.objects.filter(act__startswith=f"{DRAFT.id}.").select_related("body").order_by("pk")
    for one in events.iterator():
        found[one.object_id].append((one.act.rpartition(".")[2], said(one)))
    return found


def last(acts: list[tuple[str, Told | None]], act: str, **wanted: Any) -> Told | None:
    """What the last such act says, among those that say what is wanted; empty where there is none, ``None`` where withheld."""
    for name, told in reversed(acts):
        if name == act and told is None:
            return None
        if name == act and told is not None and all(told.get(key) == value for key, value in wanted.items()):
            return told
    return {}


def seeking_faults(events: dict[str, list[tuple[str, Told | None]]]) -> Iterator[str]:
    for one in Seeking.objects.select_related("draft", "text"):
        told = last(events[str(one.draft.case_id)], "circulate", round=one.number)
        if told is not None and (not told or differs(told, opinions.told_of(one))):
            yield _("草案“%(title)s”第 %(n)s 轮征求意见与账本所记不同") % {
                "title": one.draft.title,
                "n": one.number,
            }


def opinion_faults(events: dict[str, list[tuple[str, Told | None]]]) -> Iterator[str]:
    for one in Opinion.objects.select_related("seeking__draft"):
        acts, named = (
            events[str(one.seeking.draft.case_id)],
            {"round": one.seeking.number, "number": one.number},
        )
        came, became = last(acts, "opine", **named), last(acts, "dispose", **named)
        where = {"title": one.seeking.draft.title, "source": one.source}
        if came is not None and (not came or differs(came, opinions.said(one))):
            yield _("草案“%(title)s”中%(source)s的意见与账本所记不同") % where
        if became is not None and (
            bool(became) != bool(one.disposition) or differs(became, opinions.answered(one))
        ):
            yield _("草案“%(title)s”中%(source)s的意见的办理与账本所记不同") % where


def review_faults() -> Iterator[str]:
    for one in Review.objects.select_related("draft", "text", "event__body"):
        row = {
            "kind": one.kind, "outcome": one.outcome, "opinion": one.opinion, "unit": one.unit, "sha256": one.text.sha256
        }  # fmt: skip
        if (told := said(one.event)) is not None and differs(told, row):
            yield _("草案“%(title)s”的%(kind)s与账本所记不同") % {
                "title": one.draft.title,
                "kind": one.get_kind_display(),
            }


def publication_faults(events: dict[str, list[tuple[str, Told | None]]]) -> Iterator[str]:
    for one in Publication.objects.select_related("draft__sealed", "rule"):
        draft, rule = one.draft, one.rule
        told = last(events[str(draft.case_id)], "publish")
        row = {"sha256": rule.sha256, "document_number": draft.document_number}
        sealed = draft.sealed is not None and draft.sealed.sha256 == rule.sha256
        if told is not None and (not told or not sealed or differs(told, row)):
            yield _("草案“%(title)s”公布的文字与送审的、账本所记的不同") % {"title": draft.title}
