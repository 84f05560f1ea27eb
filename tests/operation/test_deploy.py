"""What ``mangrove check --deploy`` finds: each fault alone, and nothing in a house that is as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.checks import CheckMessage
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from mangrove.jobs.models import Job
from mangrove.ledger.refs import OPERATOR
from mangrove.ledger.sealer import heads_file
from mangrove.registry.models import User
from mangrove.workbench.operation.backup import back_up, record_backup
from mangrove.workbench.operation.deploy import check_settings, settings_messages
from mangrove.workbench.operation.limits import limit, limits
from mangrove.workbench.operation.watching import running_messages
from processes import beside

from .conftest import mangrove


@pytest.fixture
def sound(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings as they should be."""
    monkeypatch.setenv("MANGROVE_SECRET_KEY", "x" * 50)
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["5g.example.cn"]
    settings.HTTPS = True
    settings.MANGROVE_PROXIES = "1"
    settings.TIME_ZONE = "Asia/Shanghai"
    return settings


def ids(messages: Iterator[CheckMessage]) -> set[str]:
    found = list(messages)
    assert all(one.msg and one.hint for one in found), "each says what is wrong and what to do"
    return {str(one.id).removeprefix("mangrove.") for one in found}


def test_sound_settings_are_passed(sound: Settings) -> None:
    assert ids(settings_messages()) == set()


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("DEBUG", True, "E002"),
        ("ALLOWED_HOSTS", ["*"], "E003"),
        ("ALLOWED_HOSTS", ["localhost"], "E003"),
        ("HTTPS", False, "E004"),
        ("MANGROVE_PROXIES", "", "W005"),
        ("TIME_ZONE", "UTC", "E012"),
    ],
)
def test_each_wrong_setting_is_named(sound: Settings, name: str, value: object, id: str) -> None:
    setattr(sound, name, value)
    assert ids(settings_messages()) == {id}


def test_a_key_that_was_made_up_here_is_named(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MANGROVE_SECRET_KEY")
    assert ids(settings_messages()) == {"E001"}


def test_a_place_that_cannot_be_written_or_that_anybody_enters(sound: Settings, tmp_path: Path) -> None:
    sound.MANGROVE_VAR = tmp_path / "absent"
    assert "E007" in ids(iter(check_settings()))
    (tmp_path / "open").mkdir(mode=0o755)
    sound.MANGROVE_VAR = tmp_path / "open"
    assert "W015" in ids(iter(check_settings()))
    (tmp_path / "open").chmod(0o750)
    assert not {"E007", "W015"} & ids(iter(check_settings()))


@pytest.mark.django_db(transaction=True)
class TestRunning:
    def found(self) -> set[str]:
        return ids(running_messages()) - {"W006", "W010", "W016"}

    def test_a_house_that_runs_is_passed(self, house: Path) -> None:
        assert self.found() == set()
        assert ("W006" in ids(running_messages())) == (connection.vendor == "sqlite")

    def test_a_backup_of_today_is_seen_and_one_of_yesterday_is_not(self, house: Path, tmp_path: Path) -> None:
        assert {"W010", "W016"} <= ids(running_messages())
        record_backup(back_up(tmp_path / "kept"), by=OPERATOR)
        assert "W010" not in ids(running_messages())

    def test_a_job_that_nobody_takes_up_tells_that_no_worker_is_there(self, house: Path) -> None:
        late = timezone.now() - timedelta(minutes=limit("worker_minutes") + 1)
        Job.objects.create(
            kind="none", title="样例", username="x", name="x", business_date=late.date(), queued_at=late
        )
        assert self.found() == {"E009"}
        Job.objects.update(queued_at=timezone.now())
        assert self.found() == set()

    def test_heads_that_stay_behind_the_chain(self, house: Path) -> None:
        whole = heads_file().read_text()
        heads_file().write_text("")
        assert self.found() == {"E011"}
        heads_file().write_text(whole)
        assert self.found() == set()

    def test_sample_accounts_and_powers_in_one_hand(self, house: Path) -> None:
        User.objects.create(username="a", name="样例", roles=["sysadmin"], synthetic=True)
        User.objects.create(username="b", name="乙", roles=["security", "auditor"])
        assert self.found() == {"W018", "W019"}
        User.objects.update(is_active=False)
        assert self.found() == set()

    def test_the_command_says_it_and_fails(self, house: Path, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        done = mangrove(beside(tmp_path / "other") | {"MANGROVE_HTTPS": ""}, "check", "--deploy")
        assert done.returncode == 1, done.stdout + done.stderr
        assert "mangrove.E004" in done.stdout and "MANGROVE_HTTPS=1" in done.stdout


def test_every_limit_has_a_source_and_none_is_passed_off_as_checked() -> None:
    assert all(one.source and one.status in {"已核", "待核"} for one in limits().values())
    assert limit("log_days") >= 180
    assert django_settings.SESSION_COOKIE_HTTPONLY
