"""Where the promises of a letter go when it is filed: to the organisation that made them, or nowhere but the letter.

Nobody is made to answer for what somebody else promised: unless it is sure which organisation of ours wrote the letter,
its promises stay with the letter, and the page says what to put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from mangrove.documents.reading.organisations import Whose, means_one_body
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.received.checking import figures_day, from_where, named_parts
from mangrove.proposals.received.models import ReceivedItem, ReceivedLetter
from mangrove.registry.labels import named
from mangrove.registry.models import Organisation
from mangrove.registry.names import find_organisation

#: How a letter calls the body that writes it.
OURSELVES = re.compile(r"[我本](?:局|委|办|厅|部|院|会|处|中心|公司|集团|单位)")


@dataclass(frozen=True)
class Destination:
    """``owner`` made the promises and is asked for them; ``None`` keeps them with the letter. ``said`` tells the page."""

    owner: Organisation | None
    said: str

    def unit(self, stated: str) -> str:
        """The unit that a letter names for a promise; 我局 is the one that wrote it."""
        return self.owner.name if self.owner and OURSELVES.fullmatch(stated) else stated


def destination(letter: ReceivedLetter, items: Sequence[ReceivedItem]) -> Destination:
    """By issuer and signature as they stand, and the registry of the letter's own day."""
    place, issuer = from_where(items), named_parts(items).get("issuer", "")
    if place == Whose.OTHER:
        return Destination(None, _("外市来函的承诺只随函留存，不进本市承诺台账。"))
    owner = writer(letter, items, place)
    if owner is None:
        return Destination(None, unknown(issuer, place))
    if owner.pk == letter.organisation_id:
        return Destination(owner, _("来函是本单位发的：承诺进承诺台账，由本单位落实。"))
    return Destination(
        owner,
        _("承诺进承诺台账，归发文单位%(owner)s落实，不列入您的待办。") % {"owner": named(owner)},
    )


def unknown(issuer: str, place: Whose) -> str:
    if not issuer:
        return _("没有发文单位，承诺只随函留存，不进承诺台账；要进台账，请先补上发文单位。")
    if place == Whose.UNKNOWN:
        return _(
            "看不出发文单位“%(issuer)s”是不是本市的，承诺只随函留存，不进承诺台账；如是本市单位，请先把发文单位改正为带地名的全称。"
        ) % {"issuer": issuer}
    return _(
        "机构库中没有发文单位“%(issuer)s”，承诺只随函留存，不进承诺台账；要进台账，请先在机构库登记，或改正发文单位。"
    ) % {"issuer": issuer}


def writer(letter: ReceivedLetter, items: Sequence[ReceivedItem], place: Whose) -> Organisation | None:
    """The organisation of ours that wrote the letter, where its name can mean no other."""
    parts = named_parts(items)
    for name in (parts.get("issuer", ""), parts.get("signatory", "")):
        for written in spellings(name, place):
            found = known(written, letter)
            if found is not None:
                return found
    return None


def spellings(name: str, place: Whose) -> Iterator[str]:
    """The names to look up: in a letter of our own city with the city and without, elsewhere only what means one body."""
    home = settings.CITY["name"]
    if place == Whose.OWN:
        yield from filter(None, (name, name.removeprefix(home), f"{home}{name}" if name else ""))
    elif name and means_one_body(name):
        yield name


def known(name: str, letter: ReceivedLetter) -> Organisation | None:
    try:
        return find_organisation(name, figures_day(letter))
    except Refusal:  # several bear the name: which one promised is not for us to guess
        return None
