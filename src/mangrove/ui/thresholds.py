"""When something is soon due, when people are reminded, how mail is tried again: read from ``rulebooks/reminders``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Thresholds:
    """Days before a due date (0: the day itself) and days after it; a date at most ``soon_days`` away is soon."""

    soon_days: int
    before: tuple[int, ...]
    overdue: tuple[int, ...]
    mail_attempts: int
    first_wait_minutes: int
    source: str
    status: str


def thresholds() -> Thresholds:
    return thresholds_of(Path(settings.MANGROVE_RULEBOOKS) / "reminders" / "house.yaml")


@cache
def thresholds_of(path: Path) -> Thresholds:
    """Read once a process, so that one day sees one rule. Raises ``ImproperlyConfigured``."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        mail = said["mail"]
        return Thresholds(
            int(said["soon_days"]), days(said["before"]), days(said["overdue"]), int(mail["attempts"]),
            int(mail["first_wait_minutes"]), str(said["source"]), str(said["status"]),
        )  # fmt: skip
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"提醒规则 {path} 读不懂或缺项：{error}。请对照 rulebooks/reminders/house.yaml 补齐。"
        ) from error


def days(said: list[int]) -> tuple[int, ...]:
    """Whole numbers of days, none twice, none negative."""
    found = tuple(int(one) for one in said)
    if len(set(found)) != len(found) or min(found, default=0) < 0:
        raise ValueError(f"天数重复或为负：{said}")
    return found


def soon_days() -> int:
    return thresholds().soon_days
