"""Which limits of likeness find a project that applies again under another name, and what else they bring up.

Run: python bench/doubts.py

Synthetic years (cities/*/year) of 800 applications: the limits are chosen on the first seeds, and the last column of numbers is of
seeds that were not looked at when choosing. Of each limit: planted renamed projects missed, the same of related firms missed, and
pairs brought up that nobody planted, by year. The line of the limits in force (rulebooks/likeness) is marked *. Exits 1 if they
miss one.
"""

from __future__ import annotations

# ruff: noqa: E402 -- the models are read once the settings are known
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mangrove.workbench.settings")
django.setup()

from mangrove.policies.claims.texts import alike_limits, reaches, text_of
from mangrove.policies.year.making import make
from mangrove.policies.year.projects import form_answers
from mangrove.policies.year.telling import read
from mangrove.similarity import Finding, Limits, TextIndex

ROOT = Path(__file__).resolve().parent.parent
YEAR, FIRMS, APPLICATIONS = 2026, 1700, 800
CHOSEN_ON, HELD_OUT = range(2, 22), (1, *range(22, 42))
#: Wide enough that each planted copy is among the pairs.
WIDEST = Limits(share=0.2, cosine=0.5, shared=5)
TRIED = [
    Limits(share, cosine, shared) for share, shared in ((0.35, 20), (0.5, 20)) for cosine in (0.80, 0.75, 0.72, 0.70)
]  # fmt: skip

#: What was planted (alike, related, or nothing) and how alike the two are.
Told = tuple[str, Finding]


def main() -> int:
    force = alike_limits()
    sets = [[pair for seed in seeds for pair in pairs(seed)] for seeds in (CHOSEN_ON, HELD_OUT)]
    print("share shared cosine   chosen on: renamed related others   held out: renamed related others")
    for limits in sorted({*TRIED, force}, key=lambda one: (one.share, one.shared, -one.cosine)):
        cells = "   ".join(
            counted(told, limits, len(seeds)) for told, seeds in zip(sets, (CHOSEN_ON, HELD_OUT), strict=True)
        )
        print(f"{limits.share:5} {limits.shared:6} {limits.cosine:6}   {cells} {'*' * (limits == force)}")
    return 1 if any(missed(told, force, "alike") for told in sets) else 0


def pairs(seed: int) -> Iterator[Told]:
    city = make(read(next(ROOT.glob("cities/*/year")), YEAR), seed=seed, firms_count=FIRMS, applications_count=APPLICATIONS)  # fmt: skip
    texts = {one.key: text_of(form_answers(one)) for one in city.applications if one.outcome != "refuse"}
    planted = {frozenset((one.key, one.other)): one.kind for one in city.truth if one.founded}
    for found in TextIndex.of(sorted(texts.items())).pairs(WIDEST):
        yield planted.get(frozenset((found.first, found.second)), ""), found


def counted(told: Sequence[Told], limits: Limits, years: int) -> str:
    others = sum(not kind and reaches(found, limits) for kind, found in told)
    return f"{missed(told, limits, 'alike'):18} {missed(told, limits, 'related'):7} {others / years:6.1f}"


def missed(told: Sequence[Told], limits: Limits, planted: str) -> int:
    return sum(kind == planted and not reaches(found, limits) for kind, found in told)


if __name__ == "__main__":
    sys.exit(main())
