"""A small measure in the library and projects in the registry, for the tests of the sandbox; all synthetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from tests.laying import laid
from tests.registry.records.taking import taken

from mangrove.ledger.refs import SYSTEM
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.publishing import publish
from mangrove.policies.sandbox.answering import Answer, answer
from mangrove.policies.sandbox.forms import AskForm
from mangrove.policies.sandbox.snapshots import city
from mangrove.registry.models import District, Organisation

from . import life

#: A comment, quotes and a folded line, so that a draft can lose them.
TEXT = """\
measure: 测试验证环境补助（合成示例）
id: small_testbed
version: {in_force: 2020-01-01, status: 待核, source: 合成示例}
# 门槛和比例以后要改
parameters: {门槛: 100万元, 比例: 30%}   # 比例：参照邻市
definitions:
  合格投资: {for: 扶持项目, is: '经审核投资额 - 10万元'}
clauses:
- id: demo
  article: 第一条
  text: 测试验证环境按经审核投资额的30%补助，投资100万元以上，最高300万元
  for: 扶持项目
  when:
  - 扶持方向 == 测试验证环境
  - 经审核投资额 >= 门槛   # 含本数
  amount: 经审核投资额 * 比例
  cap: [300万元, 合格投资]
- id: bonus
  article: 第二条
  text: 大项目再给20万元
  for: 扶持项目
  when: [扶持方向 == 测试验证环境, "经审核投资额 >= 1000万元"]
  amount: >-
    20万元
"""
WAN = 1_000_000


def people() -> None:
    life.bureau()
    office = Organisation.objects.get(pk="gxj")
    life.person(
        "chain", Organisation.objects.get_or_create(id="lzb", defaults={"name": "链长办"})[0], ["chain_chief"]
    )
    life.person("neighbour", office, ["case_officer"], "基础设施处")
    life.person("colleague", office, ["case_officer"], "应用处")


@laid
def prepared() -> None:
    """Everybody, the small measure, and the projects."""
    people()
    districts()
    entered()
    small()


def small(text: str = TEXT) -> RuleText:
    return publish(text=text, by=SYSTEM, on=timezone.localdate())


def districts() -> None:
    """Two of them, each with two of the firms."""
    for n, (id, name) in enumerate((("nanshan", "南山区"), ("futian", "福田区"))):
        told = {"name": name, "short_name": name[:2], "kind": "district", "order": n, "source": "合成"}
        District.objects.get_or_create(id=id, defaults=told)
    Organisation.objects.filter(pk__in=["firm_a", "firm_b"]).update(
        district="nanshan", scope="city", trade="终端"
    )
    Organisation.objects.filter(pk__in=["firm_c", "firm_d"]).update(
        district="futian", scope="city", trade="芯片"
    )


#: Key, firm, audited investment in 元 (empty: not known), applied on.
Project = tuple[str, str, str, str]
PROJECTS: Sequence[Project] = (
    ("p1", "firm_a", "2000000", "2026-02-01"),
    ("p2", "firm_b", "12345678.91", "2026-03-05"),
    ("p3", "firm_c", "900000", "2026-03-06"),
    ("p4", "firm_d", "", "2026-04-01"),
    ("p5", "firm_c", "1000000.01", "2026-01-15"),
)
HEADS = ("扶持项目标识", "扶持方向", "经审核投资额", "申报日期", "申报单位")


def entered(projects: Sequence[Project] = PROJECTS) -> None:
    rows: list[tuple[Any, ...]] = [HEADS]
    rows += [(key, "测试验证环境", money, day, firm) for key, firm, money, day in projects]
    job = taken("support_project", rows)
    assert job.result, (job.state, job.refusal, job.note)


def asked(rule: RuleText, **typed: str) -> AskForm:
    """A form as somebody would fill it in: numbers by name, the rest by field."""
    names = list(AskForm(rule, {}).constants)
    query = QueryDict(mutable=True)
    for name, text in typed.items():
        query[f"n{names.index(name)}" if name in names else name] = text
    return AskForm(rule, query)


def found(rule: RuleText, **typed: str) -> Answer:
    form = asked(rule, **typed)
    assert form.is_valid(), form.errors
    question = form.asked()
    return answer(question, city(question.known_on))


def query(rule: RuleText, typed: Mapping[str, str]) -> dict[str, str]:
    names = list(AskForm(rule, {}).constants)
    return {f"n{names.index(name)}" if name in names else name: text for name, text in typed.items()}


def day(text: str) -> date:
    return date.fromisoformat(text)
