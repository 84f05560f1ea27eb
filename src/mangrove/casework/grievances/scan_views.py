"""Adding a scan, and reading one that was found clean."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mangrove.casework.grievances import scans
from mangrove.casework.grievances.access import access_grievance
from mangrove.casework.grievances.forms import ScanForm
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.rules import rules
from mangrove.casework.uploads import refused_uploads
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.languages import listed


@login_required
def add(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_grievance(user, id)
    form = ScanForm(request.POST or None, request.FILES or None)
    for refusal in refused_uploads(request).values():
        form.add_error("file", str(refusal))

    def act() -> object:
        said = form.cleaned_data
        return scans.upload(
            id=id, file=said["file"], name=str(said["file"].name), by=user, on=said["on"], why=said["why"]
        )

    if done(request, form, act):
        messages.success(request, _("已收到，正在核对。"))
        return redirect("casework:grievance", id)
    back = reverse("casework:grievance", args=[id])
    advice = _("收 %(kinds)s，最多 %(n)s 个。") % {"kinds": kinds(), "n": rules().scans_at_most}
    said = {
        "form": form, "act": _("附扫描件"), "note": str(found), "crumb": ActLink(str(found), back, False), "back": back, "advice": [advice],
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))


def kinds() -> str:
    return listed(extension for kind in rules().scan_kinds for extension in kind.extensions)


@require_GET
@login_required
def download(request: HttpRequest, id: uuid.UUID, scan: int) -> FileResponse:
    """As a download under its own name, to the handling office and to who lodged it."""
    user: User = request.user  # type: ignore[assignment]
    found = scans.access_scan(user, id, scan)
    response = FileResponse(
        scans.path_of(found.sha256).open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
