"""One Chromium for all tests that look at real pages. Absent Chromium is said loudly."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--lang=zh-CN",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    from mangrove.ui.catalogue import compile_catalogues

    if not CHROMIUM.exists():
        pytest.skip(f"浏览器测试未跑：没有 {CHROMIUM}。请安装 chromium 后重跑 pytest tests/browser。")
    # Playwright keeps an event loop running in this thread; Django must still be allowed to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    compile_catalogues()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
