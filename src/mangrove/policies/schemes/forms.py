"""The form by which a window is opened for a scheme: the form of applying follows from the scheme and is not chosen."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from mangrove.intake.forms import OpeningForm
from mangrove.policies.schemes.definition import Scheme


class SchemeOpeningForm(OpeningForm):
    #: The scheme says which form: so Django takes a field away.
    form_version = None  # type: ignore[assignment]
    field_order = (
        "id",
        "title",
        "title_en",
        "opens_at",
        "closes_at",
        "grace_seconds",
        "each_most",
        "eligible",
        "on",
        "why",
    )

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, initial=suggested(scheme), **kwargs)


def suggested(one: Scheme) -> dict[str, str]:
    """A number and titles of this year; people change them where the year has a second window."""
    year = timezone.localdate().year
    return {
        "id": f"{one.id.replace('_', '-')}-{year}"[:40], "title": f"{year}年{one.title.zh}申报",
        "title_en": f"{one.title.en}, {year}",
    }  # fmt: skip
