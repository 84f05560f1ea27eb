"""Near-duplicates of texts: against plain sets, extended as if built at once, and the same from disk."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mangrove.similarity import Finding, Limits, Measure, TextIndex, load_index, save_index
from mangrove.similarity import shingles as shingling
from mangrove.similarity.cosines import MARGIN

from . import naive
from .strategies import PHRASES, any_text

EVERYTHING = Limits(share=0, cosine=0.0001, nearest=1000)
LONG = "在港口堆场部署5G专网并完成岸桥远程控制改造，作业人员由堆场转入中控室"
few = settings(max_examples=50)


def keyed(texts: list[str]) -> list[tuple[str, str]]:
    return [(f"{number:03}", text) for number, text in enumerate(texts)]


def numbers(found: Finding) -> tuple[int, int]:
    return int(found.first), int(found.second)


@few
@given(st.lists(any_text, max_size=8), st.integers(2, 4), st.booleans())
def test_shares_are_those_of_plain_sets(texts: list[str], common: int, templates: bool) -> None:
    measure, pasted = Measure(common=common), PHRASES[1:2] if templates else ()
    expected = naive.shares(texts, measure, pasted)
    index = TextIndex.of(keyed(texts), pasted, measure)
    found = {numbers(one): (one.shared, one.smaller) for one in index.pairs(EVERYTHING)}
    assert {pair: found[pair] for pair, (shared, _) in expected.items() if shared} == {
        pair: both for pair, both in expected.items() if both[0]
    }
    assert all(found[pair] == expected[pair] for pair in found)


@few
@given(st.lists(any_text, max_size=8), st.sampled_from([0.2, 0.5, 0.8]))
def test_cosines_are_those_of_the_oracle(texts: list[str], least: float) -> None:
    expected = naive.cosines(texts)
    found = TextIndex.of(keyed(texts)).pairs(Limits(share=2, cosine=least))
    told = {numbers(one): one.cosine for one in found}
    assert all(abs(cosine - expected[pair]) < 2e-4 for pair, cosine in told.items())
    assert {pair for pair, cosine in expected.items() if cosine > least + MARGIN} <= told.keys()


@few
@given(st.lists(any_text, max_size=6), any_text, st.integers(2, 4))
def test_a_new_text_is_compared_as_if_it_were_in_the_index(texts: list[str], new: str, common: int) -> None:
    index = TextIndex.of(keyed(texts), measure=Measure(common=common))
    compared = {one.second: one for one in index.compare(new, EVERYTHING, key="999")}
    both = index.extended([("999", new)]).pairs(EVERYTHING, touching=["999"])
    assert compared.keys() == {one.first for one in both}
    for one in both:
        other = compared[one.first]
        assert (other.share, other.shared, other.smaller) == (one.share, one.shared, one.smaller)
        assert abs(other.cosine - one.cosine) < 2e-4


@few
@given(st.lists(st.lists(any_text, max_size=4), max_size=5))
def test_extended_is_built_at_once(parts: list[list[str]]) -> None:
    texts = keyed([text for part in parts for text in part])
    index = TextIndex.of([])
    for part in parts:
        index = index.extended(texts[len(index.keys) : len(index.keys) + len(part)])
    whole = TextIndex.of(texts)
    assert index.keys == whole.keys
    assert index.pairs(EVERYTHING) == whole.pairs(EVERYTHING)
    assert index.compare(LONG, EVERYTHING) == whole.compare(LONG, EVERYTHING)


def test_an_index_stays_as_it_was_and_keeps_few_blocks() -> None:
    index = first = TextIndex.of([("a", LONG)])
    for number in range(100):
        index = index.extended([(f"{number}", LONG + chr(0x4E00 + number) * 9)])
    assert first.keys == ("a",) and len(index.keys) == 101
    assert len(index.blocks) <= 8


def test_texts_in_many_chunks_are_those_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = keyed([PHRASES[number % 11] + PHRASES[number % 7] + LONG[number:] for number in range(30)])
    whole = TextIndex.of(texts).pairs(EVERYTHING)
    monkeypatch.setattr(shingling, "CHUNK", 50)
    assert TextIndex.of(texts).pairs(EVERYTHING) == whole


def test_pairs_do_not_depend_on_the_order_of_texts() -> None:
    texts = keyed([PHRASES[number % 9] + LONG[number:] for number in range(12)])
    assert TextIndex.of(texts).pairs(EVERYTHING) == TextIndex.of(texts[::-1]).pairs(EVERYTHING)


def test_the_most_alike_come_first_and_ties_by_key() -> None:
    index = TextIndex.of([("b", LONG), ("c", LONG), ("a", LONG), ("d", LONG[:20])])
    found = index.pairs(Limits(share=0.5, cosine=2))
    assert [(one.first, one.second) for one in found[:3]] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert found[0].share == found[0].cosine == 1


def test_what_everybody_pastes_never_counts() -> None:
    declaration = "本单位承诺所报材料真实有效，如有虚假，愿意承担由此产生的一切法律责任并退回全部资金"
    texts = [
        ("a", "智慧港口岸桥远程控制改造。" + declaration),
        ("b", "医院手术示教与远程会诊平台。" + declaration),
    ]
    limits = Limits(share=0.3, cosine=0.3)
    assert TextIndex.of(texts).pairs(limits)
    index = TextIndex.of(texts, templates=[declaration])
    assert index.pairs(limits) == []
    assert index.compare(declaration, limits) == []
    assert index.passages(texts[0][1], texts[1][1]) == ()


def test_a_set_phrase_proves_nothing() -> None:
    texts = keyed([LONG + chr(0x4E00 + number) * 12 for number in range(6)])
    limits = Limits(share=0.3, cosine=2)
    assert len(TextIndex.of(texts, measure=Measure(common=6)).pairs(limits)) == 15
    assert TextIndex.of(texts, measure=Measure(common=5)).pairs(limits) == []


def test_a_text_without_letters_is_like_nothing() -> None:
    index = TextIndex.of([("a", ""), ("b", ""), ("c", "——  \n"), ("d", LONG)])
    assert index.pairs(EVERYTHING) == index.compare("", EVERYTHING) == []


def test_a_short_text_is_like_the_same_one_only() -> None:
    index = TextIndex.of([("a", "5G 专网"), ("b", "４Ｇ专网"), ("c", "5G专网建设")])
    assert [(one.first, one.second) for one in index.pairs(Limits(share=0.1, cosine=2))] == [("a", "b")]


def test_few_shared_shingles_can_be_passed_over() -> None:
    index = TextIndex.of([("a", LONG[-9:]), ("b", LONG[-9:])])
    assert index.pairs(Limits(share=0.5, cosine=2, shared=2)) != []
    assert index.pairs(Limits(share=0.5, cosine=2, shared=3)) == []


def test_only_pairs_that_touch() -> None:
    index = TextIndex.of([("a", LONG), ("b", LONG), ("c", LONG)])
    found = index.pairs(EVERYTHING, touching=["c"])
    assert [(one.first, one.second) for one in found] == [("a", "c"), ("b", "c")]
    with pytest.raises(KeyError, match="z"):
        index.pairs(EVERYTHING, touching=["z"])


def test_a_key_comes_once_and_an_index_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    index = TextIndex.of([("a", "")])
    with pytest.raises(ValueError, match="twice: a;"):
        index.extended([("a", LONG)])
    monkeypatch.setattr("mangrove.similarity.index.DOCUMENTS", 1)
    with pytest.raises(ValueError, match="at most 1 texts"):
        index.extended([("b", LONG)])
    with pytest.raises(ValueError, match="at most 1 texts"):
        index.compare(LONG, EVERYTHING)


@pytest.mark.parametrize("wrong", [{"characters": 0}, {"words": 0}, {"common": 1}])
def test_a_measure_that_measures_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not Measure"):
        Measure(**wrong)


@few
@given(st.lists(st.tuples(st.text(max_size=5), any_text), max_size=5, unique_by=lambda pair: pair[0]))
def test_an_index_comes_back_from_disk(texts: list[tuple[str, str]]) -> None:
    index = TextIndex.of(texts, templates=PHRASES[1:2], measure=Measure(common=3))
    stored = io.BytesIO()
    save_index(index, stored)
    loaded = load_index(io.BytesIO(stored.getvalue()))
    assert (loaded.keys, loaded.measure) == (index.keys, index.measure)
    assert np.array_equal(loaded.templates, index.templates)
    assert loaded.pairs(EVERYTHING) == index.pairs(EVERYTHING)
    assert loaded.extended([("new key", LONG)]).keys == (*index.keys, "new key")


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.npz"
    save_index(TextIndex.of([("a", LONG)]), path)
    assert load_index(path).keys == ("a",) and list(tmp_path.glob(".*")) == []
    np.savez(path, other=np.zeros(1))
    with pytest.raises(ValueError, match="build it again"):
        load_index(path)
