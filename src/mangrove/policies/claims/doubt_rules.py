"""From where on something is doubtful: ``rulebooks/policies/doubts.yaml``. Read once; a change counts from the next start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove import vocabulary
from mangrove.similarity import Limits
from mangrove.vocabulary.values import parse_value


@dataclass(frozen=True)
class Related:
    """``share`` as ``ownership.share`` is stored. What two claims of related firms must have in common, one of the three."""

    share: int
    intermediates: int
    days: int
    sellers: int
    equipment: int
    letters: int
    text: Limits


@dataclass(frozen=True)
class DoubtRules:
    unique_digits: int
    framework_words: tuple[str, ...]
    related: Related
    source: str
    status: str


@cache
def doubt_rules() -> DoubtRules:
    """Raises ``ImproperlyConfigured`` where the file is not there or cannot be read."""
    path = Path(settings.MANGROVE_RULEBOOKS) / "policies" / "doubts.yaml"
    try:
        return from_data(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))  # noqa: S506 - the safe loader in C
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"疑点的规则 {path} 读不懂：{error}。请对照 rulebooks/policies/doubts.yaml 补齐。"
        ) from error


def from_data(said: dict[str, Any]) -> DoubtRules:
    related = dict(said["related"])
    text = related.pop("text")
    share = parse_value(vocabulary.entity("ownership").fields["share"], related.pop("share"))
    limits = Limits(share=text["share"] / 10_000, cosine=text["cosine"] / 10_000, shared=text["shared"])
    assert isinstance(share, int)
    return DoubtRules(
        said["invoice"]["unique_digits"], tuple(said["framework"]), Related(share=share, text=limits, **related),
        said["source"], said["status"],
    )  # fmt: skip
