"""Lists that come in by the spreadsheet: experts for the bureau's pool, and who reviews what. Looked at, shown, taken whole."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.jobs.running import Running
from mangrove.registry.importing.kinds import Importing
from mangrove.registry.importing.plan import Change, Plan
from mangrove.registry.importing.reading import Read, Wrong, empty
from mangrove.registry.models import User
from mangrove.reviews import assigning, pool
from mangrove.reviews.access import access_office, bureau_experts, bureau_rounds
from mangrove.reviews.assigning import WORDS, Pair
from mangrove.reviews.decisions import HARD
from mangrove.reviews.models import Expert, Item, Round
from mangrove.vocabulary.sheets import Row

EXPERT, ASSIGNMENT = vocabulary.entity("expert"), vocabulary.entity("review_assignment")
EXPERT_MUST, ASSIGNMENT_MUST = ("username", "expertise"), ("round", "code", "username")
BETWEEN = re.compile(r"[、，,;；/\s]+")


def officer_of(read: Read) -> User:
    """Who asked for the file to be read; their bureau is whose pool and rounds it is about."""
    return access_office(User.objects.select_related("organisation").get(username=read.by))


def once(row: Row, key: tuple[str, ...], lines: dict[tuple[str, ...], int], what: str) -> Iterator[Wrong]:
    if (first := lines.setdefault(key, row.line)) != row.line:
        yield Wrong(row.line, what, f"与第{first}行是同一个。")


# --- experts -----------------------------------------------------------------------------------------------------


def plan_experts(read: Read, on: date) -> Plan:
    """Each row against the pool: new, changed, or as it is."""
    plan, by = Plan(notes=list(read.notes)), officer_of(read)
    plan.refuse(read.wrong)
    held = {one.user.username: one for one in bureau_experts(by).select_related("user")}
    names = [row.text("username") for row in read.rows]
    accounts = {one.username: one for one in User.objects.filter(username__in=names, is_active=True)}
    lines: dict[tuple[str, ...], int] = {}
    for row in read.rows:
        if row.line not in plan.wrong_lines:
            plan.refuse(wrong_expert(row, accounts, lines, by, on))
        if row.line not in plan.wrong_lines:
            sort_expert(plan, row, held.get(row.text("username")), on)
    return plan


def wrong_expert(
    row: Row, accounts: Mapping[str, User], lines: dict[tuple[str, ...], int], by: User, on: date
) -> Iterator[Wrong]:
    if missing := list(empty(row, EXPERT, EXPERT_MUST)):
        yield from missing
        return
    column, user = EXPERT.field("username").zh, accounts.get(row.text("username"))
    yield from once(row, (row.text("username"),), lines, column)
    if user is None or not user.has_role("expert"):
        yield Wrong(row.line, column, f"没有账号“{row.text('username')}”，或它没有专家角色。")
    elif pool.knows_applicants(user, str(by.organisation_id)):
        yield Wrong(row.line, column, "此账号另有经办、审计或系统管理的角色，看得到申报单位。")
    known = words()
    for word in [word for word in split(row.text("expertise")) if word not in known]:
        yield Wrong(row.line, EXPERT.field("expertise").zh, f"没有“{word}”；可写：{'、'.join(labels())}。")
    since, until = row.values.get("active_from") or on, row.values.get("active_until")
    if isinstance(since, date) and isinstance(until, date) and until <= since:
        yield Wrong(row.line, EXPERT.field("active_until").zh, f"{until}不晚于聘期起{since}。")


def split(text: str) -> list[str]:
    return [word for word in BETWEEN.split(text) if word]


def words() -> dict[str, str]:
    """The id of a field of expertise by every word that it goes by."""
    found = vocabulary.enum(pool.FIELDS).words.values()
    return {name: word.id for word in found for name in (word.id, word.zh, word.en)}


def labels() -> list[str]:
    return [word.zh for word in vocabulary.enum(pool.FIELDS).words.values()]


def fields_of(expertise: str) -> list[str]:
    """The ids of what a cell says, in the vocabulary's order."""
    known = words()
    return pool.known_fields([known[word] for word in split(expertise)])


def fields_said(ids: Iterable[str]) -> str:
    found = vocabulary.enum(pool.FIELDS).words
    return "、".join(found[id].zh for id in ids)


def sort_expert(plan: Plan, row: Row, held: Expert | None, on: date) -> None:
    """What the row would do. A term that is not said stays as it is."""
    said = {**row.values, "expertise": fields_said(fields_of(row.text("expertise")))}
    if held is None:
        plan.new.append((row.line, {**said, "active_from": said.get("active_from") or on}))
        return
    was = {
        "expertise": fields_said(held.fields), "active_from": held.active_from, "active_until": held.active_until,
    }  # fmt: skip
    now = {name: said[name] for name in was if said.get(name) not in (None, was[name])}
    if not now:
        plan.same += 1
        return
    plan.changed.append(
        Change(row.line, str(held.pk), held.user.name, {name: was[name] for name in now}, now)
    )


def take_experts(plan: Plan, running: Running) -> None:
    """Each by the act that the page takes, with an event of its own."""
    by = User.objects.select_related("organisation").get(username=running.actor.username)
    told: dict[str, Any] = {"by": by, "on": running.on, "why": running.why}
    for _line, values in plan.new:
        pool.admit(
            username=str(values["username"]), fields=fields_of(str(values["expertise"])), active_from=values["active_from"],
            active_until=values.get("active_until"), **told,
        )  # fmt: skip
    for one in plan.changed:
        held = Expert.objects.get(pk=one.id)
        fields = fields_of(str(one.now["expertise"])) if "expertise" in one.now else list(held.fields)
        terms = {name: one.now.get(name, getattr(held, name)) for name in ("active_from", "active_until")}
        pool.change(expert_id=held.pk, fields=fields, **terms, **told)


EXPERTS = Importing(
    id="experts",
    label=gettext_lazy("专家"),
    entity=EXPERT,
    must=EXPERT_MUST,
    named_by="username",
    rules=gettext_lazy("一名专家一行，进本单位的专家库；账号须先开立并带专家角色。已在库里的按本行改专长和聘期，没有变化的不动。保密承诺由专家本人同意。"),
    page="reviews:experts",
    access=access_office,
    plan=plan_experts,
    take=take_experts,
)  # fmt: skip


# --- assignments -------------------------------------------------------------------------------------------------


def plan_assignments(read: Read, on: date) -> Plan:
    """Each row against what stands against this expert at this item. Who is assigned already is the same."""
    plan, by = Plan(notes=list(read.notes)), officer_of(read)
    plan.refuse(read.wrong)
    rounds = {one.title: one for one in bureau_rounds(by).filter(case__state="scoring")}
    pairs = Pairs(rounds, on)
    lines: dict[tuple[str, ...], int] = {}
    for row in read.rows:
        if row.line not in plan.wrong_lines:
            plan.refuse(wrong_assignment(row, pairs, lines))
        if row.line in plan.wrong_lines:
            continue
        pair = pairs.of(row)
        assert pair is not None
        if "assigned" in pair.obstacles:
            plan.same += 1
        else:
            plan.new.append((row.line, dict(row.values)))
            plan.notes += [f"第{row.line}行：{word}；仍要指派须写明理由。" for word in pair.words]
    return plan


class Pairs:
    """Items and experts of some rounds, as a list names them."""

    def __init__(self, rounds: Mapping[str, Round], on: date) -> None:
        self.rounds, self.on = rounds, on
        self.items = {(one.round.title, one.code): one for one in Item.objects.filter(round__in=rounds.values()).select_related("round")}  # fmt: skip
        self.experts = {title: {one.user.username: one for one in assigning.experts_of(found)} for title, found in rounds.items()}  # fmt: skip
        self.known = assigning.Known(list(self.items.values()))

    def item(self, row: Row) -> Item | None:
        return self.items.get((row.text("round"), row.text("code")))

    def expert(self, row: Row) -> Expert | None:
        return self.experts.get(row.text("round"), {}).get(row.text("username"))

    def of(self, row: Row) -> Pair | None:
        item, expert = self.item(row), self.expert(row)
        return self.known.pair(item, expert, self.on) if item and expert else None


def wrong_assignment(row: Row, pairs: Pairs, lines: dict[tuple[str, ...], int]) -> Iterator[Wrong]:
    if missing := list(empty(row, ASSIGNMENT, ASSIGNMENT_MUST)):
        yield from missing
        return
    heads = {name: ASSIGNMENT.field(name).zh for name in ("round", "code", "username", "due_on")}
    yield from once(row, tuple(row.text(name) for name in ASSIGNMENT_MUST), lines, heads["code"])
    if row.text("round") not in pairs.rounds:
        yield Wrong(row.line, heads["round"], f"本单位没有评审中的轮次“{row.text('round')}”。")
        return
    if pairs.item(row) is None:
        yield Wrong(row.line, heads["code"], f"本轮没有评审件“{row.text('code')}”。")
    if pairs.expert(row) is None:
        yield Wrong(row.line, heads["username"], f"本单位专家库里没有“{row.text('username')}”。")
    pair = pairs.of(row)
    for name in pair.obstacles if pair else ():
        if name in HARD and name != "assigned":
            yield Wrong(row.line, heads["username"], f"不能评审此件：{WORDS[name]}。")
    due = row.values.get("due_on")
    if isinstance(due, date) and due <= pairs.on:
        yield Wrong(row.line, heads["due_on"], f"{due}不晚于业务日期{pairs.on}。")


def take_assignments(plan: Plan, running: Running) -> None:
    """All of the list in one batch, round by round under its lock."""
    by = User.objects.select_related("organisation").get(username=running.actor.username)
    batch, held = uuid.uuid4(), {one.title: one for one in bureau_rounds(by)}
    for _line, values in plan.new:
        found = held[str(values["round"])]
        assigning.assign_one(
            by=by, round_id=found.pk, code=str(values["code"]), username=str(values["username"]),
            due_on=values.get("due_on") or found.due_on, on=running.on, why=running.why, batch=batch,
        )  # fmt: skip


ASSIGNMENTS = Importing(
    id="assignments",
    label=gettext_lazy("评审指派"),
    entity=ASSIGNMENT,
    must=ASSIGNMENT_MUST,
    rules=gettext_lazy("一行是一名专家评审一件；轮次须在评审中。回避的、不在聘期的、没有同意保密承诺的，逐行指明，一行也不指派。已指派过的不重复。"),
    page="reviews:rounds",
    access=access_office,
    plan=plan_assignments,
    take=take_assignments,
)  # fmt: skip
