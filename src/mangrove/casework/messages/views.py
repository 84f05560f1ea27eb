"""Pages of messages: the list, one message, all marked as read."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mangrove.casework.messages.access import access_message, readable_messages, unread
from mangrove.casework.messages.actions import mark_read
from mangrove.casework.messages.models import Message
from mangrove.casework.messages.tables import MESSAGES
from mangrove.registry.models import User
from mangrove.ui import house
from mangrove.ui.components import Tab
from mangrove.ui.exports import excel_response


def listed(request: HttpRequest) -> QuerySet[Message]:
    rows = readable_messages(request.user)
    return rows.filter(read_at=None) if request.GET.get("show") == "unread" else rows


@require_safe
@login_required
def messages(request: HttpRequest) -> HttpResponse:
    base, only = reverse("casework:messages"), request.GET.get("show") == "unread"
    tabs = [
        Tab(_("全部"), base, not only, readable_messages(request.user).count()),
        Tab(_("未读"), f"{base}?show=unread", only, unread(request.user)),
    ]
    page = MESSAGES.page(listed(request), request.GET, reverse("casework:messages_export"))
    return render(
        request, "casework/messages.html", {"page": page, "tabs": tabs, "unread": unread(request.user)}
    )


@require_safe
@login_required
def messages_export(request: HttpRequest) -> HttpResponse:
    only = _("未读") if request.GET.get("show") == "unread" else ""
    return excel_response(request, MESSAGES, listed(request), only)


@require_safe
@login_required
def message(request: HttpRequest, id: int) -> HttpResponse:
    """Who opens a message has read it."""
    user: User = request.user  # type: ignore[assignment]
    found = access_message(user, id)
    mark_read(user, found)
    return render(
        request,
        "casework/message.html",
        {"message": found, "onward": found.href or house.address(found.about)},
    )


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    mark_read(user)
    return redirect("casework:messages")
