"""Texts of synthetic applications, put together from many sentences so that two that are nearly the same mean something. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from mangrove.policies.year.chance import between, one_of
from mangrove.policies.year.telling import Said

#: Numbers in sentences.
NUMBERS = (3, 980)
BATCHES = "甲乙丙丁戊己庚辛壬癸"


def title(said: Said, chance: Random, scheme: str) -> str:
    """The subject, where it is done and which part of it: two firms rarely call a project the same."""
    place, part = one_of(chance, said["places"]), one_of(chance, BATCHES)
    return f"{place}{one_of(chance, said['subjects'][scheme])}（{part}{between(chance, (1, 99))}）"


def written(said: Said, chance: Random, slots: Sequence[Sequence[str]], subject: str) -> list[str]:
    """One sentence of each slot, with numbers, places and goods of its own."""
    return [filled(said, chance, one_of(chance, slot), subject) for slot in slots]


def filled(said: Said, chance: Random, sentence: str, subject: str) -> str:
    while "{n}" in sentence:
        sentence = sentence.replace("{n}", str(between(chance, NUMBERS)), 1)
    goods, place = one_of(chance, said["goods"]), one_of(chance, said["places"])
    return sentence.replace("{g}", goods).replace("{p}", place).replace("{s}", subject)


def reworded(
    said: Said, chance: Random, sentences: Sequence[str], slots: Sequence[Sequence[str]], subject: str
) -> list[str]:
    """The same text but for one sentence: what somebody does who hands a project in twice."""
    place = chance.randrange(len(sentences))
    other = filled(said, chance, one_of(chance, slots[place]), subject)
    return [other if n == place else one for n, one in enumerate(sentences)]
