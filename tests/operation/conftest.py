"""A city that lives, with an attachment, an imported file and a session; and the command line as a process of its own."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.test import Client
from django.utils import timezone

from mangrove.casework.actions import open_case
from mangrove.casework.attachments import store
from mangrove.casework.calendars import load_calendar
from mangrove.casework.models import Attachment, Case, Promise
from mangrove.casework.promises import add_evidence_with_file
from mangrove.figures.loading import load_figures
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.ledger.sealer import seal_pending
from mangrove.proposals.received.workflow import RECEIVED
from mangrove.proposals.sample import live_all
from mangrove.registry.city import create_sample_accounts, load_registry
from mangrove.registry.importing.files import keep
from mangrove.registry.models import User

PASSWORD = "红树-样例-口令-2021"


@pytest.fixture
def city(transactional_db: None) -> Path:
    """The sample city; returns its MANGROVE_VAR."""
    where, today = Path(settings.MANGROVE_CITY), timezone.localdate()
    rights_of_django()
    load_registry(where, by=SYSTEM, on=today, why="装入样例城市")
    load_calendar(by=SYSTEM, on=today)
    load_figures(where, by=SYSTEM, on=today, why="装入样例城市")
    create_sample_accounts(where, PASSWORD)
    live_all()
    attach("若干措施")
    keep(io.BytesIO("机构名称\n甲".encode()))
    Client().force_login(
        User.objects.get(username="officer_a"), backend="django.contrib.auth.backends.ModelBackend"
    )
    seal_pending()
    return Path(settings.MANGROVE_VAR)


def rights_of_django() -> None:
    """What migrating makes and a test before this one may have emptied (see ``tests/conftest.py``): a restored city has them too."""
    for one in apps.get_app_configs():
        create_contenttypes(one, verbosity=0)
        create_permissions(one, verbosity=0)


def attach(text: str) -> None:
    """A file to the first promise of the sample letter."""
    promise = Promise.objects.select_related("case").order_by("number")[0]
    add_evidence_with_file(
        promise.pk, upload=io.BytesIO(text.encode()), name="若干措施.txt", what="若干措施已印发", source="样例文号",
        dated=date(2021, 9, 30), by=User.objects.get(username="officer_a").actor, on=timezone.localdate(),
        expected_version=promise.case.version,
    )  # fmt: skip


def mangrove(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mangrove.cli", *arguments]
    return subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)


@pytest.fixture
def house(transactional_db: None) -> Path:
    """As little as has everything in it: a case with a file, sealed. Returns its MANGROVE_VAR."""
    a_file(a_case("样例"), "一份附件")
    seal_pending()
    return Path(settings.MANGROVE_VAR)


def a_case(title: str) -> Case:
    """A case of a table that every process knows."""
    return open_case(
        workflow_id=RECEIVED.id,
        subject=Ref("proposals", "received", title),
        title=title,
        by=SYSTEM,
        on=timezone.localdate(),
    )


def a_file(case: Case, text: str) -> Attachment:
    return store(io.BytesIO(text.encode()), name="附件.txt", by=SYSTEM, case=case, on=timezone.localdate())
