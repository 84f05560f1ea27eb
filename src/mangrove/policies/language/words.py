"""The rule language in three short lists. In full it is told in ``docs/rulebook.md``; tests hold each line to the language itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Line:
    """``written`` as it stands in a draft, for the kind of thing ``of``; ``means`` in words."""

    written: str
    means: Any
    of: str = "support_project"


#: What stands at the top of a measure.
MEASURE: Sequence[Line] = (
    Line("measure", _("措施的名称")),
    Line("id", _("英文标识；同一标识的各份文字是同一项措施的各个版本")),
    Line(
        "version",
        _("施行日 in_force、失效日 until、核对状态 status、出处 source；以哪个日期定适用写 decided_by"),
    ),
    Line("parameters", _("给数起名，如 {门槛: 300万元, 比例: 30%}；试算时改的就是这些数")),
    Line("inputs", _("要人判断的：对什么、是什么、由谁判断")),
    Line("definitions", _("给式子起名，免得重复写；后面的可以用前面的")),
    Line("clauses", _("条款，以及条款之间的选择、合计")),
    Line("quotas", _("名额：哪一条、至多几个、按什么排")),
    Line("note", _("说明，哪里都可以写")),
)

CLAUSE: Sequence[Line] = (
    Line("id", _("条款的英文标识；后面的式子里可以当名称用")),
    Line("article", _("第几条")),
    Line("text", _("条文")),
    Line("text_status", _("条文是原文、转述还是待录入")),
    Line("for", _("对什么算：一种对象，看本页的“能用的名称”")),
    Line("when", _("条件，一行一个，全部符合才算符合；几项中取几项的，用 any、all、at_least")),
    Line("amount", _("给多少；不写的条款只判断符合不符合")),
    Line("cap", _("最多多少；写几个的，最低的起作用")),
    Line("less", _("已经拿过的，封顶之后扣掉，扣到零为止")),
    Line("shares", _("谁来分担，如 {省级: 5, 市级: 5}")),
    Line("choose", _("在几条之间选；怎样选写 keep：highest 就高、first 取第一个符合的、sum 叠加")),
    Line("total", _("把几条加起来再封顶；缺金额时怎样办写 unknown")),
    Line("keep", _("配合 choose")),
    Line("unknown", _("配合 total：skip 是先付知道的")),
)

#: Each can be read as it stands, for the kind of thing that it names.
FORMULAS: Sequence[Line] = (
    Line("经审核投资额 * 30%", _("加减乘除；单位要说得通，除以零就是不知道")),
    Line("经审核投资额 >= 300万元", _("比较：== != < <= > >=")),
    Line("扶持方向 in [应用示范, 产业平台]", _("是不是其中之一；反过来写 not in")),
    Line("申报日期 in [2026-01-01 .. 2027-01-01)", _("范围：方括号含端点，圆括号不含")),
    Line("经审核投资额 >= 300万元 且 扶持方向 == 应用示范", _("条件的连接：且、或、非，前后留空格")),
    Line("at_least(2; 已开工, 联合建设, 经审核投资额 >= 300万元)", _("至少几项")),
    Line("申报单位.类别 == 企业", _("顺着关联取上级的字段")),
    Line("count(扶持项目 where 扶持方向 == 应用示范)", _("数下级；合计写 sum(… of …)，另有 min_of、max_of、any、all"), "organisation"),
    Line("tiers(经审核投资额; <1000万元: 10%, else: 20%)", _("分档，界限由低到高")),
    Line("match(扶持方向; 应用示范: 50万元, else: 30万元)", _("按取值给不同的数")),
    Line("min(经审核投资额 * 30%, 500万元)", _("取小；取大写 max")),
    Line("if(联合建设, 50万元, 30万元)", _("符合给前一个，不符合给后一个")),
    Line('round_to(经审核投资额, 1万元, "down")', _("取整到一档；另有 up 和 half_up")),
    Line("years_between(验收日期, 决定日) >= 1", _("满几年；满几天写 days_between，几年后的同一天写 years_after")),
)  # fmt: skip
