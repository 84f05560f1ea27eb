"""docs/security.md promises only what a test shows: every test that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_test_that_the_page_names_exists() -> None:
    named = NAMED.findall((TOP / "docs" / "security.md").read_text(encoding="utf-8"))
    assert len(named) > 20
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not re.search(rf"^\s*def {test}\(", (TOP / file).read_text(encoding="utf-8"), re.M)
    ]
    assert missing == []


def test_every_row_says_what_shows_it_or_that_it_is_not_done() -> None:
    page = (TOP / "docs" / "security.md").read_text(encoding="utf-8").partition("## 对照")[2]
    rows = [line for line in page.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) > 20
    assert [row for row in rows if not NAMED.search(row) and "没有做" not in row] == []
