"""How a clause came out, for a page: the standing, the money, each condition with value, bound and gap, what would turn it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.policies.calculator import sentences  # noqa: F401 -- makes the names of judges known
from mangrove.policies.measures.articles import article_said
from mangrove.registry.labels import said
from mangrove.rulebook.decide import Standing
from mangrove.rulebook.explaining import case_text
from mangrove.rulebook.explaining.case import ClauseCase, Explaining
from mangrove.rulebook.explaining.lacking import Missing
from mangrove.rulebook.explaining.parts import Part, Rest
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.explaining.trying import Change, Trying
from mangrove.rulebook.language.articles import UNSEEN
from mangrove.rulebook.language.typed import Gathered
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.population import Thing
from mangrove.ui.components import Tag, Tone
from mangrove.ui.languages import in_chinese, in_words, listed
from mangrove.vocabulary.model import Relation

TONES: Mapping[Standing, Tone] = {Standing.MEETS: "good", Standing.FAILS: "bad", Standing.LACKS: "warn"}
VERDICTS: Mapping[bool | None, Tone] = {True: "good", False: "bad", None: "warn"}
#: What the library says of a text: checked against the original or not, verbatim or not.
STATUS_TONES: Mapping[str, Tone] = {"已核": "good", "原文": "good", "待核": "warn", "待录入": "warn", "草案": "info", "转述": "info"}  # fmt: skip


@dataclass(frozen=True)
class Said(Saying):
    """In words for readers of no formulas. Keys are told by the names of ``keys``, a made-up thing by none."""

    #: ``unsaid``: kinds of rows of which nobody has said how many there are; what was made up for them is not told as a fact.
    #: ``waiting``: what says of which kind a thing is, where nobody has said yet that it was granted.
    #: ``identity``: fields, as ``kind.field``, that nobody is advised to change.

    keys: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sources: bool = False
    unsaid: frozenset[str] = frozenset()
    identity: frozenset[str] = frozenset()
    waiting: frozenset[tuple[str, str, str]] = frozenset()

    def condition(self, part: Part) -> str:
        if part.kind in ("all", "any", "at_least", "not"):
            return self.group(part)
        return self.wording(part.entity).words(part.node)

    def compared(self, part: Part) -> str:
        return _("还没有回答") if rests_on(part, self.unsaid) else super().compared(part)

    def rest(self, rest: Rest) -> str:
        """By its name alone; the formula stands behind it."""
        if rest.definition is None:
            return super().rest(rest)
        if rests_on(rest, self.unsaid):
            return _("%(name)s：还没有回答") % {"name": rest.name}
        return super().rest(replace(rest, definition=None))

    def clause_name(self, one: Clause) -> str:
        return article_words(one)

    def matters(self, one: Missing) -> str:
        return _("影响结果和金额") if one.matters and one.stake is None else super().matters(one)

    def waits_for(self, one: Missing) -> bool:
        """Whether what is missing is that the thing was granted at all."""
        return any((one.entity, key, one.field) in self.waiting for key in one.keys)

    def missing(self, one: Missing) -> str:
        if self.waits_for(one):
            return _("是否已认定：%(matters)s") % {"matters": self.matters(one)}
        return super().missing(one)

    def advised(self, one: Change) -> bool:
        """More or less, or yes instead of no; not to be something else, nor what nobody said was so."""
        entity = one.place[0]
        kind = self.field(entity, one.field)
        other = isinstance(kind, Relation) or (kind is not None and kind.enum is not None)
        return not other and f"{entity}.{one.field}" not in self.identity and entity not in self.unsaid

    def keyed(self, entity: str, key: str) -> str:
        name = self.keys.get((entity, key), "")
        return self.pick(f"（{name}）", f" ({name})") if name else ""


@dataclass(frozen=True)
class Line:
    """One condition, or what it rests on."""

    tag: Tag | None
    text: str
    detail: str
    under: tuple[Line, ...]
    formula: str = ""


@dataclass(frozen=True)
class Turn:
    """Changes that together turn the clause, and what it then comes to."""

    changes: tuple[str, ...]
    result: str


@dataclass(frozen=True)
class Told:
    """One clause for one thing, ready for a page. ``fen``: what is paid, where that is settled."""

    clause: Clause
    thing: str
    standing: Standing
    tag: Tag
    text_status: Tag
    amount: str
    steps: str
    taken_by: str
    lines: tuple[Line, ...]
    turns: tuple[Turn, ...]
    missing: tuple[str, ...]
    fen: int | None
    #: Where the clause cannot be decided yet, the names of what it hangs on.
    hangs_on: tuple[str, ...] = ()

    @property
    def article(self) -> str:
        return article_words(self.clause)

    @property
    def code(self) -> str:
        """Where the number of the article was not seen: by which entry of the library it is known."""
        return self.clause.article.removeprefix(UNSEEN).strip("（）") if is_unseen(self.clause) else ""


LONGEST_NAME = 30


def is_unseen(clause: Clause) -> bool:
    return clause.article.startswith(UNSEEN)


def article_words(clause: Clause) -> str:
    """The article; where its number was not seen, the beginning of what it says."""
    if not is_unseen(clause):
        return article_said(clause.article)
    first = clause.text.strip().split("；")[0].split("。")[0]
    return first if len(first) <= LONGEST_NAME else first[:LONGEST_NAME] + "…"


def rests_on(one: Part | Rest, kinds: frozenset[str]) -> bool:
    """Whether rows of one of these kinds are behind it."""
    if not kinds:
        return False
    inner: list[Part | Rest] = [*one.parts, *one.rests]
    return any(each.entity in kinds for each in one.rows) or any(rests_on(each, kinds) for each in inner)


def language() -> str:
    return "zh" if in_chinese() else "en"


def saying(
    measure: Measure, keys: Mapping[tuple[str, str], str] | None = None, sources: bool = False
) -> Said:
    return Said(measure, language(), keys=keys or {}, sources=sources)


def told(clause: Clause, thing: Thing, explaining: Explaining, say: Said, name: str = "") -> Told:
    found = explaining.of_clause(clause, thing)
    found = unsettled(found, say)
    outcome = found.outcome
    return Told(
        clause, name, outcome.standing, Tag(say.standing(outcome.standing), TONES[outcome.standing]),
        Tag(say.text_status(clause.text_status), STATUS_TONES.get(clause.text_status, "calm")), amount(found, say),
        steps(found, say), taken_by(found, say), tuple(line(part, say) for part in found.parts), tuple(turns(found, say)),
        tuple(lacks(found, say)), outcome.fen, tuple(dict.fromkeys(hangs_on(found, say))),
    )  # fmt: skip


def not_granted(one: Told, say: Said) -> Told:
    """Of something that one says not to have been granted."""
    line = Line(Tag(say.verdict(False), VERDICTS[False]), _("已获认定"), "", ())
    tag = Tag(say.standing(Standing.FAILS), TONES[Standing.FAILS])
    return replace(
        one,
        standing=Standing.FAILS,
        tag=tag,
        amount="",
        steps="",
        lines=(line,),
        turns=(),
        missing=(),
        fen=None,
        hangs_on=(),
    )


def unsettled(found: ClauseCase, say: Said) -> ClauseCase:
    """What came out only because a row was made up of which nobody has said how many there are, lacks a datum."""
    made_up = [rests_on(one, say.unsaid) for one in found.parts]
    settled = any(one.holds is False and not up for one, up in zip(found.parts, made_up, strict=True))
    if settled or not (any(made_up) or counts_in_amount(found, say)):
        return found
    return replace(found, outcome=replace(found.outcome, standing=Standing.LACKS, fen=None), flips=())


def counts_in_amount(found: ClauseCase, say: Said) -> bool:
    amount = found.clause.amount
    nodes = amount.meaning.walk() if amount is not None else ()
    return any(isinstance(one, Gathered) and one.child in say.unsaid for one in nodes)


def lacks(found: ClauseCase, say: Said) -> Iterator[str]:
    if found.outcome.standing == Standing.LACKS:
        for kind in sorted(say.unsaid):
            if any(rests_on(one, frozenset([kind])) for one in found.parts) or counts_in_amount(found, replace(say, unsaid=frozenset([kind]))):  # fmt: skip
                yield _("本单位的%(things)s有多少：还没有回答") % {"things": said(vocabulary.entity(kind))}
    for one in found.missing:
        if (one.matters or one.waits) and one.entity not in say.unsaid:
            yield say.missing(judged(one))


def hangs_on(found: ClauseCase, say: Said) -> Iterator[str]:
    """Whether it was granted comes alone: who was not is asked nothing else."""
    if found.outcome.standing != Standing.LACKS:
        return
    open_ones = [one for one in found.missing if one.matters or one.waits]
    if any(say.waits_for(one) for one in open_ones):
        yield _("是否已认定")
        return
    for one in open_ones:
        yield (
            said(vocabulary.entity(one.entity))
            if one.entity in say.unsaid
            else say.field_name(one.entity, one.field)
        )


def judged(one: Missing) -> Missing:
    """With who judges it in the reader's words."""
    return replace(one, by=in_words(one.by)) if one.by else one


def explaining_of(trying: Trying) -> Explaining:
    return Explaining(trying)


# --- the money -----------------------------------------------------------------------------------------------------------


def amount(found: ClauseCase, say: Said) -> str:
    outcome = found.outcome
    if found.clause.amount is None:
        return ""
    if outcome.standing == Standing.MEETS:
        return say.fen(outcome.fen)
    if outcome.standing == Standing.FAILS:
        would = outcome.ungated
        return _("若全部符合，为%(sum)s") % {"sum": say.fen(would)} if would else ""
    return at_most(found, say)


def at_most(found: ClauseCase, say: Said) -> str:
    """What a person still has to say bounds the money, and is named; the calculator never makes it up."""
    judges = listed(dict.fromkeys(in_words(one.by) for one in found.missing if one.by))
    bound = bound_of(found)
    if judges and bound is not None:
        return _("不超过%(sum)s，由%(by)s核定") % {"sum": say.fen(bound), "by": judges}
    if judges and found.clause.caps:
        return _("由%(by)s核定，上限还缺数据") % {"by": judges}
    if judges:
        return _("由%(by)s核定，条文没有写上限") % {"by": judges}
    return _("至多%(sum)s，还缺数据") % {"sum": say.fen(bound)} if bound is not None else _("还缺数据")


def bound_of(found: ClauseCase) -> int | None:
    """The most that waits for what is missing, in fen; ``None`` where nothing bounds it."""
    stakes = [one.stake for one in found.missing if one.matters]
    known = [one for one in stakes if one is not None]
    return max(known) if known and len(known) == len(stakes) else None


def steps(found: ClauseCase, say: Said) -> str:
    if found.clause.amount is None or found.outcome.standing != Standing.MEETS:
        return ""
    return say.pick("，", ", ").join(case_text.money_steps(found, say))


def taken_by(found: ClauseCase, say: Said) -> str:
    if not found.taken_by:
        return ""
    return _("并入%(clause)s，不单独支付") % {
        "clause": article_said(say.measure.clause(found.taken_by).article)
    }


# --- the conditions ------------------------------------------------------------------------------------------------------


def line(part: Part, say: Said) -> Line:
    is_told = case_text.is_told(part)
    inner = [*part.parts, *(case_text.inner_failing(part) if is_told else ())]
    rests = () if is_told else part.rests
    under = [*(line(one, say) for one in inner), *(rest(one, part.holds, say) for one in rests)]
    detail = together([say.compared(part), *grounds(part, say)], say)
    holds = None if rests_on(part, say.unsaid) else part.holds
    return Line(Tag(say.verdict(holds), VERDICTS[holds]), say.condition(part), detail, tuple(under))


def rest(one: Rest, holds: bool | None, say: Said) -> Line:
    """A definition or an earlier clause; of its conditions those that are not met, where it matters."""
    parts = [line(each, say) for each in one.parts if holds is not True and each.holds is not True]
    inner = [*parts, *(rest(each, holds, say) for each in one.rests)]
    formula = one.definition.formula.text if one.definition else ""
    return Line(None, say.rest(one), together(list(grounds(one, say)), say), tuple(inner), formula)


def grounds(one: Part | Rest, say: Said) -> Iterator[str]:
    made_up = say.unsaid | {kind for kind, _key, _field in say.waiting}
    yield from (say.rows(each) for each in one.rows if each.entity not in made_up)
    if say.sources:
        yield from (say.datum(each) for each in one.data if each.source)


def together(parts: list[str], say: Said) -> str:
    return say.pick("；", "; ").join(one for one in parts if one)


def turns(found: ClauseCase, say: Said) -> Iterator[Turn]:
    for flip in found.flips:
        if flip.fen == 0 or not all(say.advised(one) for one in flip.changes):
            continue
        yield Turn(tuple(say.change(one) for one in flip.changes), case_text.flip_result(flip, found, say))


def status_tag(measure: Measure) -> Any:
    status = measure.version.status
    return Tag(saying(measure).status(status), STATUS_TONES.get(status, "calm"))
