"""The figures pages in a browser: accessible, fitting, and a number opens its lineage at the right of the list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from mangrove.figures.loading import load_figures
from mangrove.figures.models import Value
from mangrove.ledger.refs import SYSTEM

from .conftest import Opener
from .looking import overflow, shoot, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def figures(transactional_db: None) -> Value:
    """The city's figures; returns the ratio, whose lineage has every part that a lineage can have."""
    load_figures(Path(settings.MANGROVE_CITY), by=SYSTEM, on=date(2021, 8, 30), why="按存档原件补录")
    return Value.objects.get(definition="electronics_share", source="computed")


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_a_checked_text_is_accessible_and_fits(figures: Value, signed_in: Opener, width: str) -> None:
    page = signed_in("/figures/check/", width=width)
    founding = Path(settings.MANGROVE_CITY) / "founding_letter.txt"
    page.fill("[name=text]", founding.read_text(encoding="utf-8"))
    page.fill("[name=on]", "2021-08-30")
    page.click("main .form__acts button")
    page.wait_for_selector(".mark--bad")
    shoot(page, "figures-check", "zh", width)
    assert (violations(page), overflow(page)) == ([], 0)


def test_a_number_opens_its_lineage_in_the_drawer_and_a_part_opens_its_own(
    figures: Value, signed_in: Opener
) -> None:
    page = signed_in("/figures/")
    page.click(f'a.figure__value[href="/figures/values/{figures.pk}/"]')
    page.wait_for_selector("#drawer[open]")
    assert "5349.18亿元 ÷ 8932.6亿元 = 59.8838% → 59.9%" in page.inner_text("#drawer")
    page.click("#drawer .tree a.figure__value >> nth=0")
    page.locator("#drawer h2", has_text="电子信息制造业增加值").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#drawer[open]").count() == 0
