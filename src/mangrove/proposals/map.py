"""The founding letter row by row: which passage of our reply and which screen carries it, or that its room comes later."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.promises import promises_of
from mangrove.figures.labels import figure_text
from mangrove.proposals.lines import MapRow, letter_map, mapped_number
from mangrove.proposals.models import Proposal, SignedLetter
from mangrove.proposals.pages import claims
from mangrove.ui import house
from mangrove.ui.languages import beside, in_words
from mangrove.ui.lines import line_label

#: Rows that are fields of the proposal or elements of the letter, and not words of its body.
ELEMENTS = {
    "L03": "addressee",
    "L38": "issuer",
    "L39": "signed_on",
    "L40": "openness",
    "L41": "copies",
}


@dataclass(frozen=True)
class CarriedRow:
    """One row of the map. ``passage`` is our own words, ``screen`` where it is kept, ``later`` the room still to come."""

    row: MapRow
    passage: str
    screen: str
    screen_label: str
    later: str


def carried_rows(
    proposals: QuerySet[Proposal], letters: QuerySet[SignedLetter] | None = None
) -> list[CarriedRow]:
    """Every row of the letter map against the newest signed letter of the mapped proposal, as far as the reader sees it."""
    proposal = proposals.filter(number=mapped_number()).first()
    readable = SignedLetter.objects.all() if letters is None else letters
    own = readable.filter(reply__proposal=proposal).select_related("reply__proposal", "reply__organisation")
    letter = own.order_by("-version").first() if proposal else None
    carrier = Carrier(proposal, letter)
    return [carrier.carried(row) for row in letter_map()]


class Carrier:
    """What carries a row, looked up once for the whole map."""

    def __init__(self, proposal: Proposal | None, letter: SignedLetter | None) -> None:
        self.proposal = proposal
        self.letter = letter
        self.spans = {name: (start, end) for start, end, name in letter.marks} if letter else {}
        self.claims = {view.claim.number: view.backing for view in claims(proposal)} if proposal else {}
        self.promises = {promise.number: promise for promise in promises_of(letter.ref)} if letter else {}
        self.figures = list(letter.figures) if letter else []

    def carried(self, row: MapRow) -> CarriedRow:
        screen, label = self.screen(row)
        return CarriedRow(row, self.passage(row), screen, label, self.later(row))

    def passage(self, row: MapRow) -> str:
        if self.letter is None:
            return ""
        if row.id in self.spans:
            start, end = self.spans[row.id]
            return self.letter.body[start:end]
        return self.element(row.id)

    def element(self, row_id: str) -> str:
        letter, field = self.letter, ELEMENTS.get(row_id)
        if letter is None or field is None:
            return ""
        if field == "signed_on":
            return f"{letter.signed_on.year}年{letter.signed_on.month}月{letter.signed_on.day}日"
        said = letter.head[field]
        return "、".join(said) if isinstance(said, list) else str(said)

    def screen(self, row: MapRow) -> tuple[str, str]:
        """The address and name of the screen that keeps the row."""
        if row.id in self.promises:
            return reverse("casework:promise", args=[self.promises[row.id].pk]), _("承诺台账 %(id)s") % {
                "id": row.id
            }
        if figure := self.figure_in(row.id):
            return reverse("figures:lineage", args=[figure["value_id"]]), _("指标：%(printed)s") % {
                "printed": figure_text(str(figure["printed"]))
            }
        if self.proposal is None:
            return "", ""
        here = reverse("proposals:proposal", args=[self.proposal.pk])
        if row.id in self.claims:
            return f"{here}#claims", beside(_("无数字表述"), in_words(self.claims[row.id].status))
        if self.letter is None:
            return here, _("建议 %(number)s") % {"number": self.proposal.number}
        return f"{reverse('proposals:reply', args=[self.letter.reply_id])}#{row.id}", _("答复正文")

    def figure_in(self, row_id: str) -> dict[str, object] | None:
        """The figure that stands within the row's passage."""
        if row_id not in self.spans:
            return None
        start, end = self.spans[row_id]
        return next((row for row in self.figures if start <= row["start"] and row["end"] <= end), None)

    def later(self, row: MapRow) -> str:
        """The line of work that will have a room of its own, while that room does not exist."""
        return "" if house.room(row.room) else str(line_label(row.room))
