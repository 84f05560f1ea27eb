"""What the registry registers with the house."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.registry.access import reads_accounts
from mangrove.registry.account_changes import CONFIRMING
from mangrove.registry.models import AccountChange, User
from mangrove.registry.naming import NAMES
from mangrove.registry.records.access import reads_records
from mangrove.registry.records.kept import recorded
from mangrove.registry.roles import LOOKING_UP
from mangrove.registry.searching import SEARCH
from mangrove.ui.house import NavEntry, Room, Todo


def waiting_changes(user: Any) -> int | None:
    """How many changes of accounts wait to be confirmed."""
    return AccountChange.objects.filter(state="proposed").count() or None


def todos(user: Any) -> list[Todo]:
    """Proposed changes of accounts, for who decides on them."""
    if not (isinstance(user, User) and user.has_role(CONFIRMING)):
        return []
    waiting = AccountChange.objects.filter(state="proposed").exclude(proposed_by=user.username).order_by("pk")
    return [
        Todo(
            f"{one.get_kind_display()} {one.username}", str(_("复核账号变动")), reverse("registry:account_change", args=[one.pk]), None,
            one.proposed_on, None,
        )
        for one in waiting
    ]  # fmt: skip


ROOM = Room(
    id="registry",
    label=_("名录"),
    prefix="registry",
    urls="mangrove.registry.urls",
    navigation=(
        NavEntry(
            _("机构名录"),
            "registry:organisations",
            "foundations",
            10,
            also=("/registry/import/", "/registry/doubles/", "/registry/merges/"),
            roles=LOOKING_UP,
        ),
        NavEntry(
            _("记录"),
            "registry:records",
            "foundations",
            11,
            visible=reads_records,
            also=tuple(f"/registry/import/{one.id}/" for one in recorded()),
        ),
        NavEntry(
            _("账号"),
            "registry:accounts",
            "administration",
            85,
            count=waiting_changes,
            visible=reads_accounts,
        ),
    ),
    hangs={
        "registry.organisationname.organisation": _("名称"),
        "registry.record.organisation": _("记录"),
        "registry.unit.organisation": _("内设处室"),
        "registry.user.organisation": _("账号"),
    },
    names=NAMES,
    todos=todos,
    search=SEARCH,
    keeps={
        "organisation": "registry:organisations",
        "organisation_name": "registry:organisations",
        "unit": "registry:organisations",
        "district": "registry:organisations",
        "source": "registry:organisations",
        "account": "registry:accounts",
    },
    acts={
        "registry.load_city": _("导入城市资料"),
        "registry.register_organisation": _("登记机构"),
        "registry.rename_organisation": _("变更机构名称"),
        "registry.add_alias": _("登记别名"),
        "registry.correct_credit_code": _("更正统一社会信用代码"),
        "registry.propose_merge": _("提出合并机构"),
        "registry.confirm_merge": _("复核同意合并"),
        "registry.decline_merge": _("认定不是同一家"),
        "registry.undo_merge": _("撤销合并"),
        "registry.show_personal": _("看全个人信息"),
        "registry.purge_personal": _("到期清除个人信息"),
        "registry.import": _("导入机构名录文件"),
        "registry.import_records": _("导入记录文件"),
        "registry.withdraw_record": _("撤下记录"),
        "registry.snapshot": _("写出快照"),
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
        "registry.bind_sign_on": _("首次由统一认证登录"),
        "registry.release_sign_on": _("解除与统一认证用户的绑定"),
    },
)
