"""How claims and plans are found: by what they are called, and by who applies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.policies.claims.access import readable_claims
from mangrove.policies.claims.models import Claim
from mangrove.policies.plans.access import readable_plans
from mangrove.policies.plans.models import Plan
from mangrove.policies.schemes.definition import scheme
from mangrove.registry.labels import named
from mangrove.ui.searching import Hit, Search


def claims(_user: Any, rows: Sequence[Claim]) -> list[Hit]:
    return [
        Hit(
            row.title, reverse("policies:claim", args=[row.pk]),
            [(_("申报单位"), named(row.organisation)), (_("扶持事项"), str(scheme(row.scheme).title))], row.synthetic,
        )
        for row in rows
    ]  # fmt: skip


def plans(_user: Any, rows: Sequence[Plan]) -> list[Hit]:
    return [
        Hit(row.title, reverse("policies:plan", args=[row.pk]), [(_("预算年度"), str(row.budget_year))], row.synthetic) for row in rows
    ]  # fmt: skip


SEARCH = (
    Search("claim", _("扶持申报"), readable_claims, claims, fields=("title", "organisation__name")),
    Search("plan", _("资助计划"), readable_plans, plans, fields=("title",)),
)
