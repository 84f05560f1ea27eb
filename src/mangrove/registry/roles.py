"""The roles that an account can hold, as data: what each is called, and what it may do in this room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Role:
    """``label`` is the interface string; ``zh`` and ``en`` serve exports that carry both languages."""

    id: str
    label: Any
    zh: str
    en: str
    duty: Any


ROLES: tuple[Role, ...] = (
    Role("registrar", pgettext_lazy("role", "登记"), "登记", "Registrar", _("市府办：登记并交办建议")),
    Role(
        "case_officer",
        pgettext_lazy("role", "经办人"),
        "经办人",
        "Case officer",
        _("承办处室：办理、起草答复"),
    ),
    Role("reviewer", pgettext_lazy("role", "核稿"), "核稿", "Reviewer", _("核对依据、数字与格式")),
    Role(
        "payment_officer",
        pgettext_lazy("role", "资金经办"),
        "资金经办",
        "Payment officer",
        _("登记资金，办理付款指令，登记国库回执"),
    ),
    Role(
        "payment_approver",
        pgettext_lazy("role", "资金审核"),
        "资金审核",
        "Payment approver",
        _("审核付款指令，送出批次；不审核自己经办的"),
    ),
    Role("signer", pgettext_lazy("role", "签发人"), "签发人", "Signing officer", _("局长或副局长：签发公文")),
    Role("deputy", pgettext_lazy("role", "代表"), "代表", "Deputy", _("阅答复、作评价、看承诺落实")),
    Role(
        "deputies_office",
        pgettext_lazy("role", "选联任工委"),
        "选联任工委",
        "Deputies' affairs committee",
        _("督办建议、汇总满意度"),
    ),
    Role(
        "inspector",
        pgettext_lazy("role", "督查室"),
        "督查室",
        "Inspection office",
        _("督查办理期限与承诺落实"),
    ),
    Role(
        "chain_chief", pgettext_lazy("role", "链长办"), "链长办", "Chain chief's office", _("看全局、问缘由")
    ),
    Role(
        "objection_office",
        pgettext_lazy("role", "异议受理"),
        "异议受理",
        "Objection office",
        _("受理并答复对公示结果的异议"),
    ),
    Role(
        "complaint_office",
        pgettext_lazy("role", "投诉举报受理"),
        "投诉举报受理",
        "Complaints office",
        _("受理并答复投诉和举报"),
    ),
    Role(
        "applicant",
        pgettext_lazy("role", "申报单位"),
        "申报单位",
        "Applicant",
        _("填报、提交申报，看办理进度"),
    ),
    Role("operator", pgettext_lazy("role", "运营商"), "运营商", "Operator", _("报送基站、反映受阻站址")),
    Role("district", pgettext_lazy("role", "区"), "区", "District", _("协调解决本区受阻站址")),
    Role("expert", pgettext_lazy("role", "专家"), "专家", "Expert", _("评审指派给自己的件")),
    Role("auditor", pgettext_lazy("role", "审计"), "审计", "Auditor", _("查阅全部记录，不作改动")),
    Role(
        "sysadmin", pgettext_lazy("role", "系统管理"), "系统管理", "System administrator", _("管理账号与运行")
    ),
    Role(
        "security",
        pgettext_lazy("role", "安全管理"),
        "安全管理",
        "Security administrator",
        _("管理权限、复核账号变动"),
    ),
)

BY_ID = {role.id: role for role in ROLES}

#: 三员: the system, the security and the audit administrator. No one person holds two of them.
ADMINISTRATORS = ("sysadmin", "security", "auditor")

#: The offices at their desks: who registers, handles, checks, signs and oversees.
HOUSE = (
    "registrar", "case_officer", "reviewer", "signer", "deputies_office", "inspector", "chain_chief", "auditor",
)  # fmt: skip

#: Who has to do with support and money: what is published for them, and what is said against it.
SUPPORTED = (
    "case_officer", "reviewer", "signer", "payment_officer", "payment_approver", "inspector", "chain_chief",
    "objection_office", "complaint_office", "applicant", "operator", "district", "auditor",
)  # fmt: skip

#: Who looks up organisations and figures in the course of their work.
LOOKING_UP = (
    *HOUSE, "deputy", "payment_officer", "payment_approver", "operator", "district", "sysadmin", "security",
)  # fmt: skip

#: Who reads the whole ledger: each of the three, and nobody else.
LEDGER_READERS = ADMINISTRATORS
