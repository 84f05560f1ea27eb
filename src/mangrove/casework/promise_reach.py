"""What is said to who finds no promise: which promises this person reads, who reads the others, and where to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor, readable_promises, reads_all, takes_part
from mangrove.casework.actions import role_names
from mangrove.casework.promise_workflow import PROMISES
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui import house

LIST = "casework:promises"


@dataclass(frozen=True)
class Nothing:
    """An empty list in words: what that means, what to do, and the page that helps on, with the words that lead there."""

    what: str
    remedy: str
    href: str = ""
    act: str = ""


def nothing_to_read(user: Visitor) -> Nothing:
    """To who reads every promise that there is none; to anybody else that there is none within their reach."""
    if not isinstance(user, User) or reads_all(user, PROMISES):
        return Nothing(_("还没有登记在案的承诺"), _("答复签发后，其中的承诺逐项列在这里，直到办结。"))
    return Nothing(_("没有您可查阅的承诺"), reach_words(user), *elsewhere(user))


def nothing_open(user: Visitor) -> Nothing:
    """The same for a list that leaves out what is finished."""
    if readable_promises(user).exists():
        return Nothing(_("没有未了结的承诺"), _("您可查阅的承诺都已了结，仍列在承诺台账里。"))
    return nothing_to_read(user)


def reach_words(user: User) -> str:
    """Which promises this person reads, and who reads those of all units."""
    readers = {"roles": role_names(PROMISES.readers)}
    if user.organisation and takes_part(user, PROMISES):
        return _(
            "这里列出%(organisation)s作出的承诺，以及您本人经手的。其他承诺由作出承诺的单位办理，"
            "可查阅全部承诺的是%(roles)s；答复中的承诺也在答复页上标出。"
        ) % {"organisation": named(user.organisation), **readers}
    return (
        _(
            "这里列出送达给您的答复中的承诺，以及您本人经手的。其他承诺由作出承诺的单位办理，"
            "可查阅全部承诺的是%(roles)s。"
        )
        % readers
    )


def elsewhere(user: User) -> tuple[str, str]:
    """The first list of answers beside this one that the navigation offers this person; promises stand in answers."""
    lines = [entry for room in house.rooms() for entry in room.navigation if entry.group == "answers"]
    offered = [line for line in lines if line.url_name != LIST and line.visible(user)]
    first: Any = min(offered, key=lambda line: line.order, default=None)
    if first is None:
        return "", ""
    return reverse(first.url_name), _("看%(list)s") % {"list": first.label}
