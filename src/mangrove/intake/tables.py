"""The lists of intake: windows, an applicant's own applications, and what was handed in to an office."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.intake.models import Application, Opening
from mangrove.intake.standing import due_cell, holder, since, standing_tag, state_tag, until
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Short
from mangrove.ui.dates import moment
from mangrove.ui.tables import SYNTHETIC, Column, Table


def opening_link(opening: Opening) -> Link:
    return Link(str(opening), reverse("intake:opening", args=[opening.pk]))


def application_link(application: Application) -> Link:
    return Link(application.number, reverse("intake:application", args=[application.pk]))


def submitted_at(application: Application) -> Any:
    at = getattr(application, "submitted_at", None)
    return Short(moment(at)) if at else None


def officer(application: Application) -> str:
    return application.case.owner.name if application.case and application.case.owner else ""


OPENINGS = Table(
    "openings",
    _("申报窗口"),
    [
        Column("title", _("申报"), sort="title", cell=opening_link),
        Column("standing", _("状态"), cell=standing_tag),
        Column("opens_at", _("开始"), sort="opens_at", cell=lambda one: Short(moment(one.opens_at))),
        Column("closes_at", _("截止"), sort="closes_at", cell=lambda one: Short(until(one.closes_at))),
        Column(
            "office", _("受理单位"), cell=lambda one: " ".join(filter(None, [named(one.office), one.unit]))
        ),
        Column("form", _("表单"), cell=lambda one: str(one.form), on_page=False),
        SYNTHETIC,
    ],
    order="-closes_at",
    empty=_("开设窗口之后，企业才能申报。"),
)

MINE = Table(
    "my_applications",
    _("我的申报"),
    [
        Column("number", _("编号"), sort="id", cell=application_link),
        Column("opening", _("申报"), sort="opening__title", cell=lambda one: str(one.opening)),
        Column("state", _("现在"), cell=lambda one: state_tag(one, public=True)),
        Column("holder", _("在谁手里"), cell=holder),
        Column("since", _("自何时"), cell=lambda one: Short(moment(since(one)))),
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
        Column("submitted", _("提交时间"), sort="submitted_at", cell=submitted_at),
        Column("officer", _("审查人"), sort="case__owner__name", cell=officer),
        Column("due", _("期限"), cell=due_cell),
        Column("rounds", _("次数"), numeric=True, sort="rounds"),
        Column("credit_code", _("统一社会信用代码"), cell=lambda one: one.organisation.credit_code, on_page=False),
    ],
    order="submitted",
    empty=_("企业提交之后，在这里办理形式审查。"),
)  # fmt: skip
