"""The only way to reach a proposal, a reply or a signed letter.

Offices that oversee handling read everything. The people of a unit who handle proposals read those that it was
handed, until it gives them back. A deputy reads their own, and of the replies only letters that were delivered: no draft, no opinion of the
house. Whatever a person may not know of answers like what does not exist.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import access_case
from mangrove.casework.models import Clock
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.promises import promises_sent
from mangrove.casework.workflow import workflow
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.models import Delivery, DifferenceReport, Proposal, Reply, SignedLetter
from mangrove.proposals.rules import rules
from mangrove.proposals.workflow import OFFICES, RATEABLE, SIGNED
from mangrove.registry.models import User

Visitor = User | AnonymousUser

#: Roles by which the people of a unit take part in its replies; an account without one reads none of them.
HANDLERS = ("case_officer", "reviewer", "signer")


def reads_as_deputy(user: Visitor) -> bool:
    """Whether this person sees what deputies see, and not what the offices see among themselves."""
    return isinstance(user, User) and user.has_role("deputy") and not user.has_role(*OFFICES)


def visible_proposals(user: Visitor) -> QuerySet[Proposal]:
    """The proposals that this person may know of."""
    if not isinstance(user, User) or not user.is_active:
        return Proposal.objects.none()
    if user.has_role(*OFFICES):
        return Proposal.objects.all()
    signed = Proposal.deputies.through.objects.filter(user=user)
    own = Q(pk__in=signed.values("proposal") if user.has_role("deputy") else [])
    if user.has_role(*HANDLERS) and not user.has_role("deputy") and user.organisation_id:
        handed = Reply.objects.filter(organisation__in=user.bodies).exclude(case__state="returned")
        own |= Q(pk__in=handed.values("proposal"))
    return Proposal.objects.filter(own)


def visible_replies(user: Visitor) -> QuerySet[Reply]:
    """The replies that this person may read: an oversight office all, a deputy what was delivered, a unit its own.

    Of the other units of its proposals a unit reads the opinions asked for (会办), and answers once they are signed:
    unsigned drafts and what is said about them are the affair of who writes them.
    """
    replies = Reply.objects.filter(proposal__in=visible_proposals(user))
    if reads_as_deputy(user):
        return replies.filter(pk__in=Delivery.objects.values("letter__reply"))
    if not isinstance(user, User) or user.has_role(*OFFICES):
        return replies
    own = Q(organisation__in=user.bodies)
    return replies.filter(own | Q(part="会办") | Q(case__state__in=SIGNED))


def visible_letters(user: Visitor) -> QuerySet[SignedLetter]:
    """The signed letters that this person may read: a deputy those that were delivered."""
    letters = SignedLetter.objects.filter(reply__in=visible_replies(user))
    return letters.filter(pk__in=Delivery.objects.values("letter")) if reads_as_deputy(user) else letters


def promises_made(user: User) -> Q:
    """Of the cases, the promises of the letters that were sent to this deputy; nobody else is opened anything."""
    if not reads_as_deputy(user):
        return Q(pk__in=[])
    return Q(
        workflow=PROMISES.id,
        parent__reply__in=visible_replies(user),
        pk__in=promises_sent().values("promise__case"),
    )


def access_proposal(user: Visitor, id: str, to: str = "read") -> Proposal:
    """The proposal, to ``read`` or to take a step (an act of its workflow).

    Raises ``Http404`` for what the user may not know of, :class:`Refusal` for what they may not do.
    """
    found = visible_proposals(user).select_related("case").filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这件建议，或您不在办理范围内。"))
    if to != "read":
        access_case(user, found.case_id, to=to)
    return found


def access_reply(user: Visitor, id: str, to: str = "read") -> Reply:
    """The reply, to ``read``, ``write`` its draft, or take a step (an act of its workflow)."""
    found = (
        visible_replies(user).select_related("proposal__case", "organisation", "case").filter(pk=id).first()
    )
    if found is None:
        refuse_before_hand_over(user, id)
        raise Http404(_("没有这件答复，或您不在办理范围内。"))
    if to == "write":
        refuse_unless_writer(user, found)
    elif to == "rate":
        refuse_unless_rater(user, found)
    elif to != "read":
        access_case(user, found.case_id, to=to)
    return found


def access_letter(user: Visitor, id: int) -> SignedLetter:
    """A signed letter, to read it."""
    found = (
        visible_letters(user).select_related("reply__proposal", "reply__organisation").filter(pk=id).first()
    )
    if found is None:
        raise Http404(_("没有这份已签发的答复，或您不在办理范围内。"))
    return found


def access_difference(user: Visitor, id: int) -> DifferenceReport:
    """A difference report; read by whoever reads the letter, deputies excepted."""
    found = DifferenceReport.objects.select_related("letter__reply__proposal").filter(pk=id).first()
    if found is None or reads_as_deputy(user):
        raise Http404(_("没有这份差异报告。"))
    access_letter(user, found.letter_id)
    return found


def refuse_before_hand_over(user: Visitor, id: str) -> None:
    """Say to who knows the proposal that nobody answers it yet; to others there is nothing."""
    proposal = visible_proposals(user).filter(pk=id.rpartition("-")[0], replies=None).first()
    if proposal is not None and not reads_as_deputy(user):
        raise Refusal(
            _("建议 %(number)s 还没有交办，不能答复。") % {"number": proposal.number},
            code="proposals.not_handed", where=proposal.number, rule=_("先交办，后答复"), remedy=_("请由市府办先交办给承办单位。"),
        )  # fmt: skip


def may_rate(user: Visitor, reply: Reply) -> bool:
    """Whether this person is asked for a rating now: a deputy of the proposal who has not rated the letter sent last."""
    if not isinstance(user, User) or not user.has_role("deputy") or reply.organisation_id in user.bodies:
        return False
    if reply.case.state not in RATEABLE or not reply.proposal.deputies.filter(pk=user.pk).exists():
        return False
    letter = reply.signed_letters.order_by("-version").first()
    return letter is not None and not letter.ratings.filter(deputy=user.username).exists()


def refuse_unless_rater(user: Visitor, reply: Reply) -> None:
    """Ratings come from the deputies who signed, never from the unit that is rated."""
    if may_rate(user, reply):
        return
    signed = isinstance(user, User) and reply.proposal.deputies.filter(pk=user.pk).exists()
    if not signed or not isinstance(user, User) or not user.has_role("deputy"):
        what = _("只有提出这件建议的代表可以评价，承办单位不能代填。")
    elif reply.case.state not in RATEABLE:
        what = _("答复还没有送达，或此件已经办结，现在不能评价。")
    else:
        what = _("您已经评价过这份答复，评价不能更改；再次答复后可以重新评价。")
    raise Refusal(
        what, code="proposals.not_rater", where=str(reply.proposal), rule=rules().rating_source,
        remedy=_("如有其他意见，请与选联任工委联系。"),
    )  # fmt: skip


def access_clock(user: Visitor, id: int, to: str = "read") -> Clock:
    """A time limit of a reply, to ``read`` or to ``change``: by its unit's officers and the offices that hand over."""
    found = Clock.objects.select_related("case__reply").filter(pk=id, case__reply__isnull=False).first()
    if found is None or reads_as_deputy(user):
        raise Http404(_("没有这个时限。"))
    reply = access_reply(user, found.case.reply.pk)
    if to != "read" and not may_change_limits(user, reply):
        raise Refusal(
            _("您不能改动这件答复的时限。"),
            code="proposals.not_limit_keeper", where=str(reply.proposal),
            remedy=_("由承办单位经办人、市府办或选联任工委办理。"),
        )  # fmt: skip
    return found


def may_change_limits(user: Visitor, reply: Reply) -> bool:
    if not isinstance(user, User):
        return False
    own = user.has_role("case_officer") and reply.organisation_id in user.bodies
    return own or user.has_role("registrar", "deputies_office")


def may_write(user: Visitor, reply: Reply) -> bool:
    """Whether this person may save drafts of the reply now."""
    return (
        isinstance(user, User)
        and user.has_role("case_officer")
        and reply.organisation_id in user.bodies
        and reply.case.state == "drafting"
    )


def refuse_unless_writer(user: Visitor, reply: Reply) -> None:
    if may_write(user, reply):
        return
    state = workflow(reply.case.workflow).state(reply.case.state)
    raise Refusal(
        _("现为“%(label)s”，您不能改动答复稿。") % {"label": state.label},
        code="proposals.not_writer", where=str(reply.proposal),
        remedy=_("只有承办单位的经办人在“办理起草”时可以改稿；在核稿或签发阶段须先退回修改。"),
    )  # fmt: skip
