"""A clock prints its own arithmetic, line by line, in Chinese or English: what a person would do by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from mangrove.casework.clocks import (
    Reading,
    Stop,
    base_end,
    due_date,
    due_if_restarted,
    end_after_stops,
    stop_moves,
    words_left,
)
from mangrove.casework.working_days import ONE_DAY, WorkingCalendar, add_months

Language = Literal["zh", "en"]

PHRASES: dict[Language, dict[str, str]] = {
    "zh": {
        "rule": "时限：{what}，{amount}。依据：{article}（{status}）；规则 {rule}，规则包 {pack}。",
        "start": "起算：{event} {start}；次日为第 1 日。",
        "count": "计算：从 {first} 数满 {amount}，末日为 {end}。",
        "months": "计算：{start} 之后 {amount}，末日为 {end}。",
        "clipped": "该月没有 {day} 日，{how}。",
        "clip": "取月末",
        "overflow": "顺至次月首日",
        "休": "　{day}休（{name}），不计。",
        "班": "　{day}班（{name}调休），计入。",
        "stop": "停表：{first} 至 {last}（{category}：{reason}），扣去 {days}，末日移至 {end}。",
        "stopped": "停表：自 {first} 起（{category}：{reason}），至今未恢复。",
        "extension": "延期：{on} 经{consent}同意，总时限由 {before}改为 {after}；原到期日 {original}。理由：{reason}。",
        "roll": "末日 {end}是休息日，顺延到 {due}。",
        "no_roll": "末日 {end}是休息日，本规则不顺延。",
        "due": "到期日：{due}。",
        "standing": "到期日：停表期间不定；若今日（{today}）恢复，为 {due}。",
        "left": "今日（{today}）问：{words}。",
        "ran_out": "期间已满。",
        "met": "已于 {met} 办结。",
        "met_late": "已于 {met} 办结，超期 {days}。",
        "caveat": "注意：{text}。",
        "missing_year": "假日表未含 {year} 年，按周末推算，待核",
        "工作日": "{n} 个工作日",
        "日": "{n} 日",
        "天": "{n} 天",
        "月": "{n} 个月",
        "weekdays": "一二三四五六日",
        "day": "{day}（星期{weekday}）",
    },
    "en": {
        "rule": "Limit: {what}, {amount}. Basis: {article} ({status}); rule {rule}, pack {pack}.",
        "start": "Runs from {event}, {start}; the next day is day 1.",
        "count": "Counting {amount} from {first} ends on {end}.",
        "months": "{amount} after {start} ends on {end}.",
        "clipped": "That month has no day {day}: {how}.",
        "clip": "its last day is taken",
        "overflow": "the first day of the next month is taken",
        "休": "  {day} is a holiday ({name}): not counted.",
        "班": "  {day} is worked in lieu ({name}): counted.",
        "stop": "Stopped {first} to {last} ({category}: {reason}); {days} taken out, the end moves to {end}.",
        "stopped": "Stopped since {first} ({category}: {reason}), not yet restarted.",
        "extension": "Extended on {on} with the consent of {consent}: {before} became {after}; "
        "originally due {original}. Reason: {reason}.",
        "roll": "The last day {end} is a day of rest; rolled to {due}.",
        "no_roll": "The last day {end} is a day of rest; this rule does not roll.",
        "due": "Due: {due}.",
        "standing": "Due: open while stopped; if restarted today ({today}), {due}.",
        "left": "Asked today ({today}): {words}.",
        "ran_out": "The period is over.",
        "met": "Done on {met}.",
        "met_late": "Done on {met}, {days} late.",
        "caveat": "Note: {text}.",
        "missing_year": "the holiday table lacks {year}; reckoned by weekends, to be verified",
        "overdue": "{days} overdue",
        "remaining": "{days} left",
        "today": "due today",
        "工作日": "{n} working days",
        "日": "{n} days",
        "天": "{n} days",
        "月": "{n} months",
        "weekdays": "",
        "day": "{day} ({weekday})",
    },
}
STATUS_EN = {"已核": "verified", "待核": "to be verified"}
ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Explainer:
    """Writes the lines of one reading in one language."""

    def __init__(
        self,
        reading: Reading,
        today: date,
        calendar: WorkingCalendar,
        language: Language,
        runs_out: bool = False,
    ) -> None:
        self.reading, self.today, self.calendar, self.language = reading, today, calendar, language
        self.runs_out = runs_out
        self.limit = reading.limit
        self.english = language == "en"

    def say(self, phrase: str, **parts: object) -> str:
        return PHRASES[self.language][phrase].format(**parts)

    def amount(self, count: int) -> str:
        return self.counted(self.limit.unit, count)

    def days(self, count: int) -> str:
        return self.counted("工作日" if self.limit.unit == "工作日" else "日", count)

    def counted(self, unit: str, count: int) -> str:
        text = self.say(unit, n=count)
        return text.removesuffix("s") if self.english and count == 1 else text

    def day(self, day: date) -> str:
        names = ENGLISH_DAYS if self.english else PHRASES["zh"]["weekdays"]
        return self.say("day", day=day, weekday=names[day.weekday()])

    def lines(self) -> list[str]:
        return [
            *self.rule(), *self.extension(), *self.count(), *self.holidays(), *self.stops(),
            *self.rolling(), *self.outcome(), *self.caveats(),
        ]  # fmt: skip

    def rule(self) -> Iterator[str]:
        limit = self.limit
        yield self.say(
            "rule",
            what=limit.what_en if self.english else limit.what,
            amount=self.amount(limit.amount),
            article=limit.article_en if self.english else limit.article,
            status=STATUS_EN[limit.status] if self.english else limit.status,
            rule=limit.id,
            pack=limit.pack,
        )
        event = limit.start_event_en if self.english else limit.start_event
        yield self.say("start", event=event, start=self.day(self.reading.started_on))

    def extension(self) -> Iterator[str]:
        if extension := self.reading.extension:
            yield self.say(
                "extension",
                on=extension.extended_on,
                consent=extension.consent_by,
                before=self.amount(self.limit.amount),
                after=self.amount(extension.total),
                original=extension.original_due,
                reason=extension.reason,
            )

    def count(self) -> Iterator[str]:
        start, amount = self.reading.started_on, self.amount(self.reading.amount)
        end = self.day(base_end(self.reading, self.calendar))
        if self.limit.unit == "月":
            yield self.say("months", start=start, amount=amount, end=end)
            if add_months(start, self.reading.amount).day != start.day:
                how = self.say("clip" if self.limit.clip_month_end else "overflow")
                yield self.say("clipped", day=start.day, how=how)
        else:
            yield self.say("count", first=start + ONE_DAY, amount=amount, end=end)

    def holidays(self) -> Iterator[str]:
        """Each listed day that made a difference to a count of working days."""
        if self.limit.unit != "工作日":
            return
        last = end_after_stops(self.reading, self.calendar)
        for day, listed in self.calendar.listed(self.reading.started_on + ONE_DAY, last):
            if (listed.kind == "班") != (day.weekday() < 5):
                yield self.say(listed.kind, day=self.day(day), name=listed.name)

    def stops(self) -> Iterator[str]:
        for stop, days, end in stop_moves(self.reading, self.calendar):
            last = (stop.restarted_on or self.today) - ONE_DAY
            yield self.say(
                "stop", **self.stop_words(stop), last=last, days=self.days(days), end=self.day(end)
            )
        if stop_now := self.reading.open_stop:
            yield self.say("stopped", **self.stop_words(stop_now))

    def stop_words(self, stop: Stop) -> dict[str, object]:
        return {"first": stop.stopped_on, "category": stop.category, "reason": stop.reason}

    def rolling(self) -> Iterator[str]:
        end = end_after_stops(self.reading, self.calendar)
        if self.reading.open_stop or self.calendar.is_working_day(end):
            return
        if self.limit.roll:
            yield self.say("roll", end=self.day(end), due=self.day(self.calendar.roll_forward(end)))
        else:
            yield self.say("no_roll", end=self.day(end))

    def outcome(self) -> Iterator[str]:
        due, met = due_date(self.reading, self.calendar), self.reading.met_on
        if due is None:
            later = due_if_restarted(self.reading, self.today, self.calendar)
            yield self.say("standing", today=self.today, due=self.day(later))
            return
        yield self.say("due", due=self.day(due))
        if met is None and self.runs_out and self.today > due:
            yield self.say("ran_out")
        elif met is None:
            yield self.say("left", today=self.today, words=self.left(due))
        elif met > due and not self.runs_out:
            yield self.say("met_late", met=met, days=self.counted("天", (met - due).days))
        else:
            yield self.say("met", met=met)

    def left(self, due: date) -> str:
        if not self.english:
            return words_left(due, self.today, self.calendar)
        if self.today > due:
            return self.say("overdue", days=self.counted("天", (self.today - due).days))
        if self.today == due:
            return self.say("today")
        left = self.calendar.working_days_between(self.today, due)
        return self.say("remaining", days=self.counted("工作日", left))

    def caveats(self) -> Iterator[str]:
        last = due_if_restarted(self.reading, self.today, self.calendar)
        for year in self.calendar.missing_years(self.reading.started_on, last):
            yield self.say("caveat", text=self.say("missing_year", year=year))
        if self.limit.notes and not self.english:
            yield self.say("caveat", text=self.limit.notes.removesuffix("。"))


def explain(
    reading: Reading, today: date, calendar: WorkingCalendar, *, language: Language = "zh", runs_out: bool = False
) -> list[str]:  # fmt: skip
    """The arithmetic of a clock, one step a line: rule, start, extension, count, holidays, stops, roll, due, caveats.

    ``runs_out``: a period that has to be over before anything is done, so that nobody who acts after it is late.
    Holiday names and reasons stay in Chinese in the English version: they are quoted, not translated.
    """
    return Explainer(reading, today, calendar, language, runs_out).lines()
