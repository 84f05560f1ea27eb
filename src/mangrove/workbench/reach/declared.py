"""What the rooms declare: ``reach.yaml`` beside ``urls.py``, one line a route. Read here, in one form.

    groups: {offices: registrar auditor}
    routes:
      list:  {opens: everyone}
      reply: {opens: offices case_officer@organisation deputy@own}
      act:   {steps: proposals.reply, refused: offices case_officer@organisation}
      save:  {does: case_officer@organisation, refused: offices}

``opens``: whose GET shows the page. ``does``: whose POST acts; ``does: opens`` for the same people; without it the page
takes no POST. ``refused``: who is told that the thing is there and that it is not theirs to do. Everybody else is told
that there is none (404). ``steps``: the acts of that workflow, by its table; ``but`` gives some of them, or one of the
workflows, other roles. ``acts``: the acts of a route that no workflow names, each with who takes it.
``public``: opened without signing in. ``why``: what a reader of the table must know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from mangrove.casework.workflow import Step, workflow
from mangrove.workbench.reach.grants import Grant, Place, Undeclared, grant, joined

FILE = "reach.yaml"
KEYS = {"opens", "does", "refused", "steps", "but", "acts", "public", "why"}


@dataclass(frozen=True)
class Line:
    """One route, or one act of a route that serves several. ``opens`` or ``does`` is ``None`` where there is no such method."""

    route: str
    act: str
    opens: Grant | None
    does: Grant | None
    refused: Grant
    public: bool = False
    why: str = ""

    @property
    def name(self) -> str:
        return f"{self.route} {self.act}".rstrip()

    def known_to(self) -> Grant:
        """Who may know that the thing is there."""
        return joined(each for each in (self.opens, self.does, self.refused) if each is not None)

    def answer(self, method: str, role: str, place: Place) -> str:
        """``allowed``, ``refused``, ``hidden``, or ``no method``: what somebody with that role, standing there, is answered."""
        permitted = self.opens if method == "GET" else self.does
        if permitted is None:
            return "no method"
        if permitted.covers(role, place):
            return "allowed"
        return "refused" if self.known_to().covers(role, place) else "hidden"


def routes(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    """Every named route of the house."""
    for one in patterns or get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, f"{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{namespace}{one.name}"


def file_of(room: str) -> Path:
    return Path(str(import_module(f"mangrove.{room}").__file__)).with_name(FILE)


@cache
def declared() -> tuple[Line, ...]:
    """Every line of every room, in the order of the routes. Raises :class:`Undeclared` for what cannot be read."""
    rooms = sorted({route.partition(":")[0] for route in routes()})
    return tuple(line for room in rooms for line in lines_of(room))


def lines_of(room: str) -> Iterator[Line]:
    path = file_of(room)
    if not path.exists():
        return
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    groups: Mapping[str, str] = said.get("groups") or {}
    for name, line in (said.get("routes") or {}).items():
        try:
            yield from read(f"{room}:{name}", line or {}, groups)
        except Undeclared as error:
            raise Undeclared(f"{path} 的 {name}：{error}") from error


def read(route: str, line: Mapping[str, Any], groups: Mapping[str, str]) -> Iterator[Line]:
    if unknown := set(line) - KEYS:
        raise Undeclared(f"不认识的键 {'、'.join(sorted(unknown))}；可用的是 {'、'.join(sorted(KEYS))}")
    refused, why = grant(line.get("refused", ""), groups), str(line.get("why", ""))
    if "steps" in line or "acts" in line:
        yield from read_steps(route, line, refused, groups)
        yield from read_acts(route, line, refused, groups)
        return
    public = bool(line.get("public"))
    opens = grant(line["opens"], groups) if "opens" in line else None
    does = line.get("does")
    acting = None if does is None else opens if does == "opens" else grant(does, groups)
    if opens is None and acting is None:
        raise Undeclared("opens 和 does 至少要有一个")
    yield Line(route, "", opens, acting, refused, public, why)


def read_steps(
    route: str, line: Mapping[str, Any], refused: Grant, groups: Mapping[str, str]
) -> Iterator[Line]:
    """One line for each act of the workflows that somebody may take."""
    other: Mapping[str, Any] = line.get("but") or {}
    for flow in line.get("steps", "").split():
        steps = [step for step in workflow(flow).steps if step.roles]
        for act in dict.fromkeys(step.act for step in steps):
            said = exception(other, flow, act)
            taken = grant(said["opens"], groups) if "opens" in said else by_table(steps, act)
            told = grant(said["refused"], groups) if "refused" in said else refused
            yield Line(route, f"{flow}.{act}", taken, taken, told, False, str(line.get("why", "")))


def read_acts(
    route: str, line: Mapping[str, Any], refused: Grant, groups: Mapping[str, str]
) -> Iterator[Line]:
    """One line for each act that is named here: ``approve: payment_approver``, or ``{opens: …, refused: …}`` as in ``but``."""
    for act, said in (line.get("acts") or {}).items():
        told = {"opens": said} if isinstance(said, str) else said
        taken = grant(told["opens"], groups)
        known = grant(told["refused"], groups) if "refused" in told else refused
        yield Line(route, act, taken, taken, known, False, str(line.get("why", "")))


def exception(other: Mapping[str, Any], flow: str, act: str) -> Mapping[str, str]:
    """What ``but`` says of a workflow, of an act, or of that act of that workflow; the nearer word wins."""
    said: dict[str, str] = {}
    for key in (flow, act, f"{flow}.{act}"):
        found = other.get(key, {})
        said |= {"opens": found} if isinstance(found, str) else found
    return said


def by_table(steps: list[Step], act: str) -> Grant:
    own = [step for step in steps if step.act == act]
    return grant(" ".join(f"{role}@{step.scope}" for step in own for role in step.roles), {})


def undeclared() -> list[str]:
    """Routes without a line, and lines without a route."""
    known, said = set(routes()), {line.route for line in declared()}
    return sorted(known - said) + [f"{route}（没有这条路径）" for route in sorted(said - known)]
