"""The text of a compiled pass: one loop over the rows of one kind of thing, everything in registers.

The text holds numbers and names of its own making only; nothing that a rulebook says gets into it. It depends on the
structure of the rules and on :class:`~mangrove.rulebook.engines.stages.Facts`; thresholds come in as arguments.
"""

from __future__ import annotations

from collections.abc import Iterator

from mangrove.rulebook.engines.bounds import WIDEST
from mangrove.rulebook.engines.plan import Compiled, Plan
from mangrove.rulebook.engines.registers import Kernel, Registers
from mangrove.rulebook.engines.stages import Stage, Staging, guard_of

HEAD = "from mangrove.rulebook.engines.compiled import *\n\n\n@njit(cache=True, error_model='numpy', nogil=True)\n"
MONEY = ("uncapped", "capped", "ungated")
#: A clause of so many conditions has standing, cap and both masks in a byte each, in this order.
PACKED = 8


class Writer(Registers):
    """Writes the pass of one stage."""

    def write(self) -> Kernel:
        written = self.guarded()
        ready = self.ready()
        for index in self.staging.wanted(self.stage, self.kept):
            if index not in written:
                self.node(index, self.plan.nodes[index])
            for compiled in ready.pop(index, ()):
                self.clause(compiled)
        for index in self.stage.keeps:
            self.keep(index)
        self.gathers()
        self.kernel.text = self.assembled()
        return self.kernel

    def ready(self) -> dict[int, list[Compiled]]:
        """After which node each clause can be told: at once, so that nothing is held longer than it must be."""
        found: dict[int, list[Compiled]] = {}
        for compiled in self.stage.clauses:
            found.setdefault(max(compiled.outputs(self.staging.tell)), []).append(compiled)
        return found

    def guarded(self) -> set[int]:
        """Pass over rows that add nothing anywhere: first what decides it, and what was written for that."""
        guard = guard_of(self.plan, self.stage) if not self.staging.risky else None
        if guard is None:
            return set()
        first = self.staging.closure([guard], self.kept)
        for index in first:
            self.node(index, self.plan.nodes[index])
        self.say(f"if {self.no(guard)}:", "    continue")
        return set(first)

    def assembled(self) -> str:
        body = "\n".join(f"        {line}" for line in self.lines) or "        pass"
        hoisted = "".join(f"    p{n} = P[{n}]\n" for n in sorted(self.parameters()))
        arrays = "".join(f", a{n}" for n in range(len(self.kernel.arrays)))
        return f"{HEAD}def {self.kernel.name}(rows, P{arrays}):\n{hoisted}    for i in range(rows):\n{body}\n"

    def parameters(self) -> set[int]:
        nodes = (self.plan.nodes[index] for index in self.staging.wanted(self.stage, self.kept))
        return {int(node.detail[0]) for node in nodes if node.op == "param"}

    # --- what a pass leaves behind ---------------------------------------------------------------------------------

    def keep(self, index: int) -> None:
        self.say(f"{self.array('kept', index)}[i] = v{index}")
        if self.has(index):
            self.say(f"{self.array('kept_known', index)}[i] = k{index}")
        if index in self.staging.risky:
            self.say(f"{self.array('kept_risky', index)}[i] = r{index}")

    def gathers(self) -> None:
        """Add this row to what its parents have, link by link."""
        by_link: dict[tuple[str, str], list[int]] = {}
        for index in self.stage.gathers:
            child, link, _function = (str(one) for one in self.plan.nodes[index].detail)
            by_link.setdefault((child, link), []).append(index)
        for (child, link), indices in by_link.items():
            self.say(f"g = {self.array('link', child, link)}[i]", "if g >= 0:")
            for index in indices:
                value, where = self.plan.nodes[index].args
                function = str(self.plan.nodes[index].detail[2])
                self.lines += [f"    {line}" for line in self.added(index, function, value, where)]

    def added(self, index: int, function: str, value: int, where: int) -> Iterator[str]:
        total = f"{self.array('sum', index)}[g]"
        kept = f"v{where}" if where >= 0 else "True"
        risky = [f"r{one}" for one in (value, where) if one in self.staging.risky]
        if risky:
            yield f"if {' | '.join(risky)}: {self.array('sum_risky', index)}[g] = True"
        if where >= 0 and self.has(where):
            yield f"{self.array('blank', index)}[g] |= not k{where}"
        if function in ("any", "all"):
            no = self.no(where) if where >= 0 else "False"
            yield f"{total} += {kept if function == 'any' else no}"
        elif function == "count" or value < 0:
            yield f"{total} += {kept}"
        else:
            yield f"if {kept}:"
            yield from (f"    {line}" for line in self.taken(index, function, value, total))

    def taken(self, index: int, function: str, value: int, total: str) -> Iterator[str]:
        if self.has(value):
            yield f"{self.array('blank', index)}[g] |= not k{value}"
        if function == "sum":
            yield f"{total} += v{value}"
            if index in self.staging.facts.wide:
                size = f"{self.array('size', index)}[g]"
                yield f"{size} += abs(float(v{value}))"
                yield f"if {size} >= {float(WIDEST)!r}: {self.array('sum_risky', index)}[g] = True"
        else:
            some = f"{self.array('some', index)}[g]"
            sign = "<" if function == "min_of" else ">"
            yield f"if (not {some}) | (v{value} {sign} {total}): {total} = v{value}"
            yield f"{some} = True"

    def clause(self, compiled: Compiled) -> None:
        id, met, meets = compiled.clause.id, compiled.met, compiled.meets
        standing = f"2 - v{meets} - 2 * {self.no(met)}"
        if self.staging.tell == "paid":
            self.say(f"{self.array('standing', id)}[i] = {standing}")
        else:
            self.reasons(compiled, standing)
        if compiled.result is not None and self.pays(compiled):
            self.say(f"{self.array('money', id, 'result')}[i] = v{compiled.result}")
        for name in MONEY if self.staging.tell == "all" else ():
            index = getattr(compiled, name)
            if index is not None:
                self.money(id, name, index)
        risky = [f"r{one}" for one in compiled.outputs(self.staging.tell) if one in self.staging.risky]
        if risky:
            self.say(f"{self.array('risky', id)}[i] = {' | '.join(risky)}")

    def pays(self, compiled: Compiled) -> bool:
        """Whether the money of a clause is wanted: what a choice or a total takes over is so only where all is told."""
        return self.staging.tell == "all" or compiled in self.plan.told("paid")

    def reasons(self, compiled: Compiled, standing: str) -> None:
        """Where they fit in four bytes they are written as one: many streams of single bytes get into each other's way."""
        id, bits = compiled.clause.id, list(enumerate(compiled.conditions))
        failed = " | ".join(f"({self.no(index)} * {1 << bit})" for bit, index in bits) or "0"
        unsure = " | ".join(f"((not k{index}) * {1 << bit})" for bit, index in bits if self.has(index)) or "0"
        binding = "-1" if compiled.binding is None else self.bound(compiled.binding)
        if len(bits) <= PACKED:
            self.say(
                f"{self.array('told', id)}[i] = "
                f"({standing}) | (({binding}) & 255) << 8 | ({failed}) << 16 | ({unsure}) << 24"
            )
            return
        for name, said in (
            ("standing", standing),
            ("binding", binding),
            ("failed", failed),
            ("unsure", unsure),
        ):
            self.say(f"{self.array(name, id)}[i] = {said}")

    def bound(self, index: int) -> str:
        return f"pick(k{index}, v{index}, -1)" if self.has(index) else f"v{index}"

    def money(self, id: str, name: str, index: int) -> None:
        self.say(f"{self.array('money', id, name)}[i] = v{index}")
        if self.has(index):
            self.say(f"{self.array('money_known', id, name)}[i] = k{index}")


def kernels(plan: Plan, staging: Staging) -> list[tuple[Stage, Kernel]]:
    """The passes of a plan in order."""
    kept: set[int] = set()
    found = []
    for number, stage in enumerate(staging.stages):
        writer = Writer(plan, staging, stage, set(kept), Kernel(f"stage{number}"))
        found.append((stage, writer.write()))
        kept |= set(stage.keeps)
    return found
