"""Copies of seven kinds, planted into the texts: 60 of each, each of a text of its own (shared/facts/calls.md §4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from similarity_peers.corpus import NUMBER, Maker, Sentence, Text, length

EACH = 60


@dataclass(frozen=True)
class Planted:
    """texts as written; copies: for each kind the pairs of numbers, the text and its copy; touched: all numbers in one."""

    texts: list[str]
    copies: dict[str, list[tuple[int, int]]]

    @property
    def touched(self) -> set[int]:
        return {number for pairs in self.copies.values() for pair in pairs for number in pair}


def planted(maker: Maker, count: int) -> Planted:
    """So many texts in all, the last of them the copies."""
    originals = maker.texts(count - EACH * len(KINDS))
    sources = iter(maker.random.permutation(len(originals)).tolist())
    texts, copies = list(originals), {}
    for kind, change in KINDS.items():
        copies[kind] = [(next(sources), len(texts) + number) for number in range(EACH)]
        texts += [change(maker, originals[source]) for source, _ in copies[kind]]
    return Planted([maker.written(text) for text in texts], copies)


def renamed(maker: Maker, text: Text) -> Text:
    """Another firm and other numbers."""
    firm = maker.language.firms[-1 - int(maker.random.integers(200))]
    words = {text.firm: firm}
    return _of(
        maker,
        text,
        [
            [maker.number() if word[0] == NUMBER else words.get(word, word) for word in one]
            for one in text.sentences
        ],
    )


def replaced(share: float) -> Callable[[Maker, Text], Text]:
    """So many of the sentences are new ones."""

    def change(maker: Maker, text: Text) -> Text:
        count = len(text.sentences)
        new = set(maker.random.permutation(count)[: round(share * count)].tolist())
        sentences = [
            maker.sentence(text.subject) if place in new else one for place, one in enumerate(text.sentences)
        ]
        return _of(maker, text, sentences)

    return change


def shuffled(maker: Maker, text: Text) -> Text:
    """The same sentences in another order."""
    return _of(
        maker, text, [text.sentences[place] for place in maker.random.permutation(len(text.sentences))]
    )


def reworded(share: float) -> Callable[[Maker, Text], Text]:
    """So many of the words are others, of the same subject."""

    def change(maker: Maker, text: Text) -> Text:
        return _of(maker, text, [_reworded(maker, text.subject, one, share) for one in text.sentences])

    return change


def _reworded(maker: Maker, subject: int, sentence: Sentence, share: float) -> Sentence:
    other = maker.content(subject, len(sentence))
    return [new if maker.random.random() < share else word for word, new in zip(sentence, other, strict=True)]


def lifted(maker: Maker, text: Text) -> Text:
    """Another firm's text, a fifth of whose characters is a run of this text's sentences."""
    own = maker.text(maker.language.firms[-1 - int(maker.random.integers(200))])
    begin = int(maker.random.integers(1, len(text.sentences) * 3 // 4))
    run: list[Sentence] = []
    while length(maker.language, run) < length(maker.language, own.sentences) / 5 and begin + len(run) < len(
        text.sentences
    ):
        run.append(text.sentences[begin + len(run)])
    own.sentences[3 : 3 + len(run)] = run
    return own


def _of(maker: Maker, text: Text, sentences: list[Sentence]) -> Text:
    return Text(text.subject, text.firm, sentences, bool(maker.random.random() < 0.7))


KINDS: dict[str, Callable[[Maker, Text], Text]] = {
    "rename+numbers": renamed,
    "30 % sentences": replaced(0.3),
    "60 % sentences": replaced(0.6),
    "shuffled": shuffled,
    "15 % words": reworded(0.15),
    "30 % words": reworded(0.3),
    "20 % lifted": lifted,
}
