"""What a letter promises: each separable act, the heading it stands under, and what is missing to follow it.

Two promises of one sentence may share words: an act named among the means of another (通过…、举办…等方式) lies within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

from mangrove.documents.reading.elements import Heading, find_elements, leading_number
from mangrove.documents.reading.lexicon import any_of, words
from mangrove.documents.reading.passages import Span, clauses, paragraphs, sentences, trimmed
from mangrove.documents.reading.quantities import find_quantities


@dataclass(frozen=True)
class Commitment:
    """One promise. ``owner``, ``date`` and ``measure`` are as printed, "" where the letter names none.

    ``vague_date`` is a word such as 尽快, which is no date; ``lacks`` names what an officer must still set.
    """

    start: int
    end: int
    text: str
    heading: str
    owner: str
    date: str
    vague_date: str
    measure: str

    @property
    def lacks(self) -> tuple[str, ...]:
        """Of 责任单位, 完成时限, 衡量指标, those that the letter does not state."""
        stated = (("责任单位", self.owner), ("完成时限", self.date), ("衡量指标", self.measure))
        return tuple(name for name, value in stated if not value)


def find_commitments(text: str) -> list[Commitment]:
    """Every promise of the letter in order of where it begins."""
    elements = find_elements(text)
    lines = paragraphs(text[: elements.body_end(text)])
    contacts = [part.start for part in elements.contacts]
    found: list[Commitment] = []
    for paragraph, below in zip_longest(lines, lines[1:]):
        path = elements.path(trimmed(text, paragraph).start)
        body, heading = _body(text, paragraph, below, path)
        for sentence in sentences(text, body):
            if _promises(sentence.of(text), path) and not any(sentence.covers(at) for at in contacts):
                acts = _acts(text, sentence)
                found += [_commitment(text, act, path) for act in (*_heading_act(text, heading, acts), *acts)]
                heading = None
    return sorted(found, key=lambda commitment: (commitment.start, -commitment.end))


def _body(
    text: str, paragraph: Span, below: Span | None, path: tuple[Heading, ...]
) -> tuple[Span, Heading | None]:
    """The paragraph without its number or heading. A numbered line with no text below it speaks for itself."""
    if not path or not paragraph.covers(path[-1].start):
        return Span(paragraph.start + len(leading_number(paragraph.of(text))), paragraph.end), None
    heading = path[-1]
    if heading.run_in:
        return Span(heading.end, paragraph.end), heading
    next_line = below.of(text).lstrip() if below else ""
    numbered = re.match(r"[（(\d一二三四五六七八九十]", next_line)
    alone = heading.level > 1 and (heading.text.endswith("。") or not next_line or numbered)
    start = heading.start + len(heading.number)
    return Span(start if alone else paragraph.end, paragraph.end), None


def _heading_act(text: str, heading: Heading | None, acts: list[Span]) -> list[Span]:
    """A run-in heading that promises something of its own.

    It does where it states a number (2024年新建公园60个), and where the body serves two groups (甲以及乙) with the very
    act that the heading names: what is promised to the first is what the heading says.
    """
    if heading is None:
        return []
    start = heading.start + len(heading.number)
    span = trimmed(text, Span(start, heading.end))
    own = _numbered_act(span.of(text)) or (bool(acts) and _for_a_second_group(text, acts[0], heading))
    return [span] if own else []


def _numbered_act(title: str) -> bool:
    return _act_within(title) and any(
        q.unit not in words("commitments")["time_units"] for q in find_quantities(title)
    )


def _for_a_second_group(text: str, act: Span, heading: Heading) -> bool:
    match = re.match(r"针对[^，。]{1,120}?以及[^，。]{1,120}，(?P<act>.{1,200})", act.of(text), re.S)
    verb = _starting("acts", _core(match["act"])) if match else ""
    return bool(verb) and verb == _starting("acts", _core(heading.title))


def _promises(sentence: str, path: tuple[Heading, ...]) -> bool:
    table = words("commitments")
    if re.search(table["closing"], sentence):
        return False
    planned = any(re.search(any_of(table["plan_headings"]), heading.title) for heading in path)
    return planned or bool(re.search(table["future"], sentence))


@dataclass
class _Sentence:
    """The acts of one sentence as they are gathered, and the clauses still waiting for their act."""

    acts: list[Span]
    waiting: int | None = None
    open_causative: bool = False
    asked: bool = False


def _acts(text: str, sentence: Span) -> list[Span]:
    """The separate acts of a sentence, clause by clause."""
    state = _Sentence([])
    for span in clauses(text, sentence):
        clause = _without_link(text, trimmed(text, span))
        if clause.start < clause.end and _answers_a_request(clause.of(text), state):
            state.waiting = None
        elif (
            clause.start < clause.end
            and not re.search(words("commitments")["past"], clause.of(text))
            and not _is_label(text, span, clause)
        ):
            _take(text, clause, state)
        state.asked = state.asked and text[span.end - 1] not in "；;"
    if state.waiting is not None and state.acts:
        state.acts[-1] = Span(state.acts[-1].start, trimmed(text, sentence).end)
    elif state.waiting is not None and _act_within(Span(state.waiting, sentence.end).of(text)):
        state.acts.append(trimmed(text, Span(state.waiting, sentence.end)))
    return [part for act in state.acts for part in (act, *_acts_among_means(text, act))]


def _answers_a_request(clause: str, state: _Sentence) -> bool:
    """建议贵厅…, 条件还不成熟, 我们吸收采纳: what others should do, or what is said of their request, is no promise."""
    table = words("commitments")
    state.asked = state.asked or re.search(table["asked"], clause) is not None
    return state.asked or re.search(table["refused"], clause) is not None


def _without_link(text: str, clause: Span) -> Span:
    """二是提高频次 without 二是; what links a promise to the last is none of its words."""
    link = re.match(words("commitments")["links"], clause.of(text))
    return Span(clause.start + link.end(), clause.end) if link else clause


def _is_label(text: str, span: Span, clause: Span) -> bool:
    """一是完善设施。2025年…: a label that the sentences after it fill."""
    followed = text[span.end : span.end + 1].strip() and span.of(text).endswith("。")
    return bool(followed and re.fullmatch(words("commitments")["labels"], clause.of(text)))


def _take(text: str, clause: Span, state: _Sentence) -> None:
    kind = _kind(clause.of(text), begun=bool(state.acts), waiting=state.waiting is not None)
    if state.open_causative and kind == "act":
        state.acts[-1] = Span(state.acts[-1].start, clause.end)
        state.open_causative = False
    elif kind == "act":
        state.acts.append(Span(clause.start if state.waiting is None else state.waiting, clause.end))
        state.waiting = None
        state.open_causative = _awaits_its_verb(clause.of(text))
    elif kind == "more":
        state.acts[-1] = Span(state.acts[-1].start, clause.end)
    elif kind == "means" and state.waiting is None:
        state.waiting = clause.start


def _kind(clause: str, *, begun: bool, waiting: bool) -> str:
    """What a clause is to its sentence: act, more (of the act before), outcome, or means (of the act to come)."""
    core = _core(clause)
    verb = _starting("acts", core)
    if _undated(clause) != clause and _starting("outcomes", core):
        return "act"  # 五年内实现…: what has a term of its own can be asked after
    if begun and (_starting("outcomes", _subjectless(clause)) or _is_outcome(core)) and not verb:
        return "outcome"
    if begun and _is_outcome(core):
        return "outcome"
    if verb:
        return "more" if begun and core[len(verb) :].startswith("其") else "act"
    if waiting and _act_within(core) and (_starting("places", core) or not _starting("means", core)):
        return "act"
    if _stands_alone(clause, core):
        return "act"
    if _starting("means", core):
        return "means"
    if not begun and _starting("outcomes", _subjectless(clause)):
        return "act"
    return "more" if begun else "means"


def _stands_alone(clause: str, core: str) -> bool:
    """每个街道安排1处, 将漏损率控制在9%以下, 对…线路予以调整: an act that does not begin with its verb."""
    table = words("commitments")
    if re.search(table["acts_on_an_object"], clause):
        return True
    if not _act_within(core) or re.search(table["occasions"], core):
        return False
    return bool(_starting("own_openers", _undated(clause)) or _starting("objects_first", core))


def _undated(clause: str) -> str:
    """The clause without the term it begins with: 今年11月底前完成… → 完成…"""
    table = words("commitments")
    match = re.match(rf"(?:{table['terms']}|到?(?:{table['dates']}))[，,]?", clause)
    return clause[match.end() :] if match else clause


def _core(clause: str) -> str:
    """The clause without its subject and adverbs: 我局将尽快出台… → 出台…"""
    core, before = re.sub(f"^{words('commitments')['own_subject']}", "", _subjectless(clause)), ""
    while core != before:
        before = core
        core = _undated(core)
        if not _starting("acts", core):
            core = re.sub(f"^(?:{any_of(words('commitments')['adverbs'])}、?)", "", core)
    return core


def _subjectless(clause: str) -> str:
    match = re.match(words("commitments")["subjects"], clause)
    rest = clause[match.end() :] if match else clause
    return (
        rest
        if match and re.search(r"将|拟|计划|会|由|负责|牵头|下一步|下阶段|今后|是$", match[0])
        else clause
    )


def _is_outcome(core: str) -> bool:
    return any(re.search(pattern, core) for pattern in words("commitments")["outcome_patterns"])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(any_of(words("commitments")[name]))


def _starting(name: str, phrase: str) -> str:
    match = _pattern(name).match(phrase)
    return match[0] if match else ""


def _act_within(phrase: str) -> bool:
    return bool(_pattern("acts").search(phrase))


def _awaits_its_verb(clause: str) -> bool:
    """鼓励企业针对…场景，制定标准: what is encouraged stands in the next clause."""
    core = _core(clause)
    causative = _starting("causatives", core)
    opener = _pattern("openers").search(core)
    return bool(causative and opener and not _act_within(core[len(causative) :]))


def _acts_among_means(text: str, act: Span) -> Iterator[Span]:
    match = re.match(
        r"通过(?P<list>[^，。]{1,120}?)等[^，。、]{0,6}(?:方式|形式|途径|手段|举措|措施)，", act.of(text)
    )
    if not match:
        return
    place = act.start + match.start("list")
    for index, item in enumerate(match["list"].split("、")):
        if index and _starting("acts", _core(item)):
            yield Span(place, place + len(item))
        place += len(item) + 1


def _commitment(text: str, act: Span, path: tuple[Heading, ...]) -> Commitment:
    table, printed = words("commitments"), act.of(text)
    return Commitment(
        start=act.start,
        end=act.end,
        text=printed,
        heading=" › ".join(f"{heading.number}{heading.title}" for heading in path),
        owner=_owner(table, printed),
        date=_first(table["dates"], printed),
        vague_date=_first(any_of(table["vague_dates"]), printed),
        measure=_measure(table, printed),
    )


def _owner(table: dict[str, Any], printed: str) -> str:
    match = re.search(table["owners"], printed)
    return (match["by"] or match["lead"] or match["subject"]) if match else ""


def _first(pattern: str, printed: str) -> str:
    match = re.search(pattern, printed)
    return match[0] if match else ""


def _measure(table: dict[str, Any], printed: str) -> str:
    counted = [
        quantity.text for quantity in find_quantities(printed) if quantity.unit not in table["time_units"]
    ]
    return "、".join(counted)
