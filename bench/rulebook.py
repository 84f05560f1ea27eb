"""The policy of bench/rulebook_peers/POLICY.md on every engine, side by side. Run: python bench/rulebook.py [--firms 10000,100000]

One table for each number of firms (with twice as many projects): wall and CPU seconds of a warm run, the best of several; the
ratio of CPU seconds to hand NumPy; extra peak memory; rows that differ from the hand-written Numba loop, and the largest
difference. Each engine runs in a process of its own. OpenFisca and PolicyEngine need `make bench-peers` first.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from rulebook_peers.data import make
from rulebook_peers.engines import OURS, PEERS, Engine

HERE = Path(__file__).resolve().parent
PEERS_PYTHON = HERE.parent / ".venv-peers" / "bin" / "python"
REFERENCE, BASELINE = "hand Numba, 1 thread", "hand NumPy"
BIGGEST = 100_000
HEAD = ("engine", "wall s", "CPU s", "CPU ratio", "extra MB", "rows off: entitled", "paid", "largest, yuan")


def main() -> int:
    args = arguments()
    engines = [engine for engine in (*PEERS, *OURS) if args.only in engine.name]
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, best of {args.runs} warm runs\n")
    with tempfile.TemporaryDirectory() as folder:
        wrong = sum(table(engines, int(firms), args, Path(folder)) for firms in args.firms.split(","))
    return 1 if wrong else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--firms", default="10000,100000,1000000", help="numbers of firms; 5000000 takes a while"
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--skew", action="store_true", help=f"one firm owns {BIGGEST:,} of the projects")
    parser.add_argument("--only", default="", help="engines with this in their name")
    return parser.parse_args()


def table(engines: list[Engine], firms: int, args: argparse.Namespace, folder: Path) -> int:
    """Print one table; returns how many exact engines (all but those apart, on float32) gave a wrong row."""
    data = make(firms, biggest=BIGGEST if args.skew else 0)
    skew = f", one firm with {BIGGEST:,}" if args.skew else ""
    print(f"### {firms:,} firms, {len(data.projects['id']):,} projects{skew}\n")
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    path = folder / "data.npz"
    data.save(path)
    del data
    done = {
        engine.name: run(engine, path, args.runs) for engine in PEERS if engine.name in (BASELINE, REFERENCE)
    }
    base, right = done[BASELINE], done[REFERENCE]
    wrong = 0
    for engine in engines:
        found = done.get(engine.name) or run(engine, path, args.runs)
        off = differences(found, right)
        print(row(engine.name, found, base["cpu"], off), flush=True)
        wrong += not engine.apart and bool(off[0] or off[1])
    print()
    return wrong


def run(engine: Engine, path: Path, runs: int) -> dict[str, Any]:
    """The figures of one engine, and its answer; empty where its environment has not been made."""
    python = PEERS_PYTHON if engine.apart else Path(sys.executable)
    if not python.exists():
        return {}
    answer = path.with_name("answer.npz")
    command = [python, "-m", "rulebook_peers.child", engine.name, path, answer, str(runs)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(HERE)}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{engine.name}: {done.stderr}")
    with np.load(answer) as stored:
        return json.loads(done.stdout.splitlines()[-1]) | dict(stored)


def differences(found: dict[str, Any], right: dict[str, Any]) -> tuple[int, int, float]:
    """(rows with another entitlement or another word on whether it is known, rows paid otherwise, the largest in yuan)"""
    if not found:
        return 0, 0, 0.0
    gap = np.abs(found["entitled"] - right["entitled"])
    off = np.count_nonzero((gap > 0) | (found["lacks"] != right["lacks"]))
    paid = np.abs(found["paid"] - right["paid"])
    return int(off), int(np.count_nonzero(paid)), float(max(gap.max(), paid.max())) / 100


def row(name: str, found: dict[str, Any], base: float, off: tuple[int, int, float]) -> str:
    if not found:
        return f"| {name} | run `make bench-peers` first |" + " |" * (len(HEAD) - 2)
    times = f"{found['wall']:.4f} | {found['cpu']:.4f} | {found['cpu'] / base:.2f} | {found['extra_mb']:.0f}"
    return f"| {name} | {times} | {off[0]:,} | {off[1]:,} | {off[2]:,.2f} |"


if __name__ == "__main__":
    sys.exit(main())
