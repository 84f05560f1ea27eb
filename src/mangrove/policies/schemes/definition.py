"""A scheme read from ``rulebooks/schemes``: what can be applied for, under which clause, with which checks. Read at start-up."""

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
from django.utils.translation import gettext_lazy as _

from mangrove.casework.limits import TextLoader
from mangrove.intake.definition import Words

#: What can stand between acceptance and the plan, in the order in which an office does it.
CHECKS = ("credit", "doubles", "review", "audit", "site")
CHECK_WORDS = {
    "review": _("专家评审"), "audit": _("专项审计"), "site": _("现场核查"), "credit": _("信用核查"), "doubles": _("查重"),
}  # fmt: skip
#: Where the money of a scheme may come from: applied for, or offered to whom the data name (免申即享).
WAYS = ("apply", "instant")
KEYS = {
    "scheme", "title", "pays", "way", "sets", "asks", "checks", "rubric", "score", "audit", "papers", "unit",
    "indicators", "source", "status", "note", "review",
}  # fmt: skip
PANEL_KEYS = {"panel", "pass", "source", "status"}


@dataclass(frozen=True)
class Panel:
    """How experts review a scheme: so many for each claim, and from which mean on (on the rubric's scale) it passes."""

    experts: int
    passing: Fraction
    source: str
    status: str


@dataclass(frozen=True)
class Scheme:
    """``measure`` and ``step`` name the clause that pays. ``sets`` are fields of its thing that are so for every claim.

    ``asks``: fields to be asked for besides those that the clause reads. ``score``: the input that the experts' mean fills.
    ``panel`` is there where experts review it, by ``rubric``. ``audit``: the measure by which expenses are recognised line by line. ``indicators``: what a firm promises and is held to.
    """

    id: str
    title: Words
    measure: str
    step: str
    way: str
    sets: Mapping[str, str]
    asks: tuple[str, ...]
    checks: tuple[str, ...]
    rubric: str
    score: str
    audit: str
    papers: tuple[Mapping[str, Any], ...]
    indicators: tuple[Words, ...]
    unit: str
    source: str
    status: str
    panel: Panel | None = None

    @property
    def pays(self) -> str:
        return f"{self.measure}.{self.step}"

    @property
    def instant(self) -> bool:
        return self.way == "instant"


def schemes() -> Mapping[str, Scheme]:
    """By id, in the order of their files. Raises ``ImproperlyConfigured``."""
    return read_all(Path(settings.MANGROVE_RULEBOOKS) / "schemes")


def scheme(id: str) -> Scheme:
    """Raises ``KeyError``."""
    return schemes()[id]


@cache
def read_all(folder: Path) -> Mapping[str, Scheme]:
    found = [read(path) for path in sorted(folder.glob("*.yaml"))]
    return {one.id: one for one in found}


def read(path: Path) -> Scheme:
    try:
        return from_data(yaml.load(path.read_text(encoding="utf-8"), TextLoader))  # noqa: S506 -- builds text, lists and maps only
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"扶持事项 {path} 读不懂：{error}。请对照 rulebooks/schemes 里的其他文件改正。"
        ) from error


def from_data(said: Mapping[str, Any]) -> Scheme:
    if strange := set(said) - KEYS:
        raise ValueError(f"没有“{sorted(strange)[0]}”这一项")
    measure, _dot, step = said["pays"].partition(".")
    checks = tuple(said.get("checks") or ())
    if unknown := set(checks) - set(CHECKS):
        raise ValueError(f"没有“{sorted(unknown)[0]}”这种审核")
    way = said.get("way", "apply")
    if way not in WAYS:
        raise ValueError(f"办法须为 {'、'.join(WAYS)} 之一")
    return Scheme(
        id=said["scheme"], title=words(said["title"]), measure=measure, step=step, way=way,
        sets=dict(said.get("sets") or {}), asks=tuple(said.get("asks") or ()),
        checks=tuple(one for one in CHECKS if one in checks), rubric=said.get("rubric", ""), score=said.get("score", ""),
        audit=said.get("audit", ""), papers=tuple(said.get("papers") or ()),
        indicators=tuple(words(one) for one in said.get("indicators") or ()), unit=said["unit"], source=said["source"],
        status=said["status"], panel=panel_of(said, checks),
    )  # fmt: skip


def panel_of(said: Mapping[str, Any], checks: tuple[str, ...]) -> Panel | None:
    """A scheme that asks for a review says by how many, from which mean on, and by which rubric; another says nothing."""
    told = said.get("review")
    if ("review" in checks) != (told is not None):
        raise ValueError("审核环节里有专家评审的，须写 review，没有的不写")
    if told is None:
        return None
    if set(told) != PANEL_KEYS or not said.get("rubric"):
        raise ValueError(f"review 须写明 {'、'.join(sorted(PANEL_KEYS))}，并写 rubric")
    return Panel(int(told["panel"]), Fraction(told["pass"]), told["source"], told["status"])


def words(said: Mapping[str, str]) -> Words:
    return Words(said["zh"], said["en"])
