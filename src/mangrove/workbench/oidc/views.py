"""The two addresses of single sign-on: away to the provider, and back. Neither exists while none is set."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mangrove.workbench.oidc import flow
from mangrove.workbench.oidc.provider import Provider, provider
from mangrove.workbench.sign_in import let_in


@require_safe
@never_cache
def away(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return redirect(flow.there(request.session, in_use(), back_to(request), asked if safe else ""))


@require_safe
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """Who has a second factor here gives its code, as after a password."""
    user, onward = flow.back(request.session, in_use(), back_to(request), request.GET)
    user.backend = "django.contrib.auth.backends.ModelBackend"
    return let_in(request, user, onward)


def in_use() -> Provider:
    found = provider()
    if found is None:
        raise Http404
    return found


def back_to(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("workbench:oidc_back"))
