"""How proposals, replies and received letters are found.

A reply is found by the numbers of the letters that this reader may read, never by the number that its unit is
about to send: a deputy knows of a letter when it was delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.proposals.access import visible_letters, visible_proposals, visible_replies
from mangrove.proposals.models import Numbering, Proposal, Reply
from mangrove.proposals.received.access import visible_received
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.labels import named
from mangrove.ui.languages import listed, strung
from mangrove.ui.searching import Hit, Search, holding


def readable_replies(user: Any) -> QuerySet[Reply]:
    return visible_replies(user).select_related("case", "organisation", "proposal")


def readable_numbers(user: Any) -> QuerySet[Numbering]:
    return Numbering.objects.filter(letter__in=visible_letters(user))


def by_letter(user: Any, word: str) -> Q:
    numbered = readable_numbers(user).filter(holding("number", word))
    return Q(pk__in=numbered.values("letter__reply"))


def by_mark(user: Any, word: str) -> Q:
    """``R12`` is how a received letter is cited; it is no column."""
    number = word.removeprefix("r")
    return Q(pk=int(number)) if number != word and number.isdecimal() and len(number) < 9 else Q(pk__in=[])


def proposal_hits(user: Any, rows: Sequence[Proposal]) -> list[Hit]:
    return [
        Hit(
            str(row), reverse("proposals:proposal", args=[row.pk]),
            [(_("代表"), strung(filter(None, [row.lead_deputy, row.co_signers]))), (_("会议"), row.meeting)], row.synthetic,
        )
        for row in rows
    ]  # fmt: skip


def reply_hits(user: Any, rows: Sequence[Reply]) -> list[Hit]:
    known: dict[str, list[str]] = {}
    wanted = readable_numbers(user).filter(letter__reply__in=[row.pk for row in rows])
    for reply, number in wanted.values_list("letter__reply", "number"):
        known.setdefault(reply, []).append(number)
    return [reply_hit(row, listed(known.get(row.pk, []))) for row in rows]


def reply_hit(row: Reply, numbers: str) -> Hit:
    said = [(_("发文字号"), numbers), (_("单位"), named(row.organisation)), (_("建议"), str(row.proposal))]
    return Hit(row.case.title, reverse("proposals:reply", args=[row.pk]), said, row.proposal.synthetic)


def received_hits(user: Any, rows: Sequence[ReceivedLetter]) -> list[Hit]:
    return [
        Hit(
            str(row), reverse("proposals:received_letter", args=[row.pk]),
            [(_("来函机关"), row.issuer), (_("发文字号"), row.document_number), (_("文件名"), row.name)],
        )
        for row in rows
    ]  # fmt: skip


SEARCH = (
    Search(
        "proposal", _("建议提案"), visible_proposals, proposal_hits,
        fields=("title", "lead_deputy", "co_signers"), numbers=("number",), order="-received_on",
    ),
    Search(
        "reply", _("答复"), readable_replies, reply_hits, fields=("proposal__title", "organisation__name"),
        numbers=("proposal__number",), also=by_letter, order="-handed_on",
    ),
    Search(
        "received", _("来函"), visible_received, received_hits, fields=("title", "issuer", "name"),
        numbers=("document_number",), also=by_mark,
    ),
)  # fmt: skip
