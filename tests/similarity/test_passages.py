"""Passages are the same words in both texts, at their places in the texts as they were written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mangrove.similarity import Limits, Measure, Passage, TextIndex, common_passages

from . import naive
from .strategies import any_text

SMALL = Measure(characters=3, words=2)


def words(text: str) -> list[str]:
    return [token.word for token in naive.tokens(text)]


def cut(text: str, start: int, end: int) -> list[str]:
    """The words that stand in a piece of a text: by place, since a number cut off from its text may join another."""
    return [token.word for token in naive.tokens(text) if start <= token.start and token.end <= end]


@given(any_text, any_text)
def test_a_passage_is_the_same_words_in_both(first: str, second: str) -> None:
    for one in common_passages(first, second, measure=SMALL):
        mine = cut(first, one.first_start, one.first_end)
        assert mine == cut(second, one.second_start, one.second_end)
        assert len(mine) == one.words > 0


@given(any_text, any_text)
def test_every_shared_shingle_lies_in_passages(first: str, second: str) -> None:
    passages = common_passages(first, second, measure=SMALL)
    inside = [
        any(one.first_start <= token.start < one.first_end for one in passages)
        for token in naive.tokens(first)
    ]
    both = naive.shingles(first, SMALL) & naive.shingles(second, SMALL)
    mine = words(first)
    for shingle in both:
        for begin in range(len(mine) - len(shingle) + 1):
            if tuple(mine[begin : begin + len(shingle)]) == shingle:
                assert all(inside[begin : begin + len(shingle)])


@given(any_text, any_text, st.integers(0, 5), st.integers(1, 9))
def test_passages_are_in_order_and_do_not_overlap(first: str, second: str, gap: int, least: int) -> None:
    passages = common_passages(first, second, measure=SMALL, gap=gap, least=least)
    assert all(one.words >= least for one in passages)
    for one, other in zip(passages, passages[1:], strict=False):
        # Two tokens may come of one character, such as the m and 2 of ㎡ㄅ, so places may touch in it
        assert one.first_start < other.first_start and one.first_end <= other.first_start + 1


@given(any_text)
def test_a_text_is_one_passage_of_itself(text: str) -> None:
    found = common_passages(text, text, gap=0)
    tokens = naive.tokens(text)
    if tokens and len(naive.shingles(text, Measure())) == len(tokens) - 7:
        assert found == (
            Passage(tokens[0].start, tokens[-1].end, tokens[0].start, tokens[-1].end, len(tokens)),
        )


def test_places_are_those_of_the_text_as_written() -> None:
    first = "　一、𬭛合金车间：Ａ公司采用５Ｇ专网，实现岸桥远程控制，节约1,000万元。"
    second = "我们为此采用“5g专网”实现 岸桥远程控制，\n节约９万元！"
    (found,) = common_passages(first, second)
    assert first[found.first_start : found.first_end] == "采用５Ｇ专网，实现岸桥远程控制，节约1,000万元"
    assert second[found.second_start : found.second_end] == "采用“5g专网”实现 岸桥远程控制，\n节约９万元"


def test_a_changed_name_does_not_cut_a_passage_when_gaps_are_bridged() -> None:
    first = "为港口堆场部署专用网络，由红树公司负责岸桥远程控制的改造和运维"
    second = "为港口堆场部署专用网络，由海桑集团负责岸桥远程控制的改造和运维"
    assert len(common_passages(first, second)) == 2
    (found,) = common_passages(first, second, gap=4)
    assert (found.first_start, found.first_end, found.words) == (0, len(first), 30)


def test_moved_sentences_are_passages_of_their_own() -> None:
    one, two = "在港口堆场部署专用网络并完成改造。", "为医院建设远程会诊和手术示教系统。"
    found = common_passages(one + two, two + one)
    assert [(passage.first_start, passage.second_start) for passage in found] == [(0, 17), (17, 0)]


def test_a_text_of_one_character_again_and_again_takes_no_time() -> None:
    found = common_passages("港" * 3000, "港" * 2990)
    assert sum(one.words for one in found) == 3000


def test_findings_are_shown_with_their_passages() -> None:
    texts = {"a": "拟在港口堆场部署专用网络并完成改造", "b": "已在港口堆场部署专用网络并完成改造"}
    index = TextIndex.of(texts.items())
    (found,) = index.shown(index.pairs(Limits(share=0.5, cosine=2)), texts)
    assert found.passages == (Passage(1, 17, 1, 17, 16),)
