"""What the page of a received letter shows: its text with marks, and a section for each kind of thing in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.models import Promise
from mangrove.documents.reading.elements import find_headings
from mangrove.documents.reading.organisations import Whose
from mangrove.figures.labels import name
from mangrove.figures.models import Definition
from mangrove.proposals.received.actions import seen_hash
from mangrove.proposals.received.checking import GOOD, from_where, verdicts
from mangrove.proposals.received.describing import Described, describe
from mangrove.proposals.received.labels import NOTES, NOTES_ELSEWHERE, ROLE_LABELS
from mangrove.proposals.received.models import COMPUTED, Kind, ReceivedItem, ReceivedLetter
from mangrove.registry.labels import named
from mangrove.registry.models import Organisation
from mangrove.ui.components import Link, Step, Tag, Tone
from mangrove.ui.languages import in_chinese
from mangrove.ui.passages import Line, Overlay, marked_lines

Verdicts = Mapping[str, Mapping[str, Any]]

#: The sections in the order in which an officer works: what is checked first, what is only looked at last.
ORDER = (
    Kind.ELEMENT, Kind.NUMBER, Kind.FINDING, Kind.CLAIM, Kind.COMMITMENT, Kind.DOUBT, Kind.ORGANISATION, Kind.LIST,
)  # fmt: skip
STATE_TONES: dict[str, Tone] = {"confirmed": "good", "corrected": "info", "dismissed": "calm"}
#: How a mark is drawn; what is not named here carries an anchor only.
MARKS = {Kind.CLAIM: "claim", Kind.COMMITMENT: "promise", Kind.ORGANISATION: "organisation"}
#: Marks that do not overlap within a kind; a number stands in a commitment, and is the more telling of the two.
TELLING = ("differs", "agrees", "number", "organisation", "claim", "promise", "fact")


@dataclass(frozen=True)
class Row:
    """One item in its section."""

    item: ReceivedItem
    said: Described
    state: Tag | None
    href: str
    confirm: str

    @property
    def doubt(self) -> str:
        """Why the reading is unsure, while nobody has decided; a sum says it in its own words already."""
        told = self.item.state == "pending" and self.item.kind != Kind.FINDING
        return self.item.doubt if told else ""

    @property
    def anchored(self) -> bool:
        """Whether the letter's text has a mark that this row leads to."""
        return self.item.start is not None


@dataclass(frozen=True)
class Section:
    """All items of a kind. ``sure`` of them could be confirmed in one act, as the page with hash ``seen`` shows them."""

    kind: str
    label: Any
    note: Any
    rows: Sequence[Row]
    count: int
    undecided: int
    sure: int
    seen: str
    confirm: str
    add: str


@dataclass(frozen=True)
class LetterPage:
    """Text, sections, and the tally above them."""

    lines: Sequence[Line]
    sections: Sequence[Section]
    tally: Sequence[Tag]
    doubts: Sequence[Row]
    compared: bool
    twins: Sequence[Link]


def letter_page(letter: ReceivedLetter, *, may_work: bool) -> LetterPage:
    """Gather the page; the number of queries does not grow with the number of items.

    ``compared`` says whether the numbers were held against our figures; a filed letter stays as it was filed.
    """
    items = list(letter.items.all())
    found = with_names(verdicts(letter, items))
    compared = from_where(items) != Whose.OTHER or any(one.get("verdict") for one in found.values())
    notes = NOTES if compared else NOTES_ELSEWHERE
    names = organisation_names(items)
    promises = promise_links(letter)
    rows = [row(letter, item, describe(item, found.get(item.number, {}), names, promises)) for item in items]
    grouped: dict[str, list[Row]] = defaultdict(list)
    for one in sorted(rows, key=order):
        grouped[one.item.kind].append(one)
    sections = [section(letter, kind, grouped[kind], may_work, notes[kind.value]) for kind in ORDER]
    return LetterPage(
        text_lines(letter, items, found),
        sections,
        tally(items, found),
        [one for one in rows if one.item.needs_decision and one.item.doubt],
        compared,
        twins(letter),
    )


#: Brackets around the year of a document number, as they are typed and as they are printed.
BRACKETS = str.maketrans("[]()（）【】", "〔〕〔〕〔〕〔〕")


def twins(letter: ReceivedLetter) -> list[Link]:
    """The other readings of what its number and issuer say is the same letter: another file of it, or another version."""
    if not (letter.document_number and letter.issuer):
        return []
    number = letter.document_number.translate(BRACKETS)
    others = ReceivedLetter.objects.filter(organisation=letter.organisation_id, issuer=letter.issuer)
    return [
        Link(other.mark, reverse("proposals:received_letter", args=[other.pk]))
        for other in others.exclude(pk=letter.pk).only("id", "document_number").order_by("id")
        if other.document_number.translate(BRACKETS) == number
    ]


def order(row: Row) -> tuple[bool, int, str]:
    """Elements in the order of a desk, everything else in the order of the text; what has no place first."""
    item = row.item
    if item.kind == Kind.ELEMENT:
        roles = list(ROLE_LABELS)
        return False, roles.index(item.said["role"]), item.number
    return item.start is not None, item.start or 0, item.number


def row(letter: ReceivedLetter, item: ReceivedItem, said: Described) -> Row:
    state = None
    if item.state != "pending":
        word = _("经办人补上") if item.added and item.state == "confirmed" else item.get_state_display()
        state = Tag(word, STATE_TONES[item.state])
    elif item.needs_decision:
        state = Tag(_("待定"), "warn")
    args = [letter.pk, item.number]
    return Row(
        item,
        said,
        state,
        reverse("proposals:received_item", args=args),
        reverse("proposals:received_confirm", args=args),
    )


def section(letter: ReceivedLetter, kind: Kind, rows: Sequence[Row], may_work: bool, note: Any) -> Section:
    args = [letter.pk, kind.value]
    sure = sum(one.item.state == "pending" and not one.item.doubt for one in rows)
    return Section(
        kind.value,
        kind.label,
        note,
        rows,
        sum(one.item.stands for one in rows),
        sum(one.item.needs_decision for one in rows),
        sure if may_work else 0,
        seen_hash([one.item for one in rows]),
        reverse("proposals:received_confirm_section", args=args),
        reverse("proposals:received_add", args=args) if may_work and kind not in COMPUTED else "",
    )


def tally(items: Sequence[ReceivedItem], found: Verdicts) -> list[Tag]:
    """The letter in a line: how many numbers agree, how much does not, what is claimed, what is promised."""
    count = {
        kind: sum(item.kind == kind and item.stands for item in items)
        for kind in (Kind.NUMBER, Kind.CLAIM, Kind.COMMITMENT)
    }
    said = [one["verdict"] for one in found.values() if one.get("verdict")]
    good = sum(verdict in GOOD for verdict in said)
    unknown = sum(verdict == "无此指标" for verdict in said)
    wrong = sum(
        item.kind == Kind.FINDING and item.stands and item.said["verdict"] != "一致" for item in items
    )
    tags: list[tuple[str, Tone, int]] = [
        (_("数字 %(n)s"), "calm", count[Kind.NUMBER]),
        (_("与指标一致 %(n)s"), "good", good),
        (_("与指标不符 %(n)s"), "bad", len(said) - good - unknown),
        (_("指标库没有 %(n)s"), "calm", unknown),
        (_("互核不合 %(n)s"), "bad", wrong),
        (_("无数字表述 %(n)s"), "warn", count[Kind.CLAIM]),
        (_("承诺 %(n)s"), "calm", count[Kind.COMMITMENT]),
        (_("待定 %(n)s"), "warn", sum(item.needs_decision for item in items)),
    ]
    return [Tag(words % {"n": n}, tone) for words, tone, n in tags if n]


def text_lines(letter: ReceivedLetter, items: Sequence[ReceivedItem], found: Verdicts) -> list[Line]:
    overlays = [
        Overlay(start, end, mark_kind(item, found), mark_id(item, place), f"#{item.number}", mark_label(item))
        for item in items
        if item.stands and item.start is not None and item.end is not None
        for place, (start, end) in enumerate([(item.start, item.end), *item.more])
    ]
    return marked_lines(letter.text, overlays, levels(letter.text, items), TELLING)


def mark_id(item: ReceivedItem, place: int) -> str:
    return f"m-{item.number}" if place == 0 else f"m-{item.number}-{place + 1}"


def mark_kind(item: ReceivedItem, found: Verdicts) -> str:
    if item.kind != Kind.NUMBER:
        return MARKS.get(Kind(item.kind), "fact")
    verdict = found.get(item.number, {}).get("verdict", "无此指标")
    return "agrees" if verdict in GOOD else "number" if verdict == "无此指标" else "differs"


def mark_label(item: ReceivedItem) -> str:
    return f"{item.number} {Kind(item.kind).label}"


def levels(text: str, items: Sequence[ReceivedItem]) -> list[int]:
    """Of each line: 1 to 4 a heading, 9 a part of head or foot, 0 a paragraph."""
    headings = {text.count("\n", 0, one.start): one.level for one in find_headings(text) if not one.run_in}
    apart: set[int] = set()
    for item in items:
        if item.kind == Kind.ELEMENT and item.start is not None and item.stands:
            first = text.count("\n", 0, item.start)
            apart |= set(range(first, first + item.text.count("\n") + 1))
    return [headings.get(line, 9 if line in apart else 0) for line in range(text.count("\n") + 1)]


def organisation_names(items: Sequence[ReceivedItem]) -> dict[str, str]:
    """Registry id → the name of today, for all organisations of the letter; one query."""
    ids = {item.said["org_id"] for item in items if item.kind == Kind.ORGANISATION and item.said["org_id"]}
    return {one.pk: named(one) for one in Organisation.objects.filter(pk__in=ids)}


def with_names(found: Verdicts) -> Verdicts:
    """The verdicts with the figures' names in the reader's language; they are kept under their Chinese ones."""
    if in_chinese():
        return found
    ids = {verdict["definition"] for verdict in found.values() if verdict.get("definition")}
    names = {one.pk: name(one) for one in Definition.objects.filter(pk__in=ids)}
    return {
        number: {**verdict, "name": names.get(verdict.get("definition", ""), verdict.get("name", ""))}
        for number, verdict in found.items()
    }


def promise_links(letter: ReceivedLetter) -> dict[str, int]:
    """Item number → the promise that a filing made of it."""
    made = Promise.objects.filter(case__parent=letter.case_id).values_list("number", "pk")
    return {number.partition("-")[2]: pk for number, pk in made}


def step_bar(letter: ReceivedLetter) -> list[Step]:
    """Read, decided, filed."""
    read = f"{letter.read_by_name} {letter.read_on:%m-%d}"
    left = _("还有 %(n)s 项待定") % {"n": letter.undecided} if letter.undecided else _("可以归档")
    if letter.is_filed:
        return [
            Step(_("读入"), read, "done"),
            Step(_("确认改正"), "", "done"),
            Step(_("归档"), f"{letter.filed_on:%Y-%m-%d}", "done"),
        ]
    return [Step(_("读入"), read, "done"), Step(_("确认改正"), left, "now"), Step(_("归档"), "", "waiting")]
