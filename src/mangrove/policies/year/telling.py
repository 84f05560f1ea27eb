"""How a synthetic year is told: three files of the city, read and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Said = Mapping[str, Any]


#: The year that is lived where nobody names another: its working days are known to its end.
SAMPLE_YEAR = 2025


@dataclass(frozen=True)
class Telling:
    """``firms`` and ``projects`` say how things are distributed, ``calendar`` when what is done. Percentile tables are pairs."""

    firms: Said
    projects: Said
    calendar: Said
    year: int

    @property
    def why(self) -> str:
        """The reason of every act: what is entered after its day says so."""
        return str(self.calendar["why"])

    @property
    def schemes(self) -> list[str]:
        return [scheme for pot in self.calendar["pots"] for scheme in pot["schemes"]]

    def day(self, name: str) -> date:
        return in_year(self.year, self.calendar["days"][name])

    def permille(self, name: str) -> int:
        return int(self.calendar["permille"][name])


def in_year(year: int, told: str) -> date:
    """``03-31`` of that year."""
    month, _dash, day = told.partition("-")
    return date(year, int(month), int(day))


def read(folder: Path, year: int) -> Telling:
    """From ``cities/<city>/year``. Raises ``OSError`` and ``yaml.YAMLError``."""
    firms, projects, calendar = (
        yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 -- CSafeLoader is safe
        for name in ("firms", "projects", "calendar")
    )
    return Telling(firms, projects, calendar, year)
