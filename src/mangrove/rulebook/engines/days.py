"""Years between days and days years later, for arrays of ordinals; as :mod:`mangrove.vocabulary.dates` has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
#: The ordinal of 1970-01-01, from which NumPy counts days.
EPOCH = 719_163
LEAP_DAY, DAY_BEFORE = 229, 228


def parts(ordinals: Array) -> tuple[Array, Array]:
    """The year, and month and day as one number: 29 February is 229."""
    dates = (ordinals - EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    return years, month * 100 + day


def is_leap(years: Array) -> Array:
    return (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))


def years_between(start: Array, end: Array) -> Array:
    """Full years; negative where the end is the earlier day."""
    back = end < start
    first, last = np.where(back, end, start), np.where(back, start, end)
    (from_year, from_day), (to_year, to_day) = parts(first), parts(last)
    anniversary = np.where((from_day == LEAP_DAY) & ~is_leap(to_year), DAY_BEFORE, from_day)
    years = to_year - from_year - (to_day < anniversary)
    return np.where(back, -years, years)


def years_after(day: Array, years: Array) -> Array:
    """The same day that many years later; of 29 February the 28th where there is no such day."""
    year, month_day = parts(day)
    year = year + years
    month_day = np.where((month_day == LEAP_DAY) & ~is_leap(year), DAY_BEFORE, month_day)
    months = (year - 1970) * 12 + month_day // 100 - 1
    firsts = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return firsts + month_day % 100 - 1 + EPOCH
