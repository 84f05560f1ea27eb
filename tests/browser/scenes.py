"""The sample city with enough going on in it that every page has something to show."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext

from intake import scene as applying
from mangrove.casework.calendars import load_calendar
from mangrove.casework.models import (
    Clock,
    Decision,
    Delegation,
    Grievance,
    Meeting,
    Message,
    Notice,
    Promise,
    Verification,
)
from mangrove.casework.promises import add_evidence_with_file
from mangrove.figures.actions import set_value
from mangrove.figures.loading import load_figures
from mangrove.figures.periods import Period
from mangrove.jobs import leases, worker
from mangrove.jobs.actions import submit
from mangrove.jobs.models import Job
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.sealer import seal_pending
from mangrove.likeness import looking
from mangrove.likeness.access import readable_pairs
from mangrove.likeness.models import Pair
from mangrove.policies.sandbox.models import Scenario
from mangrove.proposals.models import DifferenceReport, Reply
from mangrove.proposals.received.intake import read_in
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.proposals.sample import live_all
from mangrove.registry.account_changes import propose
from mangrove.registry.actions import register_organisation
from mangrove.registry.city import create_sample_accounts, load_registry
from mangrove.registry.importing.files import keep
from mangrove.registry.importing.organisations import ORGANISATIONS
from mangrove.registry.merging import actions as merging
from mangrove.registry.models import AccountChange, Merge, User
from mangrove.registry.records.models import Record
from mangrove.workbench.listviews.actions import keep as keep_view
from mangrove.workbench.listviews.models import ListView
from policies import scene as supporting
from policies.sandbox_scene import set_scenarios
from proposals import life
from proposals.received.conftest import WATER
from reviews.scene import Reviews, set_the_reviews

from . import casework
from .claims_scene import claims_doubted
from .making_scene import measures_in_the_making
from .money_scene import money_moves
from .records_scene import records_of_firms

PASSWORD = "红树-样例-口令-2021"
BACKEND = "django.contrib.auth.backends.ModelBackend"

#: Who of the sample accounts plays whom in ``proposals.life``, which leads a reply to any state.
CAST = {
    "officer": "officer_a", "reviewer": "reviewer_a", "director": "director", "deputy": "deputy_zhang",
    "co_deputy": "deputy_a", "registrar": "registrar_a", "liaison": "liaison_a",
}  # fmt: skip

#: What the small proposals have in common.
TOLD: dict[str, Any] = {
    "title": "关于完善5G网络覆盖的建议（样例）", "lead_deputy": "张天瑜", "synthetic": True,
}  # fmt: skip


def load_city() -> None:
    """Organisations, calendar, figures and the accounts that a newcomer finds; no proposal."""
    city, today = Path(settings.MANGROVE_CITY), timezone.localdate()
    load_registry(city, by=SYSTEM, on=today, why="装入样例城市")
    load_calendar(by=SYSTEM, on=today)
    load_figures(city, by=SYSTEM, on=today, why="装入样例城市")
    create_sample_accounts(city, PASSWORD)


def admit(context: BrowserContext, username: str, home: str) -> None:
    """Give this browser the session of somebody who has signed in; the sign-in page has tests of its own."""
    client = Client()
    client.force_login(User.objects.get(username=username), backend=BACKEND)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": home}])


@dataclass(frozen=True)
class Scene:
    """The sample life, and one small reply in each state that has pages of its own."""

    drafting: Reply
    in_review: Reply
    to_sign: Reply
    signed: Reply
    numbered: Reply
    delivered: Reply
    rated: Reply
    unhanded: str
    received: ReceivedLetter
    promise: Promise
    difference: DifferenceReport
    clock: Clock
    wrong_file: Job
    ready_file: Job
    failed: Job
    running: Job
    money: SimpleNamespace
    reviews: Reviews
    notice: Notice
    objection: Grievance
    verification: Verification
    meeting: Meeting
    decision: Decision
    delegation: Delegation
    message: Message
    intake: applying.Scene
    account: User
    change: AccountChange
    record: Record
    merge: Merge
    merged: Merge
    double: SimpleNamespace
    list_view: ListView
    alike: Pair
    policies: supporting.Scene
    claims: SimpleNamespace
    scenario: Scenario
    other_scenario: Scenario
    making: SimpleNamespace


def set_the_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """The city without proposals; ``proposals.life`` then leads its small ones on by the sample accounts."""
    load_city()
    monkeypatch.setattr(life, "who", lambda username: User.objects.get(username=CAST[username]))


def set_the_scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    set_the_city(monkeypatch)
    live_all()
    replies = small_replies("drafting", "in_review", "to_sign", "signed", "numbered", "delivered", "rated")
    life.write(replies["drafting"])
    unhanded = life.register("20219999", **TOLD).pk
    revise_a_signed_figure()
    seal_pending()
    first = Promise.objects.filter(case__parent__reply="20210615-1").order_by("number")[0]
    return Scene(
        **replies,
        unhanded=unhanded,
        received=read_in(
            by=life.who("officer"), on=life.today(), content=io.BytesIO(WATER.encode()), name="来函.txt"
        ).letter,
        promise=with_evidence(first),
        difference=DifferenceReport.objects.latest("id"),
        clock=Clock.objects.filter(case__reply=replies["drafting"], met_on=None).latest("id"),
        money=SimpleNamespace(**money_moves()),
        intake=applying.set_scene(),
        policies=supporting.set_scene(),
        record=records_of_firms(),
        **files_of_organisations(),
        reviews=set_the_reviews(),
        **casework.live(),
        account=User.objects.get(username="officer_a"),
        change=propose(
            kind="open",
            username="officer_new",
            name="经办人丁",
            roles=["case_officer"],
            why="新到岗（样例）",
            by=User.objects.get(username="sysadmin_a"),
            on=timezone.localdate(),
        ),
        **merges(),
        list_view=kept_views(),
        claims=claims_doubted(),
        **scenarios(),
        making=measures_in_the_making(),
        alike=found_alike(),  # last: what comes in after it may make common what the two share
    )


def scenarios() -> dict[str, Any]:
    one, other = set_scenarios()
    return {"scenario": one, "other_scenario": other}


def merges() -> dict[str, Any]:
    """A pair that looks like one, one that somebody proposed to merge, and one that was merged; proposed by a registrar without other parts."""
    one = User.objects.create_user("registrar_b", name="登记员乙", roles=["registrar"], synthetic=True)
    said: dict[str, Any] = {"on": timezone.localdate(), "why": "对照了营业执照（样例）"}
    waiting, merged = (merging.propose(**entries_of_one(n), by=one, **said) for n in "甲乙")
    return {
        "double": SimpleNamespace(**entries_of_one("丙")),
        "merge": waiting,
        "merged": merging.confirm(merge=merged, by=User.objects.get(username="registrar_a"), **said),
    }


def entries_of_one(n: str) -> dict[str, str]:
    """Two entries of one synthetic firm, as a registry without codes comes to have them."""
    names = {"kept": f"深圳市样例{n}通信有限公司（合成）", "other": f"深圳样例{n}通信公司（合成）"}
    ids = {side: f"same-{side}-{ord(n)}" for side in names}
    for side, name in names.items():
        register_organisation(
            id=ids[side], name=name, kind="firm", scope="city", source="样例", synthetic=True,
            by=SYSTEM, on=timezone.localdate(),
        )  # fmt: skip
    return ids


def found_alike() -> Pair:
    """What the worker finds in all that came in; of the pairs, one of applications that their officer may read."""
    looking.ask()
    worker.work(until_idle=True)
    seen = readable_pairs(User.objects.get(username="officer"))
    return seen.filter(corpus="intake.application").earliest("pk")


def kept_views() -> ListView:
    """One that an officer shares with the unit and whose filter is gone, and one of the officer's own."""
    officer = User.objects.get(username="officer_a")
    told: dict[str, Any] = {"by": officer, "route": "proposals:list"}
    keep_view(name="督办件（共享）", query="text=5G&level=key&sort=-number", shared=True, **told)
    return keep_view(name="按题目", query="sort=title&columns=title&columns=state", **told)


def files_of_organisations() -> dict[str, Job]:
    """One that can be taken in, one with mistakes, one that is no table, and one that a worker is at."""
    heads = "机构名称,类别,地域,所在区,统一社会信用代码"
    new = "\n".join(f"深圳市样例{n:03d}有限公司（合成）,企业,本市,南山区," for n in range(60))
    ready = f"{heads}\n{new}\n华为技术有限公司,企业,本市,福田区,"
    wrong = f"{heads}\n深圳市甲有限公司,私企,本市,南山,\n,企业,本市,,\n深圳市乙有限公司,企业,本市,,91440300MA5EQ0X43F"
    asked = {"ready_file": ready, "wrong_file": wrong, "failed": "PK\x03\x04", "running": ready}
    made = {}
    for name, text in asked.items():
        made[name] = asked_to_look(text.encode(), f"{name}.csv")
        if name != "running":
            worker.work(until_idle=True)
    held = leases.claim("样例")
    assert held
    leases.renew(held, done=41, total=61, note="核对第41行")
    for job in made.values():
        job.refresh_from_db()
    return made


def asked_to_look(content: bytes, name: str) -> Job:
    return submit(
        ORGANISATIONS.look_kind, title=f"核对 {name}", by=User.objects.get(username="registrar_a").actor, on=timezone.localdate(),
        arguments={"sha256": keep(io.BytesIO(content)), "file": name, "source": "样例（合成）"},
    )  # fmt: skip


def small_replies(*states: str) -> dict[str, Reply]:
    """One small reply in each of these states."""
    return {state: small_reply(f"2021900{place}", state) for place, state in enumerate(states)}


def small_reply(number: str, state: str) -> Reply:
    proposal = life.register(number, **TOLD, deputies=[life.who("deputy")])
    return life.lead_to(state, life.hand_over(proposal, unit="应用处"))


def revise_a_signed_figure() -> None:
    set_value(
        "stations_built", as_of=Period.parse("2021-08-30"), amount=Decimal("4.9"), unit="万个", qualifier="超",
        source="letter", by=life.who("reviewer").actor, on=timezone.localdate(), why="复核后更正",
    )  # fmt: skip


def with_evidence(promise: Promise) -> Promise:
    add_evidence_with_file(
        promise.pk, upload=io.BytesIO("若干措施".encode()), name="若干措施.txt", what="若干措施已印发",
        source="样例文号", dated=date(2021, 9, 30), by=life.who("officer").actor, on=life.today(),
        expected_version=promise.case.version,
    )  # fmt: skip
    promise.refresh_from_db()
    return promise
