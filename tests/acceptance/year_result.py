"""What each firm is told of its own case and of nobody else's, and what the year came to, on the page and in the workbook."""

from __future__ import annotations

from datetime import date

from .firms_of_the_year import FIRMS, POT, A, B, C, shares, yuan
from .town import Town
from .year_deciding import PLAN
from .year_money import RECOVERED


def each_firm_is_told(town: Town) -> None:
    town.comes(date(2026, 6, 2))
    for firm in FIRMS:
        person = town.at(firm.username).go("/policies/firm/")
        person.sees(firm.title, yuan(shares()[firm.username]), "已批准", "2026")
        person.does_not_see(*(one.title for one in FIRMS if one is not firm))
    town.at(C.username).sees(yuan(RECOVERED))
    own = town.at(A.username).open(A.title)
    own.sees("决定的资金", "已到账 2026-06-01", PLAN)
    assert own.page.locator("main a[href*='/policies/plans/']").count() == 0  # the plan has everybody's lines
    address = own.page.url
    town.at(B.username).cannot_know(address)
    town.at(B.username).go("/policies/claims/").does_not_see(A.title)


def the_year_adds_up(town: Town) -> None:
    """Decided, paid and the budget are what was reckoned apart; the workbook has the same numbers, and the ledger holds."""
    person = town.at("auditor_a").go("/policies/results/")
    whole = sum(shares().values())
    person.sees(yuan(POT), yuan(whole), "测试验证环境扶持", "3 家", "0.0%")
    [heads, row] = [
        line for line in person.sheet("/results/export/") if line[0] in ("扶持事项", "测试验证环境扶持")
    ]
    found = dict(zip(heads, row, strict=True))
    assert fen(found["已决定（元）"]) == fen(found["已支付（元）"]) == whole == POT
    assert (found["资助件数"], found["受益企业"]) == (3, 3)
    person.go("/ledger/")
    person.page.click('form[action="/ledger/verify/"] button')
    person.page.wait_for_selector("main [role=status] .notice--good")
    person.does_not_see("不符")


def fen(cell: object) -> int:
    return round(float(str(cell)) * 100)
