"""``mangrove account open | close | roles | password | unlock | release``, ``mangrove organisation register | rename | alias | credit-code``
and ``mangrove registry snapshot``.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from getpass import getpass
from pathlib import Path
from typing import Any

from django.utils import timezone

from mangrove.ledger.refs import OPERATOR
from mangrove.ledger.refusals import Refusal
from mangrove.registry import accounts, actions, sign_on
from mangrove.registry.models import Organisation, User
from mangrove.registry.names import find_organisation
from mangrove.registry.roles import ROLES

#: Holds a password where nobody sits at the terminal; a password is never an argument, which other people could read.
PASSWORD = "MANGROVE_ACCOUNT_PASSWORD"  # noqa: S105 -- the name of a variable


def add(commands: Any) -> None:
    add_accounts(commands.add_parser("account", help="账号：开立、停用、角色、密码、解锁"))
    add_organisations(commands.add_parser("organisation", help="机构：登记、更名、别名、信用代码"))
    add_registry(commands.add_parser("registry", help="名录与记录：某一天所知的快照"))


def add_accounts(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="动作")
    known = "、".join(f"{role.id}（{role.zh}）" for role in ROLES)
    opened = acts.add_parser(
        "open", help=f"开立账号；首次登录须改密码。密码现场输入，或放在环境变量 {PASSWORD}"
    )
    opened.add_argument("username")
    opened.add_argument("--name", required=True, help="称谓，例如 经办人甲")
    opened.add_argument("--role", required=True, action="append", help=f"可写多次：{known}")
    opened.add_argument("--organisation", default="", help="机构标识或全称")
    opened.add_argument("--unit", default="", help="处室")
    opened.add_argument("--rank", default="", help="职级；谁可以签发按它核对")
    opened.set_defaults(run=run_open)
    closed = acts.add_parser("close", help="停用账号；它做过的事仍在它名下")
    closed.set_defaults(run=run_close)
    roles = acts.add_parser("roles", help="变更角色，写明变更后的全部角色")
    roles.add_argument("--role", required=True, action="append", help=f"可写多次：{known}")
    roles.set_defaults(run=run_roles)
    password = acts.add_parser("password", help="重设密码；下次登录须改")
    password.set_defaults(run=run_password)
    unlock = acts.add_parser("unlock", help="解除输错密码造成的账号锁定；所在地址受限的仍须等候")
    unlock.set_defaults(run=run_unlock)
    released = acts.add_parser(
        "release", help="解除账号与统一认证用户的绑定；下一次由统一认证登录的即为新的绑定"
    )
    released.set_defaults(run=run_release)
    for parser_ in (closed, roles, password, unlock, released):
        parser_.add_argument("username")
    for parser_ in (closed, roles, released):
        parser_.add_argument("--why", required=True, help="理由")
    opened.add_argument("--why", default="", help="理由")


def add_organisations(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="动作")
    registered = acts.add_parser("register", help="登记一家机构")
    registered.add_argument("organisation", help="机构标识，字母、数字、下划线")
    registered.add_argument("name", help="全称")
    registered.add_argument("--kind", required=True, help="机构类别，例如 政府机关")
    registered.add_argument("--scope", default="本市", help="地域")
    registered.add_argument("--short-name", default="", help="简称")
    registered.add_argument("--name-en", default="", help="英文名")
    registered.set_defaults(run=run_register)
    renamed = acts.add_parser("rename", help="更名；旧名保留，用到变更日为止")
    renamed.add_argument("organisation", help="机构标识或现名")
    renamed.add_argument("name", help="新全称")
    renamed.set_defaults(run=run_rename)
    alias = acts.add_parser("alias", help="登记别名、简称或曾用名")
    alias.add_argument("organisation", help="机构标识或现名")
    alias.add_argument("name", help="别名")
    alias.add_argument("--kind", default="alias", help="全称、简称、别名、英文名")
    alias.add_argument("--from", dest="since", type=date.fromisoformat, help="启用日期")
    alias.add_argument("--until", type=date.fromisoformat, help="停用日期，不含当日")
    alias.set_defaults(run=run_alias)
    code = acts.add_parser("credit-code", help="更正统一社会信用代码")
    code.add_argument("organisation", help="机构标识或现名")
    code.add_argument("code")
    code.add_argument("--verified", action="store_true", help="已与营业执照或登记证核对")
    code.set_defaults(run=run_credit_code)
    for parser_ in (registered, renamed, alias):
        parser_.add_argument("--source", required=True, help="来源：文件、公报、登记证")
    for parser_ in (registered, renamed, alias, code):
        parser_.add_argument(
            "--on",
            type=date.fromisoformat,
            default=timezone.localdate(),
            help="业务日期，默认今天；早于今天是补录",
        )
        parser_.add_argument("--why", default="", help="理由；补录和更正代码必写")


def add_registry(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="动作")
    taken = acts.add_parser(
        "snapshot",
        help="把机构、名称和全部记录写成 Parquet，附清单和校验值；facts 可直接交给 mangrove rulebook run --data",
    )
    taken.add_argument("--out", required=True, type=Path, metavar="文件夹", help="写到哪里，须是空的")
    taken.add_argument(
        "--on", type=date.fromisoformat, default=timezone.localdate(), metavar="日期",
        help="到这一天为止所知的，默认今天",
    )  # fmt: skip
    taken.set_defaults(run=run_snapshot)


def run_snapshot(chosen: argparse.Namespace) -> int:
    from mangrove.registry.records.snapshot import take_snapshot  # loads Arrow, which no other act here needs

    manifest = take_snapshot(out=chosen.out, day=chosen.on, by=OPERATOR)
    rows = sum(one["rows"] for one in manifest["files"] if one["path"].startswith("facts/"))
    print(f"已写成 {len(manifest['files'])} 个文件、{rows} 行，在 {chosen.out}；清单是 manifest.json。")
    if not manifest["day_is_over"]:
        print("这一天还没有过完：之后再导入的，重做时会在里面。")
    if not manifest["organisations_exact"]:
        print("这一天以后装过城市资料：机构按装入以后的样子写，记录不受影响。")
    return 0


def run_open(chosen: argparse.Namespace) -> int:
    made = accounts.create_account(
        username=chosen.username, name=chosen.name, roles=chosen.role, unit=chosen.unit, rank=chosen.rank,
        organisation=known_organisation(chosen.organisation) if chosen.organisation else None,
        password=asked_password(), by=OPERATOR, on=timezone.localdate(), why=chosen.why,
    )  # fmt: skip
    print(f"已开立账号 {made.username}（{made.name}）；首次登录须改密码。")
    return 0


def run_close(chosen: argparse.Namespace) -> int:
    closed = accounts.close_account(
        user=known_account(chosen.username), by=OPERATOR, on=timezone.localdate(), why=chosen.why
    )
    print(f"已停用账号 {closed.username}。")
    return 0


def run_roles(chosen: argparse.Namespace) -> int:
    user = known_account(chosen.username)
    changed = accounts.change_roles(
        user=user, roles=chosen.role, by=OPERATOR, on=timezone.localdate(), why=chosen.why
    )
    print(f"{changed.username} 的角色已改为：{'、'.join(changed.roles)}。")
    return 0


def run_password(chosen: argparse.Namespace) -> int:
    user = known_account(chosen.username)
    accounts.change_password(
        user=user, new=asked_password(), by=OPERATOR, on=timezone.localdate(), must_change=True
    )
    print(f"已重设 {user.username} 的密码；下次登录须改，已登录的会话失效。")
    return 0


def run_unlock(chosen: argparse.Namespace) -> int:
    user = known_account(chosen.username)
    found = accounts.unlock_account(user=user, by=OPERATOR, on=timezone.localdate())
    print(unlocked_words(user.username, found))
    return 0


def run_release(chosen: argparse.Namespace) -> int:
    user = known_account(chosen.username)
    sign_on.release(user=user, by=OPERATOR, on=timezone.localdate(), why=chosen.why)
    print(f"已解除 {user.username} 与统一认证用户的绑定。")
    return 0


def unlocked_words(username: str, found: accounts.Unlocked) -> str:
    """What was done, and what may keep the person out all the same."""
    if found.lockouts:
        done = f"已解除 {username} 的锁定。"
    elif found.failures:
        done = f"{username} 没有被锁定；此前输错密码 {found.failures} 次，已不再计。"
    else:
        done = f"{username} 没有被锁定。"
    return f"{done}所在地址如果另因输错密码过多而受限，仍须等它到时自行解除。"


def run_register(chosen: argparse.Namespace) -> int:
    made = actions.register_organisation(
        id=chosen.organisation, name=chosen.name, kind=chosen.kind, scope=chosen.scope,
        short_name=chosen.short_name, name_en=chosen.name_en, source=chosen.source,
        by=OPERATOR, on=chosen.on, why=chosen.why,
    )  # fmt: skip
    print(f"已登记 {made.pk}：{made.name}。")
    return 0


def run_rename(chosen: argparse.Namespace) -> int:
    organisation = known_organisation(chosen.organisation)
    former = organisation.name
    actions.rename_organisation(
        organisation=organisation, name=chosen.name, source=chosen.source, by=OPERATOR, on=chosen.on, why=chosen.why
    )  # fmt: skip
    print(f"自 {chosen.on} 起，{former}更名为{chosen.name}。")
    return 0


def run_alias(chosen: argparse.Namespace) -> int:
    organisation = known_organisation(chosen.organisation)
    actions.add_alias(
        organisation=organisation, text=chosen.name, kind=chosen.kind, source=chosen.source,
        valid_from=chosen.since, valid_until=chosen.until, by=OPERATOR, on=chosen.on, why=chosen.why,
    )  # fmt: skip
    print(f"“{chosen.name}”已记在{organisation.name}名下。")
    return 0


def run_credit_code(chosen: argparse.Namespace) -> int:
    organisation = known_organisation(chosen.organisation)
    corrected = actions.correct_credit_code(
        organisation=organisation, code=chosen.code, verified=chosen.verified, by=OPERATOR, on=chosen.on, why=chosen.why
    )  # fmt: skip
    print(f"{corrected.name}的统一社会信用代码现为 {corrected.credit_code or '空'}。")
    return 0


def known_account(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Refusal(
            f"没有账号“{username}”。",
            code="registry.account.unknown",
            where="用户名",
            remedy="请核对用户名。",
        )
    return found


def known_organisation(text: str) -> Organisation:
    """By its id, or by the name that it bears today."""
    found = Organisation.objects.filter(pk=text).first() or find_organisation(text, timezone.localdate())
    if found is None:
        raise Refusal(
            f"没有机构“{text}”。", code="registry.organisation.unknown", where="机构",
            remedy="请用机构标识或全称；还没有的先用 mangrove organisation register 登记。",
        )  # fmt: skip
    return found.standing


def asked_password() -> str:
    """From the environment, or typed twice at the terminal without being shown."""
    if given := os.environ.get(PASSWORD):
        return given
    if not sys.stdin.isatty():
        raise no_password(f"这里没有终端可以输入密码，环境变量 {PASSWORD} 也是空的。")
    first, again = getpass("密码："), getpass("再输一遍：")
    if first != again:
        raise no_password("两遍输入的密码不同。")
    return first


def no_password(what: str) -> Refusal:
    return Refusal(what, code="registry.password.not_given", where="密码", remedy="请重新输入。")
