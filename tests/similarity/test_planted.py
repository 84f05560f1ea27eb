"""Copies of the seven kinds that were measured are found among texts of the same subjects, and nothing else is."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

# Behind all others: bench/similarity.py must not hide the library
sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

from similarity_peers import planting
from similarity_peers.corpus import Maker, language

from mangrove.similarity import Finding, Limits, TextIndex

#: Between what two texts of one firm have in common, 14 % of a text at most, and a fifth
LIMITS = Limits(share=0.16, cosine=0.35, shared=20)


@cache
def found(code: str) -> tuple[planting.Planted, dict[tuple[int, int], Finding]]:
    """Six copies of each kind among 300 texts, and what is found."""
    planting.EACH = 6
    random = np.random.default_rng(11)
    made = planting.planted(Maker(language(code, random), random), 300)
    index = TextIndex.of((f"{number:03}", text) for number, text in enumerate(made.texts))
    return made, {(int(one.first), int(one.second)): one for one in index.pairs(LIMITS)}


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("kind", planting.KINDS)
def test_copies_are_found(code: str, kind: str) -> None:
    made, pairs = found(code)
    assert [pair for pair in made.copies[kind] if pair not in pairs] == []


@pytest.mark.parametrize("code", ["zh", "en"])
def test_texts_that_nobody_copied_are_not(code: str) -> None:
    made, pairs = found(code)
    false = [pair for pair in pairs if not made.touched & set(pair)]
    assert len(false) <= 2
