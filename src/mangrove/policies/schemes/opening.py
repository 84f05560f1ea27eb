"""Taking a scheme in: its form written anew where the measure changed, published, and a window opened for it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from mangrove.intake import actions as intake
from mangrove.intake.models import FormVersion, Opening
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.schemes.forming import form_text
from mangrove.policies.schemes.rules import rule_on
from mangrove.registry.models import User


@transaction.atomic
def open_scheme(
    *, scheme_id: str, id: str, title: str, title_en: str, opens_at: datetime, closes_at: datetime, by: User, on: date,
    eligible: str = "", each_most: int = 1, grace_seconds: int = 0, why: str = "", synthetic: bool = False,
) -> Opening:  # fmt: skip
    """Open a window for a scheme, by the version of its measure that holds on the day. Raises :class:`Refusal`."""
    one = scheme(scheme_id)
    assert by.body is not None  # who opens windows has an office
    return intake.open_window(
        id=id, form=form_in_use(scheme_id, by, on, why), title=title, title_en=title_en, opens_at=opens_at,
        closes_at=closes_at, office=by.body, unit=one.unit, eligible=eligible, each_most=each_most, grace_seconds=grace_seconds,
        by=by.actor, on=on, why=why, synthetic=synthetic,
    )  # fmt: skip


def form_in_use(scheme_id: str, by: User, on: date, why: str) -> FormVersion:
    """The last version of the form where it still asks the same; else the next one."""
    one = scheme(scheme_id)
    rule = rule_on(one, on)
    last = FormVersion.objects.filter(form=one.id).order_by("-version").first()
    if last is not None and last.text == form_text(one, rule, last.version):
        return last
    text = form_text(one, rule, last.version + 1 if last else 1)
    return intake.publish_form(text=text, by=by.actor, on=on, why=why)
