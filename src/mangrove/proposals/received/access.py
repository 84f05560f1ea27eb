"""The only way to reach a received letter or a thing in it.

Officers and reviewers read the letters of their own organisation and work on them; offices that oversee handling read
all. Whoever else asks, deputies among them, is answered like one who asks for what does not exist.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import access_case
from mangrove.casework.workflow import workflow
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.received.models import ReceivedItem, ReceivedLetter
from mangrove.proposals.received.workflow import READERS
from mangrove.proposals.workflow import OFFICES
from mangrove.registry.models import User

Visitor = User | AnonymousUser


def may_read_in(user: Visitor) -> bool:
    """Whether this person may bring in letters: an officer or a reviewer of an organisation."""
    return (
        isinstance(user, User)
        and user.is_active
        and bool(user.organisation_id)
        and user.has_role(*READERS)
        and not user.has_role("deputy")
    )


def may_look(user: Visitor) -> bool:
    """Whether received letters exist for this person at all."""
    return may_read_in(user) or (
        isinstance(user, User) and user.is_active and user.has_role(*OFFICES) and not user.has_role("deputy")
    )


def visible_received(user: Visitor) -> QuerySet[ReceivedLetter]:
    """The letters that this person may know of."""
    if not isinstance(user, User) or not may_look(user):
        return ReceivedLetter.objects.none()
    if user.has_role(*OFFICES):
        return ReceivedLetter.objects.all()
    return ReceivedLetter.objects.filter(organisation__in=user.bodies)


def received_cases(user: User) -> Q:
    """Of the cases, those of the letters that this person may know of: the files follow the letter."""
    return Q(pk__in=visible_received(user).values("case"))


def access_received(user: Visitor, id: int, to: str = "read") -> ReceivedLetter:
    """The letter, to ``read``, to ``work`` on what it contains, or to take a step (``file``, ``reopen``).

    Raises ``Http404`` for what the user may not know of, :class:`Refusal` for what they may not do.
    """
    found = visible_received(user).select_related("case", "organisation").filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这封来函，或您不在阅读范围内。"))
    if to == "work":
        refuse_unless_working(user, found)
    elif to != "read":
        access_case(user, found.case_id, to=to)
    return found


def access_item(user: Visitor, id: int, number: str, to: str = "read") -> ReceivedItem:
    """A thing in a letter, by its number (``N03``), to ``read`` or to ``work`` on."""
    letter = access_received(user, id, to)
    found = letter.items.filter(number=number).first()
    if found is None:
        raise Http404(_("来函 %(mark)s 中没有 %(number)s。") % {"mark": letter.mark, "number": number})
    found.letter = letter
    return found


def may_work(user: Visitor, letter: ReceivedLetter) -> bool:
    """Whether this person may decide about what the letter contains, now."""
    return (
        may_read_in(user)
        and isinstance(user, User)
        and letter.organisation_id in user.bodies
        and letter.case.state == "reading"
    )


def refuse_unless_working(user: Visitor, letter: ReceivedLetter) -> None:
    if may_work(user, letter):
        return
    state = workflow(letter.case.workflow).state(letter.case.state)
    raise Refusal(
        _("来函 %(mark)s 现为“%(label)s”，您不能改动其中的内容。") % {"mark": letter.mark, "label": state.label},
        code="proposals.received_not_working", where=str(letter),
        remedy=_("只有读入此函的单位的经办人和核稿人可以在“待确认”时改动；已归档的须先由核稿人写明理由重新打开。"),
    )  # fmt: skip
