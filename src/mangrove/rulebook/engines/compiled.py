"""What the text of a pass calls: exact divisions and years between days, compiled into it."""

# Generated passes take everything from here by one import.
from __future__ import annotations

from numba import njit

__all__ = [
    "down", "down_by", "half_up", "half_up_by", "njit", "pick", "sign_of", "up", "up_by", "years_after", "years_between",
]  # fmt: skip
#: Up to here a float tells a quotient to within one.
EXACT = 1 << 52


@njit(error_model="numpy", cache=True)
def pick(condition, yes, no):
    return yes if condition else no


@njit(error_model="numpy", cache=True)
def sign_of(value):
    return 1 if value > 0 else (-1 if value < 0 else 0)


@njit(error_model="numpy", cache=True)
def split_by(size, divisor, inverse):
    """Quotient and rest of ``size`` at least 0 by a divisor above 0 that is the same for all rows."""
    quotient = int(size * inverse) if size < EXACT else size // divisor
    rest = size - quotient * divisor
    if rest < 0:
        quotient -= 1
        rest += divisor
    elif rest >= divisor:
        quotient += 1
        rest -= divisor
    return quotient, rest


@njit(error_model="numpy", cache=True)
def half_up_by(value, divisor, inverse):
    quotient, rest = split_by(abs(value), divisor, inverse)
    quotient += rest >= divisor - rest
    return quotient if value >= 0 else -quotient


@njit(error_model="numpy", cache=True)
def down_by(value, divisor, inverse):
    quotient, _rest = split_by(abs(value), divisor, inverse)
    return quotient if value >= 0 else -quotient


@njit(error_model="numpy", cache=True)
def up_by(value, divisor, inverse):
    quotient, rest = split_by(abs(value), divisor, inverse)
    quotient += rest > 0
    return quotient if value >= 0 else -quotient


@njit(error_model="numpy", cache=True)
def half_up(value, divisor):
    size = abs(value)
    quotient = size // divisor
    rest = size - quotient * divisor
    quotient += rest >= divisor - rest
    return quotient if value >= 0 else -quotient


@njit(error_model="numpy", cache=True)
def down(value, divisor):
    quotient = abs(value) // divisor
    return quotient if value >= 0 else -quotient


@njit(error_model="numpy", cache=True)
def up(value, divisor):
    size = abs(value)
    quotient = size // divisor
    quotient += size - quotient * divisor > 0
    return quotient if value >= 0 else -quotient


@njit(error_model="numpy", cache=True)
def civil(ordinal):
    """Year, month and day of an ordinal, counting from 1 March so that the leap day comes last."""
    days = ordinal + 305
    era = days // 146097
    of_era = days - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + era * 400 + (1 if month <= 2 else 0), month, day


@njit(error_model="numpy", cache=True)
def ordinal_of(year, month, day):
    year = year - (1 if month <= 2 else 0)
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 305


@njit(error_model="numpy", cache=True)
def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@njit(error_model="numpy", cache=True)
def years_between(start, end):
    back = end < start
    first, last = (end, start) if back else (start, end)
    from_year, from_month, from_day = civil(first)
    to_year, to_month, to_day = civil(last)
    if from_month == 2 and from_day == 29 and not is_leap(to_year):
        from_day = 28
    years = to_year - from_year - (1 if (to_month * 100 + to_day) < (from_month * 100 + from_day) else 0)
    return -years if back else years


@njit(error_model="numpy", cache=True)
def years_after(ordinal, years):
    year, month, day = civil(ordinal)
    year += years
    if month == 2 and day == 29 and not is_leap(year):
        day = 28
    return ordinal_of(year, month, day)
