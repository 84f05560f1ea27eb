"""``mangrove letter read FILE``: a reading in words or as JSON, a refusal with exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.registry.models import Organisation, OrganisationName

from . import scoring

pytestmark = pytest.mark.django_db


def test_the_founding_letter_is_laid_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["letter", "read", str(scoring.founding_letter())]) == 0

    told = capsys.readouterr().out
    for section in ("要素", "数字", "列举", "没有数字的断言", "承诺", "机构", "数字互核", "存疑"):
        assert f"\n{section}" in f"\n{told}"
    assert "建议编号  20210615" in told
    assert "共 17 项，其中未定：责任单位 17 项，完成时限 17 项，衡量指标 17 项" in told


def test_json_carries_every_part_with_its_span(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["letter", "read", str(scoring.founding_letter()), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    text = told["source"]["text"]
    assert len(told["commitments"]) == 17
    for kind in ("quantities", "commitments", "organisations", "claims", "dates"):
        assert told[kind] and all(text[item["start"] : item["end"]] == item["text"] for item in told[kind])
    assert [item["value"] for item in told["quantities"]][-1] == "59.8"


def test_organisations_of_the_registry_are_told_from_others(capsys: pytest.CaptureFixture[str]) -> None:
    Organisation.objects.create(id="huawei", name="华为技术有限公司")
    OrganisationName.objects.create(organisation_id="huawei", text="华为")

    assert main(["letter", "read", str(scoring.founding_letter())]) == 0

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["华为", "huawei", "3", "次"] in lines
    assert ["市委", "未入册", "3", "次"] in lines


@pytest.mark.parametrize(
    ("name", "why"), [("没有.docx", "读不到文件"), ("", "是文件夹"), ("空.txt", "没有文字")]
)
def test_what_cannot_be_read_is_refused_kindly(
    name: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "空.txt").touch()

    assert main(["letter", "read", str(tmp_path / name)]) == 2

    told = capsys.readouterr()
    assert told.out == "" and why in told.err and "请" in told.err
