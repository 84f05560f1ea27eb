"""Where a draft stands: who had a hand in it, which opinions wait, what its text reads as, which evaluation is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.models import Draft, DraftText, Opinion, Seeking
from mangrove.policies.measures.drawing import language
from mangrove.policies.measures.house_rules import house_rules
from mangrove.policies.measures.library import version_on, versions
from mangrove.policies.measures.models import RuleKind, RuleText
from mangrove.policies.measures.validity import unevaluated_before
from mangrove.rulebook.documenting.source import Source, source_of_text
from mangrove.rulebook.problems import Problem, Problems, Untold
from mangrove.rulebook.texts.families import DRAFT as NOT_IN_FORCE
from mangrove.rulebook.texts.shelves import kind_of

#: The steps that are the drafters' own work.
DRAFTERS_ACTS = ("circulate", "settle", "submit", "decide", "number", "rework", "drop")


def hands(draft: Draft) -> set[str]:
    """The usernames of all who drafted: opened it, saved a text, entered or answered an opinion of others, took a drafter's step."""
    opinions = Opinion.objects.filter(seeking__draft=draft)
    return {
        draft.case.opened_by,
        *draft.texts.values_list("saved_by", flat=True),
        *opinions.filter(receipt="").values_list("by", flat=True),
        *opinions.exclude(disposed_by="").values_list("disposed_by", flat=True),
        *draft.case.acts.filter(act__in=DRAFTERS_ACTS).values_list("by", flat=True),
    }


def round_now(draft: Draft) -> Seeking | None:
    return draft.seekings.order_by("-number").first()


def open_opinions(draft: Draft) -> list[Opinion]:
    """Of every round, so that a new one leaves none behind."""
    return [one for one in Opinion.objects.filter(seeking__draft=draft) if one.open]


def silent(round: Seeking) -> list[str]:
    """The units asked of which nothing has been entered."""
    heard = {one.source for one in round.opinions.all() if not one.public}
    return [unit for unit in round.units if unit not in heard]


# --- what the text reads as ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slip:
    """One thing that is wrong with a text: where, what, and the line as it is written."""

    line: int
    column: int
    said: str
    written: str


@dataclass(frozen=True)
class Reading:
    """What the compiler makes of a text: a source, or everything that is wrong with it."""

    source: Source | None
    slips: tuple[Slip, ...] = ()

    @property
    def reads(self) -> bool:
        return self.source is not None


def reading(text: str) -> Reading:
    return compiled(text, language())


@lru_cache(maxsize=200)
def compiled(text: str, language: str) -> Reading:
    if not text.strip():
        return Reading(None)
    if kind_of(text) == RuleKind.PORTFOLIO:
        return Reading(
            None,
            (Slip(1, 1, _("组合不在这里起草；这里只起草措施（开头写 measure:）。"), text.splitlines()[0]),),
        )
    try:
        return Reading(source_of_text(text, vocabulary.vocabulary()))
    except Problems as problems:
        return Reading(None, tuple(slip(one, text, language) for one in problems.problems))
    except Problem as problem:
        return Reading(None, (slip(problem, text, language),))


def slip(one: Problem, text: str, language: str) -> Slip:
    lines, said = text.splitlines(), one.en if language.startswith("en") else one.zh
    line = lines[one.place.line - 1] if 0 < one.place.line <= len(lines) else ""
    return Slip(one.place.line, one.place.column, said, "" if isinstance(one, Untold) else line.strip())


def readable_text(draft: Draft) -> DraftText:
    """The newest text, where it reads and may come into force as it stands. Raises :class:`Refusal`."""
    text = draft.text_now
    if text is None or not text.text.strip():
        raise Refusal(
            _("还没有写草案。"), code="policies.no_text", where=draft.title, remedy=_("请先写出条文和规则。")
        )
    found = reading(text.text)
    if found.source is None:
        raise unreadable(draft, found)
    return text


def unreadable(draft: Draft, found: Reading) -> Refusal:
    lines = [_("第 %(line)s 行：%(said)s") % {"line": one.line, "said": one.said} for one in found.slips]
    return Refusal(
        _("草案有 %(n)s 处读不通：%(first)s") % {"n": len(lines), "first": lines[0]}, code="policies.bad_rule", where=draft.title,
        remedy=_("请在“写草案”里按行改正。"),
    )  # fmt: skip


def to_publish(draft: Draft) -> DraftText:
    """As :func:`readable_text`, and not marked as a draft that never holds."""
    text = readable_text(draft)
    source = reading(text.text).source
    if source is not None and source.measure.version.status == NOT_IN_FORCE:
        raise Refusal(
            _("草案的 version.status 还写着“草案”，公布后也不会生效。"), code="policies.still_draft", where=draft.title,
            remedy=_("请改为“待核”或“已核”，写明施行日，再送审。"),
        )  # fmt: skip
    return text


def rule_id(draft: Draft) -> str:
    """The id that the newest text gives its measure; empty while it does not read."""
    text = draft.text_now
    source = reading(text.text).source if text else None
    return source.measure.id if source else ""


def follows(draft: Draft) -> RuleText | None:
    """The last published version of the measure that this draft would follow."""
    id = rule_id(draft)
    found = versions(id) if id else []
    return found[0] if found else None


def goes_on_from(draft: Draft) -> RuleText | None:
    """What it follows or, once it is published, followed; else what it was started from."""
    published = getattr(draft, "publication", None)
    before = version_before(published.rule) if published else follows(draft)
    return before or draft.base


def version_before(one: RuleText) -> RuleText | None:
    return next((each for each in versions(one.rule) if each.number < one.number), None)


def compared_with(draft: Draft) -> RuleText | None:
    """What is in force of the measure while the draft is on its way; of one that was published, what it followed."""
    if getattr(draft, "publication", None) is not None:
        return goes_on_from(draft)
    id = rule_id(draft)
    return (version_on(id, timezone.localdate()) if id else None) or goes_on_from(draft)


def unevaluated(draft: Draft, day: date) -> RuleText | None:
    """The version that it would follow, where that ends and nobody has evaluated it."""
    id = rule_id(draft) or (draft.base.rule if draft.base else "")
    return unevaluated_before(id, day, house_rules()) if id else None
