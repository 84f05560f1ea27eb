"""A reading as calm plain text for a terminal, in columns that hold although Chinese is twice as wide as Latin."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from mangrove.documents.reading.arithmetic import AGREES
from mangrove.documents.reading.commitments import Commitment
from mangrove.documents.reading.elements import Element
from mangrove.documents.reading.letter import LetterReading
from mangrove.documents.reading.quantities import Quantity

_UNSET = "未定"
_CLAIM_KINDS = {"superlative": "居首", "standing": "地位", "reception": "评价"}


def as_text(reading: LetterReading) -> str:
    """The whole reading, section by section; a section with nothing in it says so."""
    sections = (
        ("要素", _elements(reading)),
        ("数字", _quantities(reading)),
        ("列举", _enumerations(reading)),
        ("没有数字的断言（待核）", _claims(reading)),
        ("承诺", _commitments(reading)),
        ("机构", _organisations(reading)),
        ("数字互核", _arithmetic(reading)),
        ("存疑", list(reading.doubts)),
    )
    return "\n\n".join(_section(title, lines) for title, lines in sections) + "\n"


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in (lines or ["无"]))])


def _elements(reading: LetterReading) -> list[str]:
    parts = reading.elements
    rows = [
        ("发文单位", parts.issuer),
        ("标题", parts.title),
        ("发文字号", parts.document_number),
        ("建议编号", parts.proposal),
        ("主送", parts.addressee),
        ("署名", parts.signatory),
        ("成文日期", parts.date),
        ("公开类型", parts.disclosure),
        ("抄送", parts.copies),
        *(("联系", contact) for contact in parts.contacts),
    ]
    return _table([(label, _value(part)) for label, part in rows])


def _value(part: Element | None) -> str:
    return part.value if part else "未见"


def _quantities(reading: LetterReading) -> list[str]:
    return _table([_quantity(quantity) for quantity in reading.quantities])


def _quantity(quantity: Quantity) -> tuple[str, ...]:
    value = f"{quantity.value:,f} {quantity.unit}".strip()
    dated = quantity.as_of or "日期不详"
    return (quantity.text, value, dated, _short(quantity.clause, 44))


def _enumerations(reading: LetterReading) -> list[str]:
    rows = []
    for listed in reading.enumerations:
        named = f"{listed.count} 项" if listed.total is None else f"{listed.count} / {listed.total} 项"
        rows.append((named, listed.completeness, listed.of, _short("、".join(listed.items), 60)))
    return _table(rows)


def _claims(reading: LetterReading) -> list[str]:
    return [
        line
        for claim in reading.claims
        for line in (
            f"{_CLAIM_KINDS[claim.kind]}{'（目标）' if claim.goal else ''}　{claim.text}",
            f"      {claim.why}",
        )
    ]


def _commitments(reading: LetterReading) -> list[str]:
    lines = [line for number, item in enumerate(reading.commitments, 1) for line in _commitment(number, item)]
    return [*lines, *_lacking(reading.commitments)]


def _commitment(number: int, item: Commitment) -> tuple[str, str]:
    text = item.text.replace("\n", "")
    when = item.date or (f"{_UNSET}（只说“{item.vague_date}”）" if item.vague_date else _UNSET)
    return (
        f"{number:>2}  {text}",
        f"      责任单位 {item.owner or _UNSET}　完成时限 {when}　衡量指标 {item.measure or _UNSET}",
    )


def _lacking(commitments: Sequence[Commitment]) -> list[str]:
    if not commitments:
        return []
    counts = [
        f"{name} {sum(name in item.lacks for item in commitments)} 项"
        for name in ("责任单位", "完成时限", "衡量指标")
    ]
    return [f"共 {len(commitments)} 项，其中未定：{'，'.join(counts)}"]


def _organisations(reading: LetterReading) -> list[str]:
    seen: dict[tuple[str, str], int] = {}
    for mention in reading.organisations:
        key = (mention.text, mention.org_id or "未入册")
        seen[key] = seen.get(key, 0) + 1
    return _table([(name, org_id, f"{times} 次") for (name, org_id), times in seen.items()])


def _arithmetic(reading: LetterReading) -> list[str]:
    return _table(
        [(f.verdict, f.working, "" if f.verdict == AGREES else f.where) for f in reading.arithmetic]
    )


def _table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Rows with their columns aligned by printed width; the last column is left as it is."""
    rows = list(rows)
    if not rows:
        return []
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return ["  ".join([*map(_padded, row, widths), row[-1]]).rstrip() for row in rows]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _short(text: str, width: int) -> str:
    """The text cut to a printed width."""
    text, used = text[: width + 1].replace("\n", ""), 0
    for place, sign in enumerate(text):
        used += _width(sign)
        if used > width:
            return _within(text[:place], width - 2) + "…"
    return text


def _within(text: str, width: int) -> str:
    while _width(text) > width:
        text = text[:-1]
    return text
