"""Handing in files, taking them out of a draft, and reading those that were found clean."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mangrove.casework.file_states import FileState
from mangrove.casework.uploads import refused_uploads
from mangrove.intake import papers
from mangrove.intake.access import access_application, access_paper
from mangrove.intake.definition import Paper
from mangrove.intake.models import Application
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User


@require_POST
@login_required
def upload(request: HttpRequest, id: int, requirement: str) -> HttpResponse:
    """Take a file in; what is wrong with it is said above the list, and nothing else on the page is touched."""
    user: User = request.user  # type: ignore[assignment]
    one = access_application(user, id, to="write")
    file = request.FILES.get("file")
    for refusal in refused_uploads(request).values():
        messages.error(request, str(refusal), extra_tags="bad")
        return back(one, requirement)
    if file is None:
        messages.error(request, _("请先选择文件。"), extra_tags="bad")
        return back(one, requirement)
    try:
        papers.upload(
            application_id=id,
            requirement=requirement,
            file=file,
            name=str(file.name),
            by=user,
            on=timezone.localdate(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return back(one, requirement)
    messages.success(request, _("已收到，正在核对。"))
    return back(one, requirement)


def back(one: Application, requirement: str) -> HttpResponse:
    found = one.opening.form.definition.by_id.get(requirement)
    if isinstance(found, Paper):
        return redirect("intake:section", one.pk, found.section)
    return redirect("intake:application", one.pk)


@require_POST
@login_required
def remove(request: HttpRequest, id: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_paper(user, id, to="write")
    papers.remove(paper_id=id, by=user)
    messages.success(request, _("已从草稿中去掉“%(name)s”。") % {"name": found.name})
    return back(found.application, found.requirement)


@require_GET
@login_required
def download(request: HttpRequest, id: int) -> FileResponse:
    """The file as a download; nobody gets one that has not been found clean."""
    found = access_paper(request.user, id)
    if found.state != FileState.CLEAN:
        raise Refusal(
            _("附件“%(name)s”%(state)s，不能打开。") % {"name": found.name, "state": found.get_state_display()},
            code="intake.not_clean", where=found.name, remedy=found.refusal or _("核对完后再打开。"),
        )  # fmt: skip
    response = FileResponse(
        papers.path_of(found.sha256).open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
