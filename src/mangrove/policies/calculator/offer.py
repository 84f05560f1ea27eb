"""Which measures the city calculates for visitors, and how: ``rulebooks/calculator``, one file a city."""

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
from mangrove.policies.measures.library import in_force, measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.rulebook.measures import Measure


@dataclass(frozen=True)
class Offer:
    """``topics``: by kind of thing the field whose words are its directions. ``today``: fields that are the day of asking.

    ``granted``: kinds that pay only who has been granted them already, so that being interested is not yet having one.
    ``identity``: fields, as ``kind.field``, that say what something is; nobody is advised to change them.
    ``each_page`` questions stand on a page; of rows that are alike at most ``most_rows`` are told.
    """

    measures: tuple[str, ...]
    topics: Mapping[str, str]
    today: tuple[str, ...]
    granted: tuple[str, ...]
    identity: tuple[str, ...]
    each_page: int
    most_rows: int
    source: str
    status: str


#: One measure of the library, with its text compiled.
Offered = tuple[RuleText, Measure]


def offer() -> Offer:
    """That of this city. Raises ``ImproperlyConfigured``."""
    folder = Path(settings.MANGROVE_RULEBOOKS) / "calculator"
    found = offers_in(folder).get(settings.MANGROVE_JURISDICTION)
    if found is None:
        raise ImproperlyConfigured(
            f"{folder} 里没有“{settings.MANGROVE_JURISDICTION}”的文件；请照已有的写一份，说明政策计算器算哪些措施。"
        )
    return found


@cache
def offers_in(folder: Path) -> Mapping[str, Offer]:
    return dict(read(path) for path in sorted(folder.glob("*.yaml")))


def read(path: Path) -> tuple[str, Offer]:
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), TextLoader)  # noqa: S506 -- builds text, lists and maps only
        return said["jurisdiction"], from_data(said)
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(f"政策计算器的文件 {path} 读不懂：{error}。") from error


def from_data(said: Mapping[str, Any]) -> Offer:
    return Offer(
        measures=tuple(said["measures"]), topics=dict(said["topics"]), today=tuple(said["today"]),
        granted=tuple(said.get("granted", ())), identity=tuple(said.get("identity", ())),
        each_page=int(said["each_page"]), most_rows=int(said["most_rows"]), source=said["source"], status=said["status"],
    )  # fmt: skip


def offered(day: date) -> list[Offered]:
    """The measures that hold on the day, in the order of the file."""
    found = {one.rule: one for one in in_force(day) if one.rule in offer().measures}
    return [(found[id], measure_of(found[id])) for id in offer().measures if id in found]
