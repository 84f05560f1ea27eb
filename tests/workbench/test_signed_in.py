"""The rows that SQL of our own reads are those that the ORM reads, and only what is in order lets anybody in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mangrove.registry.models import SignIn, User
from mangrove.workbench.signed_in import SessionStore, read_sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user(
        username="officer", name="经办人甲", roles=["case_officer"], password="x" * 12
    )


@pytest.fixture
def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(one: Model) -> dict[str, object]:
    return {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}


def test_both_rows_are_as_the_models_have_them(browser: Client, person: User) -> None:
    stored = SignIn.objects.select_related("user").get()
    found = read_sign_in(str(stored.pk), str(person.pk))
    assert found is not None
    assert told(found) == told(stored) and told(found.user) == told(stored.user)
    assert found._state.db == "default" and not found._state.adding and found.user.has_role("case_officer")


def test_a_sign_in_of_somebody_else_is_none(browser: Client, person: User) -> None:
    other = User.objects.create(username="other")
    assert read_sign_in(SignIn.objects.get().pk, other.pk) is None


def test_a_session_reads_as_django_reads_it(browser: Client) -> None:
    key = browser.session.session_key
    assert SessionStore(key).load() == Stored(key).load() != {}


def test_a_session_that_has_expired_is_empty_and_has_no_key(browser: Client) -> None:
    key = browser.session.session_key
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    gone = SessionStore(key)
    assert gone.load() == {} and gone.session_key is None


def test_a_page_reads_who_asks_by_two_queries(browser: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get("/account/")
    of_both = [
        one["sql"] for one in asked if "django_session" in one["sql"] or "registry_signin" in one["sql"]
    ]
    assert len([sql for sql in of_both if sql.startswith("SELECT")]) == 2


@pytest.mark.parametrize("wrong", ["password", "inactive", "backend", "other sign-in"])
def test_what_is_not_in_order_lets_nobody_in(browser: Client, person: User, wrong: str) -> None:
    session = browser.session
    if wrong == "password":
        person.set_password("y" * 12)
        person.save()
    elif wrong == "inactive":
        User.objects.update(is_active=False)
    elif wrong == "backend":
        session["_auth_user_backend"] = "elsewhere.Backend"
        session.save()
    else:
        SignIn.objects.update(user=User.objects.create(username="other"))
    answer = browser.get("/account/")
    assert answer.status_code == 302 and "sign-in" in answer.headers["Location"]
