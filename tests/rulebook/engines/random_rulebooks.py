"""Random measures as YAML texts, the same for the same seed: reader, parser and checker stand between them and an engine."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import yaml

from mangrove.rulebook.language.types import DAY, MONEY, TRUTH, Type, type_of

from .random_expressions import Writer
from .random_words import DAYS, QUANTITIES, World, words, written

#: A measure as the mapping that its YAML file holds.
Draft = dict[str, Any]
ENTITIES = ["district", "firm", "firm", "firm", "project", "project", "project", "item"]


def draft(seed: int) -> Draft:
    return Drafting(Random(seed)).measure()


def text_of(measure: Draft) -> str:
    return yaml.safe_dump(measure, allow_unicode=True, sort_keys=False, width=10_000)


class Drafting:
    def __init__(self, r: Random) -> None:
        self.r, self.world = r, World(words())
        self.write = Writer(r, self.world)
        #: Clauses with an amount that nothing has taken over, with what each is for.
        self.free: dict[str, str] = {}
        self.count = 0

    def measure(self) -> Draft:
        made: Draft = {"measure": "随机措施", "id": "random", "version": self.version()}
        made["parameters"] = dict(self.parameter(n) for n in range(self.r.randrange(4)))
        made["inputs"] = dict(self.input(n) for n in range(self.r.randrange(4)))
        made["definitions"] = dict(self.definition(n) for n in range(self.r.randrange(5)))
        made["clauses"] = [self.step() for _ in range(self.r.randint(2, 7))]
        self.decide_by(made)
        return {key: value for key, value in made.items() if value}

    def version(self) -> Draft:
        begin, end = sorted(self.r.sample(DAYS, 2))
        version = {
            "in_force": begin.isoformat(),
            "until": end.isoformat(),
            "status": "待核",
            "source": "随机",
        }
        return version if self.r.random() < 0.6 else {**version, "until": date(2099, 1, 1).isoformat()}

    def decide_by(self, made: Draft) -> None:
        """Sometimes a date of what one of the clauses is for."""
        entities = {one["for"] for one in made["clauses"] if "for" in one}
        fields = [field for one in entities for field in words().entity(one).fields.values()]
        days = sorted(one.zh for one in fields if type_of(one) == DAY)
        if days and self.r.random() < 0.35:
            made["version"]["decided_by"] = self.r.choice(days)

    # --- what clauses use --------------------------------------------------------------------------------------------

    def parameter(self, n: int) -> tuple[str, str]:
        kind = self.r.choice([*QUANTITIES, MONEY, MONEY, DAY])
        value = written(kind, self.r)
        if value.startswith("0"):  # a name that may stand below the line
            value = value.replace("0", "4", 1)
        self.world.add_parameter(f"参{n}", kind)
        # it may stand alone as a cap, which may not be below zero
        return f"参{n}", value.removeprefix("-") if kind == MONEY else value

    def input(self, n: int) -> tuple[str, Draft]:
        name, entity = f"评{n}", self.r.choice(ENTITIES)
        made: Draft = {"for": entity}
        way = self.r.choice(["words", "金额", "数", "是否", "日期"])
        if way == "words":
            made["words"] = ["一等", "二等", "三等"]
            kind = Type("word", f"input:{name}")
            self.world.lists[kind.detail] = [("一等",), ("二等",), ("三等",)]
        else:
            made["type"] = way
            kind = {"金额": MONEY, "数": Type("quantity"), "是否": TRUTH, "日期": DAY}[way]
        if way == "数":
            made["scale"] = str(self.r.randrange(7))
        self.world.add(entity, name, kind)
        return name, {**made, "by": "评审组"}

    def definition(self, n: int) -> tuple[str, Draft]:
        name, entity = f"定{n}", self.r.choice(ENTITIES)
        kind = self.r.choice([TRUTH, MONEY, MONEY, DAY, *QUANTITIES])
        made = {"for": entity, "is": self.write.fresh(kind, entity, 8)}
        self.world.add(entity, name, kind)
        return name, made

    # --- clauses -----------------------------------------------------------------------------------------------------

    def step(self) -> Draft:
        self.count += 1
        id, chance = f"c{self.count}", self.r.random()
        made = self.choice(id) if chance < 0.2 else self.total(id) if chance < 0.4 else None
        return made or self.clause(id)

    def said(self, id: str) -> Draft:
        return {"id": id, "article": f"第{self.count}条", "text": "随机条文"}

    def clause(self, id: str) -> Draft:
        r, entity = self.r, self.r.choice(ENTITIES)
        made = self.said(id) | {"for": r.choice([entity, words().entity(entity).zh])}
        made["when"] = [self.condition(entity, 2) for _ in range(r.choice([0, 1, 1, 2, 3, 5]))]
        if r.random() < 0.85:
            made["amount"] = self.write.amount(entity, r.choice([3, 8, 14]))
            made |= self.limits(entity)
        self.known(id, entity, has_money="amount" in made)
        return made

    def known(self, id: str, entity: str, *, has_money: bool) -> None:
        self.world.add(entity, id, MONEY if has_money else TRUTH)
        self.world.meets[entity].append(id)
        if has_money:
            self.free[id] = entity

    def limits(self, entity: str) -> Draft:
        r, made = self.r, Draft()
        if r.random() < 0.5:
            caps = [self.write.amount(entity, r.choice([0, 0, 3])) for _ in range(r.choice([1, 1, 2, 3]))]
            made["cap"] = caps if len(caps) > 1 or r.random() < 0.3 else caps[0]
        if r.random() < 0.25:
            made["less"] = self.write.amount(entity, 3)
        if r.random() < 0.1:
            made["shares"] = {"省级": "5", "市级": "2", "县级": "3"}
        return made

    def condition(self, entity: str, depth: int) -> str | Draft:
        r = self.r
        if depth == 0 or r.random() < 0.7:
            return self.write.fresh(TRUTH, entity, r.choice([1, 4, 8]))
        parts = [self.condition(entity, depth - 1) for _ in range(r.choice([1, 2, 3]))]
        way = r.choice(["any", "all", "at_least"])
        return {"at_least": str(r.randint(1, len(parts))), "of": parts} if way == "at_least" else {way: parts}

    def choice(self, id: str) -> Draft | None:
        r = self.r
        entity = r.choice(sorted(set(self.free.values()))) if self.free else ""
        members = [one for one, of in self.free.items() if of == entity]
        if not members:
            return None
        members = r.sample(members, r.randint(1, len(members)))
        made: Draft = {"choose": members} | self.said(id)
        if r.random() < 0.8:
            made["keep"] = r.choice(["highest", "first", "sum"])
        return self.taken(made | self.limits(entity), members, entity)

    def total(self, id: str) -> Draft | None:
        r, entity = self.r, self.r.choice(ENTITIES)
        members = [one for one, of in self.free.items() if of == entity or self.links(of, entity) == 1]
        if not members:
            return None
        members = r.sample(members, r.randint(1, len(members)))
        made: Draft = {"total": members} | self.said(id) | {"for": entity}
        if r.random() < 0.7:
            made["unknown"] = r.choice(["wait", "skip"])
        return self.taken(made | self.limits(entity), members, entity)

    def links(self, child: str, parent: str) -> int:
        return sum(one.to == parent for one in words().entity(child).relations.values())

    def taken(self, made: Draft, members: list[str], entity: str) -> Draft:
        for one in members:
            del self.free[one]
        self.known(made["id"], entity, has_money=True)
        return made
