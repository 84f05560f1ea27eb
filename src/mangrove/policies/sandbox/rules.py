"""By what the sandbox groups and when it warns: ``rulebooks/sandbox``. Read once; a change counts from the next start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove import vocabulary
from mangrove.casework.limits import TextLoader
from mangrove.rulebook.language.types import MONEY, NUMBER
from mangrove.rulebook.problems import Place, Problem
from mangrove.rulebook.simulate.values import value
from mangrove.ui.languages import in_chinese

TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class SizeClass:
    """``below`` in base units (people, fen), not included; ``None`` for the last."""

    below: int | None
    zh: str
    en: str


@dataclass(frozen=True)
class Classes:
    """Firms by a yearly number of theirs: ``field`` of the entity ``of``, of the last known ``year``."""

    of: str
    field: str
    year: str
    rows: tuple[SizeClass, ...]


@dataclass(frozen=True)
class By:
    """One grouping of firms: by a ``path`` from the organisation, or by ``classes``."""

    id: str
    zh: str
    en: str
    path: str = ""
    classes: Classes | None = None

    def __str__(self) -> str:
        return self.zh if in_chinese() else self.en


@dataclass(frozen=True)
class Rules:
    """``notable`` and ``high``: shares of a pot that stays unspent."""

    groups: tuple[By, ...]
    notable: Fraction
    high: Fraction
    source: str
    status: str


@cache
def rules() -> Rules:
    """Raises ``ImproperlyConfigured`` where the file is not there or cannot be read."""
    path = Path(settings.MANGROVE_RULEBOOKS) / "sandbox" / "sandbox.yaml"
    try:
        return from_data(yaml.load(path.read_text(encoding="utf-8"), TextLoader))  # noqa: S506 -- builds text, lists and maps only
    except (OSError, KeyError, TypeError, ValueError, Problem, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"试算的规则 {path} 读不懂：{error}。请对照 rulebooks/sandbox/sandbox.yaml 改正。"
        ) from error


def from_data(said: Mapping[str, Any]) -> Rules:
    unspent = said["unspent"]
    return Rules(
        tuple(grouping(one) for one in said["groups"]), share(unspent["notable"]), share(unspent["high"]),
        said["source"], said["status"],
    )  # fmt: skip


def share(written: str) -> Fraction:
    return Fraction(int(written), TEN_THOUSAND)


def grouping(said: Mapping[str, Any]) -> By:
    classes = classes_of(said["classes"]) if "classes" in said else None
    return By(said["id"], said["zh"], said["en"], said.get("path", ""), classes)


def classes_of(said: Mapping[str, Any]) -> Classes:
    kind = MONEY if vocabulary.entity(said["of"]).fields[said["field"]].type == "money" else NUMBER
    rows = tuple(
        SizeClass(bound(one["below"], kind) if "below" in one else None, one["zh"], one["en"])
        for one in said["rows"]
    )
    return Classes(said["of"], said["field"], said["year"], rows)


def bound(written: str, kind: Any) -> int:
    return int(value(written, kind, vocabulary.vocabulary(), Place("sandbox.yaml", 1, 1)))  # type: ignore[arg-type]
