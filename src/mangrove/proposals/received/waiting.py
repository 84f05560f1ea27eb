"""What the room tells the house about received letters: how many wait, and for whom."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.proposals.received.access import may_read_in, visible_received
from mangrove.ui.house import Todo


def undecided_letters(user: Any) -> int:
    """The letters in this person's sight that are not filed yet."""
    return visible_received(user).filter(case__state="reading").count()


def letters_to_file(user: Any) -> list[Todo]:
    """A letter waits for the person who read it, until it is filed."""
    if not may_read_in(user):
        return []
    mine = visible_received(user).filter(case__state="reading", read_by=user.username).order_by("id")
    return [
        Todo(
            title=f"{letter.mark} {letter.title or letter.name}",
            act=_("确认 %(n)s 项后归档") % {"n": letter.undecided} if letter.undecided else _("归档"),
            url=reverse("proposals:received_letter", args=[letter.pk]),
            due=None,
            since=letter.read_on,
            subject=letter.ref,
        )
        for letter in mine.only("id", "title", "name", "undecided", "read_on")
    ]
