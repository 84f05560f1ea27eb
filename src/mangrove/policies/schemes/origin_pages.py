"""The table “表单从哪里来”, as pages of a scheme and of its measure show it."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from mangrove.casework.things import Section
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.schemes.definition import Scheme, schemes
from mangrove.policies.schemes.origins import origins
from mangrove.policies.schemes.tables import ORIGINS


def form_section(one: Scheme, rule: RuleText) -> Section:
    """Raises :class:`Refusal` where the measure lacks the clause."""
    page = ORIGINS.page(origins(one, rule), QueryDict())
    return Section("origins", _("表单从哪里来"), page, text=explained(one))


def forms_under(rule: RuleText) -> list[Section]:
    """Of each scheme that goes by the measure, by this version of it; one whose clause this version lacks has no form under it."""
    under = [one for one in schemes().values() if one.measure == rule.rule and has_clause(one, rule)]
    return [named_section(one, rule) for one in under]


def has_clause(one: Scheme, rule: RuleText) -> bool:
    return any(clause.id == one.step for clause in measure_of(rule).paid())


def named_section(one: Scheme, rule: RuleText) -> Section:
    head = _("表单从哪里来：%(scheme)s") % {"scheme": one.title}
    return replace(form_section(one, rule), id=f"origins-{one.id}", head=head)


def explained(one: Scheme) -> str:
    if one.instant:
        return _("这一事项免申即享：条款要的都取自名录和记录，够了就比对，没有表单。")
    return _(
        "表单不是手写的：系统读这一条款要用哪些输入，去掉名录和记录里已有的、由审核环节写入的，剩下的各成一问；"
        "再加上项目名称等固定几问、绩效指标和材料。措施换了版本，下次开放申报时表单随之重写，已交的不变。"
    )
