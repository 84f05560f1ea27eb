"""Handing out attachments. Files are never shown inside a page of ours and never run."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET

from mangrove.casework.access import access_attachment
from mangrove.casework.attachments import path_of


@require_GET
@login_required
def download(request: HttpRequest, id: int) -> FileResponse:
    """The file as a download under its own name; 404 for whoever may not read the case."""
    attachment = access_attachment(request.user, id)
    file = path_of(attachment.sha256).open("rb")
    response = FileResponse(
        file, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
