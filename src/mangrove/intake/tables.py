"""The lists of intake: windows, an applicant's own applications, and what was handed in to an office."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.intake.models import Application, Opening
from mangrove.intake.publishing import Proposed
from mangrove.intake.standing import (
    due_cell,
    eligible_words,
    holder_now,
    office_words,
    since_now,
    standing_tag,
    state_tag,
    until,
)
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.dates import moment
from mangrove.ui.tables import SYNTHETIC, Column, Table


def opening_link(opening: Opening) -> Link:
    return Link(str(opening), reverse("intake:opening", args=[opening.pk]))


def application_link(application: Application) -> Link:
    return Link(application.number, reverse("intake:application", args=[application.pk]))


def submitted_at(application: Application) -> Any:
    at = getattr(application, "received_at", None)
    return Short(moment(at)) if at else None


def officer(application: Application) -> Any:
    return Short(application.case.owner.name) if application.case and application.case.owner else ""


OPENINGS = Table(
    "openings",
    _("申报窗口"),
    [
        Column("title", _("申报"), sort="title", cell=opening_link),
        Column("standing", _("状态"), cell=standing_tag),
        Column("opens_at", _("开始"), sort="opens_at", cell=lambda one: Short(moment(one.opens_at))),
        Column("closes_at", _("截止"), sort="closes_at", cell=lambda one: Short(until(one.closes_at))),
        Column("office", _("受理单位"), cell=office_words),
        Column("form", _("表单"), cell=lambda one: str(one.form), on_page=False),
        SYNTHETIC,
    ],
    order="-closes_at",
    empty=_("开设窗口之后，企业才能申报。"),
)

PUBLIC_OPENINGS = Table(
    "public_openings",
    _("申报公告"),
    [
        Column(
            "title",
            _("申报"),
            cell=lambda one: Link(str(one), reverse("intake:public_opening", args=[one.pk])),
        ),
        Column("standing", _("状态"), cell=standing_tag),
        Column("eligible", _("谁可以申报"), cell=eligible_words),
        Column("opens_at", _("开始"), sort="opens_at", cell=lambda one: Short(moment(one.opens_at))),
        Column("closes_at", _("截止"), sort="closes_at", cell=lambda one: Short(until(one.closes_at))),
        Column("office", _("受理单位"), cell=office_words),
        SYNTHETIC,
    ],
    order="-closes_at",
    empty=_("现在没有可以申报的。"),
)

FORM_STANDINGS: dict[str, tuple[Any, Tone]] = {
    "broken": (_("读不懂"), "bad"), "new": (_("未公布过"), "info"), "in_use": (_("与在用的相同"), "good"),
    "next": (_("待公布"), "warn"), "clash": (_("有改动，版本号没有往后"), "bad"),
}  # fmt: skip
DIFFERENCE_KINDS: dict[str, tuple[Any, Tone]] = {
    "added": (_("新增"), "good"), "dropped": (_("去掉"), "bad"), "changed": (_("改动"), "warn"),
}  # fmt: skip


def form_tag(one: Proposed) -> Tag:
    words, tone = FORM_STANDINGS[one.standing]
    return Tag(words, tone)


def form_title(one: Proposed) -> str:
    form = one.form or (one.last.definition if one.last else None)
    return str(form.title) if form else one.name


FORMS = Table(
    "forms",
    _("申报表单"),
    [
        Column(
            "name", _("表单"), cell=lambda one: Link(form_title(one), reverse("intake:form", args=[one.name]))
        ),
        Column("standing", _("文件"), cell=form_tag),
        Column("version", _("文件中的版本"), numeric=True, cell=lambda one: one.form.version if one.form else None),
        Column("last", _("在用的版本"), numeric=True, cell=lambda one: one.last.version if one.last else None),
        Column("published_on", _("公布日期"), cell=lambda one: one.last.published_on if one.last else None),
        Column("id", _("标识"), cell=lambda one: one.name),
    ],
    empty=_("表单的定义是 rulebooks/forms 里的 YAML 文件；放入之后在这里公布。"),
)  # fmt: skip

DIFFERENCES = Table(
    "form_differences",
    _("与在用的版本相比"),
    [
        Column("kind", _("变动"), cell=lambda one: Tag(*DIFFERENCE_KINDS[one.kind])),
        Column("section", _("所在一节")),
        Column("label", _("内容")),
        Column("what", _("怎样变")),
    ],
    page_size=200,
)

MINE = Table(
    "my_applications",
    _("我的申报"),
    [
        Column("number", _("编号"), sort="id", cell=application_link),
        Column("opening", _("申报"), sort="opening__title", cell=lambda one: str(one.opening)),
        Column("state", _("现在"), cell=lambda one: state_tag(one, public=True)),
        Column("holder", _("在谁手里"), cell=lambda one: holder_now(one, public=True), absent=_("已办结")),
        Column("since", _("自何时"), cell=lambda one: Short(since_now(one))),
        Column("due", _("期限"), cell=due_cell),
        Column("closes_at", _("窗口截止"), sort="opening__closes_at", cell=lambda one: Short(until(one.opening.closes_at))),
    ],
    order="-number",
    empty=_("从申报窗口开始一项申报；填写的内容随时自动保存。"),
)  # fmt: skip

SUBMISSIONS = Table(
    "submissions",
    _("申报受理"),
    [
        Column("number", _("编号"), sort="id", cell=application_link),
        Column("organisation", _("申报单位"), sort="organisation__name", cell=lambda one: named(one.organisation)),
        Column("opening", _("申报"), sort="opening__title", cell=lambda one: str(one.opening)),
        Column("state", _("状态"), sort="case__state", cell=lambda one: state_tag(one, public=False)),
        Column("submitted", _("提交时间"), sort="received_at", cell=submitted_at),
        Column("officer", _("审查人"), sort="case__owner__name", cell=officer),
        Column("due", _("期限"), cell=due_cell),
        Column("rounds", _("次数"), numeric=True, sort="rounds"),
        Column("credit_code", _("统一社会信用代码"), cell=lambda one: one.organisation.credit_code, on_page=False),
    ],
    empty=_("企业提交之后，在这里办理形式审查。"),
)  # fmt: skip
