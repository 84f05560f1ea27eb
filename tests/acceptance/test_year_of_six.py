"""A year under six measures, lived by the house's own acts, and read in the browser in both languages by whom it concerns.

What the pages say is compared with what was added up apart: money by scheme and pot, what the search found, what each firm is
told. The year itself is the one of `mangrove policies run-year`, in small.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from browser.people import CATALOGUES, Person
from browser.scenes import admit
from mangrove.policies.claims.models import Claim, DoubtState
from mangrove.policies.plans.models import Plan
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.year.living import live, told_of
from mangrove.policies.year.making import make
from mangrove.policies.year.people import Year
from mangrove.policies.year.summing import added, claim_of, money
from mangrove.policies.year.telling import read
from mangrove.registry.models import User
from mangrove.ui.numbers import yuan

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]
YEAR, FIRMS, APPLICATIONS, SEED = 2025, 60, 24, 1


class Reader(Person):
    """Somebody signed in, who goes where the address says and reads."""

    def opens(self, address: str) -> Reader:
        answer = self.page.goto(address)
        assert answer is not None and answer.ok, f"{self.username}: {address}"
        return self

    def opens_each(self, part: str) -> Iterator[str]:
        """What is read behind each link of the list that contains ``part``."""
        links = self.page.locator(f'main td a[href*="{part}"]')
        for address in [links.nth(n).get_attribute("href") or "" for n in range(links.count())]:
            yield self.opens(address).page.inner_text("main")


@pytest.fixture
def year(transactional_db: None) -> Year:
    live(year=YEAR, firms=FIRMS, applications=APPLICATIONS, seed=SEED, say=lambda said: None)
    told = read(Path(settings.MANGROVE_CITY) / "year", YEAR)
    return Year(told_of(YEAR), make(told, seed=SEED, firms_count=FIRMS, applications_count=APPLICATIONS))


def test_a_year_of_six_measures_is_read_in_both_languages(
    browser: Browser, live_server: LiveServer, year: Year, settings: Settings
) -> None:
    complaints: list[str] = []
    for language in CATALOGUES:
        officer = reader(browser, live_server, "officer_a", language, complaints)
        with translation.override(CATALOGUES[language]):
            the_money_is_what_was_added_up(officer, year)
            every_plan_pays_what_its_awards_come_to(officer)
            what_was_planted_is_on_its_page(officer, year)
            a_firm_reads_its_own(browser, live_server, language, complaints)
        officer.page.context.close()
    assert complaints == []


def reader(
    browser: Browser, live_server: LiveServer, username: str, language: str, complaints: list[str]
) -> Reader:
    found = Reader(browser, live_server.url, username, language, complaints)
    admit(found.page.context, username, live_server.url)
    return found


def the_money_is_what_was_added_up(officer: Reader, year: Year) -> None:
    officer.opens(f"/policies/results/?year={YEAR}")
    found = money(year)
    assert len(found) >= 6 and all(one.applied for one in found)
    for one in (one for one in found if one.decided):
        officer.sees(str(scheme(one.scheme).title), yuan(one.decided), yuan(one.paid))
    officer.sees(yuan(sum(one.decided for one in found)), yuan(sum(one.paid for one in found)))


def every_plan_pays_what_its_awards_come_to(officer: Reader) -> None:
    sums = {one.title: yuan(added(one.lines.all(), "proposed")) for one in Plan.objects.all()}
    officer.opens("/policies/plans/").sees(*sums, *sums.values())
    for title, said in zip(officer_titles(officer), officer.opens_each("/policies/plans/"), strict=True):
        assert sums[title] in said


def officer_titles(officer: Reader) -> list[str]:
    return officer.page.locator('main td a[href*="/policies/plans/"]').all_inner_texts()


def what_was_planted_is_on_its_page(officer: Reader, year: Year) -> None:
    """Each doubt that people found to be so stands on the page of its claim, with what it is about."""
    for planted in (one for one in year.city.truth if one.founded):
        claim = claim_of(year, planted.key)
        assert claim is not None
        officer.opens(f"/policies/claims/{claim.pk}/").sees(claim.title)
        for doubt in claim.doubts.filter(state=DoubtState.UPHELD):
            officer.sees(str(doubt.get_kind_display()))


def a_firm_reads_its_own(
    browser: Browser, live_server: LiveServer, language: str, complaints: list[str]
) -> None:
    claim = Claim.objects.filter(case__state="awarded").order_by("pk").first()
    assert claim is not None
    other = Claim.objects.exclude(organisation=claim.organisation).order_by("pk").first()
    person = User.objects.filter(organisation=claim.organisation, roles=["applicant"]).first()
    assert person is not None and other is not None
    firm = reader(browser, live_server, person.username, language, complaints)
    firm.opens("/policies/firm/").sees(claim.title)
    firm.opens(f"/policies/claims/{claim.pk}/").sees(claim.title)
    answer = firm.page.request.get(f"{live_server.url}/policies/claims/{other.pk}/")
    assert answer.status == 404
    firm.page.context.close()
