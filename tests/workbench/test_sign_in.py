"""Signing in, being locked out, and sessions that end."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from mangrove.cli import main
from mangrove.jobs.models import Job
from mangrove.ledger.models import Event
from mangrove.registry.models import User
from mangrove.workbench.settings import write_secret

from .conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db
PAGES = ["/", "/inbox/", "/account/", "/ledger/", "/ledger/export/", "/styleguide/", "/styleguide/drawer/"]


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={path}"


def test_signing_in_leads_to_the_page_one_asked_for_but_never_elsewhere(officer: User) -> None:
    sent = {"username": "jbr", "password": PASSWORD}
    assert Client().post("/sign-in/", sent | {"next": "/inbox/"})["Location"] == "/inbox/"
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert Client().post("/sign-in/", sent | {"next": elsewhere})["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_sound_the_same(officer: User) -> None:
    name = Client().post("/sign-in/", {"username": "nobody", "password": PASSWORD})
    password = Client().post("/sign-in/", {"username": "jbr", "password": "wrong"})
    for answer in (name, password):
        assert "用户名或密码不正确" in text(answer)


def test_a_closed_account_cannot_sign_in_and_its_session_ends(officer: User) -> None:
    client = signed_in(officer)
    officer.is_active = False
    officer.save()
    assert client.get("/").status_code == 302
    assert "用户名或密码不正确" in text(client.post("/sign-in/", {"username": "jbr", "password": PASSWORD}))


def test_five_failures_lock_the_account_and_the_page_says_until_when(officer: User, client: Client) -> None:
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post("/sign-in/", {"username": "jbr", "password": "wrong"})
    assert answer.status_code == 429
    assert "账户暂时锁定" in text(answer)
    assert "（北京时间）之后" in text(answer)
    right = client.post("/sign-in/", {"username": "jbr", "password": PASSWORD})
    assert right.status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.post("/sign-in/", {"username": "jbr", "password": PASSWORD}).status_code == 302


def unlock(capsys: pytest.CaptureFixture[str]) -> str:
    """What ``mangrove account unlock jbr`` says."""
    capsys.readouterr()
    assert main(["account", "unlock", "jbr"]) == 0
    return capsys.readouterr().out


def unlockings() -> list[Event]:
    return list(Event.objects.filter(act="registry.unlock_account"))


def test_who_is_locked_out_is_let_in_again_by_command_and_it_stands_in_the_ledger(
    officer: User, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guess(client, "jbr", settings.AXES_FAILURE_LIMIT) == 429
    assert "已解除 jbr 的锁定" in unlock(capsys)
    assert client.post("/sign-in/", {"username": "jbr", "password": PASSWORD}).status_code == 302
    (event,) = unlockings()
    assert event.object_id == "jbr" and '"lockouts":1' in event.body.text
    assert "没有被锁定" in unlock(capsys) and len(unlockings()) == 1


def test_locked_out_from_two_addresses_with_two_browsers_at_one_is_two_lockouts(
    officer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    for agent, times in (("one", 3), ("two", 2)):
        guess(Client(HTTP_USER_AGENT=agent), "jbr", times)
    assert guess(Client(REMOTE_ADDR="10.0.0.9"), "jbr", settings.AXES_FAILURE_LIMIT) == 429
    assert guess(Client(REMOTE_ADDR="10.0.0.10"), "jbr", 1) == 200
    unlock(capsys)
    assert '"lockouts":2' in unlockings()[0].body.text


def test_who_only_mistyped_was_not_locked_out_and_begins_anew_without_an_event(
    officer: User, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    guess(client, "jbr", settings.AXES_FAILURE_LIMIT - 1)
    said = unlock(capsys)
    assert "jbr 没有被锁定；此前输错密码 4 次，已不再计。" in said and "已解除" not in said
    assert guess(client, "jbr", settings.AXES_FAILURE_LIMIT - 1) == 200
    assert unlockings() == []


def test_a_lockout_that_ran_out_by_itself_is_not_ended_again(
    officer: User, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    guess(client, "jbr", settings.AXES_FAILURE_LIMIT)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(hours=1))
    assert "jbr 没有被锁定。" in unlock(capsys) and unlockings() == []


def test_unlocking_says_that_an_address_may_still_be_kept_out_and_it_is(
    officer: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MANGROVE_ADDRESS_FAILURE_LIMIT = 6
    here = Client(REMOTE_ADDR="203.0.113.7")
    for n in range(6):
        guess(here, f"name{n}", 1)
    assert "仍须等它到时自行解除" in unlock(capsys) and unlockings() == []
    assert here.post("/sign-in/", {"username": "jbr", "password": PASSWORD}).status_code == 429


def test_signing_out_takes_a_post(as_officer: Client) -> None:
    assert as_officer.get("/sign-out/").status_code == 405
    as_officer.post("/sign-out/")
    assert as_officer.get("/").status_code == 302


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """The whole house sees this time."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_a_session_ends_in_the_end_however_busy(as_officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    start, busy = timezone.now(), timedelta(minutes=20)
    last = start + timedelta(seconds=settings.MANGROVE_SESSION_LIMIT)
    for n in range(1, 30):
        at(monkeypatch, start + n * busy)
        assert as_officer.get("/inbox/").status_code == 200
    at(monkeypatch, last - timedelta(seconds=60))
    assert as_officer.get("/inbox/").status_code == 200
    at(monkeypatch, last + timedelta(seconds=1))
    answer = as_officer.get("/inbox/", follow=True)
    assert answer.redirect_chain[0][0] == "/sign-in/?next=/inbox/"
    assert "登录已满规定时长" in text(answer)


def test_an_idle_session_ends_though_its_page_goes_on_asking(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, start = signed_in(officer), timezone.now()
    job = Job.objects.create(
        kind="x", title="样例", username="jbr", business_date=start.date(), queued_at=start
    )
    polled = reverse("jobs:state", args=[job.uid])
    for minute in range(1, 30):
        at(monkeypatch, start + timedelta(minutes=minute))
        assert client.get(polled, HTTP_HX_REQUEST="true").status_code == 200
    at(monkeypatch, start + timedelta(minutes=31))
    over = client.get(polled, HTTP_HX_REQUEST="true")
    assert over.status_code == 204 and over["HX-Refresh"] == "true"
    answer = client.get("/inbox/", follow=True)
    assert answer.redirect_chain[0][0] == "/sign-in/?next=/inbox/" and "闲置已满规定时长" in text(answer)


def test_control_a_page_that_somebody_opens_does_keep_it(
    as_officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = timezone.now()
    for minute in (29, 58, 87):
        at(monkeypatch, start + timedelta(minutes=minute))
        assert as_officer.get("/inbox/").status_code == 200
    cookie = as_officer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]


def test_a_new_password_is_recorded_without_itself_and_ends_other_sessions(officer: User) -> None:
    here, there = signed_in(officer), signed_in(officer)
    new = "换一个-足够长的-新口令"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert "密码已改" in text(here.post("/account/", sent, follow=True))
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    event = Event.objects.get(act="registry.change_password")
    assert new not in event.body.text


@pytest.mark.parametrize("weak", ["short", "123456789012345", "password1234"])
def test_a_weak_password_is_refused_in_chinese_at_its_field(as_officer: Client, weak: str) -> None:
    answer = as_officer.post(
        "/account/", {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    )
    page = text(answer)
    assert "还不能提交" in page
    assert "密码" in page
    assert "This password" not in page
    assert not Event.objects.filter(act="registry.change_password").exists()


def test_a_given_password_must_be_changed_before_anything_else(officer: User) -> None:
    officer.must_change_password = True
    officer.save()
    client = signed_in(officer)
    answer = client.get("/inbox/", follow=True)
    assert answer.redirect_chain == [("/account/", 302)]
    assert "首次登录须先修改密码" in text(answer)
    new = "换一个-足够长的-新口令"
    client.post("/account/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert client.get("/inbox/").status_code == 200


def guess(client: Client, username: str, times: int, forwarded: str = "") -> int:
    """That many wrong passwords; the last answer's status."""
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    for _attempt in range(times):
        answer = client.post("/sign-in/", {"username": username, "password": "wrong"}, **more)
    return answer.status_code


@pytest.mark.parametrize("proxies", ["1", "127.0.0.1", "10.9.0.0/16, 127.0.0.1"])
def test_behind_a_named_proxy_a_stranger_does_not_lock_an_account_for_others(
    officer: User, settings: Settings, proxies: str
) -> None:
    settings.MANGROVE_PROXIES = proxies
    assert guess(Client(), "jbr", 5, "203.0.113.7") == 429
    sent = {"username": "jbr", "password": PASSWORD}
    assert Client().post("/sign-in/", sent, HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 429
    assert Client().post("/sign-in/", sent, HTTP_X_FORWARDED_FOR="10.1.2.3").status_code == 302


@pytest.mark.parametrize("proxies", ["", "10.9.9.9"])
def test_what_an_unknown_proxy_says_is_not_believed(officer: User, settings: Settings, proxies: str) -> None:
    settings.MANGROVE_PROXIES = proxies
    for last in range(4):
        guess(Client(), "jbr", 1, f"203.0.113.{last}")
    assert guess(Client(), "jbr", 1, "203.0.113.99") == 429


@pytest.mark.parametrize("proxies", ["1", "127.0.0.1"])
def test_an_address_that_the_client_wrote_before_the_proxys_is_not_believed(
    officer: User, settings: Settings, proxies: str
) -> None:
    settings.MANGROVE_PROXIES = proxies
    for last in range(4):
        guess(Client(), "jbr", 1, f"198.51.100.{last}, 203.0.113.7")
    assert guess(Client(), "jbr", 1, "nonsense, 203.0.113.7") == 429


def test_guessing_under_many_names_locks_the_address_and_no_other(officer: User, settings: Settings) -> None:
    settings.MANGROVE_ADDRESS_FAILURE_LIMIT = 6
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    for n in range(5):
        assert guess(guesser, f"name{n}", 1) == 200
    answer = guesser.post("/sign-in/", {"username": "name6", "password": "wrong"})
    assert answer.status_code == 429 and "6 次输错密码" in text(answer)
    sent = {"username": "jbr", "password": PASSWORD}
    assert guesser.post("/sign-in/", sent).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.8").post("/sign-in/", sent).status_code == 302


def test_signing_in_oneself_does_not_free_the_address_for_more_guesses(
    officer: User, settings: Settings
) -> None:
    settings.MANGROVE_ADDRESS_FAILURE_LIMIT = 6
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    for n in range(5):
        guess(guesser, f"name{n}", 1)
    assert guesser.post("/sign-in/", {"username": "jbr", "password": PASSWORD}).status_code == 302
    assert guess(Client(REMOTE_ADDR="203.0.113.7"), "name9", 1) == 429


def test_behind_a_proxy_that_nobody_named_one_guesser_does_not_lock_out_everybody(
    officer: User, settings: Settings
) -> None:
    settings.MANGROVE_ADDRESS_FAILURE_LIMIT = 6
    for n in range(8):
        guess(Client(), f"name{n}", 1)
    assert Client().post("/sign-in/", {"username": "jbr", "password": PASSWORD}).status_code == 302


def test_a_wrong_setting_of_proxies_is_said(settings: Settings) -> None:
    settings.MANGROVE_PROXIES = "proxy.example"
    with pytest.raises(ImproperlyConfigured, match="MANGROVE_PROXIES"):
        guess(Client(), "jbr", 1, "203.0.113.7")


def test_guessing_the_present_password_in_an_open_session_is_counted(as_officer: Client) -> None:
    new = "换一个-足够长的-新口令"
    wrong = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    answers = [
        as_officer.post("/account/", wrong).status_code for _attempt in range(settings.AXES_FAILURE_LIMIT)
    ]
    assert answers == [200, 200, 200, 200, 429]
    assert as_officer.post("/account/", wrong | {"old_password": PASSWORD}).status_code == 429


def test_pages_of_the_signed_in_are_kept_nowhere_and_files_of_the_house_are(as_officer: Client) -> None:
    for path in ("/", "/account/", "/nowhere/"):
        kept = as_officer.get(path)["Cache-Control"]
        assert "no-store" in kept and "private" in kept, path
    file = as_officer.get("/static/ui/mangrove.svg")
    assert list(file.streaming_content) and "no-store" not in file.get("Cache-Control", "")  # type: ignore[attr-defined]


def test_a_secret_is_read_by_its_owner_alone_and_not_written_twice(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    before = os.umask(0)
    try:
        write_secret(path, "one")
        write_secret(path, "two")
    finally:
        os.umask(before)
    assert (path.stat().st_mode & 0o777, path.read_text()) == (0o600, "one")
    assert list(tmp_path.glob(".secret*")) == []


def test_the_door_shows_what_is_open_to_everybody_and_nothing_else(settings: Settings) -> None:
    settings.MANGROVE_PUBLIC_CALCULATOR, settings.MANGROVE_PUBLIC_NOTICES = True, False
    page = text(Client().get("/sign-in/"))
    assert reverse("policies:calculator") in page and reverse("casework:public_notices") not in page
