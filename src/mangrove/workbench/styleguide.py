"""The style guide: every component in all its states, with made-up content. axe and the screenshots read this page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mangrove.ledger.refusals import Refusal
from mangrove.ui import autosave, charts
from mangrove.ui.components import Fact, Figure, Link, Moment, Step, Tab, Tag
from mangrove.ui.filters import DateField
from mangrove.ui.forms import grouped
from mangrove.ui.listviews import Bar, View
from mangrove.ui.tables import SYNTHETIC, Column, Table, TablePage

LETTER_DAY = date(2021, 8, 30)


class SampleForm(forms.Form):
    """All kinds of field, two of them wrong."""

    title = forms.CharField(
        label=gettext_lazy("标题"), help_text=gettext_lazy("与来函一致，不超过 50 字。"), max_length=50
    )
    received = DateField(label=gettext_lazy("收到日期"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("办理方式"),
        choices=[("lead", gettext_lazy("主办")), ("joint", gettext_lazy("会办"))],
    )
    public = forms.ChoiceField(
        label=gettext_lazy("公开类型"),
        choices=[("open", gettext_lazy("主动公开")), ("asked", gettext_lazy("依申请公开"))],
        widget=forms.RadioSelect,
    )
    money = forms.DecimalField(label=gettext_lazy("金额（万元）"), min_value=0, required=False)
    text = forms.CharField(label=gettext_lazy("答复正文"), widget=forms.Textarea, required=False)


SAMPLE = Table(
    "sample",
    gettext_lazy("分区建站"),
    [
        Column(
            "name",
            gettext_lazy("区"),
            sort="name",
            cell=lambda row: Link(row["name"], drawer_href(), drawer=True),
        ),
        Column("built", gettext_lazy("建成"), unit=gettext_lazy("座"), numeric=True, sort="built"),
        Column("goal", gettext_lazy("任务"), unit=gettext_lazy("座"), numeric=True, sort="goal"),
        Column("status", gettext_lazy("状态")),
        SYNTHETIC,
    ],
    order="-built",
)
LONG = replace(SAMPLE, id="long", caption=gettext_lazy("长表"))


def drawer_href() -> str:
    return reverse("workbench:styleguide_drawer")


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    wrong = SampleForm({"title": "", "kind": "lead", "money": "-1"}, auto_id="id_%s")
    table = SAMPLE.page(rows(), request.GET)
    context = {
        "bar": views(table), "tones": tones(), "figures": figures(), "steps": steps(), "facts": facts(), "moments": history(),
        "tabs": tabs(), "page": table, "long": LONG.page(rows() * 60, asked_middle()),
        "form": wrong, "groups": grouped(wrong, plan()), "charts": drawings(), "refusal": refusal(),
        "draft": autosave.Draft(reverse("workbench:styleguide_draft"), 7, request.user.get_username()),
    }  # fmt: skip
    return render(request, "workbench/styleguide.html", context)


@require_safe
@login_required
def drawer(request: HttpRequest) -> HttpResponse:
    return render(request, "workbench/styleguide_drawer.html", {"facts": facts()})


@require_POST
@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """Saves nothing: shows how the autosave line answers. The word 冲突 in the title brings the refusal."""
    revision = autosave.asked_revision(request)
    if revision is None:
        return autosave.refused(_("缺少稿件版本号，没有保存。请刷新页面。"))
    if "冲突" in request.POST.get("title", ""):
        return autosave.conflict(_("核稿人乙"), timezone.now())
    return autosave.saved(revision + 1, timezone.now())


def tones() -> list[Tag]:
    return [
        Tag(_("按期"), "good"), Tag(_("临期 3 天"), "warn"), Tag(_("超期 2 天"), "bad"),
        Tag(_("征求意见"), "info"), Tag(_("未定"), "calm"),
    ]  # fmt: skip


def figures() -> list[Figure]:
    return [
        Figure(48000, _("座"), _("超 "), "#figures", large=True),
        Figure(Decimal("5349.18"), _("亿元"), href="#figures"),
        Figure(Decimal("59.9"), "%"),
        Figure(None),
    ]


def steps() -> list[Step]:
    return [
        Step(_("登记"), _("市府办 · 06-02"), "done"), Step(_("交办"), _("主办 1 会办 3 · 06-04"), "done"),
        Step(_("起草"), _("应用处 · 剩 9 个工作日"), "now"), Step(_("核稿")), Step(_("签发"), _("冻结数字")),
        Step(_("送达"), _("2 名代表")), Step(_("承诺跟踪"), _("17 项")),
    ]  # fmt: skip


def facts() -> list[Fact]:
    return [
        Fact(_("建议编号"), "20210615"), Fact(_("主办"), _("应用处")), Fact(_("办理时限"), LETTER_DAY.isoformat()),
        Fact(_("责任人"), None), Fact(_("基站数"), Figure(48000, _("座"), _("超 "), "#figures"), _("截至 2021-08")),
        Fact(_("状态"), Tag(_("进行中"), "info")),
    ]  # fmt: skip


def history() -> list[Moment]:
    entered = datetime(2021, 9, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    return [
        Moment(_("签发"), _("签发人甲（局领导）"), LETTER_DAY, entered, _("按存档原件补录"), back_entry=True),
        Moment(_("核稿"), _("核稿人乙（办公室）"), date(2021, 8, 27), why=_("第二处比重应为 59.9%，请核。")),
        Moment(_("登记"), _("登记人丙（市府办）"), date(2021, 6, 2)),
    ]


def tabs() -> list[Tab]:
    return [
        Tab(_("基本信息"), "#facts", True),
        Tab(_("附件"), "#tables", count=3),
        Tab(_("流转记录"), "#timeline"),
    ]


def rows() -> list[dict[str, Any]]:
    return [
        {"name": _("龙岗"), "built": 9840, "goal": 9600, "status": Tag(_("完成"), "good"), "synthetic": True},
        {
            "name": _("龙华"),
            "built": 5470,
            "goal": 6200,
            "status": Tag(_("差 730"), "bad"),
            "synthetic": True,
        },
        {"name": _("光明"), "built": None, "goal": 2800, "status": Tag(_("未报"), "calm"), "synthetic": True},
    ]


def asked_middle() -> QueryDict:
    return QueryDict("page=4&size=20")


def views(page: TablePage) -> Bar:
    """A view of one's own that opens by itself, and the shared one that is open."""
    kept = [
        View(1, _("超期的"), "sort=built", default=True),
        View(2, _("各区进度"), page.query.urlencode(), shared=True, edit_href="#tables"),
    ]
    return Bar("", kept, None, page)


def plan() -> list[tuple[Any, list[str]]]:
    return [(_("来函"), ["title", "received", "kind", "public"]), (_("答复"), ["money", "text"])]


def drawings() -> list[charts.Chart]:
    districts = [charts.Bar(row["name"], row["built"], row["goal"]) for row in rows()]
    cost = [
        charts.Point("2021", 180, 170, 190), charts.Point("2022", 260, 240, 290), charts.Point("2023", None, 300, 390),
        charts.Point("2024", 410, 360, 470), charts.Point("2025", 520, 450, 610),
    ]  # fmt: skip
    places = [(_("龙岗"), [61, 27, 18]), (_("龙华"), [40, 52, 14])]
    return [
        charts.bars(_("建站任务 · 分区"), districts, _("座")),
        charts.line(_("费用与总额"), cost, _("万元"), limit=500),
        charts.stacked(_("难点站址"), [_("小区入场"), _("道路开挖"), _("供电")], places, _("处")),
    ]


def refusal() -> Refusal:
    return Refusal(
        _("第 3 条承诺没有责任人，不能送签。"), code="sample.promise_without_owner", where=_("承诺 C03"),
        rule=_("承诺须有责任人、时限和衡量办法，或明示“未定”"), remedy=_("请指定责任人，或标为“未定”并写明理由。"),
    )  # fmt: skip
