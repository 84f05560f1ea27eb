"""Shares, sums, growth and totals against exact fractions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from mangrove.documents.reading.arithmetic import AGREES, DIFFERS, TRUNCATED, Finding, check_arithmetic
from mangrove.documents.reading.quantities import find_quantities
from mangrove.documents.reading.tables import table_of

counts = st.integers(1, 10**9)


def _findings(text: str, kind: str) -> list[Finding]:
    return [item for item in check_arithmetic(text, find_quantities(text)) if item.kind == kind]


def _half_up(value: Fraction, decimals: int) -> Fraction:
    """Rounded half away from zero, by whole numbers only."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def _cut(value: Fraction, decimals: int) -> Fraction:
    scaled = abs(value) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def _verdict(exact: Fraction, printed: Fraction, decimals: int) -> str:
    if _half_up(exact, decimals) == printed:
        return AGREES
    return TRUNCATED if _cut(exact, decimals) == printed else DIFFERS


def _printed(value: Fraction, decimals: int) -> str:
    units = round(value * 10**decimals)
    return f"{units // 10**decimals}.{units % 10**decimals:0{decimals}d}" if decimals else str(units)


@given(counts, counts, st.integers(0, 3), st.sampled_from(["round", "cut", "off"]))
def test_a_share_is_judged_as_by_exact_fractions(part: int, whole: int, decimals: int, how: str) -> None:
    assume(part <= whole)
    exact = Fraction(part * 100, whole)
    step = Fraction(1, 10**decimals)
    shown = {"round": _half_up, "cut": _cut}.get(how, lambda e, d: _half_up(e, d) + 3 * step)(exact, decimals)

    (found,) = _findings(f"建成{part}个，占总数（{whole}个）的{_printed(shown, decimals)}%。", "share")

    assert found.verdict == _verdict(exact, shown, decimals)


@given(st.lists(counts, min_size=2, max_size=6), st.integers(-2, 2))
def test_parts_are_added_up(parts: list[int], error: int) -> None:
    total = sum(parts) + error
    assume(total > 0 and total not in {sum(parts[-count:]) for count in range(2, len(parts))})
    named = "、".join(f"项目{chr(0x7532 + place)}{part}个" for place, part in enumerate(parts))

    (found,) = _findings(f"其中{named}，合计{total}个。", "sum")

    assert found.verdict == (AGREES if error == 0 else DIFFERS)


@given(counts, counts, st.integers(0, 2), st.sampled_from([0, 5]))
def test_growth_between_two_numbers(old: int, new: int, decimals: int, error: int) -> None:
    assume(old != new and Fraction(abs(new - old) * 100, old) < 10**6)
    falls = new < old
    exact = Fraction(abs(new - old) * 100, old)
    shown = _half_up(exact, decimals) + error
    word = "下降" if falls else "增长"

    (found,) = _findings(f"产量从{old}吨{word}到{new}吨，{word}{_printed(shown, decimals)}%。", "growth")

    assert found.verdict == _verdict(exact, shown, decimals)


@given(st.lists(counts, min_size=2, max_size=8), st.booleans())
def test_the_total_row_of_a_table(cells: list[int], right: bool) -> None:
    total = sum(cells) + (0 if right else 1)
    table = table_of([["区", "数量（个）"], *(["某区", f"{cell:,}"] for cell in cells), ["合计", str(total)]])
    assert table is not None

    (found,) = check_arithmetic("", [], [table])

    assert found.verdict == (AGREES if right else DIFFERS)


def test_a_number_that_is_only_about_right_proves_nothing() -> None:
    assert _findings("建成约50个，占总数（100个）的49%。", "share") == []


def test_a_count_after_the_list_is_no_part_of_it() -> None:
    (found,) = _findings("公园213个，其中综合18个、专类46个、社区149个，分布在6个区。", "sum")

    assert found.verdict == AGREES
