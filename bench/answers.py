"""How long an officer waits: loading rule files, what-ifs, one case explained, one firm that owns much, five million firms.

Run: python bench/answers.py [--firms 1000000] [--most 5000000]. Wall and CPU milliseconds; the policy is that of bench/rulebook.py.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from rulebook_peers import ours
from rulebook_peers.child import forget_peak, memory
from rulebook_peers.data import make

from mangrove.rulebook.decide import Deciding
from mangrove.rulebook.engines.columns import ColumnPopulation
from mangrove.rulebook.engines.fused import Fused
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.pot import pro_rata
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.explaining.case import explain
from mangrove.rulebook.explaining.trying import Grounds

ROOT = Path(__file__).resolve().parents[1]
#: Reads and checks so many measures in a process of its own, imports included.
LOADING = """
import sys, time
from pathlib import Path
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary
files = [p for p in sorted(Path(sys.argv[1]).rglob("*.yaml")) if not p.name.endswith(".tests.yaml")]
files = [p for p in files if p.parent.name not in ("portfolios", "limits", "proposals")][: int(sys.argv[2])]
for path in files:
    load(path, vocabulary())
print(len(files), time.process_time())
"""
MEASURES = 50
RUNS = 5


def timed(act: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def best(acts: list[Callable[[], Any]]) -> str:
    found = [timed(act) for act in acts]
    return f"wall {min(wall for wall, _ in found):8.1f} ms   CPU {min(cpu for _, cpu in found):8.1f} ms"


def loading() -> None:
    command = [sys.executable, "-c", LOADING, str(ROOT / "rulebooks"), str(MEASURES)]
    subprocess.run(command, check=True, capture_output=True)  # once to have the bytecode
    began = time.perf_counter()
    count, cpu = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    print(
        f"{count} measures loaded and checked, cold: wall {time.perf_counter() - began:.2f} s, CPU {float(cpu):.2f} s"
    )


def what_ifs(firms: int) -> None:
    data = make(firms)
    tables, plan = ours.snapshot(*data.arrow()), lower(ours.measure())
    fused = Fused(plan, tables, "paid")
    fused.run()

    def with_pot(changes: dict[str, Any]) -> Callable[[], Any]:
        return lambda: pro_rata(fused.run(constants=changes).clauses["firm_cap"].paid(), data.pot)

    early = [{"最低总投资": Fraction((2 + n) * 10**8)} for n in range(RUNS)]
    print(f"first answer after an edit, Numba, with the pot:  {best([with_pot(one) for one in early])}")
    before = memory("VmRSS")
    kept = Vector(plan, tables, keep=True, tell="paid")
    kept.run()
    held = (memory("VmRSS") - before) / 1024
    late = [{"企业上限": Fraction((5 + n) * 10**8)} for n in range(RUNS)]
    answers = [lambda one=one: kept.run(constants=one) for one in late]
    print(f"a late clause, NumPy, {held:.0f} MB kept:           {best(answers)}")
    one_case(tables)


def one_case(tables: Any) -> None:
    measure, people = ours.measure(), ColumnPopulation(tables)
    grounds = Grounds(measure)
    for entity in (ours.PROJECT, ours.FIRM):
        rows = range(0, len(tables.tables[entity]), len(tables.tables[entity]) // 200)
        spent = []
        for row in rows:
            thing = people.thing(entity, row)
            Deciding(measure, people).all_of(thing)  # its rows are made
            spent.append(timed(lambda thing=thing: explain(measure, thing, people, grounds=grounds))[1])
        ordered = sorted(spent)
        print(
            f"one {entity} explained, all clauses: CPU median {statistics.median(spent):.1f} ms, "
            f"p95 {ordered[int(len(ordered) * 0.95)]:.1f} ms"
        )


def skew(firms: int) -> None:
    for name, engine in (("Numba", Fused), ("NumPy", Vector)):
        spent = []
        for biggest in (0, 100_000):
            data = make(firms, biggest=biggest)
            made = engine(lower(ours.measure()), ours.snapshot(*data.arrow()), tell="paid")
            made.run()
            spent.append(min(timed(made.run)[1] for _ in range(RUNS)) / len(data.projects["id"]))
        print(f"one firm with 100,000 projects, {name}: {spent[1] / spent[0]:.2f} times, for each project")


def many(firms: int) -> None:
    data = make(firms)
    engine = Fused(lower(ours.measure()), ours.snapshot(*data.arrow()), "paid")
    del data
    gc.collect()
    forget_peak()
    before = memory("VmRSS")
    wall, cpu = timed(engine.run)
    extra = (memory("VmHWM") - before) / 1024
    print(
        f"{firms:,} firms, Numba: wall {wall / 1000:.2f} s, CPU {cpu / 1000:.2f} s, {extra:.0f} MB above the data"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--most", type=int, default=5_000_000)
    chosen = parser.parse_args()
    loading()
    many(chosen.most)  # before the rest: memory that others have given back would hide what it takes
    what_ifs(chosen.firms)
    skew(chosen.firms)


if __name__ == "__main__":
    main()
