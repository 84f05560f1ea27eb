"""The page on which an officer publishes a year's results as figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mangrove.casework.promise_pages import ActLink
from mangrove.figures.publishing import Published
from mangrove.policies.results.forms import PublishForm
from mangrove.policies.results.publishing import access_publishing, shown, spread
from mangrove.policies.results.publishing import publish as published
from mangrove.policies.results.tables import PUBLISHED
from mangrove.policies.results.views import asked
from mangrove.ui.acting import done, status
from mangrove.ui.tables import TablePage


@login_required
def publish(request: HttpRequest) -> HttpResponse:
    user = access_publishing(request.user)
    year, found = asked(request), list[Published]()
    form = PublishForm(request.POST or None, initial={"year": year})
    if done(request, form, lambda: found.append(published(by=user, **form.cleaned_data))):
        say(request, found[0])
        return redirect(f"{reverse('policies:results')}?year={form.cleaned_data['year']}")
    back = f"{reverse('policies:results')}?year={year}"
    context: dict[str, Any] = {
        "form": form, "act": _("发布为指标"), "crumb": ActLink(_("资金执行"), back, False), "back": back, "year": year,
        "page": published_page(year), "spread": len(spread(year, timezone.localdate())),
    }  # fmt: skip
    return render(request, "policies/results_publish.html", context, status=status(form))


def published_page(year: int) -> TablePage:
    return PUBLISHED.page(shown(year, timezone.localdate()), QueryDict())


def say(request: HttpRequest, found: Published) -> None:
    if not found.values:
        messages.info(request, _("与已发布的数相同，没有生成新的数值。"), extra_tags="info")
        return
    n = len(found.values)
    said = ngettext("已发布 %(n)s 个数值。", "已发布 %(n)s 个数值。", n) % {"n": n}
    messages.success(request, "".join([said, *found.followed]))
