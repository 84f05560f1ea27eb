"""How a line is read, what a wrong one is told, and that the page made of all of them is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from mangrove.registry.roles import ROLES
from mangrove.workbench.reach.declared import declared, read
from mangrove.workbench.reach.grants import Undeclared, grant
from mangrove.workbench.reach.report import matrix

PAGE = Path(__file__).resolve().parents[2] / "docs" / "access.md"


def test_the_page_is_what_the_house_declares() -> None:
    with translation.override("zh-hans"):
        assert PAGE.read_text(encoding="utf-8") == matrix(), "run: mangrove access --write docs/access.md"


@pytest.mark.parametrize(
    ("line", "place", "answer"),
    [
        ({"opens": "signer"}, "other", "allowed"),
        ({"opens": "signer@organisation"}, "house", "allowed"),
        ({"opens": "signer@organisation"}, "other", "hidden"),
        ({"opens": "signer@unit"}, "house", "hidden"),
        ({"opens": "signer@own"}, "own", "allowed"),
        ({"opens": "signer@own", "refused": "everyone"}, "house", "refused"),
        ({"opens": "registrar", "refused": "house"}, "own", "refused"),
        ({"does": "signer"}, "own", "no method"),
    ],
)
def test_how_far_a_role_reaches(line: dict[str, str], place: str, answer: str) -> None:
    (found,) = read("room:route", line, {"house": "signer reviewer"})
    assert found.answer("GET", "signer", place) == answer  # type: ignore[arg-type]


def test_what_is_not_said_about_sending_is_not_allowed() -> None:
    (reading,) = read("room:route", {"opens": "signer"}, {})
    (acting,) = read("room:route", {"opens": "signer", "does": "opens"}, {})
    (fewer,) = read("room:route", {"opens": "signer reviewer", "does": "signer"}, {})
    assert reading.answer("POST", "signer", "own") == "no method"
    assert acting.answer("POST", "signer", "own") == "allowed"
    assert fewer.answer("POST", "reviewer", "own") == "refused"
    assert fewer.answer("POST", "registrar", "own") == "hidden"


def test_acts_follow_their_workflow_and_its_exceptions() -> None:
    said = {
        "steps": "proposals.reply",
        "but": {"rate": "deputy@own", "sign": {"refused": "nobody"}},
        "refused": "auditor",
    }
    lines = {line.act.rpartition(".")[2]: line for line in read("proposals:act", said, {})}
    assert lines["sign"].answer("POST", "signer", "house") == "allowed"
    assert lines["sign"].answer("POST", "signer", "other") == "hidden"
    assert lines["sign"].answer("GET", "auditor", "other") == "hidden"
    assert lines["number"].answer("GET", "auditor", "other") == "refused"
    assert lines["rate"].answer("GET", "deputy", "house") == "hidden"
    assert lines["close"].answer("GET", "deputies_office", "other") == "allowed"


def test_acts_that_no_workflow_names_have_a_line_each() -> None:
    said = {
        "acts": {"pay": "payment_officer", "look": {"opens": "auditor", "refused": "nobody"}},
        "refused": "case_officer@organisation",
    }
    pay, look = read("room:act", said, {})
    assert (pay.name, look.name) == ("room:act pay", "room:act look")
    assert pay.answer("POST", "payment_officer", "other") == "allowed"
    assert pay.answer("POST", "case_officer", "house") == "refused"
    assert look.answer("GET", "case_officer", "house") == "hidden"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"opens": "nobody_we_know"}, "nobody_we_know"),
        ({"opens": "signer@street"}, "signer@street"),
        ({"open": "signer"}, "open"),
        ({"why": "because"}, "opens"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: dict[str, str], said: str) -> None:
    with pytest.raises(Undeclared, match=said):
        list(read("room:route", line, {}))


def test_everyone_is_every_role() -> None:
    assert set(grant("everyone", {}).roles) == {role.id for role in ROLES}


def test_nobody_who_only_audits_acts() -> None:
    """审计查阅全部记录，不作改动: of what changes anything they do nothing but look, and what is their own."""
    own = {
        "workbench:sign_in", "workbench:sign_out", "workbench:account", "workbench:set_language", "workbench:ledger_verify",
        "workbench:styleguide_draft", "figures:check", "workbench:second_step", "workbench:factor", "workbench:end_sign_in",
        "casework:messages_read",
        "workbench:view_new",  # a list, as they like to look at it
        "casework:grievance_new",  # whoever works here may complain
        "policies:opinion_send",  # and have an opinion on what the public is asked about
    }  # fmt: skip
    acting = {line.route for line in declared() if line.does and "auditor" in line.does.roles}
    assert acting <= own, "the auditor reads; an act of theirs needs a reason here"
