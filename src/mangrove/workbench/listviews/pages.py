"""Pages on which a view is kept, changed and deleted."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.forms import Answering
from mangrove.workbench.listviews import actions
from mangrove.workbench.listviews.access import access_view, readable_views
from mangrove.workbench.listviews.models import DefaultView, ListView

NEW = ""


class ViewForm(Answering):
    """``version``: the one that the page showed."""

    refused_at = {
        "workbench.view_named": "name",
        "workbench.no_office": "shared",
        "workbench.not_owner": "shared",
    }

    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    shared = forms.BooleanField(
        label=gettext_lazy("与本处室共享"), required=False,
        help_text=gettext_lazy("本处室的人都能打开、修改、删除；共享和修改记入账本。"),
    )  # fmt: skip
    default = forms.BooleanField(
        label=gettext_lazy("设为我的默认"),
        required=False,
        help_text=gettext_lazy("打开这张列表时先用它；只对您自己有效。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class KeepForm(ViewForm):
    """``into``: a new view, or one that is there, which then takes these conditions."""

    field_order = ("into", "name", "shared", "default")

    list = forms.CharField(widget=forms.HiddenInput, max_length=100)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    into = forms.ChoiceField(label=gettext_lazy("存到"), required=False)

    def __init__(self, *args: object, views: Sequence[ListView], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        there = [(f"{one.pk}.{one.version}", _("替换“%(name)s”") % {"name": one.name}) for one in views]
        self.fields["into"].choices = [(NEW, _("新的视图")), *there]  # type: ignore[attr-defined]
        self.fields["name"].required = False

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if not said.get("into") and not str(said.get("name", "")).strip():
            self.add_error("name", _("请填写名称。"))
        return said


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a list as it is now: the address names the list and what is asked of it."""
    user: User = request.user  # type: ignore[assignment]
    said = request.POST if request.method == "POST" else request.GET
    route, back = list_of(said.get("list", ""))
    views = list(readable_views(user).filter(route=route))
    form = KeepForm(
        request.POST or None, views=views, initial={"list": route, "query": request.GET.get("query", "")}
    )
    kept: list[ListView] = []
    if done(request, form, lambda: kept.append(kept_as(form, user, views))):
        messages.success(request, _("已存为视图“%(name)s”。") % {"name": kept[0].name})
        return redirect(kept[0].href)
    return render(request, "workbench/view_new.html", {"form": form, "back": back}, status=status(form))


def kept_as(form: KeepForm, user: User, views: list[ListView]) -> ListView:
    said = form.cleaned_data
    told = {"shared": said["shared"], "default": said["default"], "query": said["query"]}
    if not said["into"]:
        return actions.keep(by=user, route=said["list"], name=said["name"], **told)
    id, _dot, version = said["into"].partition(".")
    there = next(one for one in views if one.pk == int(id))
    told |= {"shared": there.shared, "default": said["default"] or None}
    return actions.change(
        by=user, view_id=there.pk, expected_version=int(version), name=said["name"] or there.name, **told
    )


def list_of(route: str) -> tuple[str, str]:
    try:
        return route, reverse(route)
    except NoReverseMatch:
        raise Http404(_("没有这张列表。")) from None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, id: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_view(user, id)
    by_itself = DefaultView.objects.filter(user=user, view=found).exists()
    start = {"name": found.name, "shared": found.shared, "default": by_itself, "version": found.version}
    form = ViewForm(request.POST or None, initial=start)

    def act() -> ListView:
        said = form.cleaned_data
        return actions.change(
            by=user, view_id=id, expected_version=said["version"] or 0, name=said["name"], shared=said["shared"],
            default=said["default"],
        )  # fmt: skip

    if done(request, form, act, now=lambda: now(user, id)):
        messages.success(request, _("已保存。"))
        return redirect(access_view(user, id).href or "workbench:home")
    context = {
        "view": found,
        "form": form,
        "back": found.href or reverse("workbench:home"),
        "version": now(user, id)["version"],
    }
    return render(request, "workbench/view.html", context, status=status(form))


def now(user: User, id: int) -> dict[str, object]:
    found = access_view(user, id)
    return {"version": found.version, "name": found.name, "shared": found.shared}


@login_required
@require_POST
def delete(request: HttpRequest, id: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_view(user, id)
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    actions.delete(by=user, view_id=id, expected_version=version)
    messages.success(request, _("已删除视图“%(name)s”。") % {"name": found.name})
    return redirect(f"{found.list_href}?view=none" if found.list_href else "workbench:home")
