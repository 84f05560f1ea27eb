"""A figure is revised: which signed letters are compared, and that their number costs no query."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mangrove.figures.actions import set_value
from mangrove.figures.models import Value
from mangrove.figures.values import read_book
from mangrove.ledger.refs import SYSTEM
from mangrove.proposals import signing
from mangrove.proposals.models import DifferenceReport, Reply, SignedLetter
from mangrove.proposals.signing import current_letters, report_differences

from . import life
from .life import hand_over, lead_to, register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


def signed(number: str, text: str = life.TEXT) -> Reply:
    reply = lead_to("drafting", hand_over(register(number)))
    life.write(reply, text)
    return lead_to("signed", reply)


def state(definition: str, amount: str) -> None:
    """The value that letters of today print is corrected, by the source that stated it."""
    was = read_book(on=life.today()).latest(definition)
    assert was is not None
    set_value(
        definition, as_of=was.period, amount=Decimal(amount), source=was.source_id,
        by=SYSTEM, on=life.today(), why="统计更正",
    )  # fmt: skip


def asked(definition: str, amount: str) -> list[str]:
    """What stating the figure asks the database; writing is not asking."""
    with CaptureQueriesContext(connection) as caught:
        state(definition, amount)
    return [query["sql"] for query in caught if query["sql"].startswith("SELECT")]


class TestQueries:
    def test_four_letters_that_differ_ask_as_much_as_one(self) -> None:
        signed("1")
        one = asked("stations_built", "61000")
        for number in ("2", "3", "4"):
            signed(number)
        SignedLetter.objects.filter(reply__proposal="2").update(signed_on=life.today() - timedelta(days=400))
        four = asked("stations_built", "72000")
        assert DifferenceReport.objects.count() == 1 + 4
        assert len(four) == len(one)

    def test_letters_whose_difference_is_reported_already_cost_nothing_more(self) -> None:
        counts = []
        for number in ("1", "2", "3", "4"):
            signed(number)
            state("stations_built", f"6{number}000")
            with CaptureQueriesContext(connection) as caught:
                assert report_differences(by=SYSTEM, on=life.today(), why="再看") == []
            counts.append(len(caught))
        assert len(set(counts)) == 1

    def test_the_words_of_the_letters_are_not_read(self) -> None:
        signed("1")
        assert not [
            sql for sql in asked("stations_built", "61000") if '"proposals_signedletter"."body"' in sql
        ]


class TestWhichLetters:
    def test_only_letters_that_print_the_figure_are_compared(self) -> None:
        signed("1")
        signed("2", life.TEXT.replace("{{基站总数}}", "许多"))
        state("stations_built", "61000")
        assert [report.letter.reply.proposal_id for report in DifferenceReport.objects.all()] == ["1"]

    def test_a_letter_on_its_way_back_to_its_signer_is_not_compared(self) -> None:
        reply = signed("1")
        signing.recall(**life.at(reply, "officer", why="更新。"))
        assert not current_letters().exists()
        state("stations_built", "61000")
        assert not DifferenceReport.objects.exists()

    def test_of_two_versions_the_newer_is_compared(self) -> None:
        reply = signed("1")
        signing.recall(**life.at(reply, "officer", why="更新。"))
        lead_to("signed", reply)
        assert [letter.version for letter in current_letters()] == [2]

    def test_figures_that_stand_again_as_signed_are_reported_as_such(self) -> None:
        reply = signed("1", life.TEXT.replace("{{基站总数}}", "{{基站总数|时点=2020-08}}"))
        was = Value.objects.get(pk=reply.signed_letters.get().figures[0]["value_id"])
        for amount in (61000, was.amount):
            set_value(
                "stations_built", as_of=was.period, amount=Decimal(amount), source=was.source_id,
                qualifier=was.qualifier, by=SYSTEM, on=life.today(), why="更正",
            )  # fmt: skip
        assert [len(report.changes) for report in DifferenceReport.objects.order_by("pk")] == [1, 0]
