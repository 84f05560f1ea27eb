"""Asking the house one thing as one person, and taking back whatever it did: the answer, and whether anything was written."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

WRITE = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.I)
SAVEPOINT = re.compile(r'^\s*(ROLLBACK TO SAVEPOINT|SAVEPOINT)\s+"?(\w+)', re.I)
MARK = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|\d\d:\d\d(:\d\d)?')
#: Written by asking as such: the session, when somebody was last here, and who failed to sign in.
ALWAYS = {
    "django_session",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
    "registry_signin",
}


@dataclass(frozen=True)
class Answer:
    status: int
    wrote: frozenset[str]
    location: str
    body: str

    @property
    def kind(self) -> str:
        """In the words of the declaration."""
        if self.status == 302 and "/sign-in/?next=" in self.location:
            return "sign in"
        return {403: "refused", 404: "hidden", 405: "no method", 422: "refused"}.get(
            self.status, "allowed" if self.status in (200, 204, 302) else str(self.status)
        )


def ask(client: Client, method: str, address: str, data: Mapping[str, Any] | None = None) -> Answer:
    """Ask, and take back what was done."""
    said: list[str] = []
    cookies = copy.deepcopy(client.cookies)
    for value in (data or {}).values():
        if hasattr(value, "seek"):
            value.seek(0)

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(listen):
        answer = client.get(address) if method == "GET" else client.post(address, dict(data or {}))
        found = read(answer, written(said))
        transaction.set_rollback(True)
    client.cookies = cookies
    return found


def read(answer: HttpResponse, wrote: frozenset[str]) -> Answer:
    text = "text" in answer.get("Content-Type", "") and not answer.streaming
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, which closes the file
    return Answer(
        answer.status_code, wrote, answer.get("Location", ""), answer.content.decode() if text else ""
    )


def written(statements: list[str]) -> frozenset[str]:
    """The tables that were written and not rolled back within the request."""
    marks: dict[str, int] = {}
    tables: list[str] = []
    for statement in statements:
        if found := SAVEPOINT.match(statement):
            if found[1].upper() == "SAVEPOINT":
                marks[found[2]] = len(tables)
            else:
                del tables[marks.get(found[2], 0) :]
        elif found := WRITE.match(statement):
            tables.append(found[2])
    return frozenset(tables) - ALWAYS


def without(body: str, where: str) -> str:
    """A page without what it says of its own address, and without the marks that are new each time."""
    path = where.partition("?")[0]
    return MARK.sub("", body.replace(path, "·").replace(quote(path, safe=""), "·"))
