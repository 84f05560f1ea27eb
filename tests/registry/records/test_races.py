"""Two files at the same moment: one key, one name is entered once. Each race has a control without the guard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, models

from mangrove.jobs import leases
from mangrove.jobs.models import Job
from mangrove.jobs.running import Running
from mangrove.ledger.refusals import Refusal
from mangrove.registry.importing import kinds
from mangrove.registry.importing.kinds import importing, take_in
from mangrove.registry.models import Organisation, OrganisationName
from mangrove.registry.records.models import Record

from .taking import asked, csv_of, firm

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="on SQLite only one writes at a time, and it plans afresh"
    ),
]
TITLE = [("称号标识", "获认定单位", "称号类别"), ("t1", "f1", "孵化器")]
BODY = [("机构名称", "类别", "地域", "机构标识")]


def both_at_once(what: str, *files: bytes) -> list[object]:
    """Each file taken in by a thread of its own; both have made their plan before either writes."""
    one, barrier = importing(what), threading.Barrier(2)

    def take(plan: Any, running: Running) -> None:
        barrier.wait(timeout=20)
        one.take(plan, running)

    held = kinds.Importing(**{**vars(one), "take": take})
    jobs = [asked(what, content) for content in files]
    claimed = [claim(job) for job in jobs]
    results: list[object] = [None, None]

    def go(n: int) -> None:
        try:
            results[n] = take_in(held, Running(claimed[n]))
        except Refusal as refusal:
            results[n] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def claim(job: Job) -> Job:
    found = leases.claim(f"worker {job.pk}")
    assert found is not None
    return found


@contextmanager
def without(model: type[models.Model], *names: str) -> Iterator[None]:
    """The constraints taken off, and put back when what they would have refused is gone."""
    found = [one for one in model._meta.constraints if one.name in names]
    with connection.schema_editor() as editor:
        for one in found:
            editor.remove_constraint(model, one)
    try:
        yield
    finally:
        model.objects.all().delete()  # type: ignore[attr-defined]
        with connection.schema_editor() as editor:
            for one in found:
                editor.add_constraint(model, one)


def refused(results: list[object]) -> list[str]:
    return [one.code for one in results if isinstance(one, Refusal)]


def bodies(id: str) -> bytes:
    return csv_of([*BODY, ("深圳市同名有限公司", "企业", "本市", id)])


class TestOneKey:
    def test_is_entered_once(self) -> None:
        firm()
        other = csv_of([TITLE[0], ("t1", "f1", "加速器")])
        assert refused(both_at_once("title", csv_of(TITLE), other)) == ["registry.import.meanwhile"]
        assert Record.objects.count() == 1

    def test_control_without_the_constraint_twice(self) -> None:
        firm()
        other = csv_of([TITLE[0], ("t1", "f1", "加速器")])
        with without(Record, "registry_record_version_once", "registry_record_one_current"):
            assert refused(both_at_once("title", csv_of(TITLE), other)) == []
            assert Record.objects.filter(key="t1", known_until=None).count() == 2


class TestOneName:
    def test_is_borne_by_one_body(self) -> None:
        assert refused(both_at_once("organisations", *map(bodies, "ab"))) == ["registry.import.meanwhile"]
        assert OrganisationName.objects.filter(kind="full").count() == Organisation.objects.count() == 1

    def test_control_without_the_constraint_by_two(self) -> None:
        with without(OrganisationName, "registry_full_name_once"):
            assert refused(both_at_once("organisations", *map(bodies, "ab"))) == []
            assert OrganisationName.objects.filter(kind="full").count() == 2
