"""The list of drafts; of one the rounds, opinions and reviews."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.things import state_tag
from mangrove.policies.issuing.models import Draft, Opinion, Review, Seeking
from mangrove.policies.issuing.workflow import SEEKING
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.dates import due_tag
from mangrove.ui.languages import listed
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {
    "drafting": "calm", "revised": "calm", "signing": "warn", "published": "warn", "explained": "good", "dropped": "bad"
}  # fmt: skip
DISPOSITION_TONES: dict[str, Tone] = {"adopted": "good", "partly": "info", "rejected": "calm"}
OUTCOME_TONES: dict[str, Tone] = {"free": "good", "exception": "warn", "lawful": "good", "back": "bad"}


def draft_link(one: Draft) -> Link:
    return Link(one.title, reverse("policies:draft", args=[one.pk]))


def due(one: Draft) -> Any:
    """The first date to keep; while opinions are sought, their last day. Prefetch ``case__clocks`` and ``seekings`` for many."""
    days = [clock.due_on for clock in one.case.clocks.all() if clock.met_on is None and clock.due_on]
    if one.case.state == SEEKING:
        days.append(max(one.seekings.all(), key=lambda round: round.number).until)
    return due_tag(min(days)) if days and one.case.closed_on is None else None


DRAFTS = Table(
    "measure_drafts",
    _("措施制定"),
    [
        Column("title", _("措施"), sort="title", cell=draft_link, export=lambda one: one.title),
        Column("unit", _("起草处室"), sort="case__unit", cell=lambda one: one.case.unit),
        Column("state", _("状态"), cell=lambda one: state_tag(one.case, TONES)),
        Column("due", _("期限"), cell=due, absent=_("无")),
        Column("document_number", _("统一编号"), sort="document_number"),
        Column("opened_on", _("开始"), sort="case__opened_on", cell=lambda one: Short(one.case.opened_on.isoformat()), export=lambda one: one.case.opened_on),
        SYNTHETIC,
    ],
    order="-opened_on",
    empty=_("经办人起草的措施列在这里。"),
)  # fmt: skip


def asked(one: Seeking) -> str:
    return listed([*one.units, *([gettext("社会公众")] if one.public else [])])


SEEKINGS = Table(
    "seekings",
    _("征求意见"),
    [
        Column("number", _("轮次"), numeric=True),
        Column("asked", _("征求谁的意见"), cell=asked),
        Column("text", _("哪一稿"), cell=lambda one: gettext("第 %(n)s 稿") % {"n": one.text.revision}),
        Column("started_on", _("发出日")),
        Column("until", _("截止日")),
        Column("published_at", _("公开的出处"), absent=_("本系统")),
    ],
    page_size=200,
)


def disposition_tag(one: Opinion) -> Tag:
    if one.nothing:
        return Tag(_("无意见"), "calm")
    if not one.disposition:
        return Tag(_("待办理"), "warn")
    return Tag(one.get_disposition_display(), DISPOSITION_TONES[one.disposition])


def about_clause(one: Opinion) -> str:
    return one.clause or gettext("全文")


def opinions_table(may_dispose: bool) -> Table:
    """The opinions, for who answers them with the way to do so."""
    columns = [
        Column("source", _("谁的意见"), cell=source),
        Column("clause", _("针对"), cell=about_clause),
        Column("text", _("意见内容"), absent=_("无意见")),
        Column("received_on", _("收到日")),
        Column("disposition", _("采纳与否"), cell=disposition_tag),
        Column("reason", _("理由")),
        Column("disposed_by_name", _("办理人")),
    ]
    if may_dispose:
        columns.append(Column("act", _("办理"), cell=dispose_link))
    return Table("opinions", _("各方意见"), columns, page_size=200, empty=_("收到的意见登记在这里。"))


def source(one: Opinion) -> str:
    return gettext("社会公众：%(channel)s") % {"channel": one.source} if one.public else one.source


def dispose_link(one: Opinion) -> Short | None:
    if one.nothing:
        return None
    words = gettext("改办") if one.disposition else gettext("办理")
    return Short(Link(words, reverse("policies:opinion", args=[one.seeking.draft_id, one.pk])))


REVIEWS = Table(
    "draft_reviews",
    _("审查"),
    [
        Column("kind", _("审查"), cell=lambda one: one.get_kind_display()),
        Column("outcome", _("结论"), cell=lambda one: outcome_tag(one)),
        Column("opinion", _("审查意见")),
        Column("unit", _("处室")),
        Column("by_name", _("审查人")),
        Column("on", _("日期")),
        Column("text", _("哪一稿"), cell=lambda one: gettext("第 %(n)s 稿") % {"n": one.text.revision}),
    ],
    page_size=200,
)


def outcome_tag(one: Review) -> Tag:
    return Tag(one.get_outcome_display(), OUTCOME_TONES[one.outcome])
