"""What the registry registers with the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.registry.naming import NAMES
from mangrove.ui.house import NavEntry, Room

ROOM = Room(
    id="registry",
    label=_("名录"),
    prefix="registry",
    urls="mangrove.registry.urls",
    navigation=(NavEntry(_("机构名录"), "registry:organisations", "foundations", 10),),
    names=NAMES,
    acts={
        "registry.load_city": _("导入城市资料"),
        "registry.register_organisation": _("登记机构"),
        "registry.rename_organisation": _("变更机构名称"),
        "registry.add_alias": _("登记别名"),
        "registry.correct_credit_code": _("更正统一社会信用代码"),
        "registry.import": _("导入机构名录文件"),
        "registry.create_account": _("开立账号"),
        "registry.change_password": _("修改密码"),
        "registry.change_roles": _("变更角色"),
        "registry.close_account": _("停用账号"),
        "registry.unlock_account": _("解除锁定"),
    },
)
