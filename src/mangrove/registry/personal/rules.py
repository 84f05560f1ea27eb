"""Why personal data may be shown in full, and how long it is kept: read from ``rulebooks/personal``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.ui.languages import in_chinese


@dataclass(frozen=True)
class Purpose:
    id: str
    zh: str
    en: str

    @property
    def said(self) -> str:
        return self.zh if in_chinese() else self.en


@dataclass(frozen=True)
class Retention:
    """Kept for so many days; ``over(today)`` is the last day whose things are emptied now."""

    id: str
    days: int
    source: str
    status: str

    def over(self, today: date) -> date:
        return today - timedelta(days=self.days + 1)


@dataclass(frozen=True)
class Rules:
    purposes: tuple[Purpose, ...]
    showing_cited: str
    retention: tuple[Retention, ...]

    def purpose(self, id: str) -> Purpose | None:
        return next((one for one in self.purposes if one.id == id), None)

    def kept(self, id: str) -> Retention:
        """Raises ``StopIteration`` for what has no period."""
        return next(one for one in self.retention if one.id == id)


def rules() -> Rules:
    return rules_of(Path(settings.MANGROVE_RULEBOOKS) / "personal" / "house.yaml")


@cache
def rules_of(path: Path) -> Rules:
    """Read once a process. Raises ``ImproperlyConfigured``."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        showing = said["showing"]
        return Rules(
            tuple(Purpose(one["id"], one["zh"], one["en"]) for one in showing["purposes"]),
            f"{showing['source']}（{showing['status']}）",
            tuple(map(retention, said["retention"])),
        )
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"个人信息规则 {path} 读不懂或缺项：{error}。请对照 rulebooks/personal/house.yaml 补齐。"
        ) from error


def retention(said: dict[str, str]) -> Retention:
    days = int(said["days"])
    if days < max(int(said.get("at_least", 1)), 1):
        raise ValueError(f"保存天数少于须留存的天数：{said['id']}")
    return Retention(said["id"], days, said["source"], said["status"])
