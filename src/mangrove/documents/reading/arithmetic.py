"""Numbers of one letter checked against each other: shares, sums, growth, and totals of tables.

Only numbers that the words tie together are checked, and only exact ones: what is called 超, 约 or 近 proves nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

from mangrove.documents.reading.lexicon import any_of, words
from mangrove.documents.reading.numerals import ARABIC, arabic_value, half_width
from mangrove.documents.reading.passages import Span, sentences
from mangrove.documents.reading.quantities import Quantity
from mangrove.documents.reading.source import SourceTable

#: A sentence that lists more than this is no sentence, and is not summed.
_MOST_PARTS = 60
#: Letters between a word and the number that it is about: 合计建成5G基站4.1万个.
_FARTHEST = 16

AGREES, TRUNCATED, DIFFERS = "一致", "截断未四舍五入", "不一致"


@dataclass(frozen=True)
class Finding:
    """One sum done again. ``kind`` is share, sum, growth or table; ``working`` is the arithmetic written out.

    ``start`` and ``end`` cover the numbers concerned; for a table they are 0 and ``where`` names the column.
    """

    kind: str
    verdict: str
    working: str
    start: int
    end: int
    where: str


def check_arithmetic(
    text: str, quantities: Sequence[Quantity], tables: Sequence[SourceTable] = ()
) -> list[Finding]:
    """Every check that the letter's own words call for, in the order of the text, tables last."""
    found: list[Finding] = []
    starts = [quantity.start for quantity in quantities]
    for sentence in sentences(text):
        inside = list(quantities[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)])
        if 1 < len(inside) <= _MOST_PARTS:
            found += [
                *_shares(text, sentence, inside),
                *_sums(text, sentence, inside),
                *_growth(text, sentence, inside),
            ]
    return [*sorted(found, key=lambda item: item.start), *(f for table in tables for f in _columns(table))]


def compare(exact: Decimal, printed: Decimal, decimals: int) -> str:
    """How a printed number with so many decimals stands to the exact one."""
    step = Decimal(1).scaleb(-decimals)
    if exact.quantize(step, ROUND_HALF_UP) == printed:
        return AGREES
    return TRUNCATED if exact.quantize(step, ROUND_DOWN) == printed else DIFFERS


def _shares(text: str, sentence: Span, inside: list[Quantity]) -> Iterator[Finding]:
    for percent in (q for q in inside if q.unit == "%" and not q.qualifier):
        at = text.rfind("占", sentence.start, percent.start)
        if at < 0 or re.search(r"[，。；]", text[at : percent.start]):
            continue
        before = [q for q in inside if q.end <= at and q.unit != "%"]
        between = [q for q in inside if at < q.start < percent.start and q.unit != "%"]
        pair = _part_and_whole(text, before, between, at)
        if pair:
            yield _share(*pair, percent, sentence)


def _part_and_whole(
    text: str, before: list[Quantity], between: list[Quantity], at: int
) -> tuple[Quantity, Quantity] | None:
    """The part stands before 占; the whole after it, or before the part with 其中 between them."""
    if not before:
        return None
    if between:
        same = [q for q in before if q.unit == between[-1].unit]
        return _exact(same[-1], between[-1]) if same else None
    part = before[-1]
    wholes = [q for q in before[:-1] if q.unit == part.unit]
    if not wholes:
        return None
    # The latest whole that 其中 divides is the one that the share is of.
    whole = next((q for q in reversed(wholes) if "其中" in text[q.end : q.end + 12]), None)
    return _exact(part, whole) if whole and "其中" in text[whole.end : at] else None


def _exact(part: Quantity, whole: Quantity) -> tuple[Quantity, Quantity] | None:
    usable = not part.qualifier and not whole.qualifier and whole.value > 0
    return (part, whole) if usable else None


def _share(part: Quantity, whole: Quantity, percent: Quantity, sentence: Span) -> Finding:
    exact = _ratio(part.value * 100, whole.value)
    verdict = compare(exact, percent.value, percent.decimals)
    working = f"{part.text} ÷ {whole.text} = {_shown(exact, percent.decimals)}%，来函写{percent.text}"
    return _finding("share", verdict, working, part, whole, percent)


def _sums(text: str, sentence: Span, inside: list[Quantity]) -> Iterator[Finding]:
    """甲a个、乙b个，合计c个; 共c个，分别为a个、b个. Parts that need not be all only may not exceed the total."""
    table = words("arithmetic")
    for index, total in enumerate(inside):
        head = text[max(sentence.start, total.start - _FARTHEST) : total.start]
        if re.search(rf"{any_of(table['sum_after'])}[^，。；、]*$", head):
            parts = _run(text, inside[:index][::-1], total)[::-1]
            if len(parts) > 1 and not total.qualifier:
                yield _sum(parts, total, complete=True)
                continue
        parts = _run(text, inside[index + 1 :], total)
        between = text[total.end : parts[0].start] if parts else ""
        complete = bool(re.search(any_of(table["exhaustive"]), between))
        if len(parts) > 1 and not total.qualifier and (complete or "其中" in between):
            finding = _sum(parts, total, complete=complete)
            if complete or finding.verdict == AGREES or sum(p.value for p in parts) > total.value:
                yield finding


def _run(text: str, following: Sequence[Quantity], total: Quantity) -> list[Quantity]:
    """The exact quantities of the total's unit that follow one another; as many as add up to it, where some do.

    甲18个、乙46个、丙149个，分布在6个区: the sign between the parts changes where they end.
    """
    run: list[Quantity] = []
    time = words("commitments")["time_units"]  # 三年合计: the years are not added
    beside = (q for q in following[:_MOST_PARTS] if q.unit not in time or q.unit == total.unit)
    for quantity in (q for q in beside if not _share_in_brackets(text, q)):
        if quantity.unit != total.unit or quantity.qualifier or quantity.unit == "%":
            break
        run.append(quantity)
    adding = [count for count in range(2, len(run) + 1) if sum(q.value for q in run[:count]) == total.value]
    return run[: adding[-1]] if adding else _listed_alike(text, run)


def _share_in_brackets(text: str, quantity: Quantity) -> bool:
    """2.3万个（占56%）: what is said of a part is no part."""
    head = text[max(0, quantity.start - _FARTHEST) : quantity.start]
    return quantity.unit == "%" and re.search(r"[（(][^（()）]*$", head) is not None


def _listed_alike(text: str, run: list[Quantity]) -> list[Quantity]:
    """The first of the quantities, up to where the sign between them changes."""
    signs = [_sign_between(text, one, other) for one, other in pairwise(run)]
    last = next((place for place, sign in enumerate(signs) if sign != signs[0]), len(signs))
    return run[: last + 1]


def _sign_between(text: str, one: Quantity, other: Quantity) -> str:
    """The strongest of the signs that part two quantities."""
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return next((sign for sign in "；，,、和" if sign in between), "")


def _sum(parts: list[Quantity], total: Quantity, *, complete: bool) -> Finding:
    exact = sum((part.value for part in parts), Decimal(0))
    verdict = AGREES if exact == total.value else DIFFERS
    scale = total.value / total.printed_value if total.printed_value else Decimal(1)
    shown = _plain(exact / scale) + total.printed_unit
    note = "" if verdict == AGREES or complete else "，分项之和超过总数"
    working = f"{' + '.join(part.text for part in parts)} = {shown}，来函写{total.text}{note}"
    return _finding("sum", verdict, working, *parts, total)


def _growth(text: str, sentence: Span, inside: list[Quantity]) -> Iterator[Finding]:
    """从a增长到b，增长p%; or the values of two years and the growth between them."""
    table = words("arithmetic")
    for index, percent in enumerate(inside):
        head = text[max(sentence.start, percent.start - 6) : percent.start]
        rises, falls = re.search(any_of(table["growth"]), head), re.search(any_of(table["decline"]), head)
        if percent.unit != "%" or percent.qualifier or index < 2 or not (rises or falls):
            continue
        old, new = inside[index - 2], inside[index - 1]
        if _tied(text, sentence, old, new):
            yield _grown(old, new, percent, falling=bool(falls))


def _tied(text: str, sentence: Span, old: Quantity, new: Quantity) -> bool:
    if old.unit != new.unit or old.qualifier or new.qualifier or old.unit == "%" or old.value <= 0:
        return False
    tie = re.compile(words("arithmetic")["from_to"])
    from_to = tie.search(text, sentence.start, new.start)
    # A capacity may grow 从a增至b, or two years may stand side by side with one name for what is counted.
    years = old.as_of[:4] and new.as_of[:4] and int(new.as_of[:4]) - int(old.as_of[:4]) == 1
    return bool(
        (from_to and from_to.start() < old.start < from_to.end()) or (years and "同句" in old.as_of_why)
    )


def _grown(old: Quantity, new: Quantity, percent: Quantity, *, falling: bool) -> Finding:
    change = old.value - new.value if falling else new.value - old.value
    exact = _ratio(change * 100, old.value)
    verdict = compare(exact, percent.value, percent.decimals)
    working = f"（{new.text} − {old.text}）÷ {old.text} = {_shown(-exact if falling else exact, percent.decimals)}%，来函写{'下降' if falling else '增长'}{percent.text}"
    return _finding("growth", verdict, working, old, new, percent)


def _columns(table: SourceTable) -> Iterator[Finding]:
    """Each numeric column of a table whose last row is a total."""
    if len(table.rows) < 3 or table.rows[-1][0].strip() not in words("arithmetic")["total_rows"]:
        return
    for index, header in enumerate(table.header):
        cells = [_cell(row[index]) for row in table.rows if index < len(row)]
        numbers = [cell for cell in cells if cell is not None]
        if index and len(numbers) == len(table.rows) and "%" not in header and "％" not in header:
            exact, total = sum(numbers[:-1], Decimal(0)), numbers[-1]
            verdict = AGREES if exact == total else DIFFERS
            working = f"{' + '.join(map(_plain, numbers[:-1]))} = {_plain(exact)}，表中写{_plain(total)}"
            yield Finding("table", verdict, working, 0, 0, f"{table.title or '表格'}“{header}”列")


def _cell(printed: str) -> Decimal | None:
    match = ARABIC.fullmatch(half_width(printed.strip()))
    return arabic_value(match[0]) if match else None


def _finding(kind: str, verdict: str, working: str, *concerned: Quantity) -> Finding:
    start, end = min(q.start for q in concerned), max(q.end for q in concerned)
    return Finding(kind, verdict, working, start, end, concerned[-1].clause)


def _ratio(above: Decimal, below: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        return above / below


def _shown(exact: Decimal, decimals: int) -> str:
    """Two decimals more than printed, so that the reader sees what was cut or rounded."""
    return str(exact.quantize(Decimal(1).scaleb(-(decimals + 2)), ROUND_HALF_UP))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
