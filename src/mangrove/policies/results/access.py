"""Who sees what a year came to: the office, who handles its money, and oversight; what is published goes out as a file."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.funding.access import HANDLERS, OVERSIGHT

READERS = (*HANDLERS, *OVERSIGHT, "signer")


def access_results(user: Any) -> None:
    """``Http404`` for who has no part in the money."""
    if not user.has_role(*READERS):
        raise Http404(_("没有这一页，或您无权知晓它。"))
