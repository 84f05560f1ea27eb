"""Changes of accounts: proposed by a system administrator, confirmed or declined by a security administrator (复核账号变动).

No one person holds two of the three administrators, so that who confirms is never who proposed. The command line on the
server itself acts at once, as 运维: it opens the first accounts.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry import accounts
from mangrove.registry.actions import required
from mangrove.registry.decisions import known_roles
from mangrove.registry.models import AccountChange, Organisation, Unit, User
from mangrove.registry.roles import BY_ID
from mangrove.ui.languages import listed

PROPOSING, CONFIRMING = "sysadmin", "security"


@transaction.atomic
def propose(
    *, kind: str, username: str, by: User, on: date, why: str, roles: Sequence[str] = (), name: str = "",
    organisation: Organisation | None = None, unit: str = "", rank: str = "",
) -> AccountChange:  # fmt: skip
    """Ask for an account to be opened (``open``), given other ``roles``, or closed (``close``)."""
    refuse_other_role(by, PROPOSING, _("提出账号变动"))
    username, why = required(username, _("用户名")), required(why, _("理由"))
    content: dict[str, Any] = {"roles": known_roles(roles)} if kind != "close" else {}
    if kind == "open":
        content |= {"name": required(name, _("称谓")), "organisation": organisation.pk if organisation else "", "unit": unit, "rank": rank}  # fmt: skip
        refuse_unknown_unit(organisation, unit)
    refuse_impossible(kind, username, by)
    made = AccountChange.objects.create(
        kind=kind, username=username, content=content, why=why, proposed_by=by.username, proposed_by_name=by.name, proposed_on=on
    )  # fmt: skip
    record(
        "registry.propose_account_change",
        subject=about(made),
        by=by.actor,
        on=on,
        why=why,
        payload={"change": made.pk, "kind": kind, **content},
    )
    return made


def refuse_unknown_unit(organisation: Organisation | None, unit: str) -> None:
    """Work goes to an office by its name: somebody in an office that nobody knows of would be sent nothing, and see nothing."""
    known = (
        list(Unit.objects.filter(organisation=organisation).values_list("name", flat=True))
        if organisation
        else []
    )
    if unit and known and unit not in known:
        raise Refusal(
            _("“%(unit)s”不是“%(name)s”的内设处室。") % {"unit": unit, "name": organisation}, code="registry.unknown_unit", where=_("处室"),
            rule=_("各处室的事按处室名称分派"), remedy=_("名录里有：%(known)s。") % {"known": listed(known)},
        )  # fmt: skip


@transaction.atomic
def confirm(*, change: AccountChange, by: User, on: date, why: str = "") -> str:
    """Carry the change out. Returns the first password of an account that was opened, to be handed over; else nothing."""
    change = decided(change, by, "confirmed", on, why)
    return CARRY_OUT[change.kind](change, by, on)


@transaction.atomic
def decline(*, change: AccountChange, by: User, on: date, why: str) -> AccountChange:
    """Leave the account as it is, and say why."""
    return decided(change, by, "declined", on, required(why, _("理由")))


def decided(change: AccountChange, by: User, state: str, on: date, why: str) -> AccountChange:
    """Of two who decide at once, one does: the row is taken as long as it is ``proposed``."""
    refuse_other_role(by, CONFIRMING, _("复核账号变动"))
    if by.username in (change.proposed_by, change.username):
        raise Refusal(
            _("不能复核自己提出的或关于自己的账号变动。"), code="registry.change.own", where=change.username,
            rule=_("账号变动一人提出、另一人复核"), remedy=_("请另一位安全管理员复核。"),
        )  # fmt: skip
    waiting = AccountChange.objects.filter(pk=change.pk, state="proposed")
    if not waiting.update(
        state=state, decided_by=by.username, decided_by_name=by.name, decided_on=on, decided_why=why
    ):
        raise Refusal(
            _("这项账号变动已经复核过。"),
            code="registry.change.decided",
            where=change.username,
            remedy=_("不必再办。"),
        )
    record(
        f"registry.{state}_account_change",
        subject=about(change),
        by=by.actor,
        on=on,
        why=why,
        payload={"change": change.pk},
    )
    change.refresh_from_db()
    return change


def carry_out_open(change: AccountChange, by: User, on: date) -> str:
    said, password = change.content, secrets.token_urlsafe(12)
    organisation = Organisation.objects.get(pk=said["organisation"]) if said["organisation"] else None
    accounts.create_account(
        username=change.username, name=said["name"], roles=said["roles"], organisation=organisation, unit=said["unit"],
        rank=said["rank"], password=password, by=by.actor, on=on, why=change.why,
    )  # fmt: skip
    return password


def carry_out_roles(change: AccountChange, by: User, on: date) -> str:
    user = User.objects.get(username=change.username)
    accounts.change_roles(user=user, roles=change.content["roles"], by=by.actor, on=on, why=change.why)
    return ""


def carry_out_close(change: AccountChange, by: User, on: date) -> str:
    accounts.close_account(
        user=User.objects.get(username=change.username), by=by.actor, on=on, why=change.why
    )
    return ""


CARRY_OUT: Mapping[str, Any] = {"open": carry_out_open, "roles": carry_out_roles, "close": carry_out_close}


def about(change: AccountChange) -> Ref:
    return Ref("registry", "account", change.username)


def refuse_other_role(by: User, role: str, what: str) -> None:
    if not (by.is_active and by.has_role(role)):
        raise Refusal(
            _("您的角色不能%(what)s。") % {"what": what}, code="registry.not_permitted", where=what,
            rule=_("三员分立：系统管理提出账号变动，安全管理复核，审计只查阅"),
            remedy=_("由%(role)s办理。") % {"role": BY_ID[role].label},
        )  # fmt: skip


def refuse_impossible(kind: str, username: str, by: User) -> None:
    """What cannot come true is refused when it is proposed, not when it is confirmed."""
    known = User.objects.filter(username=username).first()
    if (known is None) != (kind == "open"):
        what = _("没有账号“%(username)s”。") if known is None else _("用户名“%(username)s”已经有人使用。")
        raise Refusal(
            what % {"username": username},
            code="registry.change.account",
            where=_("用户名"),
            remedy=_("请核对用户名。"),
        )
    if username == by.username:
        raise Refusal(
            _("不能提出关于自己账号的变动。"),
            code="registry.change.own",
            where=username,
            remedy=_("请另一位系统管理员提出。"),
        )
    if AccountChange.objects.filter(username=username, state="proposed").exists():
        raise Refusal(
            _("这个账号已有一项变动等待复核。"),
            code="registry.change.waiting",
            where=username,
            remedy=_("请等安全管理员复核后再提。"),
        )
