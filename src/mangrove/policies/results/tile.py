"""The programme in one tile of the home page: to who has a part in the money what the last year came to, to others what there is."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.funding.models import Award
from mangrove.funding.totals import Totals, of_awards
from mangrove.policies.calculator.onward import open_windows
from mangrove.policies.claims.access import readable_claims, readable_doubts
from mangrove.policies.claims.models import DoubtState
from mangrove.policies.measures.library import in_force
from mangrove.policies.results.access import READERS
from mangrove.policies.results.gathering import awards_of, pots_of, years
from mangrove.ui.languages import strung
from mangrove.ui.numbers import wan


def tile(user: Any) -> dict[str, Any]:
    """As :class:`mangrove.ui.house.Tile` wants it."""
    found = years() if user.has_role(*READERS) else []
    return of_year(user, found[0]) if found else of_library()


def of_year(user: Any, year: int) -> dict[str, Any]:
    awards = awards_of(year)
    sums, budget = of_awards(awards), sum(pots_of(year).values_list("amount", flat=True))
    return {
        "value": wan(sums.paid),
        "unit": _("万元"),
        "qualifier": _("%(year)s 年度已支付") % {"year": year},
        "status": _("合成数据") if pots_of(year).filter(synthetic=True).exists() else "",
        "bar": (sums.paid, budget, sums.decided) if budget else None,
        "notes": [in_money(awards, sums, budget), in_hand(user)],
        "url": f"{reverse('policies:results')}?year={year}",
    }


def in_money(awards: QuerySet[Award], sums: Totals, budget: int) -> str:
    told = {
        "budget": wan(budget),
        "decided": wan(sums.decided),
        "n": awards.values("recipient").distinct().count(),
    }
    return _("预算 %(budget)s 万元，已决定 %(decided)s 万元，资助 %(n)s 家") % told


def in_hand(user: Any) -> str:
    """What this reader may see of what is being worked on."""
    claims = readable_claims(user).filter(case__closed_on=None).count()
    doubts = readable_doubts(user).filter(state=DoubtState.OPEN).count()
    return strung(
        [_("在办扶持申报 %(n)s 件") % {"n": claims}, _("待核实疑点 %(n)s 处") % {"n": doubts}, windows()]
    )


def of_library() -> dict[str, Any]:
    return {
        "value": str(len(in_force(timezone.localdate()))),
        "unit": _("项有效措施"),
        "notes": [windows()],
        "url": reverse("policies:measures"),
    }


def windows() -> str:
    return _("正在开放的申报 %(n)s 个") % {"n": len(open_windows(timezone.now()))}
