"""How long the list pages take with 10,000 rows on SQLite, measured at the server. Run: python bench/pages.py [--rows N]

A database of its own is made in a temporary folder: the sample city, then rows in bulk. Wanted: p95 of wall time at
most 150 ms for each page. Exits 1 if one misses it. Queries are counted too; that they do not grow is a test's matter.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from importlib import import_module
from typing import Any

LIMIT, RUNS, WARM_UP = 0.150, 30, 3
BEGIN = date(2021, 6, 1)
PAGES = {
    "proposals, first page": ("registrar_a", "/proposals/"),
    "proposals, last page": ("registrar_a", "/proposals/?page=last"),
    "proposals, searched": ("registrar_a", "/proposals/?q=%E7%AC%AC99"),
    "promises, by risk": ("inspector_a", "/casework/promises/"),
    "promises, of a unit": ("officer_a", "/casework/promises/"),
    "organisations": ("officer_a", "/registry/organisations/"),
    "figures": ("officer_a", "/figures/"),
    "letters read": ("officer_a", "/proposals/received/"),
    "ledger": ("auditor_a", "/ledger/"),
    "inbox, registrar": ("registrar_a", "/inbox/"),
    "inbox, officer": ("officer_a", "/inbox/"),
    "home, officer": ("officer_a", "/"),
    "home, chain chief": ("chain_a", "/"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        fill(rows)
        return report(rows)


def start(folder: str) -> None:
    """Django on an empty database in ``folder``, with the sample city and the life of its proposal."""
    os.environ |= {"MANGROVE_VAR": folder, "MANGROVE_DATABASE": "", "MANGROVE_DEBUG": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "mangrove.workbench.settings"
    import django

    django.setup()
    from mangrove.workbench.demo import prepare

    prepare()


def fill(rows: int) -> None:
    """``rows`` proposals with a reply each, as many promises, organisations, figures' values and events beside them."""
    from django.db import transaction

    with transaction.atomic():
        organisations(rows)
        proposals(rows)
        promises(rows)
        events(rows)


def organisations(rows: int) -> None:
    from mangrove.registry.models import Organisation

    Organisation.objects.bulk_create(
        Organisation(id=f"made-{n}", name=f"合成企业第{n}号有限公司", short_name=f"合成{n}", synthetic=True)
        for n in range(rows)
    )


def cases(
    workflow: str, state: str, kind: str, ids: list[str], titles: list[str], organisation: str, **more: Any
) -> list[Any]:
    from mangrove.casework.models import Case

    return Case.objects.bulk_create(
        Case(
            workflow=workflow, subject_room="proposals", subject_kind=kind, subject_id=ids[n], title=title,
            organisation_id=organisation, state=state, opened_on=BEGIN + timedelta(n % 900), opened_by="registrar_a", **more,
        )
        for n, title in enumerate(titles)
    )  # fmt: skip


def proposals(rows: int) -> None:
    from mangrove.proposals.models import Proposal, Reply

    titles = [f"关于合成议题第{n}号的建议" for n in range(rows)]
    ids = [f"S{n:06}" for n in range(rows)]
    heads = cases("proposals.proposal", "handed", "proposal", ids, titles, "sz_gov_office")
    made = Proposal.objects.bulk_create(
        Proposal(
            id=ids[n], number=ids[n], title=titles[n], meeting="合成会议", lead_deputy="代表甲",
            received_on=head.opened_on, case=head, synthetic=True,
        )
        for n, head in enumerate(heads)
    )  # fmt: skip
    replies = [f"{id}-1" for id in ids]
    parts = cases("proposals.reply", "drafting", "reply", replies, titles, "szgxj", unit="应用处")
    Reply.objects.bulk_create(
        Reply(id=f"{one.pk}-1", proposal=one, organisation_id="szgxj", handed_on=one.received_on, case=part)
        for one, part in zip(made, parts, strict=True)
    )


def promises(rows: int) -> None:
    from mangrove.casework.models import Case, Promise
    from mangrove.casework.promise_workflow import PROMISES

    texts = [f"合成承诺第{n}项：办成一件可以核对的事" for n in range(rows)]
    heads = cases(PROMISES.id, PROMISES.start, "signed_letter", [str(n) for n in range(rows)], texts, "szgxj")
    for head, answered in zip(heads, reply_cases(rows), strict=True):
        head.parent = answered
    Case.objects.bulk_update(heads, ["parent"], batch_size=1000)
    Promise.objects.bulk_create(
        Promise(
            number=f"P{n:05}", case=head, text=texts[n], line="calls",
            due_on=BEGIN + timedelta(n % 3000) if n % 3 else None,
        )
        for n, head in enumerate(heads)
    )  # fmt: skip


def reply_cases(rows: int) -> list[Any]:
    from mangrove.casework.models import Case

    return list(Case.objects.filter(workflow="proposals.reply").order_by("-pk")[:rows])


def events(rows: int) -> None:
    from mangrove.ledger.actions import record
    from mangrove.ledger.refs import Actor

    for n, case in enumerate(reply_cases(rows)):
        record(
            "bench.entry", subject=case.ref, by=Actor("bench", "压测", ""), on=BEGIN,
            why="压测补录", payload={"row": n},
        )  # fmt: skip


def report(rows: int) -> int:
    from django.test.utils import setup_test_environment

    setup_test_environment()
    import_module("mangrove.workbench.wsgi")  # as a worker of the server starts
    print(f"{rows} rows; ms at the server, {RUNS} runs a page")
    print(f"{'page':<26}{'wall p50':>9}{'wall p95':>9}{'cpu p50':>9}{'cpu p95':>9}{'queries':>9}{'kB':>7}")
    slowest = max(line(name, *where, rows=rows) for name, where in PAGES.items())
    print("limit held" if slowest <= LIMIT else f"limit missed: {slowest * 1000:.0f} ms")
    return 0 if slowest <= LIMIT else 1


def line(name: str, username: str, path: str, rows: int) -> float:
    """Measure one page and print its line; returns the p95 of wall time in seconds."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from mangrove.registry.models import User

    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    path = path.replace("page=last", f"page={-(-rows // 50)}")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
        queries = len(asked.captured_queries)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    walls, cpus = measured(client, path)
    spread = [
        (statistics.median(v), statistics.quantiles(v, n=20, method="inclusive")[-1]) for v in (walls, cpus)
    ]
    cells = "".join(f"{seconds * 1000:9.1f}" for pair in spread for seconds in pair)
    print(f"{name:<26}{cells}{queries:9}{len(answer.content) // 1000:7}", flush=True)
    return spread[0][1]


def measured(client: Any, path: str) -> tuple[list[float], list[float]]:
    for _ in range(WARM_UP):
        client.get(path)
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        client.get(path)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return walls, cpus


if __name__ == "__main__":
    sys.exit(main())
