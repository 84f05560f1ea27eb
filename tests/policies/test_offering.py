"""Whoever opens the demo finds one offer that the sample applicant can confirm; a second run of the demo leaves it as it is."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove.ledger.refs import SYSTEM
from mangrove.policies.claims.models import Claim
from mangrove.policies.instant import matching, overview
from mangrove.policies.instant.models import Offer
from mangrove.policies.measures.publishing import publish_shelf
from mangrove.policies.room import todos
from mangrove.policies.year.offering import offer_to_sample_firms
from mangrove.registry.city import create_sample_accounts, load_registry
from mangrove.registry.models import User


@pytest.fixture
def opened() -> None:
    """The sample city with its measures, as the demo has it once its year was lived."""
    today = timezone.localdate()
    load_registry(settings.MANGROVE_CITY, by=SYSTEM, on=today, why="样例")
    create_sample_accounts(settings.MANGROVE_CITY, "红树-样例-口令-2021")
    publish_shelf(by=SYSTEM, on=today, why="样例")
    offer_to_sample_firms()


def who(username: str) -> User:
    return User.objects.select_related("organisation").get(username=username)


def at(username: str) -> Client:
    client = Client()
    client.force_login(who(username))
    return client


@pytest.mark.django_db(transaction=True)  # the pulse of a job has a connection of its own
def test_the_sample_applicant_finds_an_offer_confirms_it_and_the_demo_run_again_keeps_that(
    opened: None,
) -> None:
    one = Offer.objects.get()
    assert (one.organisation_id, one.state, one.synthetic) == ("sample_firm_a", "offered", True)
    assert one.until > timezone.localdate()
    assert [todo.url for todo in todos(who("applicant_a"))] == [reverse("policies:offer", args=[one.pk])]
    assert not todos(who("applicant_b"))
    answer = reverse("policies:offer_answer", args=[one.pk, "confirm"])
    said = {"agreed": "on", "on": timezone.localdate().isoformat(), "remark": "", "why": ""}
    assert at("applicant_a").post(answer, said).status_code == 302
    claim = Claim.objects.get(offer=one)
    assert at("officer_a").get(reverse("policies:claim", args=[claim.pk])).status_code == 200
    offer_to_sample_firms()
    assert Offer.objects.get().state == "confirmed" and not todos(who("applicant_a"))


@pytest.mark.django_db(transaction=True)
def test_the_officer_sees_who_qualifies_who_does_not_and_what_is_missing(opened: None) -> None:
    user = who("officer_a")
    found = {one.scheme.id: one for one in overview.rows(user, matching.newest(user.body))}["standards_pilot"]
    assert found.tally is not None and found.synthetic
    assert (found.tally.meets, found.tally.lacks, found.offered) == (1, 1, 1)
    assert found.tally.fails - found.tally.without == 1 and found.tally.data == {("title", "level"): 1}
