"""``mangrove drill``: back the house up, restore it elsewhere in another process, and hold the two against each other.

It reports how long coming back takes (RTO) and what would have been lost (RPO), measured and not promised.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.models import SignedLetter
from mangrove.workbench.operation import backup, examine
from mangrove.workbench.operation.backup import Made, back_up
from mangrove.workbench.operation.places import fresh_place

ACT = "workbench.drill"
Say = Callable[[str], object]


@dataclass(frozen=True)
class Compared:
    """One thing held against the other; ``fault`` is empty when they agree, ``undone`` says why it could not be tried."""

    what: str
    found: str
    fault: str = ""
    undone: bool = False

    def __str__(self) -> str:
        mark = "不符" if self.fault else "未做" if self.undone else "相符"
        return f"{mark}  {self.what}：{self.fault or self.found}"


@dataclass(frozen=True)
class Lost:
    """What would be gone, had the house burned down just now: the acts since the backup before this one."""

    since: datetime | None
    acts: int

    def __str__(self) -> str:
        if self.since is None:
            return f"此前没有登记过备份：全部 {self.acts} 件记录都会丢失"
        return (
            f"上一次备份在 {timezone.localtime(self.since):%Y-%m-%d %H:%M}，之后的 {self.acts} 件记录会丢失"
        )


@dataclass(frozen=True)
class Report:
    compared: list[Compared]
    lost: Lost
    backed_up_in: float
    restored_in: float
    usable_in: float
    size: int

    @property
    def passed(self) -> bool:
        return not any(one.fault for one in self.compared)

    def lines(self) -> Iterator[str]:
        yield from map(str, self.compared)
        yield f"备份用时 {self.backed_up_in:.1f} 秒，共 {self.size / 1_000_000:.1f} MB"
        yield f"RTO 实测：放回并核验 {self.restored_in:.1f} 秒，到能登录 {self.usable_in:.1f} 秒（不含装机和取回备份的时间）"
        yield f"RPO 实测：{self.lost}"
        yield "演练通过。" if self.passed else "演练没有通过。"


def drill(say: Say = lambda text: None) -> Report:
    """Back up, restore elsewhere, compare. Nothing of the house itself is changed, and nothing stays of the copy."""
    with tempfile.TemporaryDirectory(prefix="mangrove-drill-") as folder:
        letter = oldest_letter()
        start = perf_counter()
        say("备份")
        made = back_up(Path(folder) / "backup")
        took = perf_counter() - start
        say("在另一处恢复并试用")
        found = examined_elsewhere(made, letter, Path(folder) / "var")
        return Report(
            compared=list(comparisons(made, found, letter)), lost=would_be_lost(), backed_up_in=took,
            restored_in=found["restored_in"], usable_in=found["usable_in"], size=made.manifest.size,
        )  # fmt: skip


def oldest_letter() -> str:
    """A letter that no act changes any more; empty where none is signed."""
    found = SignedLetter.objects.order_by("pk").first()
    return str(found.pk) if found else ""


def examined_elsewhere(made: Made, letter: str, place: Path) -> dict[str, Any]:
    with fresh_place(place) as environment:
        done = subprocess.run(  # noqa: S603 -- our own program and arguments, no shell
            [sys.executable, "-m", examine.__name__, str(made.folder), letter],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise failed(done.stderr.strip()[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "refused" in found:
        raise failed(found["refused"])
    return found


def failed(what: str) -> Refusal:
    return Refusal(
        f"恢复没有成功：{what}", code="operation.drill_failed", where="演练",
        remedy="照上面的话处理后再演练；在此之前，不要相信现有的备份能恢复。",
    )  # fmt: skip


def comparisons(made: Made, found: dict[str, Any], letter: str) -> Iterator[Compared]:
    said = made.manifest
    differ = [
        f"{label} 原有 {rows} 行，恢复后 {found['models'].get(label)} 行"
        for label, rows in sorted(said.models.items())
        if label not in backup.excused_models() and found["models"].get(label) != rows
    ]
    total = sum(said.models.values())
    yield Compared("各模型的行数", f"{len(said.models)} 个模型，{total} 行", "；".join(differ))
    chain = [] if (found["position"], found["head"]) == (said.position, said.head) else ["链头不同"]
    yield Compared(
        "账本", f"{said.position} 条，链头 {said.head[:16]}…", "；".join([*found["broken"], *chain])
    )
    yield Compared("各室所存与账本", "相符", "；".join(found["faults"]))
    attached = [file for file in said.files if file.name.startswith("files/")]
    wrong = "；".join(found["attachments"] + said.faults)
    yield Compared(
        "附件的散列",
        f"{len(attached)} 个文件" if attached else "没有附件，无可比对",
        wrong,
        undone=not attached,
    )
    yield Compared("登录", "新开的账号登得进去", found["sign_in"] and f"答复 {found['sign_in']}")
    yield letter_compared(found["letter"], letter)


def letter_compared(restored: str, letter: str) -> Compared:
    if not letter:
        return Compared("已签发的函", "还没有签发过函，无可比对", undone=True)
    same = restored == examine.letter_hash(letter)
    return Compared(
        "已签发的函", f"重新排版，逐字节相同（{restored[:16]}…）", "" if same else "排出的版面不同"
    )


def would_be_lost() -> Lost:
    last = Event.objects.filter(act=backup.ACT).order_by("-id").first()
    since = last.recorded_at if last else None
    later = Event.objects.filter(id__gt=last.id) if last else Event.objects.all()
    return Lost(since, later.count())


@transaction.atomic
def record_drill(report: Report, *, by: Actor) -> None:
    """That it was tried, and how it went: whoever audits asks when somebody last did."""
    day = timezone.localdate()
    record(
        ACT, subject=Ref("workbench", "drill", day.isoformat()), by=by, on=day,
        payload={
            "passed": report.passed, "lines": list(report.lines()), "restored_ms": int(report.restored_in * 1000),
            "usable_ms": int(report.usable_in * 1000), "lost_acts": report.lost.acts,
        },
    )  # fmt: skip


def last_backup_age() -> timedelta | None:
    """How old the last recorded backup is; ``None`` where there was none."""
    last = Event.objects.filter(act=backup.ACT).order_by("-id").first()
    return timezone.now() - last.recorded_at if last else None


def on_sample(folder: Path, say: Say) -> int:
    """Seed the sample city in a fresh place and drill there; returns what that drill returned."""
    with fresh_place(folder / "var") as environment:
        environment = {**environment, "MANGROVE_CITY": str(settings.MANGROVE_CITY)}
        say("装入样例城市")
        run_cli(["demo", "--out", str(folder / "out")], environment, quiet=True)
        return run_cli(["drill"], environment)


def run_cli(arguments: list[str], environment: dict[str, str], *, quiet: bool = False) -> int:
    done = subprocess.run(  # noqa: S603 -- our own program and arguments, no shell
        [sys.executable, "-m", "mangrove.cli", *arguments],
        env=environment, capture_output=quiet, text=True, check=False,
    )  # fmt: skip
    if quiet and done.returncode != 0:
        raise failed((done.stdout + done.stderr).strip()[-2000:])
    return done.returncode
