"""Another process that works on this test's database: for what a process alone can show, such as being killed."""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection


def beside(folder: Path) -> dict[str, str]:
    """The environment of such a process; ``folder`` is its MANGROVE_VAR. The tests are importable in it."""
    settings = connection.settings_dict
    own = {
        "DJANGO_SETTINGS_MODULE": "mangrove.workbench.settings",
        "MANGROVE_VAR": str(folder),
        "PYTHONPATH": str(Path(__file__).resolve().parent),
    }
    if connection.vendor == "postgresql":
        address = f"{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"
        own["MANGROVE_DATABASE"] = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{address}"
    else:
        (folder / "mangrove.sqlite3").symlink_to(settings["NAME"])
    return os.environ | own
