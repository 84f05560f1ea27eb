"""The limits of running the house, from ``limits.yaml``: each with its source and whether somebody checked it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Limit:
    value: int
    source: str
    status: str


@cache
def limits() -> dict[str, Limit]:
    said = yaml.safe_load(Path(__file__).with_name("limits.yaml").read_text(encoding="utf-8"))
    return {name: Limit(**one) for name, one in said.items()}


def limit(name: str) -> int:
    return limits()[name].value
