"""What the registry registers with the house."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mangrove.registry.access import reads_accounts
from mangrove.registry.models import AccountChange
from mangrove.registry.naming import NAMES
from mangrove.registry.searching import SEARCH
from mangrove.ui.house import NavEntry, Room


def waiting_changes(user: Any) -> int | None:
    """How many changes of accounts wait to be confirmed."""
    return AccountChange.objects.filter(state="proposed").count() or None


ROOM = Room(
    id="registry",
    label=_("名录"),
    prefix="registry",
    urls="mangrove.registry.urls",
    navigation=(
        NavEntry(_("机构名录"), "registry:organisations", "foundations", 10, also=("/registry/import/",)),
        NavEntry(
            _("账号"), "registry:accounts", "foundations", 85, count=waiting_changes, visible=reads_accounts
        ),
    ),
    names=NAMES,
    search=SEARCH,
    acts={
        "registry.load_city": _("导入城市资料"),
        "registry.register_organisation": _("登记机构"),
        "registry.rename_organisation": _("变更机构名称"),
        "registry.add_alias": _("登记别名"),
        "registry.correct_credit_code": _("更正统一社会信用代码"),
        "registry.import": _("导入机构名录文件"),
        "registry.create_account": _("开立账号"),
        "registry.change_password": _("修改密码"),
        "registry.propose_account_change": _("提出账号变动"),
        "registry.confirmed_account_change": _("复核同意账号变动"),
        "registry.declined_account_change": _("复核不同意账号变动"),
        "registry.enrol_factor": _("启用二次验证"),
        "registry.leave_factor": _("停用二次验证"),
        "registry.use_recovery_code": _("使用恢复码"),
        "registry.reset_factor": _("重置二次验证"),
        "registry.end_sign_in": _("结束登录"),
        "registry.change_roles": _("变更角色"),
        "registry.close_account": _("停用账号"),
        "registry.unlock_account": _("解除锁定"),
    },
)
