"""How long a firm has to confirm, and what it agrees to: ``rulebooks/policies/instant.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.intake.definition import Words


@dataclass(frozen=True)
class Rules:
    to_confirm: timedelta
    consent: Words
    source: str
    status: str


def rules() -> Rules:
    return read(Path(settings.MANGROVE_RULEBOOKS) / "policies" / "instant.yaml")


@cache
def read(path: Path) -> Rules:
    """Raises ``ImproperlyConfigured`` where the file is not there or cannot be read."""
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 -- the safe loader in C
        consent = Words(said["consent"]["zh"], said["consent"]["en"])
        return Rules(timedelta(days=int(said["days_to_confirm"])), consent, said["source"], said["status"])
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"免申即享的规则 {path} 读不懂：{error}。请对照 rulebooks/policies/instant.yaml 补齐。"
        ) from error
