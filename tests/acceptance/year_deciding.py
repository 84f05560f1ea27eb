"""The plan: computed under the pot, announced, objected to, answered, and approved by somebody without a hand in it."""

from __future__ import annotations

from datetime import date

from .firms_of_the_year import FIRMS, POT, A, B, shares, yuan
from .town import Citizen, Town

PLAN = "2026年测试验证环境资助计划（合成）"


def planned(town: Town) -> None:
    """What the pot cannot pay is cut evenly, to the fen; the same comes out when it is computed again."""
    town.comes(date(2026, 4, 7))
    officer = town.at("officer_a").go("/policies/plans/").follow("/plans/new/")
    officer.send(
        title=PLAN,
        schemes_="testbed",
        budget_year="2026",
        pot=f"2026年测试验证环境专项（合成）（2026 年度，未决定 {yuan(POT)} 元）",
    )
    officer.open("算定").send()
    officer.sees(yuan(sum(one.due for one in FIRMS)), yuan(POT))
    officer.sees(*(yuan(one.due) for one in FIRMS), *map(yuan, shares().values()))
    officer.open("重做一遍").sees("逐位相同")


def announced(town: Town) -> None:
    officer = plan_of(town.at("officer_a"))
    officer.open("送公示").send(body="按样例规程公示（合成）。")
    town.comes(date(2026, 4, 8))
    director = town.at("director").go("/inbox/").open(f"{PLAN}公示")
    director.open("发布公示").send()
    director.sees("2026-04-08", "2026-04-16")


def objected(town: Town) -> None:
    """From the notice by the firm itself; answered by another office; the business office cannot end the notice before."""
    town.comes(date(2026, 4, 10))
    firm = town.at(A.username).go("/casework/notices/").open(PLAN)
    firm.sees(yuan(shares()[A.username]))
    firm.open("提出异议")
    lodge(firm)
    town.comes(date(2026, 4, 13))
    office = town.at("objection_a").go("/casework/grievances/").open_row("异议")
    office.open("受理").send()
    office.open("答复").send(outcome="rejected", words="总额控制下按同一比例核减，复算无误（合成）。")
    firm = town.at(A.username).go("/casework/grievances/").open_row("异议")
    firm.sees("已答复", "复算无误")


def lodge(firm: Citizen) -> None:
    """The firm finds its own result and itself chosen, and nobody else's result to object to."""
    offered = firm.page.locator("main [name=item]").inner_text()
    assert A.title in offered and B.title not in offered
    firm.fill(
        content="请复核核减的比例（合成）。",
        name="申报人甲",
        contact="0755-00000000",
        address="样例地址",
    )
    for box in firm.page.locator("main [name=papers]").all():
        box.check()
    firm.send()
    firm.sees("已收到")


def approved(town: Town) -> None:
    """Not within the seven working days, not by who made it; then by a signer, and every award is decided at once."""
    town.comes(date(2026, 4, 16))
    officer = close_notice(town.at("officer_a"))
    officer.sees("公示期至 2026-04-16", within="#errors")
    town.comes(date(2026, 4, 17))
    officer = close_notice(town.at("officer_a"))
    officer.sees("异议已答复", "已于 2026-04-17 办结。")
    officer = plan_of(town.at("officer_a"))
    officer.page.goto(f"{officer.page.url}approve/")
    officer.sees("您的角色不能“批准”", "签发人")
    deputy = plan_of(town.at("deputy_director")).open("批准")
    deputy.send(basis="局长办公会纪要〔2026〕样例9号")
    deputy.sees("已批准", "样例9号")


def close_notice(officer: Citizen) -> Citizen:
    officer.go("/casework/notices/").open(PLAN).open("异议已答复，办结").send()
    return officer


def plan_of(person: Citizen) -> Citizen:
    return person.go("/policies/plans/").open(PLAN)
