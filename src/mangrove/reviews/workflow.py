"""The two tables of reviewing: a round, and one expert's assignment in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import State, Step, Workflow

OFFICER = ("case_officer",)
EXPERT = ("expert",)

ROUND = Workflow(
    id="reviews.round",
    label=_("评审轮次"),
    url_name="reviews:round",
    start="preparing",
    states=(
        State("preparing", _("准备"), _("准备")),
        State("scoring", _("评审中"), _("评审中")),
        State("closed", _("评审结束"), _("评审结束")),
        State("released", _("意见已发出"), _("意见已发出"), final=True),
        State("dropped", _("已取消"), _("已取消"), final=True),
    ),
    steps=(
        Step("start", _("开始评审"), OFFICER, ("preparing",), "scoring"),
        Step("drop", _("取消"), OFFICER, ("preparing",), "dropped", needs_reason=True, prompts=False),
        Step("close", _("结束评审"), OFFICER, ("scoring",), "closed"),
        Step("release", _("发出意见"), OFFICER, ("closed",), "released"),
    ),
)

#: States of a round that is under way, and of one whose marks stand.
UNDER_WAY, ENDED = ("preparing", "scoring"), ("closed", "released")

#: States in which the expert is still to do something.
WAITING = ("assigned", "declared", "scoring")
#: States in which the expert may read the item in full.
READING = ("declared", "scoring", "submitted", "counted")
#: States in which the expert has left the item.
LEFT = ("recused", "declined", "lapsed")
#: States in which the marks count.
COUNTING = ("submitted", "counted")

ASSIGNMENT = Workflow(
    id="reviews.assignment",
    label=_("专家评审"),
    url_name="reviews:assignment",
    start="assigned",
    states=(
        State("assigned", _("待声明"), _("评审中")),
        State("declared", _("待评分"), _("评审中")),
        State("scoring", _("评分中"), _("评审中")),
        State("submitted", _("已提交"), _("已评审")),
        State("counted", _("已计入"), _("已评审"), final=True),
        State("recused", _("已回避"), _("已更换"), final=True),
        State("declined", _("已谢绝"), _("已更换"), final=True),
        State("lapsed", _("未评"), _("未评"), final=True),
    ),
    steps=(
        Step("declare", _("声明无利益冲突"), EXPERT, ("assigned",), "declared"),
        Step("declare_conflict", _("声明有利益冲突"), EXPERT, ("assigned", "declared", "scoring"), "recused", needs_reason=True, prompts=False),
        Step("decline", _("谢绝评审"), EXPERT, WAITING, "declined", needs_reason=True, prompts=False),
        Step("begin", _("动笔"), EXPERT, ("declared",), "scoring", prompts=False),
        Step("submit", _("提交评分"), EXPERT, ("declared", "scoring"), "submitted"),
        Step("recuse", _("依职权回避"), OFFICER, (*WAITING, "submitted"), "recused", needs_reason=True, prompts=False),
        Step("reopen", _("退回重评"), OFFICER, ("submitted",), "scoring", needs_reason=True, prompts=False),
        Step("count", _("计入结果"), (), ("submitted",), "counted"),
        Step("lapse", _("未评终止"), (), WAITING, "lapsed"),
    ),
)  # fmt: skip
