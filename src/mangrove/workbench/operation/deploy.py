"""What must hold before people rely on the house: Django system checks, run by ``mangrove check --deploy``.

Each says what is wrong and what to do. Those about the database answer nothing while there is none to ask.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

LOCAL = {"localhost", "127.0.0.1", "[::1]"}
ZONE = "Asia/Shanghai"


def error(number: int, what: str, remedy: str) -> CheckMessage:
    return Error(what, hint=remedy, id=f"mangrove.E{number:03d}")


def warning(number: int, what: str, remedy: str) -> CheckMessage:
    return Warning(what, hint=remedy, id=f"mangrove.W{number:03d}")


def settings_messages() -> Iterator[CheckMessage]:
    """What the environment says."""
    if not (os.environ.get("MANGROVE_SECRET_KEY") or os.environ.get("MANGROVE_SECRET_KEY_FILE")):
        yield error(
            1,
            "密钥不是由环境给的，是首次运行时自己生成、放在 MANGROVE_VAR 里的。",
            "设 MANGROVE_SECRET_KEY_FILE 指向数据目录之外的密钥文件：(umask 077; openssl rand -base64 48 > 文件)。",
        )
    if settings.DEBUG:
        yield error(2, "MANGROVE_DEBUG 开着：出错时会把内部细节给访问者看。", "去掉 MANGROVE_DEBUG。")
    if "*" in settings.ALLOWED_HOSTS or set(settings.ALLOWED_HOSTS) <= LOCAL:
        yield error(
            3,
            f"MANGROVE_HOSTS 是 {'、'.join(settings.ALLOWED_HOSTS)}：不是对外的域名。",
            "设为单位给这个系统的域名，几个用逗号分隔，不用 *。",
        )
    yield from transport_messages()
    if settings.TIME_ZONE != ZONE:
        yield error(
            12, f"时区是 {settings.TIME_ZONE}：日期会差一天。", "去掉 MANGROVE_TIME_ZONE，它只给测试用。"
        )


def transport_messages() -> Iterator[CheckMessage]:
    if not settings.HTTPS:
        yield error(
            4,
            "没有 HTTPS：cookie 和口令会在网上明文传送，浏览器也不会只用 HTTPS（HSTS）。",
            "放到 TLS 反向代理之后，设 MANGROVE_HTTPS=1。",
        )
    elif not settings.MANGROVE_PROXIES:
        yield warning(
            5,
            "没有设 MANGROVE_PROXIES：所有人看上去都来自代理的地址，输错密码的锁定会波及他人。",
            "设为前面反向代理的层数或地址。",
        )


def place_messages() -> Iterator[CheckMessage]:
    """What lies on this machine."""
    var = Path(settings.MANGROVE_VAR)
    try:
        with tempfile.TemporaryFile(dir=var):
            pass
    except OSError as error_:
        yield error(
            7,
            f"MANGROVE_VAR（{var}）写不进去：{error_.strerror}。",
            "建好目录，归运行红树的用户所有，留足空间。",
        )
    if var.exists() and var.stat().st_mode & 0o007:
        yield warning(15, f"MANGROVE_VAR（{var}）这台机器上的任何人都能进。", f"chmod o-rwx {var}")
    yield from font_messages()


def font_messages() -> Iterator[CheckMessage]:
    from mangrove.documents.fonts import system_shelf, wants

    shelf = system_shelf()
    named = {
        want.named for want in wants() if not any(shelf.face(family, want.weight) for family in want.official)
    }
    if named:
        yield warning(
            8,
            f"公文用的字体不全，缺 {'、'.join(sorted(named))}：印出的函用替代字体，报告里写明。",
            "把单位购有的字体放到 /usr/local/share/fonts。",
        )


@register(deploy=True)
def check_settings(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [*settings_messages(), *place_messages()]


@register(deploy=True)
def check_running(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """What the database tells of how the house is run."""
    from mangrove.workbench.operation.watching import running_messages

    return list(running_messages())
