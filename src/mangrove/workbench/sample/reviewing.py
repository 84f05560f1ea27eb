"""A round of review: experts are admitted, assigned, declare, one leaves and is replaced by lot, marks come in, the round ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from mangrove.intake.models import Opening
from mangrove.reviews import actions, assigning, pool, rounds
from mangrove.reviews.models import Assignment, Expert, Item, Round
from mangrove.reviews.rounds import Thing
from mangrove.reviews.workflow import LEFT
from mangrove.workbench.sample.applying import accepted
from mangrove.workbench.sample.telling import Line, Telling, day

FIELD, MODE, RUBRIC = "industry", "experts_blind", "demonstration"
#: How much the first, second and third expert of an item differ from what the file tells.
DIFFER = (0, 3, -4)
REASONS = {
    "need": "问题是本行业常见的，做法可以照着用（合成）。",
    "technology": "方案可行，时延有第三方测试；上行带宽的余量没有算（合成）。",
    "outcome": "有上线前后的对照，取自系统日志（合成）。",
    "means": "已建成运行，人员和运维经费有安排（合成）。",
}
COMMENT = "做法清楚，建议补上带宽余量的计算和连续六个月的数据（合成）。"
REPLACEMENT = "有专家回避，补抽一名（合成）。"


@transaction.atomic
def review(told: Telling, opening: Opening) -> Round:
    """The whole round, as far as the file tells it; passed over where it was held already."""
    said = told.said["round"]
    known = Round.objects.filter(title=said["title"]).first()
    return known or held(told, opening, said)


def held(told: Telling, opening: Opening, said: Line) -> Round:
    experts = [admitted(told, said, name) for name in said["experts"]]
    found = rounds.open_round(
        title=said["title"], mode=MODE, rubric=RUBRIC, due_on=day(said["due"]), synthetic=True, **told.at(said["opened"])
    )  # fmt: skip
    items = [(line, add(told, found, said, line, one)) for line, one in accepted(told, opening)]
    step(told, found, "start", said["opened"])
    for n, (_line, item) in enumerate(items):
        assign(told, found, said, item, [experts[(n + k) % len(experts)] for k in range(found.least)])
    if "recusal" in said:
        recuse(told, found, said, {line["by"]: item for line, item in items})
    for line, item in items:
        mark(told, said, line, item)
    for act, when in (("close", "closed"), ("release", "released")):
        if when in said:
            step(told, found, act, said[when])
    return found


def admitted(told: Telling, said: Line, username: str) -> Expert:
    """In the bureau's pool, with the promise of secrecy given."""
    since = day(said["admitted"])
    known = Expert.objects.filter(user__username=username, bureau=told.bureau).first()
    return known or pool.admit(
        username=username, fields=[FIELD], active_from=since, agreed_on=since, **told.at(since)
    )


def add(told: Telling, found: Round, said: Line, line: Line, one: Any) -> Item:
    """What experts read names no applicant: the title of the project and the text of the application."""
    content = one.submissions.get(round=one.rounds).content["answers"]
    text = "\n\n".join(content[id] for id in ("summary", "results"))
    thing = Thing(
        one.ref, f"{one.organisation.short_name} {line['title']}", line["title"], text, [one.organisation_id], [FIELD]
    )  # fmt: skip
    return rounds.add_item(round_id=found.pk, thing=thing, **told.at(said["opened"]))


def step(told: Telling, found: Round, act: str, on: object) -> None:
    found.refresh_from_db()
    assert found.case is not None
    take = getattr(rounds, act)
    take(round_id=found.pk, expected_version=found.case.version, **told.at(on))


def assign(told: Telling, found: Round, said: Line, item: Item, experts: list[Expert]) -> None:
    seen = assigning.plan(found, [item], experts, day(said["assigned"])).digest
    assigning.assign(
        round_id=found.pk, item_ids=[item.pk], expert_ids=[one.pk for one in experts], seen=seen,
        due_on=day(said["due"]), **told.at(said["assigned"]),
    )  # fmt: skip


def recuse(told: Telling, found: Round, said: Line, items: Mapping[str, Item]) -> None:
    """An expert declares a conflict of interest and leaves; another is drawn by lot."""
    item = items[said["recusal"]["item"]]
    one = assignments(item)[0]
    actions.declare_conflict(
        by=one.expert.user, uid=one.pk, on=day(said["declared"]), why=said["recusal"]["why"]
    )
    assigning.draw(
        round_id=found.pk, item_ids=[item.pk], due_on=day(said["due"]), **told.at(said["declared"]) | {"why": REPLACEMENT}
    )  # fmt: skip


def assignments(item: Item) -> list[Assignment]:
    """Those at work on it, by username."""
    rows = item.assignments.exclude(case__state__in=LEFT).select_related("expert__user", "case")
    return sorted(rows, key=lambda one: one.expert.user.username)


def mark(told: Telling, said: Line, line: Line, item: Item) -> None:
    """All declare and mark; where the file tells no marks, the first has declared and the others have not begun."""
    given = assignments(item)
    for one in given if "marks" in line else given[:1]:
        actions.declare(uid=one.pk, **told.at(said["declared"], one.expert.user))
    for one, differ in zip(given, DIFFER, strict=False) if "marks" in line else ():
        actions.submit(
            uid=one.pk, said=marks(line, differ), key=str(one.pk), **told.at(said["marked"], one.expert.user)
        )


def marks(line: Line, differ: int) -> dict[str, Any]:
    given = {id: {"mark": mark + differ, "reason": REASONS[id]} for id, mark in line["marks"].items()}
    return {**given, "comment": COMMENT}
