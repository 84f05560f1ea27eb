"""The office at work on what came in: one is sent back for a section, one invoice was used twice, one came too late."""

from __future__ import annotations

from datetime import date

from .firms_of_the_year import FIRMS, SHARED, A, B, C, Firm, yuan
from .town import Citizen, Town
from .year_applying import WINDOW, phone, types_the_last


def checked_for_form(town: Town) -> None:
    """The telephone of one is no telephone: that section alone opens again, and what changed is shown beside it."""
    town.comes(date(2026, 3, 16))
    for firm in FIRMS:
        conclude_form(town.at("officer_a"), firm, returned=firm is B)
    mend(town)
    town.comes(date(2026, 3, 20))
    officer = take_up(town.at("officer_a"), B)
    officer.open("比上次改了什么").sees("联系人及电话", "经办乙 0755-0000****")
    officer.page.go_back()
    officer.send(outcome="accept")


def take_up(officer: Citizen, firm: Firm) -> Citizen:
    officer.go("/intake/submissions/").open_row(f"样例{firm.letter}")
    return officer.press("开始审查")


def conclude_form(officer: Citizen, firm: Firm, returned: bool) -> None:
    take_up(officer, firm)
    if returned:
        officer.send(
            fault_contact="missing", note_contact="缺联系电话", outcome="return", why="请补上联系电话。"
        )
        officer.sees("缺联系电话")
    else:
        officer.send(outcome="accept")


def mend(town: Town) -> None:
    person = town.at(B.username).go("/intake/mine/").open_row(WINDOW.upper())
    person.sees("缺联系电话", "不在补正之列")
    types_the_last(person.open("申报单位"), "contact", phone(B))
    person.open("核对并提交").press("补正后提交")
    person.sees(f"{WINDOW.upper()}-", "第几次提交", "2")


# --- the claim ---------------------------------------------------------------------------------------------------------


def doubted(town: Town) -> None:
    """The lists are read in, all are searched in the background, and what was found is weighed on its page, side by side."""
    town.comes(date(2026, 3, 23))
    officer = town.at("officer_a")
    for firm in FIRMS:
        claim_of(officer, firm).follow("/audit/").follow("/expenses/").send()
        officer.sees("逐行认定", f"{firm.letter}测试设备第1套")
    officer.go("/policies/doubts/").follow("/doubts/search/").send()
    town.works()
    officer.go("/policies/doubts/").sees("发票已用于别处", B.title, A.title)
    officer.open("发票已用于别处").sees(SHARED, A.title)
    officer.send(upheld="yes", reason="两份清单列了同一张发票，原件在甲处（合成）。")
    officer.sees("属实", "原件在甲处")


def audited(town: Town) -> None:
    """Line by line; the invoice of next year becomes a doubt with the conclusion, and is weighed."""
    officer = town.at("officer_a")
    for firm in FIRMS:
        claim_of(officer, firm).follow("/audit/").sees(yuan(firm.recognised), "2025-01-10", "2025-11-20")
        if firm.odd:
            officer.sees("晚于费用止日" if firm is C else "发票经核实已用于别处")
        officer.follow("/audit/conclude/").send(
            passed="yes", report="样例专审〔2026〕1号", opinion="按逐行认定（合成）。"
        )
        officer.sees("审计结论", "通过", yuan(firm.recognised))
    officer.go("/policies/doubts/").open("发票在实施期之外").sees("2026-01-08")
    officer.send(upheld="yes", reason="开票在完工之后，不认定（合成）。")


def judged_ready(town: Town) -> None:
    """The other checks; none is finished before all have passed, and the page says what is lacking."""
    officer = town.at("officer_a")
    claim_of(officer, A).open("审核完成").send()
    officer.sees("还没有办完", "信用核查", "查重", "现场核查", within="#errors")
    for firm in FIRMS:
        for kind, words in (
            ("credit", "未列入失信名单"),
            ("doubles", "已逐条核实"),
            ("site", "设备在位、有标签"),
        ):
            claim_of(officer, firm)
            if kind == "doubles":
                officer.follow("/doubts/")
            officer.follow(f"/check/{kind}/").send(passed="1", opinion=f"{words}（合成）。")
        claim_of(officer, firm).open("审核完成").send()
        if firm is not A:  # what was found to be so is answered for
            officer.sees("有核实属实的疑点", within="#errors")
            officer.send(why="已从认定金额中扣除（合成）。")
        officer.sees("审核完成，待列入计划")


def claim_of(officer: Citizen, firm: Firm) -> Citizen:
    officer.go("/policies/claims/").open(firm.title)
    return officer
