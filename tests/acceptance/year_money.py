"""The money: ordered by one, passed by another, answered by the treasury, followed to the firm, some of it back again."""

from __future__ import annotations

import csv
import io
from datetime import date

from .firms_of_the_year import FIRMS, A, B, C, Firm, shares, yuan
from .town import Citizen, Town, a_file

POT = "2026年测试验证环境专项（合成）"
RECOVERED = 12_345_67  # fen
HEADS = ("指令编号", "回执金额（元）", "支付结果", "支付日期", "国库流水号", "退回原因")


def paid(town: Town) -> None:
    """All but one are paid at once; what came back is ordered anew, under the same award."""
    town.comes(date(2026, 4, 20))
    for firm in FIRMS:
        order(town, firm)
    send(town, "样例四月第一批（合成）", 3)
    town.comes(date(2026, 4, 23))
    answer(town, "样例四月第一批（合成）", rejected=B)
    award_of(town.at("payer_a"), B).sees("退票", "账号与户名不符")
    order(town, B)
    send(town, "样例四月退票重拨（合成）", 1)
    town.comes(date(2026, 4, 28))
    answer(town, "样例四月退票重拨（合成）", rejected=None)


def order(town: Town, firm: Firm) -> None:
    """The amount stands there already; who ordered it is not let pass it, by button or by address."""
    payer = award_of(town.at("payer_a"), firm).open("下付款指令")
    assert payer.page.input_value("[name=amount]").replace(",", "") == yuan(shares()[firm.username]).replace(
        ",", ""
    )
    payer.send(bank="样例银行（合成）", account=f"6222000000{ord(firm.letter)}")
    payer.open_row("待审核").does_not_see("审核通过")
    number = payer.page.inner_text("main h1")
    payer.page.goto(f"/funding/orders/{number}/approve/")
    payer.sees("不能办这一步")
    approver = town.at("payer_b").go("/funding/orders/").open(number)
    approver.sees(yuan(shares()[firm.username]))
    approver.open("审核通过").send()
    approver.sees("已审核，待送国库")


def send(town: Town, title: str, count: int) -> None:
    approver = town.at("payer_b").go("/funding/orders/").open(f"编批次（{count} 张已审核）").send(title=title)
    approver.open("送国库").send()
    town.works()
    run_of(approver, title).sees("已送国库")


def run_of(person: Citizen, title: str) -> Citizen:
    return person.go("/funding/orders/").open("付款批次").open(title)


def answer(town: Town, title: str, rejected: Firm | None) -> None:
    """What the treasury makes of the file that was sent comes back as a file; it is looked at before it is taken."""
    sent = run_of(town.at("payer_b"), title).fetch("/file/")
    content = receipts(sent, rejected, town.clock.now().date())
    payer = town.at("payer_a").go("/funding/orders/").open("导入国库回执")
    payer.send(file=a_file("回执.csv", content), source="样例国库（合成）")
    town.works()
    payer.page.reload()
    payer.open("查看结果").sees("还没有导入")
    payer.press("导入")
    town.works()


def receipts(sent: bytes, rejected: Firm | None, on: date) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for n, row in enumerate(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))), 1):
        back = rejected is not None and row["用途"].startswith(rejected.title)
        ending = ("退票", on, f"样例GK{n}", "账号与户名不符") if back else ("已支付", on, f"样例GK{n}", "")
        writer.writerow([row["指令编号"], row["金额（元）"], *ending])
    return out.getvalue().encode()


def followed(town: Town) -> None:
    """One lies with a district for a while, the others arrive; a part of one comes back."""
    town.comes(date(2026, 5, 8))
    officer = town.at("officer_a")
    paid_order(officer, A).open("登记下拨").send(holder="样例区财政部门（合成）")
    officer.sees("样例区财政部门（合成）")
    for firm in (B, C):
        paid_order(officer, firm).open("确认到账").send()
        officer.sees("到账日期", "2026-05-08")
    town.comes(date(2026, 6, 1))
    paid_order(town.at("officer_a"), A).open("确认到账").send()
    payer = award_of(town.at("payer_a"), C).open("登记追回")
    payer.send(
        amount=yuan(RECOVERED),
        basis="追回决定〔2026〕样例1号",
        receipt="样例凭证1号",
        why="设备数量核减（合成）",
    )
    payer.sees(yuan(RECOVERED), "追回决定〔2026〕样例1号")


def paid_order(person: Citizen, firm: Firm) -> Citizen:
    return award_of(person, firm).open_row("已支付")


def award_of(person: Citizen, firm: Firm) -> Citizen:
    return person.go("/funding/").open(POT).open(firm.title)
