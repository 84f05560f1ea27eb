"""The access matrix as a text for people: who opens and does what, by route; which step whom; which permit whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec

from django.urls import get_resolver

from mangrove.casework.permits import Permit
from mangrove.casework.workflow import workflows
from mangrove.registry.roles import ROLES
from mangrove.workbench.reach.declared import Line, declared
from mangrove.workbench.reach.grants import Grant, Reach

#: The widest reach first: that is what a cell shows.
WORDS: Mapping[Reach, str] = {"anyone": "●", "organisation": "◐", "unit": "◔", "own": "○"}
REFUSED = "×"

HEAD = """# 谁能做什么

本页由 `mangrove access --write docs/access.md` 从程序里生成，不手工改；`tests/reach` 逐条用真的页面验证：每个角色、
自己的（本人或本处室）、本单位的、别的单位的，答复与本表不同就不能通过，没有声明的路径也不能通过。

● 任何一件　◐ 本单位的　◔ 本处室的　○ 自己的　× 看得到、办不了（说明由谁办）　空白：答复与不存在相同（404）。
未登录的只能到登录页；提交一律带页面自己的记号（CSRF）。

"""


def matrix() -> str:
    """The whole page, in Markdown and in Chinese whoever asks."""
    parts = [HEAD, "## 打开页面\n\n", *table("GET"), "\n## 提交\n\n", *table("POST"), *steps(), *permits()]
    return "".join(parts)


def table(method: str) -> Iterator[str]:
    lines = [line for line in declared() if granted(line, method) is not None]
    yield row(["路径", *(role.zh for role in ROLES), "说明"])
    yield row(["---", *(":-:" for _role in ROLES), "---"])
    for line in lines:
        cells = [cell(line, method, role.id) for role in ROLES]
        yield row([f"`{line.name}`", *cells, "未登录也可" if line.public else line.why])


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def granted(line: Line, method: str) -> Grant | None:
    return line.opens if method == "GET" else line.does


def cell(line: Line, method: str, role: str) -> str:
    found = granted(line, method)
    reaches = found.roles.get(role, frozenset()) if found else frozenset()
    marks = [mark for reach, mark in WORDS.items() if reach in reaches]
    if marks:
        return marks[0]
    return REFUSED if role in line.known_to().roles else ""


def steps() -> Iterator[str]:
    """From the workflow tables, which the acts themselves are bound to."""
    yield "\n## 流程里的步骤\n"
    names = {role.id: role.zh for role in ROLES}
    scopes = {"unit": "本处室", "organisation": "本单位", "anyone": "任何一件"}
    for flow in workflows():
        if flow.id.partition(".")[0] not in rooms():
            continue
        yield f"\n### {flow.label}（{flow.id}）\n\n通读：{'、'.join(names[role] for role in flow.readers) or '无'}\n\n"
        yield row(["步骤", "从", "到", "由谁", "范围"])
        yield row(["---"] * 5)
        label = {state.id: str(state.label) for state in flow.states}
        for step in flow.steps:
            by = "、".join(names[role] for role in step.roles) or "随别的办理发生"
            sources = "、".join(label[source] for source in step.sources)
            yield row([str(step.label), sources, label[step.target], by, scopes[step.scope]])


def rooms() -> set[str]:
    """Workflows that tests register are none of the house."""
    return {str(name) for name in get_resolver().namespace_dict}


def permits() -> Iterator[str]:
    yield "\n## 不在流程里的许可\n\n"
    yield row(["事项", "由谁", "范围"])
    yield row(["---"] * 3)
    names = {role.id: role.zh for role in ROLES}
    scopes = {"unit": "本处室", "organisation": "本单位", "anyone": "任何一件"}
    for permit in known_permits():
        yield row([str(permit.label), "、".join(names[role] for role in permit.roles), scopes[permit.scope]])


def known_permits() -> Iterator[Permit]:
    """Those of every room that has a ``permits.py``."""
    for room in sorted(rooms()):
        if find_spec(f"mangrove.{room}.permits"):
            for found in vars(import_module(f"mangrove.{room}.permits")).values():
                several = found.values() if isinstance(found, Mapping) else [found]
                yield from (one for one in several if isinstance(one, Permit))
