"""By which figures the letter's promises of lower prices are looked at: ``rulebooks/policies/done.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.casework.limits import TextLoader
from mangrove.intake.definition import Words


@dataclass(frozen=True)
class Promised:
    """A promise of the letter: its number, words that stand in its text, and the figures that can answer it."""

    number: str
    contains: tuple[str, ...]
    words: Words
    figures: tuple[str, ...]


@dataclass(frozen=True)
class DoneRules:
    """``sent_on``: the day of the letter, which parts before from after."""

    sent_on: date
    promises: tuple[Promised, ...]
    source: str
    status: str


def rules() -> DoneRules:
    """Raises ``ImproperlyConfigured``."""
    return read(Path(settings.MANGROVE_RULEBOOKS) / "policies" / "done.yaml")


@cache
def read(path: Path) -> DoneRules:
    try:
        return from_data(yaml.load(path.read_text(encoding="utf-8"), TextLoader))  # noqa: S506 -- builds text, lists and maps only
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"“做了什么”的规则 {path} 读不懂或缺项：{error}。请对照 rulebooks/policies/done.yaml 补齐。"
        ) from error


def from_data(said: Mapping[str, Any]) -> DoneRules:
    promises = tuple(
        Promised(one["number"], tuple(one["words"]), Words(one["zh"], one["en"]), tuple(one["figures"]))
        for one in said["promises"]
    )
    return DoneRules(date.fromisoformat(said["sent_on"]), promises, said["source"], said["status"])
