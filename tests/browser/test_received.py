"""Received letters in the browser: the drawer decides without leaving the letter."""

from __future__ import annotations

import io

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from mangrove.proposals.received.intake import read_in
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.models import Organisation, User
from proposals.received.conftest import WATER

from .conftest import Opener

pytestmark = pytest.mark.browser


@pytest.fixture
def letter(officer: User) -> ReceivedLetter:
    officer.organisation = Organisation.objects.create(id="gxj", name="市工信局")
    officer.save()
    return read_in(
        by=officer, on=timezone.localdate(), content=io.BytesIO(WATER.encode()), name="来函.txt"
    ).letter


def open_drawer(page: Page, number: str) -> None:
    page.click(f"#{number} a[hx-get]")
    page.wait_for_selector("dialog[open] form[action]")


def test_a_commitment_is_corrected_in_the_drawer(letter: ReceivedLetter, signed_in: Opener) -> None:
    page = signed_in(f"/proposals/received/{letter.pk}/")
    open_drawer(page, "C02")
    page.fill("dialog [name=owner]", "市财政局")
    page.fill("dialog [name=why]", "电话核实")
    page.click("dialog button[value=correct]")
    page.wait_for_url("**/#C02")
    assert "市财政局" in page.inner_text("#C02") and "已改正" in page.inner_text("#C02")
