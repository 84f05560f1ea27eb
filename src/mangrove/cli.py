"""``mangrove``: the same acts and engines without a web server. Each room brings its own commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import django
from django.core.exceptions import ImproperlyConfigured

from mangrove.ledger.refusals import Refusal

ROOMS = (
    "workbench",
    "workbench.operation",
    "workbench.reach",
    "ledger",
    "jobs",
    "registry",
    "figures",
    "intake",
    "proposals",
    "rulebook",
    "policies",
)


def parser() -> argparse.ArgumentParser:
    """The whole command line; every room adds its part in ``<room>/commands.py``."""
    top = argparse.ArgumentParser(prog="mangrove", description="红树：一座城市运行其5G产业计划的工作台")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令")
    for room in ROOMS:
        import_module(f"mangrove.{room}.commands").add(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 1 when it found something wrong, 2 when it was refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mangrove.workbench.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(f"不能启动：{error}", file=sys.stderr)
        return 2
    chosen = parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except Refusal as refusal:
        print(f"未能办理：{refusal}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
