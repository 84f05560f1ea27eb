"""What is asked of who proposes a change of an account, decides on it, or looks after somebody's sign-ins."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.registry.choosing import OrganisationField
from mangrove.registry.roles import ROLES


class WhyForm(forms.Form):
    use_required_attribute = False
    why = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RolesForm(WhyForm):
    roles = forms.MultipleChoiceField(
        label=_("角色"), choices=[(role.id, role.label) for role in ROLES], widget=forms.CheckboxSelectMultiple,
        help_text=_("系统管理、安全管理、审计三者，一人只能有其一。"),
    )  # fmt: skip
    field_order: Sequence[str] = ("roles", "why")


class OpenForm(RolesForm):
    username = forms.CharField(label=_("用户名"), max_length=150)
    name = forms.CharField(label=_("称谓"), max_length=150, help_text=_("例如 经办人甲"))
    organisation = OrganisationField(label=_("单位"), required=False)
    unit = forms.CharField(label=_("处室"), max_length=100, required=False)
    rank = forms.CharField(label=_("职级"), max_length=40, required=False)
    field_order = ("username", "name", "organisation", "unit", "rank", "roles", "why")


class DecideForm(forms.Form):
    use_required_attribute = False
    why = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("不同意的须写明理由。")
    )  # fmt: skip
