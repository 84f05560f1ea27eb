"""My sign-ins: what is shown, what ends, and what others may end."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry import sessions
from mangrove.registry.accounts import change_password, close_account
from mangrove.registry.models import SignIn, User

from .conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def elsewhere(user: User) -> Client:
    client = Client(REMOTE_ADDR="10.2.3.4", HTTP_USER_AGENT=FIREFOX)
    assert client.post("/sign-in/", {"username": user.username, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/inbox/").status_code == 200


def page(client: Client) -> str:
    return client.get("/account/sessions/").content.decode()


def test_each_is_shown_with_where_and_one_is_ended(officer: User, auditor: User) -> None:
    here, there, other = signed_in(officer), elsewhere(officer), signed_in(auditor)
    shown = page(here)
    assert "Firefox · Windows" in shown and "10.2.3.4" in shown and "本机" in shown
    which = SignIn.objects.get(address="10.2.3.4").pk
    assert here.post("/account/sessions/end/", {"which": which}).status_code == 302
    assert (is_in(here), is_in(there), is_in(other)) == (True, False, True)
    assert "10.2.3.4" not in page(here)
    assert Event.objects.get(act="registry.end_sign_in").object_id == "jbr"


def test_who_was_ended_is_told_so(officer: User) -> None:
    here, there = signed_in(officer), elsewhere(officer)
    here.post("/account/sessions/end/", {"which": "others"})
    assert "这次登录已被结束" in there.get("/inbox/", follow=True).content.decode()


def test_all_others_end_and_this_one_stays(officer: User, auditor: User) -> None:
    here, two, three, other = signed_in(officer), elsewhere(officer), elsewhere(officer), signed_in(auditor)
    here.post("/account/sessions/end/", {"which": "others"})
    assert [is_in(one) for one in (here, two, three, other)] == [True, False, False, True]


def test_nobody_ends_the_sign_in_of_another(officer: User, auditor: User) -> None:
    here, other = signed_in(officer), signed_in(auditor)
    which = SignIn.objects.get(user=auditor).pk
    assert here.post("/account/sessions/end/", {"which": which}).status_code == 422
    assert here.post("/account/sessions/end/", {"which": "nonsense"}).status_code == 404
    assert is_in(other) and not Event.objects.filter(act="registry.end_sign_in").exists()


def test_signing_out_ends_it_and_a_stolen_session_with_it(officer: User) -> None:
    here, thief = signed_in(officer), Client()
    thief.cookies = here.cookies.copy()
    assert is_in(thief)
    here.post("/sign-out/")
    assert not is_in(thief) and SignIn.objects.get().ended_by == "signed_out"


def test_a_new_password_ends_the_others(officer: User) -> None:
    here, there = signed_in(officer), elsewhere(officer)
    new = "换一个-足够长的-新口令"
    here.post("/account/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert is_in(here) and not is_in(there)
    assert SignIn.objects.get(address="10.2.3.4").ended_by == "password"


def test_a_password_given_by_others_and_a_closed_account_end_all(officer: User, auditor: User) -> None:
    signed_in(officer), signed_in(auditor)
    today = timezone.localdate()
    change_password(user=officer, new="换一个-足够长的-新口令", by=auditor.actor, on=today, must_change=True)
    close_account(user=auditor, by=officer.actor, on=today, why="离任")
    assert sorted(SignIn.objects.values_list("ended_by", flat=True)) == ["closed", "password"]


@pytest.mark.parametrize("role", ["case_officer", "sysadmin", "auditor", "security"])
def test_the_security_administrator_alone_ends_those_of_others_and_says_why(officer: User, role: str) -> None:
    here = signed_in(officer)
    by = User.objects.create_user("gl", PASSWORD, name="管理员", roles=[role])
    told = {"user": officer, "by": by, "on": timezone.localdate()}
    if role != "security":
        with pytest.raises(Refusal, match="结束他人的登录"):
            sessions.end_all(why="疑似盗用", **told)
        assert is_in(here)
        return
    with pytest.raises(Refusal, match="不能为空"):
        sessions.end_all(why=" ", **told)
    assert sessions.end_all(why="疑似盗用", **told) == 1
    assert not is_in(here) and Event.objects.get(act="registry.end_sign_in").why == "疑似盗用"
