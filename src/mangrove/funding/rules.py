"""The room's rules as data: ``rulebooks/funding``. Read once; a changed file counts from the next start."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings


@cache
def rules(name: str) -> Any:
    """The content of ``rulebooks/funding/<name>.yaml``."""
    path = Path(settings.MANGROVE_RULEBOOKS) / "funding" / f"{name}.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - the safe loader in C
