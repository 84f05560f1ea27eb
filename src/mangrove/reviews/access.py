"""The only way to reach anything of a review. What somebody may not know of answers like what does not exist.

An officer of the bureau (``case_officer``) reads the bureau's pool and rounds. An expert reads their own assignments, never an
item as such. An applicant reads what was released of the items of the own organisation, and nothing before.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.reviews.models import Assignment, Expert, Item, ItemFile, Round
from mangrove.reviews.workflow import EXPERT, OFFICER, READING

Visitor = User | AnonymousUser


def is_officer(user: Visitor) -> bool:
    return (
        isinstance(user, User)
        and user.is_active
        and user.has_role(*OFFICER)
        and user.organisation_id is not None
    )


def is_expert(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(*EXPERT)


def access_office(user: Visitor) -> User:
    """The user as an officer of a bureau; ``Http404`` for everybody else."""
    if not is_officer(user) or not isinstance(user, User):
        raise missing()
    return user


def missing() -> Http404:
    return Http404(_("没有这一页，或您不在办理范围内。"))


def bureau_experts(user: Visitor) -> QuerySet[Expert]:
    """The bureau's pool, for its officers."""
    if not is_officer(user) or not isinstance(user, User):
        return Expert.objects.none()
    return Expert.objects.filter(bureau__in=user.bodies).select_related("user__organisation", "bureau")


def bureau_rounds(user: Visitor) -> QuerySet[Round]:
    """The bureau's rounds, for its officers."""
    if not is_officer(user) or not isinstance(user, User):
        return Round.objects.none()
    return Round.objects.filter(bureau__in=user.bodies).select_related("case", "bureau")


def own_assignments(user: Visitor) -> QuerySet[Assignment]:
    """An expert's own, in rounds that have begun; what is being prepared is nobody's business yet."""
    if not is_expert(user) or not isinstance(user, User):
        return Assignment.objects.none()
    return Assignment.objects.filter(expert__user=user).exclude(item__round__case__state="preparing")


def released_items(user: Visitor) -> QuerySet[Item]:
    """The items of the own organisation whose comments have been released."""
    if not isinstance(user, User) or not user.is_active or user.organisation_id is None:
        return Item.objects.none()
    if user.has_role(*EXPERT, *OFFICER):  # who reviews or runs reviews has pages of their own
        return Item.objects.none()
    theirs = Item.parties.through.objects.filter(organisation__in=user.bodies)
    released = Item.objects.filter(round__case__state="released", pk__in=theirs.values("item"))
    return released.select_related("round__bureau")


def access_expert(user: Visitor, id: int) -> Expert:
    """An expert of the own bureau's pool, to read or to change. Raises ``Http404``."""
    found = bureau_experts(user).filter(pk=id).first()
    if found is None:
        raise missing()
    return found


def access_round(user: Visitor, id: int) -> Round:
    """A round of the own bureau, to read or for an act of its workflow. Raises ``Http404``."""
    found = bureau_rounds(user).filter(pk=id).first()
    if found is None:
        raise missing()
    return found


def access_item(user: Visitor, id: int) -> Item:
    """An item of a round of the own bureau. Raises ``Http404``."""
    found = Item.objects.filter(pk=id, round__in=bureau_rounds(user)).select_related(
        "round__case", "round__bureau"
    )
    one = found.first()
    if one is None:
        raise missing()
    return one


def access_assignment(user: Visitor, uid: UUID | str, to: str = "read") -> Assignment:
    """An assignment: to ``read`` its page, to read the ``text`` or to ``write`` as its expert, to ``oversee`` as the bureau's officer.

    Raises ``Http404`` for what the user may not know of, :class:`Refusal` for what an expert may not read (yet).
    """
    within = (
        Assignment.objects.filter(item__round__in=bureau_rounds(user))
        if to == "oversee"
        else own_assignments(user)
    )
    found = (
        within.select_related("case", "item__round__case", "expert__user__organisation")
        .filter(pk=uid)
        .first()
    )
    if found is None:
        raise missing()
    if to == "text" and found.case.state not in READING:
        raise Refusal(
            _("先声明有无利益冲突，才能看全文。") if found.case.state == "assigned" else _("您已不评审此件，全文不再提供。"),
            code="reviews.not_readable", where=_("评审件 %(code)s") % {"code": found.item.code},
        )  # fmt: skip
    return found


def access_file(user: Visitor, uid: UUID | str, number: int) -> tuple[Assignment, ItemFile]:
    """The file of that number of an item under review, for its expert. Raises ``Http404`` or :class:`Refusal`."""
    assignment = access_assignment(user, uid, to="text")
    files = list(assignment.item.files.select_related("attachment"))
    if not 1 <= number <= len(files):
        raise missing()
    return assignment, files[number - 1]


def access_released(user: Visitor, id: int) -> Item:
    """An item of the own organisation whose comments were released. Raises ``Http404``."""
    found = released_items(user).filter(pk=id).first()
    if found is None:
        raise missing()
    return found


def round_cases(user: User) -> Q:
    """Of the cases of rounds, those of the own bureau, for its officers."""
    return Q(review_round__in=bureau_rounds(user).values("pk"))


def assignment_cases(user: User) -> Q:
    """Of the cases of assignments, an expert's own ones and, for officers, those of the own bureau.

    Files of items hang on the case of the round, so that no expert reaches them by the pages of cases.
    """
    own = Q(review_assignment__in=own_assignments(user).values("pk"))
    return own | Q(review_assignment__item__round__in=bureau_rounds(user).values("pk"))
