"""The page of the rule language says what the language really takes: every key, every formula, every name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.policies.language.names import NameFilter, names
from mangrove.policies.language.words import CLAUSE, FORMULAS, MEASURE, Line
from mangrove.rulebook.language.check import check
from mangrove.rulebook.language.functions import FUNCTIONS
from mangrove.rulebook.language.parser import AGGREGATES, parse
from mangrove.rulebook.language.scope import Scope
from mangrove.rulebook.problems import START
from mangrove.rulebook.texts import reader
from mangrove.vocabulary import vocabulary

from . import life


def test_every_key_that_a_text_may_have_is_told_and_no_other() -> None:
    assert {one.written for one in MEASURE} == set(reader.TOP)
    assert {one.written for one in CLAUSE} == {*reader.CLAUSE, *reader.CHOICE, *reader.TOTAL} - {"note"}


@pytest.mark.parametrize("line", FORMULAS, ids=lambda one: one.written)
def test_every_formula_can_be_read_as_it_stands(line: Line) -> None:
    words = vocabulary()
    check(parse(line.written), Scope(words, words.entities[line.of]), line.written, START)


def test_every_function_and_every_gathering_is_named() -> None:
    told = " ".join(f"{one.written} {one.means}" for one in FORMULAS)
    assert [one for one in (*FUNCTIONS, *sorted(AGGREGATES)) if one not in told] == []


def test_names_are_found_by_their_kind_and_by_their_words() -> None:
    assert len(NameFilter({}).found()) == len(list(names())) > 400
    found = NameFilter({"kind": "support_project", "text": "投资"}).found()
    assert {one.kind.id for one in found} == {"support_project"}
    assert "经审核投资额" in {one.of.zh for one in found}
    assert NameFilter({"text": "没有这样的名称"}).found() == []


@pytest.mark.django_db
def test_the_page_tells_what_stands_behind_a_name(client: Client) -> None:
    life.bureau()
    client.force_login(life.who("officer"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(
        reverse("policies:language"), {"kind": "support_project", "text": "扶持方向"}
    ).content.decode()
    assert "应用示范" in page and "direction" in page
