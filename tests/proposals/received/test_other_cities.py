"""A letter of another city is read, but neither our figures judge it nor our ledger of promises takes it up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from mangrove.cli import main
from mangrove.figures.loading import load_figures
from mangrove.ledger.refs import SYSTEM
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.city import load_registry
from mangrove.registry.models import Organisation

from .conftest import browser, decide, page, person, upload

pytestmark = pytest.mark.django_db

LETTER = """杭州市经济和信息化局关于市十四届人大四次会议第88号建议的答复

杭经信函〔2024〕88号

张某某代表：

您提出的《关于加快5G网络建设的建议》收悉。现答复如下：

一、基本情况

2020年，我市累计建成5G基站4.1万座，每万人拥有5G基站33.2个。其中主城区2.3万个、县市1.9万个，合计4.1万个。我市5G建设走在全国第一。

二、下一步工作

我局将于2024年12月底前新建5G基站5000个。

专此答复。

杭州市经济和信息化局
2024年5月10日
"""
NOWHERE = LETTER.replace("杭州市经济和信息化局", "市经济和信息化局").replace("杭经", "经")
OURS = LETTER.replace("杭州市经济和信息化局", "深圳市工业和信息化局").replace("杭经", "深工")


@pytest.fixture
def desk(db: None) -> Client:
    """The desk of the city's industry bureau, with the city's registry and figures."""
    folder, today = Path(settings.MANGROVE_CITY), timezone.localdate()
    load_registry(folder, by=SYSTEM, on=today, why="装入")
    load_figures(folder, by=SYSTEM, on=today, why="装入")
    return browser(person("经办人", Organisation.objects.get(name="深圳市工业和信息化局"), "case_officer"))


def told(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    path = tmp_path / "来函.txt"
    path.write_text(text, encoding="utf-8")
    assert main(["letter", "read", str(path), *more]) == 0
    return capsys.readouterr().out


def test_numbers_of_another_city_are_listed_and_added_up_but_not_held_against_our_figures(
    desk: Client,
) -> None:
    shown = upload(desk, "来函.txt", LETTER.encode()).content.decode()
    assert shown.count("不属本市口径，未与指标库核对") == 1 and "未与指标核对" in shown
    assert "应为" not in shown and "与指标不符" not in shown and "指标库没有" not in shown
    assert "41,000 座" in shown and "33.2 个" in shown and "2020" in shown
    assert "2.3万个 + 1.9万个 = 4.2万个" in shown


def test_a_letter_that_names_no_city_is_compared_and_asked_whether_it_counts_alike(desk: Client) -> None:
    shown = upload(desk, "来函.txt", NOWHERE.encode()).content.decode()
    assert "不属本市口径" not in shown and "请核对是否同一口径" in shown and "应为" not in shown


def test_an_officer_who_names_the_issuer_decides_whose_figures_hold(desk: Client) -> None:
    upload(desk, "来函.txt", NOWHERE.encode())
    letter = ReceivedLetter.objects.get()
    issuer = letter.items.get(kind="element", said__role="issuer")
    decide(desk, issuer, "correct", value="杭州市经济和信息化局", why="见信头")
    assert "不属本市口径，未与指标库核对" in page(desk, letter)


def test_our_own_letter_is_compared_and_a_count_has_no_places(desk: Client) -> None:
    shown = upload(desk, "来函.txt", OURS.encode()).content.decode()
    assert "应为" in shown and "不属本市口径" not in shown
    assert ".0个" not in shown and "每万人拥有5G基站33.2个" in shown


@pytest.mark.parametrize("text", [LETTER, NOWHERE, OURS])
def test_the_command_gives_a_reader_no_advice_for_drafting(
    desk: Client, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ((), ("--json",)):
        said = told(tmp_path, text, capsys, *more)
        assert "请补立指标" not in said and "须改" not in said


def test_the_command_says_once_that_another_city_is_not_checked(
    desk: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, LETTER, capsys).count("不属本市口径，未与指标库核对") == 1
    figures = json.loads(told(tmp_path, LETTER, capsys, "--json"))["figures"]
    assert figures == {"not_checked": "不属本市口径，未与指标库核对"}
    assert "请核对是否同一口径" in told(tmp_path, NOWHERE, capsys)
