"""``mangrove policies run-year``: a synthetic year of the city, lived headless through the product's own acts."""

from __future__ import annotations

import argparse
from typing import Any

from mangrove.policies.year.telling import SAMPLE_YEAR


def add(commands: Any) -> None:
    policies = commands.add_parser("policies", help="扶持政策：合成的一年")
    acts = policies.add_subparsers(required=True, metavar="动作")
    year = acts.add_parser(
        "run-year", help="合成一年的企业与申报，用办事的动作从公布措施办到拨付；中断后再执行一次就接着办"
    )
    year.add_argument("--year", type=int, default=SAMPLE_YEAR, help="哪一年，须已过完")
    year.add_argument(
        "--firms", type=int, default=5000, help="多少家合成企业，至少是申报的两倍；默认的规模要十来分钟"
    )
    year.add_argument("--applications", type=int, default=800, help="多少件合成申报，至少 23 件")
    year.add_argument("--seed", type=int, default=1, help="种子；同一种子得到同一年")
    year.set_defaults(run=run_year)


def run_year(chosen: argparse.Namespace) -> int:
    """1 where something planted was not found, somebody innocent was flagged, or two sums differ."""
    from django.core.management import call_command

    from mangrove.policies.year.living import live

    call_command("migrate", verbosity=0)
    try:
        good = live(
            year=chosen.year, firms=chosen.firms, applications=chosen.applications, seed=chosen.seed, say=told
        )
    except ValueError as error:
        print(f"未能办理：{error}")
        return 2
    return 0 if good else 1


def told(line: str) -> None:
    print(line, flush=True)
