"""Twenty thousand organisations in one file: one bad row stops all, and ``kill -9`` leaves nothing half."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from mangrove.jobs import actions, worker
from mangrove.jobs.models import Job, State
from mangrove.ledger.models import Event
from mangrove.registry.importing.entering import IMPORT
from mangrove.registry.importing.files import keep
from mangrove.registry.importing.organisations import ORGANISATIONS
from mangrove.registry.models import Organisation, OrganisationName, User
from processes import beside

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 20_000

#: A worker whose lease runs out soon, and that stands still when it has written the third thousand.
WORKER = """
from datetime import timedelta
import sys, time
import django
django.setup()
from mangrove.jobs import leases, worker
from mangrove.registry.importing import entering
leases.LEASE = timedelta(seconds=1)
if sys.argv[1] == "halt":
    real = entering.enter
    def enter(new, source, said):
        def halting(done, total):
            if done == 3000:
                print("half", flush=True)
                time.sleep(60)
        real(new, source, halting)
    entering.enter = enter
worker.work(until_idle=True)
"""


def asked(spoilt: bool = False) -> Job:
    rows = [f"深圳市样例{n:05d}有限公司,企业,本市" for n in range(ROWS)]
    if spoilt:
        rows[12_344] = "深圳市样例12344有限公司,私企,本市"
    text = "\n".join(["机构名称,类别,地域", *rows])
    arguments = {"sha256": keep(BytesIO(text.encode())), "file": "名单.csv", "source": "合成"}
    registrar = User.objects.create_user("registrar_a", name="登记甲", roles=["registrar"])
    return actions.submit(
        ORGANISATIONS.take_kind,
        title="导入",
        arguments=arguments,
        by=registrar.actor,
        on=timezone.localdate(),
    )


def counted() -> tuple[int, int, int]:
    return (
        Organisation.objects.count(),
        OrganisationName.objects.count(),
        Event.objects.filter(act=IMPORT).count(),
    )


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_killed_in_the_middle_nothing_is_half_and_then_all_of_it_is_there_once(tmp_path: Path) -> None:
    job = asked()
    environment = beside(Path(settings.MANGROVE_VAR))  # where the file is kept
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen([*command, "halt"], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "half\n"
        process.kill()
    assert counted() == (0, 0, 0)
    job.refresh_from_db()
    wait_until(lambda: bool(job.lease_until) and timezone.now() > job.lease_until)  # type: ignore[operator]
    subprocess.run([*command, "go on"], env=environment, check=True, timeout=120)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)
    assert counted() == (ROWS, ROWS, 1)


def test_one_bad_row_in_twenty_thousand_stops_all_and_is_named() -> None:
    job = asked(spoilt=True)
    worker.work(until_idle=True)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.refusal["where"] == "第12346行类别" and "私企" in job.refusal["what"]
    assert counted() == (0, 0, 0)
