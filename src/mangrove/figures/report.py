"""The figure check as words for a terminal and as data for pages and programs."""

from __future__ import annotations

from typing import Any

from mangrove.figures.check import Checked, FigureCheck, Unnumbered


def as_text(check: FigureCheck) -> str:
    """The report in Chinese, findings first; ends with a newline-free line of totals."""
    lines = [f"指标核对（按{check.on}的指标）"]
    for number, finding in enumerate(check.findings, start=1):
        lines += [f"{number}. 【{finding.verdict}】{words_of(finding)}", *details(finding)]
    lines += [f"【{one.verdict}】{words_of(one)}（数值{one.value_id}）" for one in check.agreements]
    lines += [claim_words(one) for one in check.claims]
    lines.append(totals(check))
    return "\n".join(lines)


def words_of(one: Checked) -> str:
    named = f"——{one.definition}" if one.definition else ""
    return f"第{one.quantity.start + 1}字“{one.quantity.text}”{named}"


def details(one: Checked) -> list[str]:
    """What a person needs in order to put the number right, one indented line each."""
    said = [one.why]
    if one.expected:
        said.append(f"应为：{one.expected}")
    if one.arithmetic:
        said.append(f"算式：{one.arithmetic}")
    if one.value:
        said.append(
            f"来源：{one.value.source.title}（{one.value.source.get_status_display()}），时点{one.value.period}"
        )
    said += [f"另有来源：{other}" for other in one.beside]
    return [f"   {line}" for line in said]


def claim_words(one: Unnumbered) -> str:
    source = f"，来源：{one.backing.source}" if one.backing.source else ""
    return f"【{one.verdict}】第{one.claim.start + 1}字“{one.claim.text}”（{one.backing.status}{source}；{one.backing.note}）"


def totals(check: FigureCheck) -> str:
    return (
        f"合计：数字{len(check.findings) + len(check.agreements)}处，其中须改{len(check.findings)}处；"
        f"无数字表述{len(check.claims)}处。"
    )


def as_data(check: FigureCheck) -> dict[str, Any]:
    """Plain data, decimals as text; the order is that of the text."""
    return {
        "on": check.on.isoformat(),
        "known_at": check.known_at.isoformat() if check.known_at else None,
        "findings": [number_data(one) for one in check.findings],
        "agreements": [number_data(one) for one in check.agreements],
        "claims": [claim_data(one) for one in check.claims],
    }


def number_data(one: Checked) -> dict[str, Any]:
    quantity = one.quantity
    return {
        "start": quantity.start, "end": quantity.end, "text": quantity.text, "as_of": quantity.as_of,
        "verdict": str(one.verdict), "why": one.why, "expected": one.expected, "definition": one.definition_id,
        "name": one.definition, "value": one.value_id, "arithmetic": one.arithmetic, "beside": list(one.beside),
        "doubt": quantity.doubt,
    }  # fmt: skip


def claim_data(one: Unnumbered) -> dict[str, Any]:
    return {
        "start": one.claim.start, "end": one.claim.end, "text": one.claim.text, "verdict": one.verdict,
        "id": one.backing.id, "status": one.backing.status, "source": one.backing.source, "note": one.backing.note,
    }  # fmt: skip
