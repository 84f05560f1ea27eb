"""One method on one set of texts in a process of its own, so that its memory is its own. Run by bench/similarity.py."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from similarity_peers.methods import METHODS, Scores

RUNS = {"Mangrove": 3}  # the best of them; the others take minutes and run once


def main(method: str, code: str, texts_file: str, out: str) -> None:
    texts = json.loads(Path(texts_file).read_text("utf-8"))
    METHODS[method](texts[:20] * 2, code)  # what is loaded at first use is not counted
    before = _memory()
    took, scores = min(
        (_timed(method, texts, code) for _ in range(RUNS.get(method, 1))), key=lambda run: run[0]["wall"]
    )
    np.savez(out, **{name or "score": table for name, table in scores.items()})
    print(json.dumps({**took, "before": before, "peak": _memory()}))


def _timed(method: str, texts: list[str], code: str) -> tuple[dict[str, float], Scores]:
    wall, cpu = time.perf_counter(), time.process_time()
    scores = METHODS[method](texts, code)
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}, scores


def _memory() -> int:
    """Most memory this process has held, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
