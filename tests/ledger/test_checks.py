"""Rooms bring checks of what they keep; the ledger runs them and names what does not agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mangrove.cli import main
from mangrove.ledger import checks
from mangrove.ledger.checks import register, run_checks


@pytest.fixture
def no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_checks", {})


@pytest.mark.usefixtures("no_others")
class TestChecks:
    def test_what_agrees_is_said_to(self) -> None:
        register("t.all", "样例", list)
        (found,) = run_checks()
        assert found.holds and str(found) == "样例：相符"

    def test_the_first_broken_object_is_named_and_the_others_counted(self) -> None:
        register("t.some", "样例", lambda: ["甲不符", "乙不符", "丙不符"])
        (found,) = run_checks()
        assert not found.holds and str(found) == "样例：甲不符；另有 2 处"

    def test_rows_that_cannot_be_read_are_a_finding_and_no_crash(self) -> None:
        def stumbles() -> list[str]:
            raise KeyError("unit")

        register("t.bad", "样例", stumbles)
        (found,) = run_checks()
        assert "无法核对" in found.first and "unit" in found.first

    def test_an_act_that_commits_between_two_reads_is_not_called_broken(self) -> None:
        answers: Iterator[list[str]] = iter([["甲不符"], []])
        register("t.moving", "样例", lambda: next(answers))
        (found,) = run_checks()
        assert found.holds

    def test_the_same_name_again_replaces_the_check(self) -> None:
        register("t.one", "样例", lambda: ["旧"])
        register("t.one", "样例", list)
        assert [found.holds for found in run_checks()] == [True]

    @pytest.mark.django_db
    def test_verify_names_the_check_and_the_object_and_says_so_by_its_code(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        register("t.bad", "样例", lambda: ["甲不符"])
        assert main(["ledger", "verify"]) == 1
        said = capsys.readouterr().out
        assert "账本完整。" in said and "样例：甲不符" in said
