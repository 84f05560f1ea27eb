"""What this room registers with the house."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.reviews.access import bureau_rounds, is_expert, is_officer, own_assignments, released_items
from mangrove.reviews.naming import NAMES
from mangrove.reviews.workflow import ASSIGNMENT, ROUND, WAITING
from mangrove.ui.house import NavEntry, Room, once

ACTS = {
    "reviews.admit": _("专家入库"),
    "reviews.change_expert": _("修改专家"),
    "reviews.suspend": _("暂停专家"),
    "reviews.reinstate": _("恢复专家"),
    "reviews.agree": _("同意保密承诺"),
    "reviews.add_item": _("录入评审件"),
    "reviews.add_file": _("上传评审材料"),
    "reviews.name_unsuitable": _("登记不适合的专家"),
    "reviews.draw": _("抽取专家"),
    f"{ROUND.id}.open": _("开评审轮次"),
    f"{ASSIGNMENT.id}.open": _("指派专家"),
    **{f"{flow.id}.{step.act}": step.label for flow in (ROUND, ASSIGNMENT) for step in flow.steps},
}


def open_rounds(user: Any) -> int:
    return once(user, "review_rounds", bureau_rounds(user).filter(case__closed_on=None).count)


def own_waiting(user: Any) -> int:
    return once(user, "review_waiting", own_assignments(user).filter(case__state__in=WAITING).count)


def released_count(user: Any) -> int:
    return once(user, "review_released", released_items(user).count)


def round_address(id: str) -> str:
    return reverse("reviews:round", args=[id])


ROOM = Room(
    id="reviews",
    label=_("专家评审"),
    prefix="reviews",
    urls="mangrove.reviews.urls",
    navigation=(
        NavEntry(_("我的评审"), "reviews:desk", "workbench", 30, count=own_waiting, visible=is_expert),
        NavEntry(_("评审意见"), "reviews:released", "workbench", 35, count=released_count, visible=lambda user: bool(released_count(user))),
        NavEntry(_("专家评审"), "reviews:rounds", "applications", 60, count=open_rounds, visible=is_officer),
        NavEntry(_("专家库"), "reviews:experts", "applications", 65, visible=is_officer),
    ),
    acts=ACTS,
    addresses={"round": round_address},
    keeps={"expert": "reviews:experts", "review_assignment": "reviews:rounds"},
    hangs={
        "reviews.expert.bureau": _("入库专家"),
        "reviews.item.parties": _("受评事项"),
        "reviews.round.bureau": _("评审轮次"),
    },
    names=NAMES,
)  # fmt: skip
