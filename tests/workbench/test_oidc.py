"""Single sign-on against a real provider: who is let in, and every answer that is not to be believed."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from joserfc.jwk import RSAKey
from pytest_django import Settings

from mangrove.cli import main
from mangrove.ledger.models import Event
from mangrove.registry.models import SecondFactor, SignIn, User
from mangrove.workbench.oidc.provider import provider as provider_set

from .provider import CLIENT, SECRET, Provider, running

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def runs() -> Iterator[Provider]:
    with running() as of:
        yield of


@pytest.fixture
def of(runs: Provider, settings: Settings) -> Provider:
    settings.MANGROVE_OIDC_ISSUER, settings.MANGROVE_OIDC_CLIENT_ID = runs.issuer, CLIENT
    settings.MANGROVE_OIDC_CLIENT_SECRET = SECRET
    runs.says, runs.signs_with, runs.by_shared_secret = {}, runs.key, False
    return runs


@pytest.fixture
def officer(db: None) -> User:
    return User.objects.create(username="officer", name="经办人甲", roles=["case_officer"], password="!")


def away(client: Client, onward: str = "") -> str:
    """To the provider and back: the address with which the browser returns, not yet opened."""
    answer = client.get("/sign-in/single/", {"next": onward} if onward else {})
    assert answer.status_code == 302, answer.content.decode()
    parts = urlsplit(answer["Location"])
    line = http.client.HTTPConnection(parts.netloc)
    line.request("GET", f"{parts.path}?{parts.query}")
    with line.getresponse() as came:
        back = str(came.headers["Location"])
    line.close()
    return back.removeprefix("http://testserver")


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def refused(client: Client, back: str) -> str:
    answer = client.get(back)
    assert answer.status_code == 422 and not signed_in(client) and SignIn.objects.count() == 0
    return answer.content.decode()


def test_an_account_that_there_is_comes_in_and_goes_where_it_wanted(
    of: Provider, officer: User, client: Client
) -> None:
    assert "统一身份认证" in client.get("/sign-in/").content.decode()
    answer = client.get(away(client, "/registry/organisations/"))
    assert answer.status_code == 302 and answer["Location"] == "/registry/organisations/"
    assert signed_in(client) and client.get("/inbox/").status_code == 200
    assert SignIn.objects.get().user == officer


def test_it_leads_nowhere_but_here(of: Provider, officer: User, client: Client) -> None:
    assert client.get(away(client, "https://elsewhere.example/"))["Location"] == "/"


def test_off_there_is_no_such_page_and_no_word_of_it(settings: Settings, client: Client) -> None:
    assert (
        client.get("/sign-in/single/").status_code == client.get("/sign-in/single/back/").status_code == 404
    )
    assert "统一身份认证" not in client.get("/sign-in/").content.decode()
    settings.MANGROVE_OIDC_ISSUER = "https://sso.example.cn"
    with pytest.raises(ImproperlyConfigured, match="MANGROVE_OIDC_CLIENT_ID"):
        provider_set()
    settings.MANGROVE_OIDC_CLIENT_ID = settings.MANGROVE_OIDC_CLIENT_SECRET = "x"
    settings.MANGROVE_OIDC_ISSUER = "http://sso.example.cn"
    with pytest.raises(ImproperlyConfigured, match="https"):
        provider_set()


@pytest.mark.parametrize(
    "says",
    [
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_for_another_or_past_its_time_is_not_believed(
    of: Provider, officer: User, client: Client, says: dict[str, Any]
) -> None:
    of.says = says
    assert "凭证不可信" in refused(client, away(client))


def test_a_signature_by_another_key_or_by_a_shared_secret_is_not_believed(
    of: Provider, officer: User, client: Client
) -> None:
    of.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert "凭证不可信" in refused(client, away(client))
    of.by_shared_secret = True
    assert "凭证不可信" in refused(client, away(client))


def test_an_answer_counts_once_and_in_the_browser_that_asked(
    of: Provider, officer: User, client: Client
) -> None:
    back = away(client)
    assert "不是从这里开始的" in refused(Client(), back)
    assert client.get(back).status_code == 302 and signed_in(client)
    client.post("/sign-out/")
    answer = client.get(back)
    assert answer.status_code == 422 and not signed_in(client)


def test_a_forged_state_spends_the_sign_in(of: Provider, officer: User, client: Client) -> None:
    parts = urlsplit(away(client))
    said = dict(parse_qsl(parts.query))
    forged = urlencode({**said, "state": "forged"})
    assert "不是从这里开始的" in refused(client, f"{parts.path}?{forged}")
    assert "不是从这里开始的" in refused(client, f"{parts.path}?{parts.query}")


def test_a_code_of_somebody_elses_sign_in_is_of_no_use(of: Provider, officer: User, client: Client) -> None:
    """The verifier is that of another browser: the provider gives no token."""
    stolen = parse_qs(urlsplit(away(Client())).query)["code"][0]
    parts = urlsplit(away(client))
    state = parse_qs(parts.query)["state"][0]
    assert "没有答复" in refused(client, f"{parts.path}?{urlencode({'code': stolen, 'state': state})}")


def test_who_was_refused_by_the_provider_or_comes_too_late_is_not_in(
    of: Provider, officer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = urlsplit(away(client))
    state = parse_qs(parts.query)["state"][0]
    assert "没有通过" in refused(
        client, f"{parts.path}?{urlencode({'error': 'login_required', 'state': state})}"
    )
    back = away(client)
    session = client.session
    session["oidc"] = {**session["oidc"], "at": session["oidc"]["at"] - 3600}
    session.save()
    assert "隔得太久" in refused(client, back)


def test_no_account_is_made_and_a_closed_one_stays_closed(
    of: Provider, officer: User, client: Client
) -> None:
    of.says = {"preferred_username": "stranger"}
    unknown = refused(client, away(client))
    User.objects.filter(pk=officer.pk).update(is_active=False)
    of.says = {}
    closed = refused(client, away(client))
    assert "没有您可用的账号" in unknown and "没有您可用的账号" in closed
    assert User.objects.count() == 1


def test_who_takes_anothers_name_at_the_provider_is_not_let_in_by_it(
    of: Provider, officer: User, client: Client
) -> None:
    User.objects.create(username="other", name="经办人乙", roles=["case_officer"], password="!")
    assert client.get(away(client)).status_code == 302 and signed_in(client)
    SignIn.objects.all().delete()
    of.says = {"sub": "8"}  # the same name, another user
    thief = Client()
    assert "不是此前登录这个账号的那一个" in refused(thief, away(thief))
    of.says = {"preferred_username": "other"}  # the same user, another name
    assert "mangrove account release" in refused(thief, away(thief))
    assert Event.objects.filter(act="registry.bind_sign_on", actor="officer").count() == 1
    of.says = {}
    owner = Client()
    assert owner.get(away(owner)).status_code == 302 and signed_in(owner)


def test_after_a_release_the_next_one_is_the_persons_own(of: Provider, officer: User, client: Client) -> None:
    release = ["account", "release", "officer", "--why", "换了统一认证账号"]
    assert main(release) == 2  # never came this way
    client.get(away(client))
    assert main(release) == 0
    of.says = {"sub": "8"}
    again = Client()
    assert again.get(away(again)).status_code == 302 and signed_in(again)
    assert Event.objects.get(act="registry.release_sign_on").why == "换了统一认证账号"


def test_a_second_factor_is_still_asked_for(of: Provider, officer: User, client: Client) -> None:
    SecondFactor.objects.create(user=officer, salt="00", confirmed_at=timezone.now())
    assert client.get(away(client))["Location"] == "/sign-in/code/" and not signed_in(client)
    assert client.get("/sign-in/code/").status_code == 200


def test_a_provider_that_does_not_answer_or_calls_itself_otherwise(
    of: Provider, officer: User, client: Client, settings: Settings
) -> None:
    settings.MANGROVE_OIDC_ISSUER = f"{of.issuer}/"
    assert client.get("/sign-in/single/").status_code == 422
    settings.MANGROVE_OIDC_ISSUER = "http://127.0.0.1:9"
    assert client.get("/sign-in/single/").status_code == 422
