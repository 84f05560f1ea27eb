"""What the page of a firm shows to one reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.standing import with_standing
from mangrove.casework.working_days import working_calendar
from mangrove.funding.models import PaymentOrder, Recovery
from mangrove.funding.totals import of_awards
from mangrove.intake.access import visible_applications
from mangrove.intake.standing import page_of
from mangrove.policies.calculator.onward import open_windows
from mangrove.policies.claims.access import readable_claims
from mangrove.policies.claims.credit import is_listed
from mangrove.policies.claims.models import Claim
from mangrove.policies.firms.access import awards_of, is_own
from mangrove.policies.firms.chances import chances
from mangrove.policies.firms.tables import (
    INSTALMENTS,
    RECOVERIES,
    WINDOWS,
    applications_of_firm,
    awards_table,
    claims_of_firm,
)
from mangrove.policies.plans.models import PlanLine, without_texts
from mangrove.registry.labels import enum_word, named
from mangrove.registry.models import Organisation
from mangrove.ui.components import Fact, Figure
from mangrove.ui.numbers import yuan
from mangrove.ui.tables import Table, TablePage


def context(user: Any, firm: Organisation, query: QueryDict) -> dict[str, Any]:
    own, claims = is_own(user, firm), list(claims_of(user, firm))
    return {
        "firm": firm, "own": own, "facts": facts(firm), "chances": chances(firm, claims, user), "money": money(user, firm),
        "claims": claims_page(user, firm, own, query), "awards": awards_page(user, firm, own, query),
        "instalments": instalments(user, firm), "recoveries": recoveries(user, firm),
        "windows": WINDOWS.page(list(open_windows(timezone.now()).values()), QueryDict()),
        "applications": applications_page(user, firm, own),
    }  # fmt: skip


def facts(firm: Organisation) -> list[Fact]:
    district = named(firm.district) if firm.district else None
    return [
        Fact(_("统一社会信用代码"), firm.credit_code), Fact(_("类别"), enum_word("organisation_kind", firm.kind)),
        Fact(_("行业"), firm.trade), Fact(_("所在区"), district),
    ]  # fmt: skip


def claims_of(user: Any, firm: Organisation) -> Any:
    return readable_claims(user).filter(organisation__in=firm.bodies)


def claims_page(user: Any, firm: Organisation, own: bool, query: QueryDict) -> TablePage:
    lines = Prefetch("lines", PlanLine.objects.select_related("plan").defer(*without_texts("plan")))
    rows = with_standing(claims_of(user, firm)).prefetch_related(lines)
    return with_calendar(claims_of_firm(own), rows, query)


def with_calendar(table: Table, rows: Any, query: QueryDict) -> TablePage:
    """The holiday table by which the days are counted is read once for all."""
    page = table.page(rows, query)
    return replace(page, objects=list(counted(page.objects)))


def counted(rows: Any) -> Iterator[Claim]:
    calendar = working_calendar()
    for row in rows:
        row.calendar = calendar
        yield row


def applications_page(user: Any, firm: Organisation, own: bool) -> TablePage:
    """Those of which nothing stands among the claims already."""
    rows = visible_applications(user).filter(organisation__in=firm.bodies, claim=None)
    return page_of(applications_of_firm(own), rows, QueryDict())


def awards_page(user: Any, firm: Organisation, own: bool, query: QueryDict) -> TablePage:
    rows = awards_of(user, firm).select_related("pot", "recipient").prefetch_related("orders")
    return awards_table(own, is_listed(firm.pk)).page(rows, QueryDict())


def money(user: Any, firm: Organisation) -> list[Fact]:
    """Five amounts that are never one another."""
    sums = of_awards(awards_of(user, firm))
    words = (
        (_("已决定"), sums.decided, ""), (_("已下指令"), sums.ordered, ""), (_("已支付"), sums.paid, _("国库已付出")),
        (_("已到账"), sums.received, _("其中已确认收到的")), (_("已追回"), sums.recovered, ""),
    )  # fmt: skip
    return [Fact(label, Figure(yuan(fen), _("元")), hint) for label, fen, hint in words]


def instalments(user: Any, firm: Organisation) -> TablePage:
    """Each order of its awards, the newest first."""
    orders = PaymentOrder.objects.filter(award__in=awards_of(user, firm)).select_related("award")
    return INSTALMENTS.page(orders.order_by("-settled_on", "-pk"), QueryDict())


def recoveries(user: Any, firm: Organisation) -> TablePage:
    """What came back of its awards, the newest first."""
    found = Recovery.objects.filter(award__in=awards_of(user, firm)).select_related("award")
    return RECOVERIES.page(found.order_by("-on", "-pk"), QueryDict())
