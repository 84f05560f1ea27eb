"""Rubrics as data: criteria, one integer scale, weights as exact fractions, source and 已核/待核."""

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

from mangrove.casework.limits import TextLoader
from mangrove.ui.languages import in_chinese

IDENTIFIER = "abcdefghijklmnopqrstuvwxyz_"


@dataclass(frozen=True)
class Criterion:
    """One thing that is marked, with its weight in the total and what marks mean."""

    id: str
    label: str
    label_en: str
    weight: Fraction
    help: str
    help_en: str

    @property
    def said(self) -> str:
        return self.label if in_chinese() else self.label_en

    @property
    def help_said(self) -> str:
        return self.help if in_chinese() else self.help_en


@dataclass(frozen=True)
class Rubric:
    """What is marked, on which scale. Weights add up to exactly 1, so a total lies on the same scale."""

    id: str
    title: str
    title_en: str
    least: int
    most: int
    source: str
    status: str
    criteria: tuple[Criterion, ...]

    @property
    def said(self) -> str:
        return self.title if in_chinese() else self.title_en


def read_rubric(said: Mapping[str, Any]) -> Rubric:
    """A rubric from its text form, as a file or a round holds it. Raises ``ValueError`` naming the fault, ``KeyError``."""
    criteria = tuple(
        Criterion(
            one["id"], one["label"], one["label_en"], Fraction(one["weight"]),
            one.get("help", ""), one.get("help_en", ""),
        )
        for one in said["criteria"]
    )  # fmt: skip
    rubric = Rubric(
        said["id"], said["title"], said["title_en"], int(said["scale"]["least"]), int(said["scale"]["most"]),
        said["source"], said["status"], criteria,
    )  # fmt: skip
    refuse_faults(rubric)
    return rubric


def refuse_faults(rubric: Rubric) -> None:
    ids = [one.id for one in rubric.criteria]
    total = sum((one.weight for one in rubric.criteria), Fraction(0))
    faults = (
        (len(set(ids)) != len(ids), "评分项编号重复"),
        (any(set(one) - set(IDENTIFIER) or not one for one in ids), "评分项编号只能用小写字母和下划线"),
        (any(one.weight <= 0 for one in rubric.criteria), "权重须为正数"),
        (total != 1, f"权重之和是 {total}，须恰为 1"),
        (rubric.least >= rubric.most, "最低分须小于满分"),
        (rubric.status not in ("已核", "待核"), "status 须为已核或待核"),
    )
    if found := [what for wrong, what in faults if wrong]:
        raise ValueError("；".join(found))


def rubrics() -> dict[str, dict[str, Any]]:
    """The rubrics on file, in their text form by id, as a round keeps them. Raises ``ImproperlyConfigured``."""
    return rubrics_of(Path(settings.MANGROVE_RULEBOOKS) / "reviews" / "rubrics")


@cache
def rubrics_of(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            said = yaml.load(path.read_bytes(), TextLoader)  # noqa: S506 -- builds nothing but text, lists and maps
            found[read_rubric(said).id] = said
        except (KeyError, TypeError, ValueError, ZeroDivisionError, yaml.YAMLError) as error:
            raise ImproperlyConfigured(f"评分表 {path.name} 读不懂：{error}。") from error
    return found
