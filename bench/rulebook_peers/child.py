"""Runs one engine in a process of its own: python -m rulebook_peers.child ENGINE DATA ANSWER RUNS. Prints one line of JSON.

CPU is that of all threads. Extra memory is the high-water mark of the process during the runs over what it held before them (data
in the engine's own form); kernels are compiled and libraries warmed up on a few rows first, so that they do not count.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path

import numpy as np

from rulebook_peers import data as made
from rulebook_peers.engines import Engine, find
from rulebook_peers.results import Result

WARM_UP_FIRMS = 200


def memory(name: str) -> int:
    """VmRSS or VmHWM in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def measure(engine: Engine, data: made.Data, runs: int) -> tuple[dict[str, float], Result]:
    engine.prepare(made.make(WARM_UP_FIRMS))()
    run = engine.prepare(data)
    gc.collect()
    before = memory("VmRSS")
    forget_peak()
    result = run()
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        result = run()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    extra = max(0, memory("VmHWM") - before) / 1024
    return {"wall": min(walls), "cpu": min(cpus), "extra_mb": extra}, result


def main() -> None:
    name, path, answer, runs = sys.argv[1:]
    figures, result = measure(find(name), made.load(Path(path)), int(runs))
    np.savez(answer, entitled=result.entitled, lacks=result.lacks, paid=result.paid)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
