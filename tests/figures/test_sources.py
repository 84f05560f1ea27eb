"""Sources: entered by an act, 待核 unless told otherwise, and never older than what they are said to tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mangrove.figures.actions import Written, set_value
from mangrove.figures.loading import load_figures
from mangrove.figures.models import Definition, Source, Value
from mangrove.figures.periods import Period
from mangrove.figures.sources import add_source
from mangrove.figures.verification import verify_sources, verify_values
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal

from .conftest import CITY, LETTER_DAY, OFFICER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def add(id: str = "bulletin", **more: Any) -> Source:
    said = {"title": "统计月报", "publisher": "市统计局", "published": date(2021, 8, 1), "why": "补录"} | more
    return add_source(id, by=OFFICER, on=LETTER_DAY, **said)


def state(as_of: str, source: str, definition: str = "stations_built") -> Written:
    period = Period.parse(as_of)
    return set_value(
        definition, as_of=period, amount=Decimal(60_000), source=source, by=OFFICER, on=LETTER_DAY, why="更正"
    )  # fmt: skip


class TestWhatASourceCanTell:
    @pytest.mark.parametrize("as_of", ["2021-08-31", "2021-09", "2022", "2026-10-31"])
    def test_nothing_that_began_after_it_was_published(self, as_of: str) -> None:
        before = (Value.objects.count(), Event.objects.count())
        with pytest.raises(Refusal) as caught:
            state(as_of, "letter")
        assert caught.value.code == "figures.later_than_source" and "2021-08-30公布" in caught.value.what
        assert "mangrove figures source" in caught.value.remedy
        assert (Value.objects.count(), Event.objects.count()) == before

    @pytest.mark.parametrize("as_of", ["2021-08-30", "2021-08", "2021", "2020"])
    def test_what_had_begun_when_it_was_published(self, as_of: str) -> None:
        assert state(as_of, "letter").changed

    def test_a_target_lies_ahead_of_its_source(self) -> None:
        assert state("2025", "letter", "stations_target").changed
        assert list(Definition.objects.filter(is_target=True)) == [
            Definition.objects.get(pk="stations_target")
        ]

    def test_of_a_source_without_a_day_nobody_can_say(self) -> None:
        assert state("2026-10-31", "press_202110").changed

    def test_the_page_says_it_at_the_source(self, officer: Client) -> None:
        said = {
            "definition": "stations_built", "as_of": "2026-10-31", "amount": "53000", "unit": "", "qualifier": "",
            "source": "letter", "note": "", "on": "2021-09-01", "why": "更正",
        }  # fmt: skip
        before = Value.objects.count()
        page = officer.post("/figures/state/", said).content.decode()
        assert "说不了2026-10-31的“基站总数”" in page and Value.objects.count() == before


class TestEntering:
    def test_is_unverified_and_in_the_ledger(self) -> None:
        source = add(note=" 月报第3页 ")
        event = Event.objects.get(act="figures.add_source")
        assert (source.verified, source.note, event.object_id) == (False, "月报第3页", "bulletin")
        assert verify_sources() == []

    def test_is_verified_with_a_reason_only(self) -> None:
        with pytest.raises(Refusal, match="没有写明理由"):
            add(verified=True, why="")
        assert add(verified=True, why="原件在手").verified

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"id": "letter"}, "已用于"),
            ({"id": "月报"}, "不能作来源编号"),
            ({"id": "a/b"}, "不能作来源编号"),
            ({"id": "x" * 65}, "不能作来源编号"),
            ({"title": " "}, "没有写明标题"),
            ({"publisher": ""}, "没有写明发布者"),
            ({"title": "长" * 201}, "最多 200 字"),
            ({"published": date(2021, 8, 31)}, "还没有到"),
        ],
    )
    def test_what_is_no_source_is_refused_and_not_kept(self, more: dict[str, Any], words: str) -> None:
        before = (Source.objects.count(), Event.objects.count())
        with pytest.raises(Refusal, match=words) as caught:
            add(**more)
        assert caught.value.remedy
        assert (Source.objects.count(), Event.objects.count()) == before

    def test_the_city_loaded_again_leaves_it(self) -> None:
        add()
        assert load_figures(CITY, by=OFFICER, on=LETTER_DAY, why="再次装入").event is None
        assert Source.objects.filter(pk="bulletin").exists()


class TestVerification:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE figures_source SET status = 'verified' WHERE id = 'bulletin'",
            "UPDATE figures_source SET published = NULL WHERE id = 'bulletin'",
            "DELETE FROM figures_source WHERE id = 'bulletin'",
        ],
    )
    def test_a_source_that_is_not_as_it_was_entered_is_named(self, sql: str) -> None:
        add()
        with connection.cursor() as cursor:
            cursor.execute(sql)
        (fault,) = verify_sources()
        assert "bulletin" in fault and verify_values() == []
