"""Who asks: session, sign-in and person, read at a request's first question for any of them.

Every page begins with this, and before a deadline a hundred small requests a second do. So the two queries are SQL of our own:
to have it put together anew for each request took a third of the time of a request that saves a draft.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Field, Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from mangrove.registry.models import SignIn, User

SIGN_IN = "sign_in"
NOWHERE = uuid.UUID(int=0)
Kind = TypeVar("Kind", bound=Model)
Convert = Callable[[Any, Any, Any], Any]


class SessionStore(Stored):
    """Django's sessions in the database (``SESSION_ENGINE``); only reading one is done otherwise."""

    def load(self) -> dict[str, Any]:
        row = one_row(
            "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
            (Session, "session_key", self.session_key), (Session, "expire_date", timezone.now()),
        )  # fmt: skip
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row[0]))


class SignedIn(AuthenticationMiddleware):
    """Django's own, which reads the person together with the sign-in that every page is asked for as well."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: who(request))  # type: ignore[assignment]


def who(request: Any) -> Any:
    """The person of this session. What is not plainly in order is left to Django, which ends such a session."""
    if not hasattr(request, "_cached_user"):
        found = sign_in_of(request)
        request._cached_user = (
            found.user if found and in_order(request, found.user) else auth.get_user(request)
        )
    return request._cached_user


def sign_in_of(request: Any) -> SignIn | None:
    """The sign-in that the session names, with its person; ``None`` where it names none of theirs."""
    if not hasattr(request, "sign_in"):
        named, person = request.session.get(SIGN_IN, NOWHERE), request.session.get(auth.SESSION_KEY)
        request.sign_in = person and read_sign_in(named, person)
    return request.sign_in or None


def in_order(request: Any, user: Any) -> bool:
    """As ``django.contrib.auth.get_user`` asks: a backend in use, an account in use, and the password of that time."""
    session = request.session
    return (
        session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and user.is_active
        and constant_time_compare(session.get(auth.HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )


def read_sign_in(id: Any, person: Any) -> SignIn | None:
    row = one_row(sign_in_with_person(), (SignIn, "id", id), (SignIn, "user", person))
    if row is None:
        return None
    cut = len(columns(SignIn))
    found, found.user = made(SignIn, row[:cut]), made(User, row[cut:])
    return found


@cache
def sign_in_with_person() -> str:
    named = [*(f"signin.{one}" for one in columns(SignIn)), *(f"person.{one}" for one in columns(User))]
    return (
        f"SELECT {', '.join(named)} FROM {SignIn._meta.db_table} AS signin"  # noqa: S608 -- names of our own
        f" JOIN {User._meta.db_table} AS person ON person.id = signin.user_id"
        " WHERE signin.id = %s AND signin.user_id = %s"
    )


# --- rows as models ----------------------------------------------------------------------------------------------


def one_row(sql: str, *values: tuple[type[Model], str, Any]) -> Sequence[Any] | None:
    """Each value with the model and field whose type it has."""
    ready = [
        kind._meta.get_field(name).get_db_prep_value(value, connection)  # type: ignore[union-attr]
        for kind, name, value in values
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, ready)
        return cursor.fetchone()


def columns(kind: type[Model]) -> list[str]:
    return [str(one.column) for one in kind._meta.concrete_fields]


def made(kind: type[Kind], row: Sequence[Any]) -> Kind:
    """The row as the ORM would give it, which it is asked for where a test compares the two."""
    values = list(row)
    for place, convert, column in converters(kind):
        values[place] = convert(values[place], column, connection)
    return kind.from_db("default", [one.attname for one in kind._meta.concrete_fields], values)


@cache
def converters(kind: type[Model]) -> list[tuple[int, Convert, Any]]:
    """What this database gives otherwise than as the field's type."""
    return list(convertings(kind._meta.concrete_fields))


def convertings(fields: Sequence[Field[Any, Any]]) -> Iterator[tuple[int, Convert, Any]]:
    for place, one in enumerate(fields):
        column = one.get_col(one.model._meta.db_table)
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
            yield place, convert, column
