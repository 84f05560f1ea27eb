"""When a figure counts: a day, a month or a year, as two inclusive dates."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

WRITTEN = re.compile(r"(\d{4})(?:[-年](\d{1,2})(?:[-月](\d{1,2})日?|月?)|年?)")


@dataclass(frozen=True, order=True)
class Period:
    """``start`` and ``end`` are inclusive; a moment has both equal."""

    start: date
    end: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2020``, ``2020-08``, ``2021-08-30`` or the same in Chinese (2020年8月). Raises ``ValueError``."""
        wrong = f"“{text}”不是时点：请写成 2020、2020-08 或 2021-08-30。"
        found = WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(wrong)
        year, month, day = (int(part) if part else None for part in found.groups())
        try:
            return cls.of(year or 0, month, day)
        except ValueError as error:
            raise ValueError(wrong) from error

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> Period:
        """The year, the month of it, or the day."""
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return cls(date(year, month, day), date(year, month, day))

    def covers(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        if self == Period.of(self.start.year):
            return f"{self.start.year}年"
        if self == Period.of(self.start.year, self.start.month):
            return f"{self.start.year}年{self.start.month}月"
        return self.start.isoformat() if self.start == self.end else f"{self.start}至{self.end}"
