"""From where on two texts are pointed out: ``rulebooks/likeness``, by corpus. Read once; a change counts from the next start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.similarity import Limits


@dataclass(frozen=True)
class Rule:
    """``share`` and ``cosine`` in ten-thousandths; ``gap`` and ``least`` in words or characters, for showing passages.

    ``kept``: of each text so many pairs, the most alike first.
    """

    share: int
    shared: int
    cosine: int
    gap: int
    least: int
    kept: int
    source: str
    status: str

    @property
    def limits(self) -> Limits:
        return Limits(share=self.share / 10_000, cosine=self.cosine / 10_000, shared=self.shared)


@cache
def limits() -> dict[str, Any]:
    """Raises ``ImproperlyConfigured`` where the file is not there or cannot be read."""
    path = Path(settings.MANGROVE_RULEBOOKS) / "likeness" / "limits.yaml"
    try:
        return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))  # noqa: S506 - the safe loader in C
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"相近文本的规则 {path} 读不懂：{error}。请对照 rulebooks/likeness/limits.yaml 补齐。"
        ) from error


def rule(corpus: str) -> Rule:
    """Raises ``KeyError`` for a corpus without a rule."""
    said = limits()
    return Rule(
        **said["corpora"][corpus],
        kept=int(said["kept_of_each"]),
        source=said["source"],
        status=said["status"],
    )


def pause() -> timedelta:
    """How long at least from one look to the next."""
    return timedelta(seconds=int(limits()["pause_seconds"]))
