"""The texts of proposals, to be compared with those of this and earlier years; and what was answered to those that are alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.likeness.corpora import Corpus
from mangrove.likeness.pages import Alike
from mangrove.proposals.access import reads_as_deputy, visible_letters, visible_proposals
from mangrove.proposals.models import Proposal, SignedLetter
from mangrove.ui.components import Fact


def text(proposal: Proposal) -> str:
    return "\n".join(filter(None, [proposal.title, proposal.original_text]))


def standing() -> QuerySet[Proposal]:
    return Proposal.objects.filter(withdrawn=False)


def every() -> QuerySet[Any]:
    return standing().values_list("pk", flat=True)


def texts(ids: Collection[str]) -> dict[str, str]:
    return {one.pk: text(one) for one in standing().filter(pk__in=ids)}


def readable(user: Any) -> QuerySet[Any]:
    """Those that the offices and the units that answer read; likeness is no affair of the deputies who proposed."""
    found = visible_proposals(user).filter(withdrawn=False)
    return (found.none() if reads_as_deputy(user) else found).values("pk")


def facts(ids: Collection[str]) -> dict[str, list[Fact]]:
    return {
        one.pk: [
            Fact(_("会议"), one.meeting), Fact(_("领衔人"), one.lead_deputy), Fact(_("登记日期"), one.received_on.isoformat()),
        ]
        for one in standing().filter(pk__in=ids)
    }  # fmt: skip


def owners(ids: Collection[str]) -> dict[str, str]:
    """Nobody's: two deputies who ask for the same are a matter for one answer, whoever they are."""
    return {}


def judges(user: Any, id: str) -> bool:
    return bool(user.has_role("registrar", "case_officer")) and visible_proposals(user).filter(pk=id).exists()


def answered(user: Any, found: Iterable[Alike]) -> list[SignedLetter]:
    """The letters that answered these proposals, of those that this person may read, the latest first."""
    letters = visible_letters(user).filter(reply__proposal__in=[one.id for one in found])
    return list(
        letters.select_related("reply__proposal", "reply__organisation").order_by("-signed_on", "-pk")
    )


PROPOSALS = Corpus(
    "proposals", "proposal", gettext_lazy("建议提案"), every, texts, readable, facts, owners, judges
)
