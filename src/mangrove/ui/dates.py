"""A time as tables write it; a date that something is due, and in words how near it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ui.components import Tag, Tone
from mangrove.ui.thresholds import soon_days


def moment(value: datetime) -> str:
    """In Shanghai: 2021-08-30 10:32."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def due_tag(due: Any) -> Any:
    """A date, and in words how near it is: working days where the inbox counted them, else calendar days."""
    if not isinstance(due, date):
        return Tag(_("未定"), "calm")
    left = (due - timezone.localdate()).days
    words = getattr(due, "words", "") or days_words(left)
    tone: Tone = "bad" if left < 0 else "warn" if left <= soon_days() else "calm"
    return Tag(f"{due.isoformat()} · {words}", tone)


def days_words(left: int) -> str:
    return (
        _("超期 %(days)s 天（自然日）") % {"days": -left}
        if left < 0
        else _("还剩 %(days)s 天（自然日）") % {"days": left}
    )
