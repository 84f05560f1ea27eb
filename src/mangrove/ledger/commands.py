"""``mangrove ledger verify | seal | withhold``."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID

from django.utils import timezone

from mangrove.ledger.actions import withhold
from mangrove.ledger.checks import run_checks
from mangrove.ledger.models import Event
from mangrove.ledger.refs import OPERATOR
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.sealer import seal_pending
from mangrove.ledger.verify import Verification, verify


def add(commands: Any) -> None:
    ledger = commands.add_parser("ledger", help="账本：封存与核验").add_subparsers(
        required=True, metavar="动作"
    )
    ledger.add_parser("verify", help="核验整条链和各室所存，指出第一处不符").set_defaults(run=run_verify)
    ledger.add_parser("seal", help="封存尚未封存的事件").set_defaults(run=run_seal)
    withheld = ledger.add_parser(
        "withhold", help="撤下一条事件的内容（例如依法删除个人信息）；事件本身和封存不变"
    )
    withheld.add_argument("uid", help="事件编号，见账本页")
    withheld.add_argument("--why", required=True, help="理由")
    withheld.set_defaults(run=run_withhold)


def run_verify(chosen: argparse.Namespace) -> int:
    found, checked = verify(), run_checks()
    print("\n".join([as_text(found), *map(str, checked)]))
    return 0 if found.holds and all(check.holds for check in checked) else 1


def run_seal(chosen: argparse.Namespace) -> int:
    print(f"封存 {seal_pending()} 条。")
    return 0


def run_withhold(chosen: argparse.Namespace) -> int:
    withhold(known_event(chosen.uid), by=OPERATOR, on=timezone.localdate(), why=chosen.why)
    print(f"已撤下事件 {chosen.uid} 的内容。")
    return 0


def known_event(uid: str) -> Event:
    try:
        return Event.objects.get(uid=UUID(uid))
    except (ValueError, Event.DoesNotExist) as error:
        raise Refusal(
            f"账本里没有事件“{uid}”。",
            code="ledger.unknown_event",
            where="事件编号",
            remedy="请从账本页照抄事件编号。",
        ) from error


def as_text(found: Verification) -> str:
    lines = [f"已核验 {found.sealed} 条，链头 {found.head[:16]}…"]
    if found.broken:
        lines.append(f"断裂：第 {found.broken.position} 条，{found.broken.what}。{found.broken.event}")
    else:
        lines.append("账本完整。")
    if found.unsealed:
        seconds = int(found.oldest_unsealed.total_seconds()) if found.oldest_unsealed else 0
        lines.append(f"尚未封存 {found.unsealed} 条，最早的一条已等 {seconds} 秒。")
    return "\n".join([*lines, *found.notes])
