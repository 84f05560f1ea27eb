"""What the vocabulary refuses, said with the nearest known word or the file and line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher


class VocabularyError(ValueError):
    """A word file that cannot be right. ``file`` and ``line`` (from 1) say where."""

    def __init__(self, message: str, *, file: str, line: int) -> None:
        super().__init__(f"{file} 第{line}行：{message}")
        self.message = message
        self.file = file
        self.line = line


class UnknownWord(KeyError):
    """A name that the vocabulary does not have; ``nearest`` is the closest that it has, or empty."""

    def __init__(self, what: str, word: str, known: Iterable[str]) -> None:
        self.word = word
        self.nearest = nearest(word, known)
        super().__init__(f"没有{what}“{word}”{hint(self.nearest)}")

    def __str__(self) -> str:
        return str(self.args[0])


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like ``word``, or an empty text when none is at all like it; ties go to the first by order."""
    # More than half of the letters must be alike: of one three times as long that cannot be, and need not be looked at.
    near = (other for other in sorted(known) if len(other) <= 3 * len(word) and len(word) <= 3 * len(other))
    scored = [(SequenceMatcher(None, word, other).ratio(), other) for other in near]
    best = max(scored, key=lambda pair: pair[0], default=(0, ""))
    return best[1] if best[0] >= 0.5 else ""


def hint(nearest_word: str) -> str:
    return f"，是否想写“{nearest_word}”？" if nearest_word else "。"
