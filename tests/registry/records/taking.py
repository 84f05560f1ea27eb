"""Files of records taken in as the pages do it, without the pages."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.utils import timezone

from mangrove.jobs import actions, worker
from mangrove.jobs.models import Job
from mangrove.registry.importing.files import keep
from mangrove.registry.importing.kinds import importing
from mangrove.registry.models import Organisation, OrganisationName, User

#: Heads and rows of a sheet.
Rows = list[tuple[Any, ...]]


def firm(id: str = "f1", name: str = "深圳市示例通信有限公司", **fields: Any) -> Organisation:
    told = {"kind": "firm", "scope": "city", "synthetic": True, **fields}
    made = Organisation.objects.create(id=id, name=name, **told)
    OrganisationName.objects.create(organisation=made, text=name, key=name, kind="full")
    return made


def person(username: str = "officer_a", *roles: str, **fields: Any) -> User:
    found = User.objects.filter(username=username).first()
    return found or User.objects.create_user(
        username, name=username, roles=list(roles or ("case_officer", "registrar")), **fields
    )


def asked(what: str, content: bytes, do: str = "take_kind") -> Job:
    """The file looked at, or taken in, once a worker gets to it."""
    arguments = {"sha256": keep(BytesIO(content)), "file": "表.csv", "source": "合成表"}
    kind = getattr(importing(what), do)
    return actions.submit(kind, title="导入", arguments=arguments, by=person().actor, on=timezone.localdate())


def csv_of(rows: Rows) -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode()


def taken(what: str, rows: Rows | bytes, do: str = "take_kind") -> Job:
    job = asked(what, rows if isinstance(rows, bytes) else csv_of(rows), do)
    worker.work(until_idle=True)
    job.refresh_from_db()
    return job


def looked(what: str, rows: Rows | bytes) -> Job:
    return taken(what, rows, "look_kind")


def counts(job: Job) -> tuple[int, int, int]:
    """New, changed, the same."""
    assert job.result, (job.state, job.refusal, job.note)
    return job.result["new"], job.result["changed"], job.result["same"]


def wrong(job: Job) -> list[tuple[int, str, str]]:
    assert job.result, (job.state, job.refusal)
    return [tuple(row) for row in job.result["wrong_rows"]]
