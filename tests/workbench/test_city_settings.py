"""Which city the house works for is data: its name, its rules; what it lacks is said before anybody signs in."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from mangrove.casework.limits import limit_in_force
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.decisions import refuse_rating
from mangrove.proposals.forms import RateForm
from mangrove.proposals.rules import rules
from mangrove.ui.languages import in_words

HERE = "name: 花城\nname_en: Flower City\njurisdiction: 花城\nproposals: huacheng\n"
LIMITS = Path(__file__).parents[2] / "rulebooks"


def started(folder: Path, **more: str) -> tuple[int, str]:
    """What the command line says in a city of that folder."""
    settled = {"MANGROVE_CITY": str(folder), "MANGROVE_VAR": str(folder / "var"), "MANGROVE_CITY_NAME": ""}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from mangrove.cli import main; sys.exit(main(['ledger', '--help']))"],
        env=os.environ | settled | more, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("city", "said"),
    [
        (None, "city.yaml"),
        ("name: 花城\n", "缺 name_en、jurisdiction、proposals"),
        (HERE, "没有建议办理的规则包"),
        (HERE.replace("huacheng", "shenzhen"), "没有适用于“花城”或“全国”的时限：co_opinion、contact"),
    ],
)
def test_a_city_that_lacks_something_does_not_start_and_says_what_to_add(
    tmp_path: Path, city: str | None, said: str
) -> None:
    if city is not None:
        (tmp_path / "city.yaml").write_text(city, encoding="utf-8")
    code, errors = started(tmp_path)
    assert code == 2 and errors.startswith("不能启动：") and said in errors and "Traceback" not in errors


def test_another_city_with_its_own_rules_starts(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text(HERE, encoding="utf-8")
    parts = (
        "limits",
        "proposals",
        "reviews",
        "casework",
        "reminders",
        "likeness",
        "policies",
        "sandbox",
        "calculator",
    )
    for part in parts:
        books = tmp_path / "rules" / part
        books.mkdir(parents=True)
        for book in (LIMITS / part).glob("*.yaml"):
            text = book.read_text(encoding="utf-8").replace("jurisdiction: 深圳", "jurisdiction: 花城")
            (books / book.name.replace("shenzhen", "huacheng")).write_text(text, encoding="utf-8")
    assert started(tmp_path, MANGROVE_RULEBOOKS=str(tmp_path / "rules")) == (0, "")


def test_the_rules_of_the_citys_own_jurisdiction_hold_before_those_of_the_country(settings: Settings) -> None:
    on = date(2021, 6, 15)
    assert limit_in_force("contact", on).jurisdiction == "深圳"
    settings.MANGROVE_JURISDICTION = "花城"
    assert limit_in_force("reply", on).jurisdiction == "全国"
    with pytest.raises(Refusal, match="花城、全国均无"):
        limit_in_force("contact", on)


def test_the_top_bar_names_the_city_in_the_readers_language(client: Client, settings: Settings) -> None:
    settings.MANGROVE_CITY_NAME, settings.MANGROVE_CITY_NAME_EN = "花城", "Flower City"
    assert "花城" in client.get("/sign-in/").content.decode()
    client.cookies["mangrove_language"] = "en"
    assert "Flower City" in client.get("/sign-in/").content.decode()


@pytest.fixture
def other_grades(settings: Settings, tmp_path: Path) -> None:
    """A rule pack that rates otherwise."""
    pack = (LIMITS / "proposals" / "shenzhen.yaml").read_text(encoding="utf-8")
    pack = pack.replace("grades: [满意, 基本满意, 不满意]", "grades: [优, 中, 差]")
    (tmp_path / "proposals").mkdir()
    (tmp_path / "proposals" / "shenzhen.yaml").write_text(
        pack.replace("reason_needed_for: [不满意]", "reason_needed_for: [中, 差]"), encoding="utf-8"
    )
    settings.MANGROVE_RULEBOOKS = tmp_path


def test_grades_and_which_need_a_reason_come_from_the_rule_pack(other_grades: None) -> None:
    form = RateForm()
    assert [word for word, _label in form.fields["result"].choices] == ["优", "中", "差"]  # type: ignore[attr-defined]
    assert form.fields["reason"].help_text == "评价为“中、差”须写明理由。"
    with pytest.raises(Refusal, match="评价为“中、差”须写明理由"):
        refuse_rating("优", "中", "", rules())
    refuse_rating("优", "优", "", rules())


def test_every_rank_and_grade_of_the_rule_pack_has_its_english() -> None:
    words = {*rules().grades, *(rank for one in rules().sign_off for rank in one.ranks)}
    with translation.override("en"):
        assert {word for word in words if in_words(word) == word} == set()
