"""How the house is run, as its own database tells: migrations, worker, backups, drills, chain heads, clock, accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.checks import CheckMessage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from mangrove.jobs.models import Job, State
from mangrove.ledger.models import Event, Seal
from mangrove.ledger.verify import written_heads
from mangrove.registry.models import User
from mangrove.registry.roles import ADMINISTRATORS
from mangrove.workbench.operation import backup, drill
from mangrove.workbench.operation.deploy import error, warning
from mangrove.workbench.operation.limits import limit


def running_messages() -> Iterator[CheckMessage]:
    try:
        pending = MigrationExecutor(connection).migration_plan(
            MigrationExecutor(connection).loader.graph.leaf_nodes()
        )
    except DatabaseError as fault:
        yield error(13, f"数据库连不上：{fault}", "核对 MANGROVE_DATABASE，数据库是否在运行。")
        return
    if connection.vendor == "sqlite":
        yield warning(
            6,
            "数据库是 SQLite：一次只有一人能写，也没有备用机。",
            "正式使用请建 PostgreSQL 库，设 MANGROVE_DATABASE。",
        )
    if pending:
        yield error(
            14, f"数据库比程序旧，缺 {len(pending)} 步迁移（从 {pending[0][0]} 起）。", "执行 mangrove load。"
        )
        return
    yield from worker_messages()
    yield from backup_messages()
    yield from head_messages()
    yield from clock_messages()
    yield from account_messages()


def worker_messages() -> Iterator[CheckMessage]:
    """A worker at work seals what happens and takes up what waits; either left lying tells that there is none."""
    late = timezone.now() - timedelta(minutes=limit("worker_minutes"))
    unsealed = Event.objects.filter(seal=None, recorded_at__lt=late).count()
    waiting = Job.objects.filter(state=State.QUEUED, queued_at__lt=late).count()
    if unsealed or waiting:
        yield error(
            9,
            f"后台办理程序不在：{unsealed} 条账本过了 {limit('worker_minutes')} 分钟还没有封存，{waiting} 项任务没有人办。",
            "启动 mangrove work，或用自带它的 mangrove serve；看它的日志为何停下。",
        )


def backup_messages() -> Iterator[CheckMessage]:
    last, tried = latest(backup.ACT), latest(drill.ACT)
    if last is None or last < timezone.now() - timedelta(hours=limit("backup_hours")):
        yield warning(
            10,
            f"{limit('backup_hours')} 小时之内没有备份（{said(last)}）。",
            "每天定时 mangrove backup 到另一块盘或另一台机器。",
        )
    if tried is None or tried < timezone.now() - timedelta(days=limit("drill_days")):
        yield warning(
            16,
            f"{limit('drill_days')} 天之内没有演练过恢复（{said(tried)}）。",
            "执行 mangrove drill，看报告里的 RPO 和 RTO。",
        )


def latest(act: str) -> datetime | None:
    found = Event.objects.filter(act=act).order_by("-id").first()
    return found.recorded_at if found else None


def said(moment: datetime | None) -> str:
    return f"上一次在 {timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "还没有过"


def head_messages() -> Iterator[CheckMessage]:
    heads, _notes = written_heads()
    last = Seal.objects.order_by("-position").first()
    if last is not None and last.position not in heads:
        yield error(
            11,
            f"库外没有第 {last.position} 条的链头：最后几条被整个改写也看不出来。",
            "看 MANGROVE_VAR/seals 是否写得进去，再执行 mangrove ledger seal；每天把 heads.log 抄到别处。",
        )


def clock_messages() -> Iterator[CheckMessage]:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
    if apart > limit("clock_seconds"):
        yield error(
            17,
            f"这台机器与数据库的时钟相差 {apart:.0f} 秒。",
            "两边都用单位的时间服务器对时（chrony、ntpd）。",
        )


def account_messages() -> Iterator[CheckMessage]:
    accounts = User.objects.filter(is_active=True)
    samples = accounts.filter(synthetic=True).count()
    if samples:
        yield warning(
            18,
            f"有 {samples} 个样例账号还开着，口令众人皆知。",
            "逐个 mangrove account close 用户名 --why 样例账号。",
        )
    for user in accounts:
        held = [role for role in ADMINISTRATORS if user.has_role(role)]
        if len(held) > 1:
            yield warning(
                19,
                f"账号 {user.username} 同时是{'、'.join(held)}：三权没有分开。",
                "系统管理、安全管理、审计各由一人担任：mangrove account roles 用户名 --role …。",
            )
