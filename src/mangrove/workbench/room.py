"""The workbench's own lines of the navigation, and the acts of the ledger itself in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mangrove.registry.roles import LEDGER_READERS
from mangrove.ui.house import NavEntry, Room
from mangrove.workbench.navigation import todos


def waiting(user: Any) -> int:
    return len(todos(user))


def reads_ledger(user: Any) -> bool:
    return bool(user.has_role(*LEDGER_READERS))


ROOM = Room(
    id="workbench",
    label=_("工作台"),
    navigation=(
        NavEntry(_("总览"), "workbench:home", "workbench", 10),
        NavEntry(_("待办"), "workbench:inbox", "workbench", 20, count=waiting),
        NavEntry(_("账本"), "workbench:ledger", "administration", 90, visible=reads_ledger),
        NavEntry(_("界面样式"), "workbench:styleguide", "administration", 95, visible=reads_ledger),
    ),
    acts={
        "workbench.backup": _("备份"),
        "workbench.restore": _("从备份恢复"),
        "workbench.drill": _("恢复演练"),
        "workbench.view.share": _("共享视图"),
        "workbench.view.change": _("修改共享视图"),
        "workbench.view.unshare": _("不再共享视图"),
        "workbench.view.delete": _("删除共享视图"),
    },
)

LEDGER = Room(id="ledger", label=_("账本"), acts={"ledger.withhold": _("撤下账本内容")})
