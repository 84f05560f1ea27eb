"""Error pages. Each says what happened and what to do; none shows anything of the inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    refusal = Refusal(
        _("服务器看不懂这个请求。"),
        code="workbench.bad_request",
        remedy=_("请返回上一页重试；仍不行请告知系统管理员。"),
    )
    return page(request, refusal, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    refusal = Refusal(
        _("您的角色不能打开这一页。"),
        code="workbench.forbidden",
        remedy=_("如确需办理，请联系本单位的系统管理员调整角色。"),
    )
    return page(request, refusal, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    refusal = Refusal(
        _("没有这一页，或您无权知晓它。"), code="workbench.not_found", where=request.path,
        remedy=_("请核对网址，或从左侧导航重新进入。"),
    )  # fmt: skip
    return page(request, refusal, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    refusal = Refusal(
        _("这张页面已过期，所填内容没有提交。"),
        code="workbench.stale_page",
        remedy=_("请返回上一页，刷新后重新提交。"),
    )
    return page(request, refusal, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """Drawn without database, user or navigation: any of them may be what broke."""
    return HttpResponse(render_to_string("workbench/broken.html"), status=500)


def page(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    return render(request, "ui/refusal.html", {"refusal": refusal}, status=status)
