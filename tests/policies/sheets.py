"""Lists of expenses for tests, as a firm would write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

HEADS = {
    "number": "行号", "content": "费用内容", "equipment": "属设备", "declared": "申报金额（元）", "audited": "审计金额（元）",
    "input_tax": "可抵扣进项税（元）", "voucher": "记账凭证号", "contract": "采购合同号", "contract_on": "合同日期",
    "seller": "供应方", "invoice_code": "发票代码", "invoice": "发票号码", "invoice_on": "开票日期", "invoice_amount": "发票金额（元）",
    "bank_slip": "银行付款单号", "paid_on": "付款日期", "listed_in_form": "申报表已列",
}  # fmt: skip


def line(number: int, **told: Any) -> dict[str, Any]:
    """A line with all its papers, 11,300 yuan with tax, 10,000 without."""
    said: dict[str, Any] = {
        "number": number, "content": f"工业交换机型号S{number:04d}", "equipment": "是", "declared": "11300", "audited": "11300",
        "input_tax": "1300", "voucher": f"记-{number}", "contract": f"HT-2025-{number * 7:04d}", "contract_on": date(2025, 2, 1),
        "seller": "深圳甲设备有限公司（合成）", "invoice_code": "", "invoice": f"2644000000000000{number:04d}",
        "invoice_on": date(2025, 3, 1), "invoice_amount": "", "bank_slip": f"YH-{number}", "paid_on": date(2025, 3, 5), "listed_in_form": "是",
    }  # fmt: skip
    return {**said, **told}


def sheet(*lines: Mapping[str, Any]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADS.values())
    writer.writerows([one[id] for id in HEADS] for one in lines)
    return out.getvalue().encode()
