"""Writes the generated half of the tests beside the shelf: ``.venv/bin/python tools/boundaries [name …]``.

What stands above the mark in ``x.tests.yaml`` was worked out by hand and is kept; what stands below is written anew.
``--check`` writes nothing and fails where a file would change.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import hongkong
import listing
import recognition
import special
from plan import FAILS, LACKS, MEETS, SIDES, Case, ClausePlan, Edge, Given, Plan

from mangrove.rulebook.language.typed import Column, Use
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary
from mangrove.vocabulary.model import Entity, Field, Vocabulary, find
from mangrove.vocabulary.values import parse_value, show_value

SHELF = Path(__file__).parents[2] / "rulebooks"
MARK = "# —— 以下由 tools/boundaries 生成，请勿手改 ——\n"
LINKS = ("最近一年", "前一年", "前二年")
OTHER = {"是": "否", "否": "是"}
WHY = "每处只动一个输入：门槛下一步、门槛上、门槛上一步、缺；其余输入给足。门槛另写在 tools/boundaries，只从规则文件取用到哪些字段。"


class Writer:
    """One plan against the words of its measure (fields and inputs), which say how fine a step is."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.measure = load(SHELF / f"{plan.path}.yaml", vocabulary())
        self.words: Vocabulary = self.measure.vocabulary
        self.thing: Entity = self.words.entity(plan.thing)
        link = find(self.thing.relations, LINKS[0])
        self.year: Entity | None = self.words.entities[link.to] if link else None

    def field(self, key: str) -> Field:
        if key[1:2] == "." and self.year:
            return self.year.field(key[2:])
        return self.thing.field(key)

    def used(self, clause: str) -> set[str]:
        """The keys that a clause looks at, by itself and through the names it uses; the rest would be noise in a test."""
        definitions = {one.name: [one.formula] for one in self.measure.definitions}
        clauses = {one.id: [formula for _part, formula in one.formulas()] for one in self.measure.clauses}
        open_, done, found = [clause], set[str](), set[str]()
        while open_:
            name = open_.pop()
            done.add(name)
            for formula in {**definitions, **clauses}[name]:
                for node in formula.meaning.walk():
                    if isinstance(node, Column):
                        found.add(self.key(node))
                    elif isinstance(node, Use) and node.name not in done:
                        open_.append(node.name)
        return found

    def refuse_idle(self, one: ClausePlan, used: set[str], cases: list[Case]) -> None:
        """A key that is no field, or an edge of an input that the clause never looks at, is a slip in the plan."""
        for key in {key for case in cases for key in case.given}:
            self.field(key)
        idle = ({edge.key for edge in one.edges} | {key for key, _given in one.missing}) - used
        if idle:
            raise ValueError(f"{self.plan.path} {one.clause}: {sorted(idle)}")

    def key(self, column: Column) -> str:
        *links, last = column.steps
        if not links or not self.year:
            return self.thing.fields[last].zh
        return f"{LINKS.index(self.thing.relations[links[0]].zh)}.{self.year.fields[last].zh}"

    # --- what to try ---------------------------------------------------------------------------------------------

    def cases(self, one: ClausePlan) -> list[Case]:
        found = [Case("各项都够", {}, MEETS)] if one.edges or one.missing else []
        for edge in one.edges:
            found += self.around(edge)
        seen: set[tuple[str, str]] = set()
        for key, given in one.missing:
            if (key, str(given)) not in seen:
                seen.add((key, str(given)))
                found.append(Case(f"缺{key}", {**given, key: ""}, LACKS))
        return [*found, *one.cases, *self.window()]

    def around(self, edge: Edge) -> list[Case]:
        if edge.sign == "is":
            pairs = [(edge.at, MEETS), (self.other(edge), FAILS)]
        else:
            pairs = list(zip(self.steps(edge), SIDES[edge.sign], strict=True))
        return [
            Case(f"{edge.key} {value}", {**edge.given, edge.key: value}, standing)
            for value, standing in pairs
        ]

    def other(self, edge: Edge) -> str:
        field = self.field(edge.key)
        if field.enum is None:
            return OTHER[edge.at]
        return next(word.zh for word in field.enum.words.values() if word.zh != edge.at)

    def steps(self, edge: Edge) -> list[str]:
        """The threshold, and the nearest values below and above it that the field can hold."""
        field = self.field(edge.key)
        at = parse_value(field, edge.at)
        if isinstance(at, date):
            return [(at + timedelta(days=step)).isoformat() for step in (-1, 0, 1)]
        if isinstance(at, bool) or not isinstance(at, int):
            raise ValueError(edge.key)
        return [show_value(field, at - 1), edge.at, show_value(field, at + 1)]

    def window(self) -> list[Case]:
        """The first day (where it is known), the last day, the days outside, and no day."""
        name, begin, end = self.plan.day[0], *self.plan.window
        tried = [(day(begin, -1), FAILS), (begin, MEETS)] if begin else []
        tried += [(day(end, -1), MEETS), (end, FAILS), (day(end, 1), FAILS)] if end else []
        found = [Case(f"{name} {on}", {name: on}, standing) for on, standing in tried]
        return [*found, Case(f"缺{name}", {name: ""}, LACKS)]

    # --- how it is written ---------------------------------------------------------------------------------------

    def tests(self) -> str:
        return "".join(self.test(one.title, one, self.cases(one)) for one in self.plan.clauses)

    def test(self, title: str, one: ClausePlan, cases: list[Case]) -> str:
        base = {**self.plan.base, self.plan.day[0]: self.plan.day[1], **one.given}
        used = self.used(one.clause)
        self.refuse_idle(one, used, cases)
        base = {key: value for key, value in base.items() if key in used}
        cases = [
            Case(case.told, {k: v for k, v in case.given.items() if k in used}, case.standing)
            for case in cases
        ]
        last = int(self.plan.day[1][:4]) - 1
        rows = Rows()
        for number, case in enumerate(cases, 1):
            self.add(rows, f"c{number}", base, case, last)
            rows.expected.append(
                f"    {self.plan.thing}:c{number}: {{{one.clause}: {{standing: {case.standing}}}}} # {case.told}"
            )
        lines = [f"- name: {title}", "  origin: 生成", f"  why: {WHY}", "  given:"]
        if self.year and rows.years:
            lines += ["    机构: [", *packed([f"{{id: {firm}}}" for firm in rows.firms])]
            lines += [f"    {self.year.zh}: [", *packed(rows.years)]
        lines += [f"    {self.plan.thing}: [", *packed(rows.things), "  expect:", *rows.expected]
        return "\n".join(lines) + "\n"

    def add(self, rows: Rows, id: str, base: Given, case: Case, last: int) -> None:
        """The row of one case; the years that it changes are its own, the others those of the firm ``base``."""
        given = {**base, **case.given}
        links: dict[str, str] = {}
        looked_at = sorted({int(key[0]) for key in base if key[1:2] == "."})
        for back, name in ((back, LINKS[back]) for back in looked_at):
            fields = {key[2:]: value for key, value in given.items() if key.startswith(f"{back}.")}
            firm = id if any(key.startswith(f"{back}.") for key in case.given) else "base"
            links[name] = f"{firm}/{last - back}"
            if links[name] not in rows.known:
                rows.known.add(links[name])
                rows.firms[firm] = None
                rows.years.append(row({"organisation": firm, "year": str(last - back), **fields}))
        own = {key: value for key, value in given.items() if key[1:2] != "."}
        rows.things.append(row({"id": id, **own, **links}))


@dataclass
class Rows:
    """What one test gives, as lines; ``known`` are the firm years that stand there already."""

    firms: dict[str, None] = field(default_factory=dict)
    years: list[str] = field(default_factory=list)
    things: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)


def packed(rows: list[str], width: int = 160) -> list[str]:
    """Rows of a list in brackets, as many on a line as fit."""
    lines = [""]
    for one in rows:
        if lines[-1] and len(lines[-1]) + len(one) > width:
            lines.append("")
        lines[-1] += f"{one}, "
    return [f"      {line.rstrip(', ')}{',' if line is not lines[-1] else ']'}" for line in lines]


def row(values: Given) -> str:
    """One row; what is left out is unknown."""
    return "{" + ", ".join(f"{key}: {quoted(value)}" for key, value in values.items() if value) + "}"


def quoted(value: str) -> str:
    return f'"{value}"' if "," in value else value


def day(text: str, step: int) -> str:
    return (date.fromisoformat(text) + timedelta(days=step)).isoformat()


def main(arguments: list[str]) -> int:
    checking = "--check" in arguments
    names = [one for one in arguments if one != "--check"]
    changed = 0
    for plan in [*listing.PLANS, *special.PLANS, *hongkong.PLANS, *recognition.PLANS]:
        if names and not any(name in plan.path for name in names):
            continue
        path = SHELF / f"{plan.path}.tests.yaml"
        before = path.read_text(encoding="utf-8") if path.exists() else "tests:\n"
        text = before.partition(MARK)[0] + MARK + Writer(plan).tests()
        if text != before:
            changed += 1
            print(f"{path.relative_to(SHELF)}: {'differs' if checking else 'written'}")
            if not checking:
                path.write_text(text, encoding="utf-8")
    return 1 if checking and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
