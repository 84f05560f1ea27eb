"""Where and with what people signed in, forgotten when the time that logs must be kept is over."""

from __future__ import annotations

from datetime import date
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mangrove.registry.models import SignIn
from mangrove.registry.personal.retention import Kept, told

ID = "sign_ins"


def over(last: date) -> list[QuerySet[Any]]:
    """Those last seen on that day or before: whatever their limits, none of them is still open. And what the guard of the
    sign-in page noted of the same: its log, which nothing writes any more, and failures that count no longer."""
    return [
        SignIn.objects.filter(seen_at__date__lte=last),
        AccessLog.objects.filter(attempt_time__date__lte=last),
        AccessAttempt.objects.filter(attempt_time__date__lte=last),
    ]


def due(last: date) -> int:
    return sum(rows.count() for rows in over(last))


@transaction.atomic
def purge(last: date) -> int:
    count = sum(rows.delete()[0] for rows in over(last))
    if count:
        told(ID, count, last)
    return count


SIGN_INS = Kept(
    ID, _("登录记录（地址、浏览器）"), _("不留；登录以外的行为在账本里"), due, purge
)  # fmt: skip
