"""The lists of reviewing, for officers and for experts; each serves the page and its export."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove import vocabulary
from mangrove.casework.workflow import workflow
from mangrove.registry.labels import named, said
from mangrove.reviews.decisions import rounded
from mangrove.reviews.models import Assignment, Expert
from mangrove.reviews.pool import FIELDS
from mangrove.reviews.results import Reviewed
from mangrove.reviews.workflow import LEFT
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.dates import due_tag
from mangrove.ui.languages import as_data, listed
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {
    "submitted": "good", "counted": "good", "recused": "calm", "declined": "calm", "lapsed": "bad",
    "assigned": "warn", "declared": "info", "scoring": "info", "closed": "good", "released": "good",
}  # fmt: skip


def state_tag(case: Any) -> Tag:
    return Tag(workflow(case.workflow).state(case.state).label, TONES.get(case.state, "calm"))


def field_words(ids: Any) -> str:
    words = vocabulary.enum(FIELDS).words
    return listed(said(words[id]) for id in ids if id in words)


def employer(expert: Expert) -> Any:
    organisation = expert.user.organisation
    return as_data(named(organisation)) if organisation else None


def standing_tag(expert: Expert) -> Tag:
    if expert.suspended:
        return Tag(gettext("已暂停"), "bad")
    return Tag(gettext("可用"), "good") if expert.agreed_on else Tag(gettext("待承诺"), "warn")


EXPERTS = Table(
    "experts",
    _("专家库"),
    [
        Column("name", _("姓名"), sort="user__name",
               cell=lambda one: Link(one.user.name, reverse("reviews:expert", args=[one.pk])), export=lambda one: one.user.name),
        Column("username", _("账号"), sort="user__username", cell=lambda one: one.user.username),
        Column("organisation", _("单位"), sort="user__organisation__name", cell=employer),
        Column("fields", _("专长"), cell=lambda one: field_words(one.fields)),
        Column("active_from", _("聘期自"), sort="active_from"),
        Column("active_until", _("聘期至"), sort="active_until"),
        Column("agreed_on", _("保密承诺"), sort="agreed_on"),
        Column("standing", _("状态"), sort="suspended", cell=standing_tag),
    ],
    order="name",
    empty=_("入库的专家才能被指派。"),
)  # fmt: skip

ROUNDS = Table(
    "rounds",
    _("评审轮次"),
    [
        Column("title", _("名称"), sort="title",
               cell=lambda one: Link(one.title, reverse("reviews:round", args=[one.pk])), export=lambda one: one.title),
        Column("mode", _("匿名方式"), sort="mode", cell=lambda one: one.get_mode_display()),
        Column("state", _("状态"), sort="case__state", cell=lambda one: state_tag(one.case)),
        Column("items", _("件数"), numeric=True, cell=lambda one: one.items_counted),
        Column("submitted", _("已提交"), numeric=True, cell=lambda one: one.submitted),
        Column("due_on", _("截止日期"), sort="due_on"),
        SYNTHETIC,
    ],
    empty=_("开一轮评审，录入要评的件，再指派专家。"),
)  # fmt: skip


def rank_words(one: Reviewed) -> Any:
    """``3（并列 2 件）``: a tie is told, not broken."""
    if one.place is None or one.place.rank is None:
        return None
    if one.place.tied == 1:
        return Short(one.place.rank)
    return Short(gettext("%(rank)s（并列 %(n)s 件）") % {"rank": one.place.rank, "n": one.place.tied})


def spread_words(one: Reviewed) -> Any:
    if len(one.totals) < 2:
        return None
    return Tag(rounded(one.spread), "warn") if one.alarming else rounded(one.spread)


def parties_of(one: Reviewed) -> str:
    return listed(named(party) for party in one.item.parties.all())


RANKING = Table(
    "ranking",
    _("评审结果"),
    [
        Column("rank", _("名次"), sort="rank", cell=rank_words),
        Column("code", _("评审编号"), cell=lambda one: Link(one.item.code, reverse("reviews:item", args=[one.item.pk])), export=lambda one: one.item.code),
        Column("title", _("题目"), cell=lambda one: as_data(one.item.title), export=lambda one: one.item.title),
        Column("parties", _("申报单位"), cell=lambda one: as_data(parties_of(one)), export=parties_of),
        Column("submitted", _("已提交"), numeric=True),
        Column("waiting", _("在评"), numeric=True),
        Column("mean", _("平均分"), sort="mean", cell=lambda one: Short(rounded(one.mean)) if one.mean is not None else None),
        Column("exact", _("平均分（精确分数）"), on_page=False, cell=lambda one: str(one.mean) if one.mean is not None else None),
        Column("spread", _("分差"), sort="spread", cell=spread_words),
        Column("alarming", _("分差提请注意"), on_page=False, cell=lambda one: gettext("是") if one.alarming else gettext("否")),
    ],
    order="rank",
    page_size=100,
    empty=_("录入评审件后，这里列出进度和名次。"),
)  # fmt: skip

ASSIGNED = Table(
    "assigned",
    _("专家评审情况"),
    [
        Column("expert", _("专家"), cell=lambda row: as_data(row["assignment"].expert.user.name)),
        Column("organisation", _("单位"), cell=lambda row: employer(row["assignment"].expert)),
        Column("state", _("状态"), cell=lambda row: state_tag(row["assignment"].case)),
        Column("due", _("截止"), cell=lambda row: due_tag(row["due"]) if row["due"] else None),
        Column("total", _("总分"), cell=lambda row: Short(rounded(row["total"])) if row["total"] is not None else None),
        Column("reason", _("退出原因"), cell=lambda row: as_data(row["reason"])),
        Column("acts", _("办理"), cell=lambda row: acts_of(row["assignment"])),
    ],
    empty=_("还没有指派专家。"),
)  # fmt: skip


def acts_of(one: Assignment) -> Any:
    """Recuse while the expert is on it; give back what was submitted."""
    links = []
    if one.case.state not in (*LEFT, "counted"):
        links.append(Link(gettext("回避"), reverse("reviews:oversee", args=[one.pk, "recuse"])))
    if one.case.state == "submitted":
        links.append(Link(gettext("退回重评"), reverse("reviews:oversee", args=[one.pk, "reopen"])))
    return format_html("{} {}", *links) if len(links) == 2 else (links[0] if links else None)


PROGRESS = Table(
    "progress",
    _("指派与进度"),
    [
        Column("code", _("评审编号"), cell=lambda one: one.item.code),
        Column("title", _("题目"), cell=lambda one: one.item.title),
        Column("expert", _("专家"), cell=lambda one: one.expert.user.name),
        Column("username", _("账号"), cell=lambda one: one.expert.user.username),
        Column("organisation", _("单位"), cell=lambda one: one.expert.user.organisation),
        Column("fields", _("专长"), cell=lambda one: field_words(one.expert.fields)),
        Column("state", _("状态"), cell=lambda one: state_tag(one.case)),
        Column("opened_on", _("指派日期"), cell=lambda one: one.case.opened_on),
        Column("closed_on", _("终止日期"), cell=lambda one: one.case.closed_on),
    ],
)

MARKS = Table(
    "marks",
    _("评审分数"),
    [
        Column("code", _("评审编号"), cell=lambda row: row["code"]),
        Column("title", _("题目"), cell=lambda row: row["title"]),
        Column("expert", _("专家"), cell=lambda row: row["expert"]),
        Column("criterion", _("评分项"), cell=lambda row: row["criterion"]),
        Column("weight", _("权重"), cell=lambda row: row["weight"]),
        Column("mark", _("分数"), numeric=True, cell=lambda row: row["mark"]),
        Column("reason", _("理由"), cell=lambda row: row["reason"]),
        Column("comment", _("总的意见"), cell=lambda row: row["comment"]),
    ],
)  # fmt: skip

DESK = Table(
    "desk",
    _("我的评审"),
    [
        Column("code", _("评审编号"), sort="code",
               cell=lambda row: Link(row["code"], reverse("reviews:assignment", args=[row["uid"]])), export=lambda row: row["code"]),
        Column("title", _("题目"), cell=lambda row: as_data(row["title"]), export=lambda row: row["title"]),
        Column("round", _("轮次"), cell=lambda row: as_data(row["round"])),
        Column("state", _("状态"), cell=lambda row: state_tag(row["case"])),
        Column("due", _("截止"), cell=lambda row: due_tag(row["due"]) if row["due"] else None,
               export=lambda row: row["due"]),
        Column("total", _("总分"), cell=lambda row: Short(rounded(row["total"])) if row["total"] is not None else None),
    ],
    order="code",
    empty=_("指派给您的件会列在这里，也在待办里。"),
)  # fmt: skip
