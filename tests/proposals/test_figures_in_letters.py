"""A figure is revised: an unsigned letter follows it, a signed one keeps every word and gets a difference report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from mangrove.casework.calendars import load_calendar
from mangrove.cli import main
from mangrove.figures.loading import load_figures
from mangrove.ledger.refs import SYSTEM
from mangrove.proposals.actions import latest_draft
from mangrove.proposals.composition import compose
from mangrove.proposals.models import DifferenceReport, Reply, SignedLetter
from mangrove.proposals.sample import live
from mangrove.registry.city import create_sample_accounts, load_registry
from mangrove.registry.models import User

pytestmark = pytest.mark.django_db

#: What stating a figure writes; every other table must stay as it is.
WRITTEN = {"figures.Value", "figures.ValueInput", "ledger.Event", "ledger.Body"}
LETTER_DAY = date(2021, 8, 30)
AS_SIGNED = ("--as-of", "2021-08-30", "--source", "letter", "--why", "统计更正")


@pytest.fixture
def city(db: None, settings: Settings) -> Path:
    """The sample city with its accounts, calendar and figures; no proposal yet."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    folder, today = Path(django_settings.MANGROVE_CITY), timezone.localdate()
    load_registry(folder, by=SYSTEM, on=today, why="装入")
    create_sample_accounts(folder, "红树-样例-口令-2021")
    load_calendar(by=SYSTEM, on=today)
    load_figures(folder, by=SYSTEM, on=today, why="装入")
    return folder


@pytest.fixture
def signed(city: Path) -> SignedLetter:
    """The sample proposal, lived through to delivery."""
    live(city / "proposals" / "20210615.yaml")
    return SignedLetter.objects.get()


@pytest.fixture
def unsigned(city: Path, tmp_path: Path) -> Reply:
    """The same proposal with its draft written and not yet sent to review."""
    source = city / "proposals" / "20210615.yaml"
    said: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    acts = [line["act"] for line in said["acts"]]
    said["acts"] = said["acts"][: acts.index("submit")]
    said["acts"][-1].pop("replace", None)
    file = tmp_path / source.name
    file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    text = source.with_name(f"{source.stem}_reply.txt").read_text(encoding="utf-8")
    file.with_name(f"{source.stem}_reply.txt").write_text(text, encoding="utf-8")
    live(file)
    return Reply.objects.get()


def body(reply: Reply, on: date) -> str:
    return compose(reply, latest_draft(reply), on=on).body


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but those that stating a figure writes."""
    kept = [model for model in apps.get_models() if model._meta.label not in WRITTEN]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in kept}


class TestUnsigned:
    def test_the_draft_prints_the_new_count(self, unsigned: Reply) -> None:
        today = timezone.localdate()
        assert "全市已建成5G基站5.0万个" in body(unsigned, today)
        assert main(["figures", "set", "基站总数", "48650", "--why", "统计更正"]) == 0
        assert "全市已建成5G基站超4.8万个" in body(unsigned, today)

    def test_its_hash_changes_with_the_word_so_that_nobody_signs_what_they_did_not_see(
        self, unsigned: Reply
    ) -> None:
        draft = latest_draft(unsigned)
        before = compose(unsigned, draft, on=LETTER_DAY).content_hash
        assert main(["figures", "set", "stations_built", "52300", *AS_SIGNED]) == 0
        after = compose(unsigned, draft, on=LETTER_DAY)
        assert "超5.2万个" in after.body and after.content_hash != before
        assert latest_draft(unsigned) == draft

    def test_a_ratio_in_it_follows_its_parts(self, unsigned: Reply) -> None:
        said = ["--as-of", "2020", "--source", "letter", "--unit", "亿元", "--why", "修订公报"]
        assert main(["figures", "set", "electronics_value_added", "5400", *said]) == 0
        text = body(unsigned, LETTER_DAY)
        assert "5400.00亿元" in text and "60.5%" in text

    def test_no_difference_report_is_made(self, unsigned: Reply) -> None:
        main(["figures", "set", "stations_built", "52300", *AS_SIGNED])
        assert not DifferenceReport.objects.exists()

    def test_the_page_of_the_reply_prints_it(self, unsigned: Reply) -> None:
        client = Client()
        client.force_login(
            User.objects.get(username="officer_a"), backend="django.contrib.auth.backends.ModelBackend"
        )
        main(["figures", "set", "基站总数", "48650", "--why", "统计更正"])
        page = client.get(reverse("proposals:reply", args=[unsigned.pk])).content.decode()
        assert ">超4.8万个</a>" in page


class TestSigned:
    def test_a_new_count_makes_one_report_and_changes_nothing_else(
        self, signed: SignedLetter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = everything()
        assert main(["figures", "set", "stations_built", "52300", *AS_SIGNED]) == 0
        after = everything()
        (report,) = DifferenceReport.objects.all()
        assert report.letter == signed
        (change,) = report.changes
        assert (change["label"], change["was"], change["now"]) == ("基站总数", "超4.8万个", "超5.2万个")
        reports = after.pop("proposals.DifferenceReport")
        assert (len(reports), before.pop("proposals.DifferenceReport")) == (1, [])
        assert after == before
        assert "1份已签发的正式函因此生成差异报告，函件本身未动" in capsys.readouterr().out

    def test_a_count_that_prints_alike_is_reported_with_both_amounts(self, signed: SignedLetter) -> None:
        main(["figures", "set", "stations_built", "48650", *AS_SIGNED])
        (change,) = DifferenceReport.objects.get().changes
        assert (change["was"], change["now"]) == ("超4.8万个", "超4.8万个")
        assert "由超48000个改为48650个" in change["why"] and "文字不变" in change["why"]

    def test_words_hash_and_frozen_figures_of_the_letter_stay(self, signed: SignedLetter) -> None:
        kept = (signed.body, signed.content_hash, signed.figures, signed.head, signed.reply.case.state)
        main(["figures", "set", "stations_built", "48650", *AS_SIGNED])
        now = SignedLetter.objects.get()
        assert (now.body, now.content_hash, now.figures, now.head, now.reply.case.state) == kept

    def test_a_part_of_a_ratio_reports_both(self, signed: SignedLetter) -> None:
        said = ["--as-of", "2020", "--source", "letter", "--unit", "亿元", "--why", "修订公报"]
        main(["figures", "set", "electronics_value_added", "5400", *said])
        changes = DifferenceReport.objects.get().changes
        assert [(one["was"], one["now"]) for one in changes] == [
            ("5349.18亿元", "5400.00亿元"), ("59.9%", "60.5%"),
        ]  # fmt: skip

    def test_the_same_difference_is_not_reported_twice(self, signed: SignedLetter) -> None:
        main(["figures", "set", "stations_built", "52300", *AS_SIGNED])
        main(["figures", "set", "stations_built", "52300", *AS_SIGNED])
        main(["figures", "set", "bloom_cup_prizes_named", "4", "--why", "与此函无关"])
        assert DifferenceReport.objects.count() == 1

    def test_a_figure_that_the_letter_does_not_use_makes_no_report(self, signed: SignedLetter) -> None:
        main(["figures", "set", "bloom_cup_prizes_named", "4", "--why", "更正"])
        assert not DifferenceReport.objects.exists()

    def test_a_newer_count_of_a_later_day_makes_no_report(self, signed: SignedLetter) -> None:
        main(["figures", "set", "stations_built", "61000", "--as-of", "2022-06", "--source", "press_202110"])
        assert not DifferenceReport.objects.exists()

    def test_another_change_is_another_report_and_leaves_the_first(self, signed: SignedLetter) -> None:
        main(["figures", "set", "stations_built", "52300", *AS_SIGNED])
        main(["figures", "set", "stations_built", "48100", *AS_SIGNED])
        assert DifferenceReport.objects.count() == 2

    def test_stating_it_on_the_page_does_the_same_and_says_so(self, signed: SignedLetter) -> None:
        client = Client()
        client.force_login(
            User.objects.get(username="officer_a"), backend="django.contrib.auth.backends.ModelBackend"
        )
        said = {
            "definition": "stations_built", "as_of": "2021-08-30", "amount": "5.23", "unit": "万个",
            "source": "letter", "on": timezone.localdate().isoformat(), "why": "统计更正",
        }  # fmt: skip
        page = client.post(reverse("figures:state"), said, follow=True).content.decode()
        assert "差异报告，函件本身未动" in page
        assert DifferenceReport.objects.count() == 1
