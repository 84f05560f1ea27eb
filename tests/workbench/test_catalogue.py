"""The English catalogue: complete, sure, with the same placeholders, and one English for each official term."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

import mangrove
from mangrove.documents.rules import letter_rules
from mangrove.ui.catalogue import LOCALE
from mangrove.ui.languages import HOLE, patterns
from mangrove.vocabulary.terms import terms

PACKAGE = Path(mangrove.__file__).parent
CATALOGUE = LOCALE / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\{?\w*\}?\}")
#: Chinese that English must quote, because it is to be typed or found as it stands.
QUOTED = re.compile(r'"[^"]*"|\{\{基站总数\|时点=2020\|显示=超0\.0万个\}\}')
#: What may stand in such quotes.
MAY_BE_QUOTED = {
    "应用处", "万个", "亿元", "万", "亿", "第", "近", "超", "约", "以上", "市七届人大一次会议", "深工信函〔2021〕1号", "code〔year〕n号",
    "草案", "待核", "已核", "6000万元", "300万元",
}  # fmt: skip


def entries() -> list[polib.POEntry]:
    return list(polib.pofile(str(CATALOGUE)))


def englishes(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def texts() -> Iterator[tuple[str, str]]:
    """Each Chinese text with each of its English ones."""
    for entry in entries():
        for english in englishes(entry):
            yield entry.msgid, english


def test_the_catalogue_belongs_to_this_project_and_counts_as_english_does() -> None:
    head = polib.pofile(str(CATALOGUE)).metadata
    assert head["Project-Id-Version"] == "Mangrove"
    assert head["Language"] == "en"
    assert head["Plural-Forms"] == "nplurals=2; plural=(n != 1);"


def test_every_text_is_translated_and_none_is_a_guess() -> None:
    assert [entry.msgid for entry in entries() if not all(englishes(entry))] == []
    assert [entry.msgid for entry in entries() if entry.fuzzy or entry.obsolete] == []


def test_every_count_has_a_singular_and_a_plural() -> None:
    assert [
        entry.msgid for entry in entries() if entry.msgid_plural and set(entry.msgstr_plural) != {0, 1}
    ] == []


def test_placeholders_are_the_same_on_both_sides() -> None:
    wrong = [
        (chinese, english)
        for chinese, english in texts()
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(chinese))
        and "{{指标名}}" not in chinese
    ]
    assert wrong == []


def test_no_english_text_holds_chinese_but_what_is_to_be_typed_or_found_as_it_stands() -> None:
    wrong = [english for _chinese, english in texts() if CHINESE.search(QUOTED.sub("", english))]
    quoted = {words for _chinese, english in texts() for words in re.findall('"([^"]*)"', english)}
    assert wrong == []
    assert {words for words in quoted if CHINESE.search(words)} <= MAY_BE_QUOTED


def test_each_official_term_has_one_english_wherever_it_is_a_text_of_its_own() -> None:
    known = terms()
    wrong = [
        (entry.msgid, entry.msgstr, known[entry.msgid].en)
        for entry in entries()
        if not entry.msgctxt and entry.msgid in known and entry.msgstr != known[entry.msgid].en
    ]
    assert wrong == []


def test_official_terms_are_each_given_once_in_both_languages() -> None:
    assert len(terms()) > 60
    assert all(term.en and not CHINESE.search(term.en) for term in terms().values())


def test_every_word_of_the_format_standard_that_the_report_shows_is_translated() -> None:
    known = {entry.msgid for entry in entries()}
    shown = {
        word
        for rule in letter_rules().values()
        for word in (rule.element, rule.quantity, rule.strength, rule.status)
    }
    assert shown <= known


def test_every_sentence_that_pages_recognise_is_translated() -> None:
    known = {entry.msgid for entry in entries()}
    sentences = [sentence for _pattern, sentence in patterns()]
    assert len(sentences) > 60 and set(sentences) <= known
    assert all(HOLE.findall(sentence) or CHINESE.search(sentence) for sentence in sentences)


def test_nothing_that_the_source_says_is_missing_from_the_catalogue(tmp_path: Path) -> None:
    """Gathered anew from a copy of the source, as ``make catalogue`` does."""
    if shutil.which("xgettext") is None or shutil.which("msgmerge") is None:
        pytest.skip("没有 gettext 程序（xgettext、msgmerge），未核对词表是否收全；请安装 gettext")
    copy = tmp_path / "mangrove"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "static", "*.mo"))
    gather = [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-obsolete", "--no-location"]
    subprocess.run(
        [*gather, "--settings", "mangrove.workbench.settings"], cwd=copy, check=True, capture_output=True
    )
    gathered = polib.pofile(str(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    missing = {(one.msgctxt, one.msgid) for one in gathered} - {(one.msgctxt, one.msgid) for one in entries()}
    forgotten = {(one.msgctxt, one.msgid) for one in entries()} - {
        (one.msgctxt, one.msgid) for one in gathered
    }
    assert missing == set()
    assert forgotten == set()
