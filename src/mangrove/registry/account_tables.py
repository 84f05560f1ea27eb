"""The lists of accounts and of their changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.registry.labels import named
from mangrove.registry.models import AccountChange, User
from mangrove.registry.roles import BY_ID
from mangrove.ui.components import Link, Tag, Tone
from mangrove.ui.languages import listed
from mangrove.ui.tables import SYNTHETIC, Column, Table

STATES: dict[str, Tone] = {"proposed": "warn", "confirmed": "good", "declined": "bad"}


def role_words(ids: Iterable[str]) -> str:
    return listed(BY_ID[id].label for id in ids if id in BY_ID)


def account_link(user: User) -> Any:
    return Link(user.username, reverse("registry:account", args=[user.pk]))


def change_state(change: AccountChange) -> Tag:
    return Tag(change.get_state_display(), STATES[change.state])


ACCOUNTS = Table(
    "accounts",
    _("账号"),
    [
        Column("username", _("用户名"), sort="username", cell=account_link),
        Column("name", _("称谓"), sort="name"),
        Column("organisation", _("单位"), sort="organisation__name", cell=lambda row: named(row.organisation) if row.organisation else None),
        Column("unit", _("处室"), sort="unit"),
        Column("roles", _("角色"), cell=lambda row: role_words(row.roles)),
        Column("is_active", _("状态"), sort="is_active", cell=lambda row: Tag(_("可用"), "good") if row.is_active else Tag(_("停用"))),
        SYNTHETIC,
    ],
    order="username",
)  # fmt: skip

CHANGES = Table(
    "account_changes",
    _("账号变动"),
    [
        Column("username", _("用户名"), cell=lambda row: Link(row.username, reverse("registry:account_change", args=[row.pk]))),
        Column("kind", _("变动"), cell=lambda row: row.get_kind_display()),
        Column("roles", _("角色"), cell=lambda row: role_words(row.content.get("roles", []))),
        Column("why", _("理由")),
        Column("proposed_by_name", _("提出人")),
        Column("proposed_on", _("提出日期")),
        Column("state", _("状态"), cell=change_state),
    ],
    order="",
    empty=_("没有等待复核的账号变动。"),
)  # fmt: skip
