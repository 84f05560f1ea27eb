"""Chinese that is kept is said in the reader's language; Chinese that is data is marked as such."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from mangrove.ui import languages
from mangrove.ui.catalogue import compile_catalogues
from mangrove.ui.languages import as_data, beside, in_words, listed


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    compile_catalogues()
    translation.trans_real._translations.clear()
    with translation.override("en"):
        yield


def test_a_kept_word_and_a_kept_sentence_are_said_in_english() -> None:
    assert in_words("待核") == "To be verified"
    assert in_words("指标最近的时点是2020年8月。") == "The figure's latest value is for 2020-8."


def test_two_kept_sentences_are_said_one_after_the_other() -> None:
    said = in_words("与指标数值不同。指标最近的时点是2020年。")
    assert said == "It differs from the figure. The figure's latest value is for 2020."


def test_what_nobody_made_known_stays_as_it_stands() -> None:
    assert in_words("函中没有写明评价依据") == "函中没有写明评价依据"
    assert in_words("") == ""


def test_words_in_chinese_pages_are_left_alone() -> None:
    with translation.override("zh-hans"):
        assert in_words("待核") == "待核"
        assert as_data("深圳") == "深圳"
        assert listed(["一", "二"]) == "一、二"
        assert beside("局长", "市府办") == "局长（市府办）"


def test_only_the_chinese_stretch_of_a_text_is_marked_and_everything_is_escaped() -> None:
    assert as_data("see 2021年8月30日 <b>") == 'see <span lang="zh">2021年8月30日</span> &lt;b&gt;'
    assert as_data("plain <b>") == "plain <b>"
    assert as_data(48000) == 48000


def test_a_drawn_component_is_not_marked_again() -> None:
    drawn = as_data("深圳")
    assert as_data(drawn) is drawn


def test_sentences_with_more_words_of_their_own_are_tried_first() -> None:
    lengths = [len(languages.HOLE.sub("", sentence)) for _pattern, sentence in languages.patterns()]
    assert lengths == sorted(lengths, reverse=True)
