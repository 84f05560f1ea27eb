"""A small bureau with a pool and a round, and what people do in it; for the tests of this room and for the browser's scene."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from mangrove.ledger.refs import Ref
from mangrove.registry.decisions import name_key
from mangrove.registry.models import Organisation, OrganisationName, User
from mangrove.reviews import actions, assigning, pool, rounds
from mangrove.reviews.models import EXPERTS_BLIND, Assignment, Expert, Item, Round, Submission
from mangrove.reviews.rounds import Thing

BUREAU = "szgxj"
FIELD = "industry"
MARKS = {"need": 80, "technology": 90, "outcome": 70, "means": 60}
TEXT = "本项目在厂区用5G专网连接质检相机，漏检率由千分之三降到千分之一。"


def today() -> date:
    return timezone.localdate()


def due() -> date:
    return today() + timedelta(days=14)


def organisation(id: str, name: str, **more: Any) -> Organisation:
    made, new = Organisation.objects.get_or_create(id=id, defaults={"name": name, "synthetic": True, **more})
    if new:
        OrganisationName.objects.create(organisation=made, text=name, key=name_key(name), kind="full")
    return made


def account(username: str, name: str, roles: Sequence[str], of: Organisation | None, unit: str = "") -> User:
    made, _new = User.objects.get_or_create(
        username=username,
        defaults={"name": name, "roles": list(roles), "organisation": of, "unit": unit, "synthetic": True},
    )
    return made


def officer() -> User:
    bureau = organisation(BUREAU, "深圳市工业和信息化局")
    return account("officer_a", "经办人甲", ["case_officer"], bureau, "应用处")


def expert_user(n: int) -> User:
    return account(f"expert_{n}", f"专家{n}号", ["expert"], organisation(f"institute_{n}", f"样例研究所{n}"))


def admit(n: int, **more: Any) -> Expert:
    known = Expert.objects.filter(user=expert_user(n), bureau=BUREAU).first()
    told = {
        "fields": [FIELD],
        "active_from": today() - timedelta(days=30),
        "agreed_on": today(),
        "on": today(),
    }
    return known or pool.admit(by=officer(), username=expert_user(n).username, **told | more)


def applicant(n: int = 1) -> Organisation:
    return organisation(
        f"applicant_{n}",
        f"深圳市金丝雀{n}号通信有限公司",
        short_name=f"金丝雀{n}号",
        credit_code=f"91440300CANARY0{n:02d}X",
    )


def open_round(mode: str = EXPERTS_BLIND, **more: Any) -> Round:
    told = {
        "title": "示范项目评审（合成）",
        "rubric": "demonstration",
        "due_on": due(),
        "on": today(),
        "synthetic": True,
    }
    return rounds.open_round(by=officer(), mode=mode, **told | more)


def thing(n: int = 1, **more: Any) -> Thing:
    said: dict[str, Any] = {
        "subject": Ref("reviews", "paper", f"p{n}"), "title": f"金丝雀{n}号公司的5G质检", "blind_title": f"5G质检之{n}",
        "text": TEXT, "parties": [applicant(n).pk], "fields": [FIELD],
    }  # fmt: skip
    return Thing(**said | more)


def add(found: Round, n: int = 1, **more: Any) -> Item:
    return rounds.add_item(by=officer(), round_id=found.pk, thing=thing(n, **more), on=today())


def step(found: Round, act: str) -> None:
    found.case.refresh_from_db()
    getattr(rounds, act)(by=officer(), round_id=found.pk, on=today(), expected_version=found.case.version)
    found.refresh_from_db()
    found.case.refresh_from_db()


def started(mode: str = EXPERTS_BLIND, items: int = 1, **more: Any) -> Round:
    found = open_round(mode, **more)
    for n in range(1, items + 1):
        add(found, n)
    step(found, "start")
    return found


def assign(
    found: Round, experts: Iterable[Expert], items: Iterable[Item] | None = None, **more: Any
) -> list[Assignment]:
    experts, items = list(experts), list(items if items is not None else found.items.all())
    seen = assigning.plan(found, items, experts, today()).digest
    return assigning.assign(
        by=officer(), round_id=found.pk, item_ids=[item.pk for item in items], expert_ids=[one.pk for one in experts],
        **{"seen": seen, "due_on": found.due_on, "on": today()} | more,
    )  # fmt: skip


def said(marks: dict[str, int] | None = None, comment: str = "思路清楚，数据要再核。") -> dict[str, Any]:
    entries = {id: {"mark": mark, "reason": f"{id} 的理由"} for id, mark in (marks or MARKS).items()}
    return {**entries, "comment": comment}


def declare(one: Assignment) -> Assignment:
    return actions.declare(by=one.expert.user, uid=one.pk, on=today())


def submit(one: Assignment, key: str = "k1", **more: Any) -> Submission:
    return actions.submit(by=one.expert.user, uid=one.pk, said=said(**more), key=key, on=today())


def reviewed(one: Assignment, **more: Any) -> Submission:
    declare(one)
    return submit(one, **more)


def version(one: Assignment) -> int:
    one.case.refresh_from_db()
    return one.case.version


def recuse(one: Assignment, seen: int | None = None) -> object:
    return actions.recuse(
        by=officer(), uid=one.pk, on=today(), why="与申报单位有合作。",
        expected_version=version(one) if seen is None else seen,
    )  # fmt: skip


def reopen(one: Assignment) -> object:
    return actions.reopen(
        by=officer(),
        uid=one.pk,
        on=today(),
        why="分数与理由不符。",
        due_on=due(),
        expected_version=version(one),
    )
