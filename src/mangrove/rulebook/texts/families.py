"""Versions of one measure: files with the same id. Which holds on a day, where their times overlap, where nothing holds.

A version belongs to its family by its ``id``. Drafts (草案) never hold and stand apart. Where a date of the case decides
(``decided_by``), each version asks its own date: :meth:`Family.versions_for`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mangrove.rulebook.decide import Run
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Thing
from mangrove.rulebook.problems import Problem
from mangrove.vocabulary.model import find

DRAFT = "草案"


@dataclass(frozen=True)
class Family:
    """All versions of one measure by the day on which they come into force; one whose day is not known comes first."""

    id: str
    versions: tuple[Measure, ...]

    @property
    def in_force(self) -> tuple[Measure, ...]:
        return tuple(one for one in self.versions if one.version.status != DRAFT)

    def version_on(self, day: date) -> Measure | None:
        """The version that holds on a day; ``None`` where none does. Of two that overlap, the later."""
        holding = [one for one in self.in_force if one.version.holds_on(day)]
        return holding[-1] if holding else None

    def versions_for(self, thing: Thing, run: Run = Run()) -> tuple[Measure, ...]:  # noqa: B008 a frozen value
        """Those that say of themselves that they decide this thing; none where the date is not known.

        Several, where the versions are decided by different dates of it: which applies is then a question for a person.
        """
        dated = [(one, deciding_date(one, thing, run)) for one in self.in_force]
        return tuple(one for one, day in dated if day is not None and one.version.holds_on(day))

    def neighbours(self) -> Iterator[tuple[Measure, Measure]]:
        """Each version with the one before it that holds longest."""
        longest: Measure | None = None
        for one in self.in_force:
            if longest is not None:
                yield longest, one
            longest = one if longest is None else max(longest, one, key=end_of)

    def overlaps(self) -> Iterator[Problem]:
        """Two versions that hold on the same day: whoever asks for that day gets two answers."""
        for earlier, later in self.neighbours():
            end = earlier.version.until
            if end is None or later.version.in_force is None or end > later.version.in_force:
                zh = f"与同一措施的另一版 {where(earlier)}（{span(earlier)}）时间重叠；请写明那一版的 until。"
                en = f"Overlaps another version of the measure, {where(earlier)} ({span(earlier)}); give that one its until."
                yield Problem("version_overlap", later.version.place, zh, en)

    def several_drafts(self) -> Iterator[Problem]:
        """Two drafts under one id, which may be two measures by mistake. Drafts may be compared, so it is told, not refused."""
        drafts = [one for one in self.versions if one.version.status == DRAFT]
        for one in drafts[1:]:
            zh = f"注意：{same_id(drafts, self.id)[0]}"
            yield Problem("same_id", one.version.place, zh, f"Note: {same_id(drafts, self.id)[1]}")

    def gaps(self) -> Iterator[Problem]:
        """Days between two versions on which none holds. That may be so; it is told, not refused."""
        for earlier, later in self.neighbours():
            end, begin = earlier.version.until, later.version.in_force
            if end is not None and begin is not None and end < begin:
                zh = f"注意：{end} 至 {begin} 之间没有有效的版本（前一版 {where(earlier)}）。"
                en = f"Note: no version holds from {end} to before {begin} (the one before is {where(earlier)})."
                yield Problem("version_gap", later.version.place, zh, en)


def families(measures: Iterable[Measure]) -> list[Family]:
    """By id, in order of the ids."""
    by_id: dict[str, list[Measure]] = defaultdict(list)
    for one in measures:
        by_id[one.id].append(one)
    return [Family(id, tuple(sorted(by_id[id], key=begin_of))) for id in sorted(by_id)]


def begin_of(measure: Measure) -> tuple[date, date]:
    return measure.version.in_force or date.min, measure.version.until or date.max


def end_of(measure: Measure) -> date:
    return measure.version.until or date.max


def deciding_date(measure: Measure, thing: Thing, run: Run) -> date | None:
    """The date of the case, or of the run, by which this version says whether it applies."""
    if not measure.version.decided_by:
        return run.decide_on
    field = find(measure.vocabulary.entities[thing.entity].fields, measure.version.decided_by)
    value = thing.fields.get(field.id) if field else None
    return value if isinstance(value, date) else None


def same_id(measures: Sequence[Measure], id: str) -> tuple[str, str]:
    """Several files carry one id: which, and what to do, in both languages."""
    files = [where(one) for one in measures]
    zh = f"这几个文件的标识（id）都是“{id}”：{'、'.join(files)}；是不同的措施请给其中一个换 id，是同一项措施的几稿请一次只用一个文件。"
    en = f"These files carry the same id “{id}”: {', '.join(files)}; give one another id if they are different measures, else use one file at a time."
    return zh, en


def where(measure: Measure) -> str:
    return measure.version.place.file or measure.id


def span(measure: Measure) -> str:
    version = measure.version
    return f"{version.in_force or '…'} .. {version.until or '…'}"
