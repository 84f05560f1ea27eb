"""The house's own rules about its library, read from ``rulebooks/policies/measures.yaml``: when an end is near, who checks legality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.casework.limits import TextLoader


@dataclass(frozen=True)
class HouseRules:
    """``warn_days`` before and ``ended_days`` after its last day a measure is pointed out; ``cited`` is source and status.

    ``each_most`` opinions one account may send in a round of seeking them, of ``longest`` characters each.
    """

    warn_days: int
    ended_days: int
    validity_cited: str
    legal_unit: str
    legality_cited: str
    each_most: int
    longest: int
    opinions_cited: str


def house_rules() -> HouseRules:
    """Raises ``ImproperlyConfigured``."""
    return read(Path(settings.MANGROVE_RULEBOOKS) / "policies" / "measures.yaml")


@cache
def read(path: Path) -> HouseRules:
    try:
        return from_data(yaml.load(path.read_text(encoding="utf-8"), TextLoader))  # noqa: S506 -- builds text, lists and maps only
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"措施库的规则 {path} 读不懂或缺项：{error}。请写明 validity、legality 和 opinions 三项。"
        ) from error


def from_data(said: Mapping[str, Mapping[str, Any]]) -> HouseRules:
    validity, legality, opinions = said["validity"], said["legality"], said["opinions"]
    return HouseRules(
        warn_days=int(validity["warn_days"]), ended_days=int(validity["ended_days"]), validity_cited=cited(validity),
        legal_unit=legality["unit"], legality_cited=cited(legality),
        each_most=int(opinions["each_most"]), longest=int(opinions["longest"]), opinions_cited=cited(opinions),
    )  # fmt: skip


def cited(said: Mapping[str, str]) -> str:
    return f"{said['source']}（{said['status']}）"
