"""The page of my sign-ins: where I am signed in, and ending what I do not recognise."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mangrove.registry import sessions
from mangrove.registry.models import SignIn
from mangrove.ui.components import Short, Tag
from mangrove.ui.dates import moment
from mangrove.ui.tables import Column, Table
from mangrove.workbench.views import signed_in

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


def device(agent: str) -> str:
    """What browser says that it is, in two words; whoever wants to can lie here."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or agent[:40]


SIGN_INS = Table(
    "sign_ins",
    gettext_lazy("我的登录"),
    [
        Column("device", gettext_lazy("设备"), cell=lambda row: device(row.agent), absent=gettext_lazy("未说明")),
        Column("address", gettext_lazy("地址"), absent=gettext_lazy("未说明")),
        Column("began_at", gettext_lazy("登录时间"), cell=lambda row: Short(moment(row.began_at))),
        Column("seen_at", gettext_lazy("最近使用"), cell=lambda row: Short(moment(row.seen_at))),
        Column("state", gettext_lazy("状态"), cell=lambda row: row.act),
    ],
    empty=gettext_lazy("没有登录。"),
)  # fmt: skip


@require_safe
@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    here = request.sign_in.pk  # type: ignore[attr-defined]
    rows = list(sessions.open_sign_ins(signed_in(request)))
    for row in rows:
        row.act = Tag(_("本机"), "good") if row.pk == here else end_button(row)  # type: ignore[attr-defined]
    return render(
        request,
        "workbench/sign_ins.html",
        {"page": SIGN_INS.page(rows, QueryDict()), "others": len(rows) > 1},
    )


def end_button(row: SignIn) -> Any:
    return format_html(
        '<button class="button button--small" form="end" name="which" value="{}" aria-label="{}">{}</button>',
        row.pk, f"{_('结束')} {device(row.agent)} {row.address} {moment(row.began_at)}", _("结束"),
    )  # fmt: skip


@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """One sign-in, or all but this one."""
    user, which = signed_in(request), request.POST.get("which", "")
    told: dict[str, Any] = {"user": user, "by": user.actor, "on": timezone.localdate()}
    if which == "others":
        ended = sessions.end_others(keep=request.sign_in.pk, **told)  # type: ignore[attr-defined]
        messages.success(request, _("已结束其他 %(n)s 处登录。") % {"n": ended}, extra_tags="good")
    else:
        sessions.end_own(id=identified(which), **told)
        messages.success(request, _("已结束这次登录。"), extra_tags="good")
    return redirect("workbench:sign_ins")


def identified(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404(_("没有这次登录。")) from error
