"""Looking at a page: what axe finds, whether it fits its window, and a picture of it."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCREENSHOTS = Path("screenshots")
PICTURES = os.environ.get("MANGROVE_PICTURES", "1") != "0"

# Without preload, since axe would fetch our imported sheets again from wrong addresses; no rule here needs it.
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "preload": False,
    # Only what is wrong is described in full: three times as fast.
    "resultTypes": ["violations"],
}
RUN = "options => axe.run(document, options).then(found => found.violations)"


#: Half of the time of a look is its colours.
NO_COLOURS = RULES | {"rules": {"color-contrast": {"enabled": False}}}


def violations(page: Page, colours: bool = True) -> list[str]:
    """What axe finds, one line each: rule, how bad, where. ``colours``: contrast too, which is the same at every width."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN, RULES if colours else NO_COLOURS)
    return [
        f"{one['id']} ({one['impact']}): {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def shoot(page: Page, name: str, language: str = "zh", width: str = "wide") -> None:
    """A picture of the whole page under ``screenshots/``; none where nobody looks (``MANGROVE_PICTURES=0``, as in ``make test``)."""
    if PICTURES:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=str(SCREENSHOTS / f"{name}-{language}-{width}.png"), full_page=True)
