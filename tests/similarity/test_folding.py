"""What two people would call the same words is the same, and every token knows where it stood."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.similarity.folding import fold, in_chunks
from mangrove.similarity.shingles import Measure, shingles

from . import naive
from .strategies import any_text


@given(st.lists(any_text, max_size=5))
def test_tokens_are_those_of_the_oracle(texts: list[str]) -> None:
    folded = fold(texts)
    known: dict[int, str] = {}
    for text, begin, end in zip(texts, folded.bounds, folded.bounds[1:], strict=False):
        expected = naive.tokens(text)
        assert folded.starts[begin:end].tolist() == [token.start for token in expected]
        assert folded.ends[begin:end].tolist() == [token.end for token in expected]
        assert folded.words[begin:end].tolist() == [not token.wide for token in expected]
        for token, hashed in zip(expected, folded.hashes[begin:end].tolist(), strict=True):
            assert known.setdefault(hashed, token.word) == token.word
    assert len(known) == len(set(known.values()))


@given(st.lists(any_text, max_size=4), st.integers(1, 9), st.integers(1, 6))
def test_shingles_are_those_of_the_oracle(texts: list[str], characters: int, words: int) -> None:
    measure = Measure(characters=characters, words=words)
    found = shingles(fold(texts), measure)
    for number, text in enumerate(texts):
        mine = np.unique(found.hashes[found.texts == number])
        assert len(mine) == len(naive.shingles(text, measure))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＩ终端，“五类”", "ai 终端「五类」"),
        ("投资3,200.50万元", "投资 9 万元"),
        ("投资１２００万元", "投资7万元"),
        ("Café\r\nRÉSUMÉ", "cafe resume"),
        ("cafe\u0301", "café"),
        ("ﬁne ㎡", "FINE m2"),
        ("可\u200b信", "可信"),
    ],
)
def test_the_same_words_however_written(one: str, other: str) -> None:
    assert fold([one]).hashes.tolist() == fold([other]).hashes.tolist()


def test_numbers_can_be_kept_apart() -> None:
    assert fold(["300万"], numbers=True).hashes[0] != fold(["500万"], numbers=True).hashes[0]


def test_a_lone_half_of_a_character_is_a_break() -> None:
    assert len(fold(["a\ud800b"]).hashes) == 2


def test_hashes_are_the_same_in_every_process() -> None:
    """An index on disk depends on these very numbers: change storing.FORMAT with them."""
    code = "from mangrove.similarity.folding import fold; print(fold(['港口5G crane']).hashes.tolist())"
    told = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout for _ in "ab"}
    assert told == {f"{fold(['港口5G crane']).hashes.tolist()}\n"}
    assert fold(["港"]).hashes.tolist() == [PINNED]


@given(st.lists(st.text(max_size=9), max_size=9), st.integers(1, 20))
def test_chunks_are_all_texts_in_order(texts: list[str], characters: int) -> None:
    assert [text for chunk in in_chunks(texts, characters) for text in chunk] == texts


PINNED = 6104595971190292949
