"""The founding letter: every row of the letter map that states a number, an organisation or a commitment is found."""

from __future__ import annotations

import pytest

from mangrove.documents.reading.extract import extract
from mangrove.documents.reading.letter import LetterReading, read_letter

from . import scoring

KINDS = ("numbers", "organisations", "commitments")
WANTED = 0.95


@pytest.fixture(scope="module")
def reading() -> LetterReading:
    return read_letter(extract(scoring.founding_letter()), organisations=scoring.city_names(), home="深圳")


def test_the_gold_names_only_rows_of_the_map_and_every_row_with_a_value_or_a_commitment() -> None:
    rows = scoring.rows_of(scoring.CITY / "letter_map.csv")
    annotated = set(scoring.gold("founding")["rows"])
    stating = {row["id"] for row in rows if row["value"] or row["kind"] == "commitment"}

    assert len(rows) == 58
    assert stating <= annotated <= {row["id"] for row in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_the_map_are_found(reading: LetterReading, kind: str) -> None:
    missed, stating = scoring.rows_missed(reading)[kind], scoring.rows_stating(kind)
    print(f"{kind}: {len(stating) - len(missed)} of {len(stating)} rows, missed: {missed}")

    assert 1 - len(missed) / len(stating) >= WANTED


def test_recall_and_precision_of_mentions(reading: LetterReading) -> None:
    scores = scoring.scores("founding", reading)
    print(scoring.table({"founding": scores}))

    for kind in (*KINDS, "numbers with date"):
        assert min(scores[kind].recall, scores[kind].precision) >= WANTED, (kind, scores[kind])


def test_two_groups_of_one_sentence_make_two_promises_that_read_cleanly(reading: LetterReading) -> None:
    first, second = (item.text for item in reading.commitments[:2])

    assert first == "尽快出台有针对性的奖励补贴政策"
    assert second.startswith("针对5G芯片") and second.endswith("出台行之有效的扶持政策")


def test_no_commitment_states_owner_date_or_measure(reading: LetterReading) -> None:
    assert all(item.lacks == ("责任单位", "完成时限", "衡量指标") for item in reading.commitments)
    assert reading.commitments[0].vague_date == "尽快"


def test_the_share_was_cut_and_not_rounded(reading: LetterReading) -> None:
    (finding,) = reading.arithmetic

    assert (finding.kind, finding.verdict) == ("share", "截断未四舍五入")
    assert "59.884%" in finding.working


def test_claims_without_a_number_are_the_five_of_the_map(reading: LetterReading) -> None:
    openings = (
        "明确“把深圳打造",
        "宝安“5G+AI”",
        "我市成为全国第一个",
        "产业规模持续领先",
        "深圳在5G网络基础设施",
    )

    assert all(claim.text.startswith(begin) for claim, begin in zip(reading.claims, openings, strict=True))
    assert [claim.goal for claim in reading.claims] == [True, False, False, False, False]
