"""What people call proposals and letters, for the lists of other rooms; in full, and leading on, only for who may read it.

Anybody else is told the number alone: the page of the thing answers them as if it did not exist.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.proposals.access import visible_letters, visible_proposals, visible_replies
from mangrove.proposals.models import Proposal, Reply, SignedLetter
from mangrove.proposals.received.access import visible_received
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.ui.house import Named


def marked(rows: QuerySet[Any], ids: Collection[Any], visible: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with these ids, each with ``readable``: whether it is among those ``visible``."""
    return rows.filter(pk__in=ids).annotate(readable=Exists(visible.filter(pk=OuterRef("pk"))))


def whole_numbers(ids: Collection[str]) -> list[int]:
    return [int(id) for id in ids if id.isascii() and id.isdecimal()]


def called(row: Any, words: str, number: str, url_name: str) -> Named:
    """The name of a row that came by :func:`marked`; its number alone to who may not read it."""
    return Named(words, number, reverse(url_name, args=[row.pk])) if row.readable else Named(number, number)


def proposals(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = marked(Proposal.objects.only("number", "title"), ids, visible_proposals(user))
    return {one.pk: called(one, str(one), one.number, "proposals:proposal") for one in found}


def replies(user: Any, ids: Collection[str]) -> dict[str, Named]:
    """By the title of its case, which says the part that the unit has in the proposal."""
    rows = Reply.objects.select_related("case", "proposal").only("case__title", "proposal__number")
    found = marked(rows, ids, visible_replies(user))
    return {one.pk: called(one, one.case.title, one.proposal.number, "proposals:reply") for one in found}


def letters(user: Any, ids: Collection[str]) -> dict[str, Named]:
    rows = SignedLetter.objects.select_related("reply__proposal").only("version", "reply__proposal__number")
    found = {}
    for one in marked(rows, whole_numbers(ids), visible_letters(user)):
        number = one.reply.proposal.number
        words = _("%(number)s 签发的函，第 %(version)s 版") % {"number": number, "version": one.version}
        found[str(one.pk)] = called(one, words, number, "proposals:signed_pdf")
    return found


def received(user: Any, ids: Collection[str]) -> dict[str, Named]:
    rows = ReceivedLetter.objects.only("title", "name")
    found = marked(rows, whole_numbers(ids), visible_received(user))
    return {str(one.pk): called(one, str(one), one.mark, "proposals:received_letter") for one in found}


NAMES = {"proposal": proposals, "reply": replies, "signed_letter": letters, "received_letter": received}
