"""``kill -9`` in the middle of sign-off: before the commit nothing half stays, after it the whole signature stands.

Another process signs on this test's database and stops dead at a named point. Runs on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mangrove.casework.models import CaseAct, Promise
from mangrove.casework.verification import verify_states
from mangrove.ledger.models import Event
from mangrove.ledger.sealer import seal_pending
from mangrove.ledger.verify import verify
from mangrove.proposals.models import Reply, SignedLetter
from processes import beside

from . import life
from .life import lead_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]

#: Signs the reply and stands still right after (or before) the named function of ``signing`` has run.
SIGN_AND_STAND_STILL = """
import sys, time
import django
django.setup()
from mangrove.proposals import signing
from mangrove.proposals.models import Reply
from proposals import life

point, when = sys.argv[2:4]
real = getattr(signing, point)

def stand_still(*args, **kwargs):
    result = real(*args, **kwargs) if when == "after" else None
    print("here", flush=True)
    time.sleep(60)
    return result

setattr(signing, point, stand_still)
life.sign(Reply.objects.get(pk=sys.argv[1]))
"""

BEFORE_THE_COMMIT = [
    ("compose", "after"),
    ("take_step", "after"),
    ("keep", "after"),
    ("bind_promises", "before"),
    ("bind_promises", "after"),
]


@pytest.fixture
def reply(office: None) -> Iterator[Reply]:
    yield lead_to("to_sign")


def killed(reply: Reply, tmp_path: Path, point: str, when: str) -> None:
    """Let another process sign, and kill it at that point."""
    command = [sys.executable, "-c", SIGN_AND_STAND_STILL, reply.pk, point, when]
    with subprocess.Popen(command, env=beside(tmp_path), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "here\n"
        process.kill()


@pytest.mark.parametrize(("point", "when"), BEFORE_THE_COMMIT)
def test_killed_before_the_commit_nothing_of_the_signature_stays(
    reply: Reply, tmp_path: Path, point: str, when: str
) -> None:
    before = (Event.objects.count(), CaseAct.objects.count(), reply.case.version)
    killed(reply, tmp_path, point, when)
    reply.case.refresh_from_db()
    assert (Event.objects.count(), CaseAct.objects.count(), reply.case.version) == before
    assert reply.case.state == "to_sign"
    assert not SignedLetter.objects.exists() and not Promise.objects.exists()
    assert verify_states() == []


@pytest.mark.parametrize(("point", "when"), [("take_step", "after"), ("bind_promises", "after")])
def test_signing_again_after_the_kill_signs_once(reply: Reply, tmp_path: Path, point: str, when: str) -> None:
    killed(reply, tmp_path, point, when)
    letter = life.sign(reply)
    assert (letter.version, Promise.objects.count()) == (1, 2)
    assert verify_states() == [] and verify().holds and verify().unsealed == 0


def test_killed_after_the_commit_the_letter_stands_and_only_the_seal_is_missing(
    reply: Reply, tmp_path: Path
) -> None:
    killed(reply, tmp_path, "seal_pending", "before")
    reply.case.refresh_from_db()
    letter = SignedLetter.objects.get()
    assert reply.case.state == "signed" and Promise.objects.count() == 2 and verify_states() == []
    assert verify().holds and verify().unsealed > 0
    seal_pending()
    assert verify().unsealed == 0 and SignedLetter.objects.get() == letter
