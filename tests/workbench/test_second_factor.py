"""One-time codes: enrolling, signing in by two steps, and each code used once whoever asks at the same time."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry import second_factor
from mangrove.registry.models import RecoveryCode, SecondFactor, User

from .conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """Ten seconds into a step of half a minute, of this very day: django-axes looks at a clock of its own."""

    start: datetime


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The whole house stands at ``Clock.start``; ``clock(30)`` is half a minute later."""
    now = int(timezone.now().timestamp())
    Clock.start = datetime.fromtimestamp(now - now % second_factor.STEP + 10, timezone.get_default_timezone())

    def at(seconds: int) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: Clock.start + timedelta(seconds=seconds))

    at(0)
    return at


def code(user: User, seconds: int = 0) -> str:
    """What the telephone shows then."""
    secret = second_factor.secret_of(SecondFactor.objects.get(user=user))
    return pyotp.TOTP(secret).at(Clock.start + timedelta(seconds=seconds))


def enrolled(user: User) -> list[str]:
    """Enrols by the code of five minutes ago, so that that of now is unused."""
    second_factor.begun(user)
    codes = second_factor.enrol(user=user, code=code(user), on=timezone.localdate())
    SecondFactor.objects.update(last_step=0)
    return codes


def half_way(user: User) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"username": user.username, "password": PASSWORD, "next": "/inbox/"})
    assert answer["Location"] == "/sign-in/code/"
    return client


def test_one_enrols_by_the_picture_and_signs_in_by_two_steps(
    officer: User, clock: Callable[[int], None]
) -> None:
    client = signed_in(officer)
    page = client.get("/account/second-factor/").content.decode()
    assert "<svg" in page and second_factor.secret_of(SecondFactor.objects.get()) in page
    answer = client.post("/account/second-factor/", {"password": PASSWORD, "code": code(officer)})
    shown = re.findall(r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>", answer.content.decode())
    assert len(set(shown)) == second_factor.RECOVERY_CODES
    assert shown[0] not in client.get("/account/second-factor/").content.decode()
    clock(60)
    half = half_way(officer)
    assert half.get("/inbox/").status_code == 302  # the password alone opens nothing
    assert half.post("/sign-in/code/", {"code": code(officer, 60)})["Location"] == "/inbox/"
    assert half.get("/inbox/").status_code == 200
    assert Event.objects.filter(act="registry.enrol_factor").count() == 1


def test_the_code_that_enrolled_or_let_in_is_not_taken_again(officer: User) -> None:
    second_factor.begun(officer)
    second_factor.enrol(user=officer, code=code(officer), on=timezone.localdate())
    assert not second_factor.passes(officer, code(officer), timezone.localdate())
    SecondFactor.objects.update(last_step=0)
    assert half_way(officer).post("/sign-in/code/", {"code": code(officer)}).status_code == 302
    again = half_way(officer).post("/sign-in/code/", {"code": code(officer)})
    assert again.status_code == 200 and "已经用过" in again.content.decode()


def test_an_older_code_is_not_taken_after_a_newer(officer: User) -> None:
    enrolled(officer)
    assert second_factor.passes(officer, code(officer, 30), timezone.localdate())
    assert not second_factor.passes(officer, code(officer, 0), timezone.localdate())


@pytest.mark.parametrize("seconds, right", [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_the_clock_of_the_telephone_may_be_off_by_a_step(officer: User, seconds: int, right: bool) -> None:
    enrolled(officer)
    assert second_factor.passes(officer, code(officer, seconds), timezone.localdate()) == right


@pytest.mark.parametrize("wrong", ["", "abc", "１２３４５６", "123", "\x00", "0" * 40])
def test_nonsense_is_a_wrong_code(officer: User, wrong: str) -> None:
    enrolled(officer)
    assert not second_factor.passes(officer, wrong, timezone.localdate())
    assert half_way(officer).post("/sign-in/code/", {"code": wrong}).status_code == 200


def test_a_recovery_code_lets_in_once_however_it_is_copied(officer: User) -> None:
    codes = enrolled(officer)
    assert codes[0] not in str(list(RecoveryCode.objects.values()))
    assert (
        half_way(officer).post("/sign-in/code/", {"code": codes[0].upper().replace("-", " ")}).status_code
        == 302
    )
    assert half_way(officer).post("/sign-in/code/", {"code": codes[0]}).status_code == 200
    assert half_way(officer).post("/sign-in/code/", {"code": codes[1]}).status_code == 302
    assert Event.objects.filter(act="registry.use_recovery_code").count() == 2


def test_wrong_codes_lock_out_and_the_right_password_does_not_begin_the_count_anew(officer: User) -> None:
    enrolled(officer)
    for n in range(settings.AXES_FAILURE_LIMIT):
        answer = (
            half_way(officer).post("/sign-in/code/", {"code": "000000"}) if n % 2 == 0 else guess(officer)
        )
    assert answer.status_code == 429
    assert Client().post("/sign-in/", {"username": "jbr", "password": PASSWORD}).status_code == 429


def guess(user: User) -> object:
    return half_way(user).post("/sign-in/code/", {"code": "000000"})


def test_who_is_locked_out_half_way_is_not_let_in_by_the_right_code(officer: User) -> None:
    enrolled(officer)
    half = half_way(officer)
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        Client().post("/sign-in/", {"username": "jbr", "password": "wrong"})
    assert half.post("/sign-in/code/", {"code": code(officer)}).status_code == 429


def test_half_way_ends_with_time_and_with_the_password(officer: User, clock: Callable[[int], None]) -> None:
    enrolled(officer)
    late, changed = half_way(officer), half_way(officer)
    officer.set_password("换一个-足够长的-新口令")
    officer.save()
    assert changed.post("/sign-in/code/", {"code": code(officer)})["Location"] == "/sign-in/"
    clock(6 * 60)
    assert late.post("/sign-in/code/", {"code": code(officer, 360)})["Location"] == "/sign-in/"
    assert Client().get("/sign-in/code/")["Location"] == "/sign-in/"


def test_an_open_session_alone_changes_nothing(officer: User) -> None:
    client = signed_in(officer)
    client.get("/account/second-factor/")
    client.post("/account/second-factor/", {"password": "wrong", "code": code(officer)})
    assert not second_factor.has_factor(officer)
    SecondFactor.objects.all().delete()
    enrolled(officer)
    client.post("/account/second-factor/", {"password": PASSWORD, "code": "000000"})
    assert second_factor.has_factor(officer)
    client.post("/account/second-factor/", {"password": PASSWORD, "code": code(officer)})
    assert not second_factor.has_factor(officer)


def test_a_role_that_must_have_it_enrols_first_and_keeps_it(officer: User, settings: Settings) -> None:
    settings.MANGROVE_SECOND_FACTOR_ROLES = ["case_officer"]
    client = signed_in(officer)
    assert client.get("/inbox/")["Location"] == "/account/second-factor/"
    client.get("/account/second-factor/")
    client.post("/account/second-factor/", {"password": PASSWORD, "code": code(officer)})
    assert client.get("/inbox/").status_code == 200
    with pytest.raises(Refusal, match="必须使用"):
        second_factor.leave(user=officer, code=code(officer, 30), on=timezone.localdate())


def test_another_key_makes_other_codes(officer: User, settings: Settings) -> None:
    """What the database holds makes no code without the key."""
    enrolled(officer)
    before = code(officer)
    settings.MANGROVE_SECOND_FACTOR_KEY = "another"
    assert code(officer) != before and not second_factor.passes(officer, before, timezone.localdate())


@pytest.mark.parametrize("role", ["sysadmin", "auditor", "case_officer", "security"])
def test_the_security_administrator_alone_resets_and_says_why(officer: User, role: str) -> None:
    enrolled(officer)
    by = User.objects.create_user("gl", PASSWORD, name="管理员", roles=[role])
    told = {"user": officer, "by": by, "on": timezone.localdate()}
    if role == "security":
        with pytest.raises(Refusal, match="不能为空"):
            second_factor.reset(why="", **told)
        second_factor.reset(why="手机丢失", **told)
        assert (
            not RecoveryCode.objects.exists()
            and Event.objects.get(act="registry.reset_factor").why == "手机丢失"
        )
        enrolled(by)
        told["user"] = by
    with pytest.raises(Refusal, match="不能重置"):
        second_factor.reset(why="手机丢失", **told)


def at_once(user: User, given: str, times: int = 4) -> int:
    """How many of those who give one code at one moment are let in."""
    gate, let_in = threading.Barrier(times), []

    def run() -> None:
        gate.wait(timeout=60)
        try:
            let_in.append(second_factor.passes(user, given, Clock.start.date()))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _one in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == times
    return sum(let_in)


def test_of_those_who_give_one_code_at_once_one_is_let_in(officer: User) -> None:
    codes = enrolled(officer)
    assert at_once(officer, code(officer)) == 1
    assert at_once(officer, codes[0]) == 1


def test_control_who_looks_first_and_writes_later_lets_several_in(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(officer)
    looked = threading.Barrier(4)

    def unguarded(factor: SecondFactor, given: str) -> bool:
        unused = SecondFactor.objects.get(pk=factor.pk).last_step == 0
        looked.wait(timeout=60)
        SecondFactor.objects.filter(pk=factor.pk).update(last_step=1)
        return unused

    monkeypatch.setattr(second_factor, "taken", unguarded)
    assert at_once(officer, code(officer)) == 4
