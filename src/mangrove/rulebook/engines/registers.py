"""The nodes of a plan as lines of a compiled pass: ``v`` what a node comes to, ``k`` whether it is known, ``r`` whether it fits.

Nothing branches: truths are combined by ``&`` and ``|``, one of two values is picked by a call. That is quicker to run and
much quicker to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mangrove.rulebook.engines.bounds import WIDEST
from mangrove.rulebook.engines.plan import Node, Plan
from mangrove.rulebook.engines.stages import Stage, Staging

#: What an array is: a part of a node, a column, or a result; resolved to a real one by the runner.
Key = tuple[object, ...]
SIGNS = {"add": "+", "sub": "-", "mul": "*", "eq": "==", "ne": "!=", "lt": "<", "le": "<="}
CALLS = {
    "abs": "abs", "sign": "sign_of", "min": "min", "max": "max",
    "years_between": "years_between", "years_after": "years_after",
}  # fmt: skip
DIVISIONS = {"divide_half_up": "half_up", "divide_down": "down", "divide_up": "up"}


@dataclass
class Kernel:
    """One pass: its text, and which arrays it takes in which order (after the number of rows and the parameters)."""

    name: str
    arrays: list[Key] = field(default_factory=list)
    text: str = ""


@dataclass
class Registers:
    """Writes nodes, each after its arguments. ``kept`` are those that an earlier pass left in memory."""

    plan: Plan
    staging: Staging
    stage: Stage
    kept: set[int]
    kernel: Kernel
    lines: list[str] = field(default_factory=list)

    # --- names ---------------------------------------------------------------------------------------------------

    def array(self, *key: object) -> str:
        if key not in self.kernel.arrays:
            self.kernel.arrays.append(key)
        return f"a{self.kernel.arrays.index(key)}"

    def say(self, *lines: str) -> None:
        self.lines += lines

    def has(self, index: int) -> bool:
        """Whether it may be unknown."""
        return index in self.staging.unknown

    def known(self, *indices: int) -> str:
        """That all are; empty where they always are."""
        return " & ".join(f"k{one}" for one in indices if self.has(one))

    def no(self, index: int) -> str:
        """That it is known to be no."""
        return f"(k{index} & (not v{index}))" if self.has(index) else f"(not v{index})"

    def set_known(self, index: int, said: str) -> None:
        if self.has(index):
            self.say(f"k{index} = {said or 'True'}")

    def set_risky(self, index: int, args: tuple[int, ...], check: str = "") -> None:
        if index in self.staging.risky:
            parts = [f"r{one}" for one in args if one in self.staging.risky]
            parts += [check] if index in self.staging.facts.wide and check else []
            self.say(f"r{index} = {' | '.join(parts) or 'False'}")

    # --- nodes ---------------------------------------------------------------------------------------------------

    def node(self, index: int, node: Node) -> None:
        if index in self.kept:
            self.read(index, "kept", index, "i")
        elif (own := SPECIAL.get(node.op)) is not None:
            own(self, index, node)
        else:
            self.plain(index, node)

    def plain(self, index: int, node: Node) -> None:
        """Unknown when a part is."""
        values = [f"v{one}" for one in node.args]
        said = self.expression(node, values)
        known = self.known(*node.args)
        self.say(f"v{index} = {known} & ({said})" if node.is_truth and known else f"v{index} = {said}")
        self.set_known(index, known)
        floats = self.expression(node, [f"float({one})" for one in values])
        self.set_risky(index, node.args, self.beyond(floats))

    def expression(self, node: Node, values: list[str]) -> str:
        if node.op in SIGNS:
            return f"{values[0]} {SIGNS[node.op]} {values[1]}"
        if node.op in CALLS:
            return f"{CALLS[node.op]}({', '.join(values)})"
        return f"-{values[0]}"

    def param(self, index: int, node: Node) -> None:
        number = int(node.detail[0])
        self.say(f"v{index} = p{number}")
        self.set_known(index, "False")

    def load(self, index: int, node: Node) -> None:
        name = str(node.detail[0])
        nullable = index in self.staging.facts.nullable
        if nullable:
            self.say(f"k{index} = {self.array('known', node.entity, name)}[i]")
        said = f"{self.array('values', node.entity, name)}[i]"
        self.say(
            f"v{index} = {self.truth(said, f'k{index}' if nullable else '')}"
            if node.is_truth
            else f"v{index} = {said}"
        )
        self.set_risky(index, (), self.beyond(f"v{index}"))

    def beyond(self, said: str) -> str:
        return f"(abs(float({said})) >= {float(WIDEST)!r})"

    def truth(self, said: str, known: str) -> str:
        return f"{known} & ({said} != 0)" if known else f"{said} != 0"

    def read(self, index: int, what: str, source: int, at: str) -> None:
        """What an earlier pass kept of a node."""
        self.say(f"v{index} = {self.array(what, source)}[{at}]")
        if self.has(source):
            self.say(f"k{index} = {self.array(what + '_known', source)}[{at}]")
        if source in self.staging.risky:
            self.say(f"r{index} = {self.array(what + '_risky', source)}[{at}]")

    def up(self, index: int, node: Node) -> None:
        """Over a link; what is not linked is not known."""
        source, link = node.args[0], self.array("link", node.entity, node.detail[0])
        above, nullable = self.plan.nodes[source], index in self.staging.facts.nullable
        self.say(f"u{index} = {link}[i]")
        known = [f"(u{index} >= 0)"] if nullable else []

        def at(*key: object) -> str:
            """Nothing is read for a row without a link: the table above may be empty."""
            said = f"{self.array(*key)}[u{index}]"
            nothing = "False" if str(key[0]).endswith(("known", "risky")) or node.is_truth else "0"
            return f"({said} if u{index} >= 0 else {nothing})" if nullable else said

        if above.op == "load":
            said = at("values", above.entity, above.detail[0])
            self.say(f"v{index} = {said} != 0" if node.is_truth else f"v{index} = {said}")
            if source in self.staging.facts.nullable:
                known.append(at("known", above.entity, above.detail[0]))
            if source in self.staging.risky:
                self.say(f"r{index} = {self.beyond(f'v{index}')}")
        elif not above.entity:
            self.say(f"v{index} = v{source}")
            known += [f"k{source}"] if self.has(source) else []
            if source in self.staging.risky:
                self.say(f"r{index} = r{source}")
        else:
            self.say(f"v{index} = {at('kept', source)}")
            known += [at("kept_known", source)] if self.has(source) else []
            if source in self.staging.risky:
                self.say(f"r{index} = {at('kept_risky', source)}")
        if self.has(index):
            self.say(f"k{index} = {' & '.join(known) or 'True'}")
            if node.is_truth:
                self.say(f"v{index} = k{index} & v{index}")

    def gathered(self, index: int, node: Node) -> None:
        """What the children's pass added up for this row."""
        function = str(node.detail[2])
        raw = f"{self.array('sum', index)}[i]"
        if index in self.staging.risky:
            self.say(f"r{index} = {self.array('sum_risky', index)}[i]")
        blank = f"{self.array('blank', index)}[i]" if self.blanks(node) else "False"
        if function in ("any", "all"):
            self.say(f"d{index} = {raw} > 0")
            self.set_known(index, f"d{index} | (not {blank})")
            said = f"d{index}" if function == "any" else f"(not d{index})"
            self.say(f"v{index} = k{index} & {said}" if self.has(index) else f"v{index} = {said}")
            return
        self.say(f"v{index} = {raw}")
        some = f"{self.array('some', index)}[i] & " if function in ("min_of", "max_of") else ""
        self.set_known(index, f"{some}(not {blank})")

    def blanks(self, node: Node) -> bool:
        """Whether a child can leave the whole unknown."""
        value, where = node.args
        return (where >= 0 and self.has(where)) or (
            value >= 0 and node.detail[2] != "count" and self.has(value)
        )

    def also(self, index: int, node: Node) -> None:
        a, b = node.args
        self.say(f"v{index} = v{a} & v{b}")
        self.set_known(index, f"v{index} | {self.no(a)} | {self.no(b)}")
        self.set_risky(index, node.args)

    def otherwise(self, index: int, node: Node) -> None:
        a, b = node.args
        self.say(f"v{index} = v{a} | v{b}")
        self.set_known(index, f"v{index} | ({self.known(a, b)})")
        self.set_risky(index, node.args)

    def opposite(self, index: int, node: Node) -> None:
        a = node.args[0]
        self.say(f"v{index} = {self.no(a)}")
        self.set_known(index, self.known(a))
        self.set_risky(index, node.args)

    def at_least(self, index: int, node: Node) -> None:
        self.say(f"n{index} = {' + '.join(f'int(v{one})' for one in node.args)}")
        self.say(f"v{index} = n{index} >= {int(node.detail[0])}")
        unsure = " + ".join(f"int(not k{one})" for one in node.args if self.has(one))
        self.set_known(index, f"v{index} | (n{index} + {unsure} < {int(node.detail[0])})" if unsure else "")
        self.set_risky(index, node.args)

    def select(self, index: int, node: Node) -> None:
        condition, yes, no = node.args
        self.say(f"v{index} = pick(v{condition}, v{yes}, v{no})")
        if self.has(index):
            parts = [f"k{one}" if self.has(one) else "True" for one in (yes, no)]
            chosen = f"pick(v{condition}, {parts[0]}, {parts[1]})" if parts != ["True", "True"] else ""
            self.say(f"k{index} = {' & '.join(one for one in (self.known(condition), chosen) if one)}")
            if node.is_truth:
                self.say(f"v{index} = k{index} & v{index}")
        self.set_risky(index, node.args)

    def sure(self, index: int, node: Node) -> None:
        a = node.args[0]
        self.say(f"v{index} = {self.known(a) or 'True'}")
        self.set_known(index, self.known(a))
        self.set_risky(index, node.args)

    def or_zero(self, index: int, node: Node) -> None:
        a = node.args[0]
        self.say(f"v{index} = pick(k{a}, v{a}, 0)" if self.has(a) else f"v{index} = v{a}")
        self.set_risky(index, node.args)

    def nonzero(self, index: int, node: Node) -> None:
        a = node.args[0]
        self.say(f"v{index} = v{a}")
        self.set_known(index, " & ".join(one for one in (self.known(a), f"(v{a} != 0)") if one))
        self.set_risky(index, node.args)

    def divided(self, index: int, node: Node) -> None:
        top, under = node.args
        divisor = self.plan.nodes[under]
        if divisor.op == "param":  # the same for all rows: a multiplication and a look at the rest
            number = int(divisor.detail[0])
            self.say(f"v{index} = {DIVISIONS[node.op]}_by(v{top}, p{number}, 1.0 / p{number})")
        else:
            self.say(f"v{index} = {DIVISIONS[node.op]}(v{top}, max(v{under}, 1))")
        self.set_known(index, self.known(top, under))
        self.set_risky(index, node.args)


SPECIAL: dict[str, Callable[[Registers, int, Node], None]] = {
    "param": Registers.param, "load": Registers.load, "up": Registers.up, "gather": Registers.gathered,
    "and": Registers.also, "or": Registers.otherwise, "not": Registers.opposite, "at_least": Registers.at_least,
    "select": Registers.select, "which": Registers.select, "sure": Registers.sure, "or_zero": Registers.or_zero, "nonzero": Registers.nonzero,
    "divide_half_up": Registers.divided, "divide_down": Registers.divided, "divide_up": Registers.divided,
}  # fmt: skip
