"""The policy in Mangrove's own language (policy.yaml), read with the words of vocabulary.yaml beside those of the house."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from mangrove.rulebook.measures import Measure
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary.loader import load as load_words
from mangrove.vocabulary.model import Vocabulary
from mangrove.vocabulary.units import WORDS

HERE = Path(__file__).resolve().parent


@cache
def vocabulary() -> Vocabulary:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(WORDS, folder, dirs_exist_ok=True)
        shutil.copy(HERE / "vocabulary.yaml", Path(folder) / "zz_bench.yaml")
        return load_words(Path(folder))


@cache
def measure() -> Measure:
    return load(HERE / "policy.yaml", vocabulary())
