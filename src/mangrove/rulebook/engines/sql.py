"""The text of a plan in the SQL of DuckDB. It depends on the structure of the rules and on how wide the data are.

Every kind of thing is a relation ``in_<entity>`` with the key ``k``, fields ``f_<name>`` and links ``l_<name>`` (the key of
the other thing). Node 7 becomes column ``n7``; ``r7`` says that 126 bits do not hold it. What is the same for all rows is a
parameter ``$n7`` of the prepared statement.
"""

# ruff: noqa: S608 - names from the vocabulary are quoted, numbers are bound
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mangrove.rulebook.engines.bounds import Sized
from mangrove.rulebook.engines.facts import DEEP, HUGE, Scalar
from mangrove.rulebook.engines.layout import JOINED, Item, Layout, Place
from mangrove.rulebook.engines.plan import Node
from mangrove.rulebook.engines.sqlgather import BITS, Gathered
from mangrove.rulebook.engines.sqlwords import WORDS, Term, quoted

#: Numbers past this are blanked before they are multiplied or added.
LIMIT = f"{float(DEEP):.1f}"
DATED = ("years_between", "years_after")


def field_column(name: str) -> str:
    return quoted("f_" + name)


def link_column(name: str) -> str:
    return quoted("l_" + name)


def table_name(entity: str) -> str:
    return quoted("in_" + entity)


def table_of(place: Place) -> str:
    """The name of a relation."""
    return quoted(f"{place[0]}_{place[1]}")


@dataclass
class Statement:
    """Named relations, each made from those before, and a query on them."""

    relations: dict[str, str] = field(default_factory=dict)

    def text(self, query: str) -> str:
        if not self.relations:
            return query
        return (
            "WITH " + ",\n".join(f"{name} AS {body}" for name, body in self.relations.items()) + f"\n{query}"
        )


@dataclass
class Emitter:
    """``fixed`` is what is the same for all rows: only its types matter to the text. ``stored`` are relations that stand
    as tables already. ``families`` by (child, link); ``linked``: (entity, link) that no row lacks; ``spelled``: nodes bound as
    texts."""

    layout: Layout
    fixed: Mapping[int, Scalar]
    families: Mapping[tuple[str, str], Sized]
    linked: frozenset[tuple[str, str]] = frozenset()
    spelled: frozenset[int] = frozenset()
    stored: set[Place] = field(default_factory=set)

    # --- relations ---------------------------------------------------------------------------------------------------

    def relation(self, place: Place, statement: Statement) -> str:
        """The name of a relation that ``statement`` now has, with all that it is made from."""
        name = table_of(place)
        if place not in self.stored and name not in statement.relations:
            self.make(place, statement)
        return name

    def make(self, place: Place, statement: Statement) -> None:
        """The joins of a relation first, then its columns, layer by layer: each is made from the ones before it."""
        layout, name = self.layout, table_of(place)
        layers: dict[int, list[int]] = {0: []}
        for index, layer in layout.layer_of(place).items():
            if index in layout.columns:
                layers.setdefault(layer, []).append(index)
        body = self.base(place, layers.pop(0), statement)
        dated = False
        for layer, indexes in sorted(layers.items()):
            below = quoted(f"{place[0]}_{place[1]}.{layer}")
            statement.relations[below] = f"{'' if dated else 'NOT '}MATERIALIZED ({body})"
            dated = self.dates_nest and self.has_dates(indexes)
            columns = ", ".join(column for one in indexes for column in self.made(one))
            body = f"SELECT *, {columns} FROM {below}"
        statement.relations[name] = f"{'MATERIALIZED' if dated else self.manner(place)} ({body})"

    def has_dates(self, indexes: Sequence[int]) -> bool:
        return any(self.layout.plan.nodes[one].op in DATED for one in indexes)

    @cached_property
    def dates_nest(self) -> bool:
        """Whether days are made of days. DuckDB writes a column out wherever it is read: there, thousands of times."""
        made = set[int]()
        for index, node in enumerate(self.layout.plan.nodes):
            above = any(one in made for one in node.args)
            if above and node.op in DATED:
                return True
            if above or node.op in DATED:
                made.add(index)
        return False

    def manner(self, place: Place) -> str:
        """What costs a join and is read twice is worked out once; a plain row is read anew, with the columns it needs."""
        return "MATERIALIZED" if place[1] and self.readers(place) > 1 else "NOT MATERIALIZED"

    def readers(self, place: Place) -> int:
        layout = self.layout
        onward = sum(layout.before(one) == place for one in layout.places)
        looked_up = {
            (layout.plan.nodes[one].entity, *layout.plan.nodes[one].detail[:2], layout.round_of[one])
            for one in layout.joined
            if layout.source(one) == place
        }
        return onward + len(looked_up)

    def base(self, place: Place, indexes: list[int], statement: Statement) -> str:
        if not place[1]:
            return self.loaded(place, indexes)
        before = self.layout.before(place)
        assert before is not None
        body, columns = f"{self.relation(before, statement)} b", ["b.*"]
        for number, (source, nodes) in enumerate(self.joins(place).items()):
            child = source[0] == "gather"
            other = self.group(place, nodes, statement) if child else self.above(nodes[0], statement)
            here = "b.k" if child else f"b.{link_column(source[1])}"
            body += f"\n{self.manner_of(place, source)} {other} j{number} ON j{number}.k = {here}"
            columns += self.read(nodes, f"j{number}") if child else self.taken(nodes, f"j{number}")
        return f"SELECT {', '.join(columns)} FROM {body}"

    def loaded(self, place: Place, indexes: list[int]) -> str:
        links = sorted(one for one in self.layout.handed[place] if isinstance(one, str))
        fields = [f"{self.stored_field(one)} AS n{one}" for one in indexes]
        return f"SELECT {', '.join(['k', *map(link_column, links), *fields])} FROM {table_name(place[0])}"

    def stored_field(self, index: int) -> str:
        name = field_column(str(self.node(index).detail[0]))
        return f"{name}::HUGEINT" if index in self.layout.facts.huge else name

    def joins(self, place: Place) -> dict[tuple[str, ...], list[int]]:
        """The nodes of a relation that come from elsewhere, by where they come from."""
        found: dict[tuple[str, ...], list[int]] = {}
        for index in self.layout.members(place):
            node = self.node(index)
            if node.op in JOINED:
                by = (node.op, *(str(one) for one in node.detail[: 2 if node.op == "gather" else 1]))
                found.setdefault(by, []).append(index)
        return found

    # --- what a link leads to ----------------------------------------------------------------------------------------

    def above(self, index: int, statement: Statement) -> str:
        return self.relation(self.layout.source(index), statement)

    def manner_of(self, place: Place, source: tuple[str, ...]) -> str:
        """Where every row has its other end, a plain join is cheaper."""
        linked = source[0] == "up" and (place[0], source[1]) in self.linked
        return "JOIN" if linked else "LEFT JOIN"

    def taken(self, nodes: list[int], joined: str) -> Iterator[str]:
        """What a link leads to."""
        for index in nodes:
            [above] = self.node(index).args
            if above in self.fixed:
                yield f"CASE WHEN {joined}.k IS NOT NULL THEN {self.text(above)} END AS n{index}"
            else:
                yield f"{joined}.n{above} AS n{index}"
            if index in self.layout.facts.risky:
                yield f"coalesce({joined}.r{above}, false) AS r{index}"

    # --- children ----------------------------------------------------------------------------------------------------

    def group(self, place: Place, nodes: list[int], statement: Statement) -> str:
        """One row for each parent that has children, with all that is gathered from them in this round."""
        child, link = (str(one) for one in self.node(nodes[0]).detail[:2])
        name = quoted(f"{place[0]}_{place[1]}<{child}.{link}")
        source = self.relation(self.layout.source(nodes[0]), statement)
        by = link_column(link)
        columns = [f"{by} AS k"]
        words: dict[int, list[str]] = {}
        for index, told, word, first in self.gathered(nodes):
            if total := told.total():
                columns.append(f"{self.narrowed(index, total)} AS n{index}")
            words.setdefault(word, []).extend(one for one in self.bits(index, told, first) if one)
        columns += [
            f"bit_or(({' + '.join(bits)})::INTEGER) AS w{word}" for word, bits in words.items() if bits
        ]
        body = f"SELECT {', '.join(columns)} FROM {source} WHERE {by} IS NOT NULL GROUP BY {by}"
        statement.relations[name] = f"NOT MATERIALIZED ({body})"
        return name

    def gathered(self, nodes: list[int]) -> Iterator[tuple[int, Gathered, int, int]]:
        """Each node with what it gathers, its word and its first bit of three."""
        facts, each = self.layout.facts, BITS // 3
        for place, index in enumerate(nodes):
            node = self.node(index)
            value, where = (None if one < 0 else one for one in node.args)
            function = str(node.detail[2])
            counts = function == "count" or (function == "sum" and value is None)
            told = Gathered(
                "count" if counts else function,
                None if value is None or counts else self.held(index, value),
                None if where is None else self.text(where),
                value in facts.unknown, where in facts.unknown,
            )  # fmt: skip
            yield index, told, place // each, place % each * 3

    def bits(self, index: int, told: Gathered, first: int) -> list[str]:
        risky = index in self.layout.facts.risky
        return [
            told.bits(first),
            f"CASE WHEN {self.any_risk(index)} THEN {4 << first} ELSE 0 END" if risky else "",
        ]

    def read(self, nodes: list[int], joined: str) -> Iterator[str]:
        """What was gathered, told for those without children too."""
        for index, told, word, first in self.gathered(nodes):
            bits = f"coalesce({joined}.w{word}, 0)"
            yield f"{told.read(f'{joined}.n{index}', bits, first, f'({joined}.k IS NOT NULL)')} AS n{index}"
            if index in self.layout.facts.risky:
                yield f"(({bits} & {4 << first}) <> 0) AS r{index}"

    def held(self, index: int, value: int) -> str:
        """What is added up, wide enough for the sum; blank where the sum of so many might not be held."""
        text = self.text(value)
        if self.node(index).detail[2] != "sum" or index not in self.layout.facts.deep:
            return text
        return f"CASE WHEN abs({text}::DOUBLE) < {self.share(index)} THEN {text}::HUGEINT END"

    def share(self, index: int) -> str:
        child, link = (str(one) for one in self.node(index).detail[:2])
        return f"{float(DEEP) / max(1, self.families[child, link].largest):.1f}"

    # --- columns -----------------------------------------------------------------------------------------------------

    def node(self, index: int) -> Node:
        return self.layout.plan.nodes[index]

    def made(self, index: int) -> Iterator[str]:
        """A column of the relation's own, and whether 126 bits hold it."""
        yield f"{self.expression(index)} AS n{index}"
        if index in self.layout.facts.risky:
            yield f"{self.any_risk(index)} AS r{index}"

    def text(self, index: int) -> str:
        if index in self.fixed:
            return self.parameter(index)
        return f"n{index}" if index in self.layout.columns else self.expression(index)

    def parameter(self, index: int) -> str:
        value = self.fixed[index]
        if self.node(index).is_truth:
            return f"$n{index}::BOOLEAN"
        if index in self.spelled:
            return f"$n{index}::VARCHAR"
        return f"$n{index}::{'BIGINT' if abs(value or 0) <= HUGE else 'HUGEINT'}"

    def expression(self, index: int) -> str:
        node, facts = self.node(index), self.layout.facts
        args = [self.text(one) for one in node.args]
        if index in facts.huge and node.op in ("add", "sub", "mul", "neg"):
            args[0] = f"{args[0]}::HUGEINT"
        if index in facts.deep and node.op in ("add", "sub", "mul"):
            args[0] = f"CASE WHEN {self.estimate(index)} < {LIMIT} THEN {args[0]} END"
        least = int(node.detail[0]) if node.op == "at_least" else 0
        unknown = tuple(one in facts.unknown for one in node.args)
        signed = tuple(one in facts.signed for one in node.args)
        return self.narrowed(index, WORDS[node.op](Term(tuple(args), unknown, signed, least)))

    def narrowed(self, index: int, text: str) -> str:
        """Sums are always wide, and so is what is made from a wide one; back to 64 bits where they hold it."""
        node, huge = self.node(index), self.layout.facts.huge
        if node.is_truth:
            return text
        wide = any(one in huge for one in node.args if one >= 0) or node.detail[2:] == ("sum",)
        if index in huge:
            return text if wide or node.op in ("add", "sub", "mul", "neg") else f"({text})::HUGEINT"
        return f"({text})::BIGINT" if wide else text

    # --- what no integer holds ---------------------------------------------------------------------------------------

    def estimate(self, index: int) -> str:
        """How large it gets, as a float tells: good to a part in 10^15."""
        node = self.node(index)
        sign = {"add": "+", "sub": "-", "mul": "*"}[node.op]
        return f"abs({f' {sign} '.join(f'{self.text(one)}::DOUBLE' for one in node.args)})"

    def any_risk(self, index: int) -> str:
        node, facts = self.node(index), self.layout.facts
        parts = [f"r{one}" for one in node.args if one in facts.risky]
        if index in facts.deep and node.op in ("add", "sub", "mul"):
            parts.append(f"coalesce({self.estimate(index)} >= {LIMIT}, false)")
        if index in facts.deep and node.detail[2:] == ("sum",):
            text = self.text(node.args[0])
            parts.append(f"coalesce(abs({text}::DOUBLE) >= {self.share(index)}, false)")
        return " OR ".join(parts) or "false"

    # --- a relation as a table ---------------------------------------------------------------------------------------

    def kept(self, place: Place, told: Sequence[str] | None) -> str:
        """The query of a relation with what others read of it, and either what is ``told`` of its things or the nodes for it."""
        statement = Statement()
        items = self.layout.handed[place] if told is None else self.layout.lent[place]
        columns = ["k", *(item_column(one) for one in sorted(items, key=str)), *(told or ())]
        return statement.text(f"SELECT {', '.join(columns)} FROM {self.relation(place, statement)}")


def item_column(item: Item) -> str:
    if isinstance(item, str):
        return link_column(item)
    return f"n{item}" if item >= 0 else f"r{-1 - item}"
