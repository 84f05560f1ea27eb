"""Near-duplicates among 10,000 texts: how many planted copies are found, and what it costs. Run: python bench/similarity.py

The texts are synthetic (similarity_peers/corpus.py says of what), 10,000 Chinese ones of 1,500 characters and 10,000 English
ones of 2,500, a declaration in seven of ten not counted. In each set 60 copies of each of seven kinds are planted. A method's
limit is where 20 pairs of texts that no copy touches are flagged; the cells say which share of the copies is flagged there. The
last line of ours flags what either score flags, both limits moved up together until 20 such pairs are flagged in all. Each method
runs in a process of its own; wall and CPU seconds are from texts to pairs, of ours the best of three runs, of the others one; MB is
the most memory above what it had before.

scikit-learn and datasketch need `make bench-peers` first. Wanted: 10,000 texts in at most 10 s, and 0.90 of the liftings.
Exits 1 if that is missed.
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
from similarity_peers.corpus import Maker, language
from similarity_peers.methods import METHODS
from similarity_peers.planting import EACH, KINDS, Planted, planted

HERE = Path(__file__).resolve().parent
PEERS_PYTHON = HERE.parent / ".venv-peers" / "bin" / "python"
FLAGS, SECONDS, WANTED = 20, 10, 0.9
HEAD = ("method", "wall s", "CPU s", "MB", "limit", *KINDS)


def main() -> int:
    args = arguments()
    print(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {args.texts:,} texts, seed {args.seed}\n"
    )
    held = [table(code, args) for code in args.languages.split(",")]
    print("held" if all(held) else "missed")
    return 0 if all(held) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--languages", default="zh,en")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", help="methods with this in their name")
    return parser.parse_args()


def table(code: str, args: argparse.Namespace) -> bool:
    """Print the table of one language; whether ours is quick enough and finds the liftings."""
    random = np.random.default_rng(args.seed)
    made = planted(Maker(language(code, random), random), args.texts)
    print(
        f"### {code}: characters in the middle text {int(np.median([len(text) for text in made.texts])):,}\n"
    )
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    held = True
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(made.texts), "utf-8")
        for method in METHODS:
            if args.only in method and (ran := run(method, code, texts)):
                held = show(method, *ran, made) and held
    print()
    return held


def run(method: str, code: str, texts: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
    """What a method cost and found; None where its environment is not made."""
    python = sys.executable if method == "Mangrove" else str(PEERS_PYTHON)
    if not Path(python).exists():
        print(f"| {method} | not here: make bench-peers |")
        return None
    out = texts.with_suffix(".npz")
    child = str(HERE / "similarity_peers" / "child.py")
    done = subprocess.run([python, child, method, code, str(texts), str(out)], capture_output=True, text=True)
    if done.returncode:
        print(f"| {method} | failed: {done.stderr.strip().splitlines()[-1]} |")
        return None
    with np.load(out) as stored:
        return json.loads(done.stdout), {name: stored[name] for name in stored.files}


def show(method: str, cost: dict[str, Any], scores: dict[str, np.ndarray], made: Planted) -> bool:
    """Print a line for each score, and for both together; whether what is wanted of ours holds."""
    costs = (f"{cost['wall']:.1f}", f"{cost['cpu']:.1f}", f"{cost['peak'] - cost['before']:,}")
    for name, scored in scores.items():
        limit = limit_at(FLAGS, scored, made)
        called = f"{method}, {name}" if len(scores) > 1 else method
        line(called, costs, f"{limit:.3f}", found([scored], [limit], made))
    if len(scores) == 1:
        return True
    limits = together(list(scores.values()), made)
    shares = found(list(scores.values()), limits, made)
    line(f"**{method}, either**", costs, " / ".join(f"{limit:.3f}" for limit in limits), shares)
    return cost["wall"] <= SECONDS and shares["20 % lifted"] >= WANTED


def line(method: str, costs: tuple[str, ...], limit: str, shares: dict[str, float]) -> None:
    print(
        f"| {' | '.join((method, *costs, limit, *(f'{share:.2f}' for share in shares.values())))} |",
        flush=True,
    )


def untouched(scored: np.ndarray, made: Planted) -> np.ndarray:
    """Which pairs no copy touches."""
    return ~np.isin(scored[:, :2].astype(int), list(made.touched)).any(axis=1)


def limit_at(flags: int, scored: np.ndarray, made: Planted) -> float:
    """The score from which on no more than so many untouched pairs are flagged; the lowest told of, if fewer are."""
    false = np.sort(scored[untouched(scored, made), 2])[::-1]
    return float(np.nextafter(false[flags], 2)) if len(false) > flags else float(scored[:, 2].min(initial=1))


def together(tables: list[np.ndarray], made: Planted) -> list[float]:
    """A limit for each table, each at the same number of false flags, at most 20 in all."""
    for flags in range(FLAGS, -1, -1):
        limits = [limit_at(flags, scored, made) for scored in tables]
        pairs = flagged(tables, limits, made, false=True)
        if len(pairs) <= FLAGS:
            break
    return limits


def flagged(
    tables: list[np.ndarray], limits: list[float], made: Planted, false: bool = False
) -> set[tuple[int, int]]:
    """The pairs flagged by any table; false: only untouched ones."""
    pairs: set[tuple[int, int]] = set()
    for scored, limit in zip(tables, limits, strict=True):
        kept = scored[(scored[:, 2] >= limit) & (untouched(scored, made) | (not false))]
        pairs.update((min(a, b), max(a, b)) for a, b in kept[:, :2].astype(int).tolist())
    return pairs


def found(tables: list[np.ndarray], limits: list[float], made: Planted) -> dict[str, float]:
    """Which share of the copies of each kind is flagged."""
    pairs = flagged(tables, limits, made)
    return {kind: len(pairs & set(copies)) / EACH for kind, copies in made.copies.items()}


if __name__ == "__main__":
    sys.exit(main())
