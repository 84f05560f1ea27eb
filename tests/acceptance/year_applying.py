"""The money comes in, a window is opened, firms apply, and the office checks the form."""

from __future__ import annotations

from datetime import date

from .firms_of_the_year import FIRMS, POT, B, Firm, yuan
from .town import Citizen, Town

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
WINDOW = "testbed-2026"


def opened(town: Town) -> None:
    """The payer enters the budget document; the officer opens the scheme, whose form follows from its clause."""
    payer = town.at("payer_a").go("/funding/").follow("/pots/add/")
    payer.send(name="2026年测试验证环境专项（合成）", code="testbed-2026", budget_year="2026", document_number="样例财〔2026〕7号", amount=yuan(POT))  # fmt: skip
    payer.sees("样例财〔2026〕7号", yuan(POT))
    officer = town.at("officer_a").go("/policies/schemes/")
    officer.sees("测试验证环境扶持", "深圳市工业互联网若干措施")
    officer.follow("/schemes/testbed/open/").sees("查重", "专项审计")
    officer.send(opens_at="2026-03-02T08:00", closes_at="2026-03-31T18:00")
    officer.sees("2026年测试验证环境扶持申报", "费用支出清单")
    officer.go("/policies/schemes/").sees("2026年测试验证环境扶持申报")


def applied(town: Town) -> None:
    town.comes(date(2026, 3, 9))
    for firm in FIRMS:
        apply(town, firm)


def apply(town: Town, firm: Firm) -> None:
    """Typed, saved by the page itself, papers uploaded and cleared, read once more, handed in, the receipt taken."""
    person = town.at(firm.username).go("/intake/openings/")
    person.follow(f"/openings/{WINDOW}/").press("开始申报")
    person.open("申报单位").fill(credit_code="无（合成单位）")
    types_the_last(person, "contact", "经办乙" if firm is B else phone(firm))
    person.open("下一节").fill(
        title=firm.title, summary=firm.summary, results=firm.results, total_investment="300万元", joint="是",
        begins_on="2025-01-10", finished_on="2025-11-20", promises__1__1="200",
    )  # fmt: skip
    types_the_last(person, "promises__1__3", "2027")
    person.open("下一节")
    for requirement, name, content in papers(firm):
        person.upload(requirement, name, content)
    town.works()
    person.page.reload()
    person.sees("费用支出清单.xlsx")
    person.open("核对并提交").press("提交申报")
    person.sees("申报回执", "TESTBED-2026-", "SHA-256")
    assert person.fetch("/receipt.pdf").startswith(b"%PDF")


def phone(firm: Firm) -> str:
    return f"经办{firm.letter} 0755-00000000"


def types_the_last(person: Citizen, field: str, text: str) -> None:
    """The page keeps it without a button: when the field is left the server has it, and the page says so."""
    there = person.page.locator(f"main [name={field}]")
    with person.page.expect_response(lambda answer: "/autosave/" in answer.url and text in (answer.request.post_data or "")):  # fmt: skip
        there.fill(text)
        there.blur()
    person.page.locator("[data-autosave-line]").get_by_text("已自动保存").wait_for()


def papers(firm: Firm) -> list[tuple[str, str, bytes]]:
    return [
        ("letter", "申请书.pdf", PDF), ("audit_report", "审计报告.pdf", PDF + firm.letter.encode()),
        ("costs", "费用支出清单.xlsx", firm.expenses()),
    ]  # fmt: skip
