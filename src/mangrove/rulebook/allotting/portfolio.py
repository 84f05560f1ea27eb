"""A portfolio: measures of one programme, choices across them, and the pots that pay. Read from one YAML file.

portfolio: 2026年度5G专项（示例）
id: special_2026
status: 待核
source: 示例
measures: [sz_a, sz_b]
groups:
- {id: equipment_once, of: [sz_a.equipment, sz_b.renovation], keep: highest}
pots:
- id: special
  name: 2026年度5G专项
  amount: 6亿元
  source: 市级财政
  pays: [sz_a.*, sz_b.demo]
  then: [carried_over]          # what it cannot pay is asked of these pots, which stand further down
  cut: pro_rata
  round: 元
  minimum: 1万元
  classes: {by: 规模, order: [[微型, 小型], [中型, 大型]]}
  ties: [申请日期, 统一社会信用代码]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as File
from typing import Literal, TypeAlias, cast

from mangrove.rulebook.allotting.amounts import money, money_step, whole_number, yes_or_no
from mangrove.rulebook.allotting.classes import Classes, read_classes
from mangrove.rulebook.allotting.paths import Path, Ranking, read_path, read_ranking
from mangrove.rulebook.allotting.pots import ROUNDS, Cut, Pot
from mangrove.rulebook.problems import Place, Problem, Problems, not_one_of, unknown
from mangrove.rulebook.texts.nodes import Fields, Items, Words
from mangrove.rulebook.texts.reading import clean, read, read_text
from mangrove.vocabulary.model import Vocabulary

TOP = ("portfolio", "id", "source", "status", "measures", "groups", "pots", "note")
GROUP = ("id", "of", "keep", "by", "article", "text", "note")
POT = (
    "id", "name", "amount", "source", "pays", "then", "cut", "partial", "round", "minimum", "rounds",
    "classes", "ties", "note",
)  # fmt: skip
STATUS = ("已核", "待核")
KEEP = ("highest", "first")
Keep = Literal["highest", "first"]
CUTS: tuple[Cut, ...] = ("none", "pro_rata", "in_order")
#: Keys that mean something only where the pot is cut so.
ONLY_WITH: Mapping[str, tuple[Cut, ...]] = {
    "partial": ("in_order",),
    "round": ("pro_rata", "in_order"),
    "rounds": ("pro_rata",),
    "classes": ("pro_rata", "in_order"),
    "ties": ("pro_rata", "in_order"),
}
MOST_ROUNDS = 10_000

#: What a portfolio may name: of each measure (its id) the steps that pay, each with the kind of its thing (its id).
Shelf: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Group:
    """Of these steps (``measure.step``) only one pays for one matter; without ``by`` the matter is the thing itself."""

    id: str
    steps: tuple[str, ...]
    keep: Keep
    by: Path | None
    place: Place


@dataclass(frozen=True)
class PotRule:
    """A pot, the steps (``measure.step``) that it pays first, the pots it hands on to, and how its claims are ranked."""

    pot: Pot
    name: str
    source: str
    steps: tuple[str, ...]
    then: tuple[str, ...]
    classes: Classes | None
    ties: Ranking
    place: Place


@dataclass(frozen=True)
class Portfolio:
    """``steps``: every step of its measures (``measure.step``) with the kind of its thing."""

    id: str
    name: str
    source: str
    status: str
    steps: Mapping[str, str]
    groups: tuple[Group, ...]
    pots: tuple[PotRule, ...]

    def asking(self, pot: str) -> list[str]:
        """The steps that ask this pot: its own, and those of pots that hand on to it."""
        return [step for one in self.pots if pot in (one.pot.id, *one.then) for step in one.steps]


def load(path: File, vocabulary: Vocabulary, shelf: Shelf, called: str = "") -> Portfolio:
    """The portfolio of a file. Raises :class:`Problems`, with all that is wrong with it.

    The vocabulary has the inputs of the measures as fields, where money is ranked or classed by them.
    """
    return portfolio_of(lambda: read(path, called), vocabulary, shelf)


def load_text(text: str, vocabulary: Vocabulary, shelf: Shelf, called: str = "") -> Portfolio:
    """As :func:`load`, of a text that lies in no file."""
    return portfolio_of(lambda: read_text(clean(text.encode(), called), called), vocabulary, shelf)


def portfolio_of(reading: Callable[[], Fields], vocabulary: Vocabulary, shelf: Shelf) -> Portfolio:
    reader = Reader(vocabulary, shelf)
    found = None
    with reader.gathering():
        found = reader.portfolio(reading())
    if reader.problems or found is None:
        raise Problems(reader.problems)
    return found


class Reader:
    """Reads on after a problem, so that an officer mends a file once and not line by line."""

    def __init__(self, vocabulary: Vocabulary, shelf: Shelf) -> None:
        self.shelf = shelf
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.steps: dict[str, str] = {}
        self.measures_named: dict[str, Words] = {}
        #: Measures that were told already: their steps are not told again.
        self.strangers: set[str] = set()
        self.pot_ids: list[str] = []
        self.pots_seen: dict[str, Words] = {}

    @contextmanager
    def gathering(self) -> Iterator[None]:
        try:
            yield
        except Problem as problem:
            # A key that is read twice is told once.
            if all((one.code, one.place) != (problem.code, problem.place) for one in self.problems):
                self.problems.append(problem)

    def portfolio(self, top: Fields) -> Portfolio:
        with self.gathering():
            top.only(*TOP)
        top.need("portfolio", "id", "source", "status", "measures")
        status = self.one_of(top.words("status"), STATUS, ("状态", "status"))
        self.measures(top.items("measures").all_words())
        return Portfolio(
            id=top.words("id").text,
            name=top.words("portfolio").text,
            source=top.words("source").text,
            status=status,
            steps=self.steps,
            groups=tuple(self.groups(top)),
            pots=tuple(self.pots(top)),
        )

    def measures(self, written: Iterable[Words]) -> None:
        for words in written:
            with self.gathering():
                if words.text not in self.shelf:
                    self.strangers.add(words.text)
                    raise unknown(words.place, ("措施", "measure"), words.text, self.shelf)
                refuse_again("measure_twice", ("措施", "Measure"), words, self.measures_named)
                steps = self.shelf[words.text]
                self.steps |= {f"{words.text}.{step}": entity for step, entity in steps.items()}

    def one_of(self, words: Words, known: Sequence[str], what: tuple[str, str]) -> str:
        if words.text not in known:
            self.problems.append(not_one_of(words.place, what, words.text, known))
        return words.text

    def named(self, items: Items) -> Iterator[tuple[Words, str]]:
        """The steps that a list names, ``*`` being all of a measure, each with the place where it stands."""
        for words in items.all_words():
            measure, _dot, step = words.text.partition(".")
            if step == "*" and measure in self.measures_named:
                yield from ((words, one) for one in self.steps if one.startswith(f"{measure}."))
            elif words.text in self.steps:
                yield words, words.text
            elif measure not in self.strangers:
                known = [*self.steps, *(f"{one}.*" for one in self.measures_named)]
                self.problems.append(unknown(words.place, ("步骤", "step"), words.text, known))

    # --- choices across measures ---------------------------------------------------------------------------------

    def groups(self, top: Fields) -> Iterator[Group]:
        ids, taken = dict[str, Words](), dict[str, Words]()
        for fields in top.items("groups").all_fields():
            with self.gathering():
                yield self.group(fields, ids, taken)

    def group(self, fields: Fields, ids: dict[str, Words], taken: dict[str, Words]) -> Group:
        with self.gathering():
            fields.only(*GROUP)
        fields.need("id", "of", "keep")
        refuse_again("group_twice", ("选择组", "Group"), fields.words("id"), ids)
        keep = self.one_of(fields.words("keep"), KEEP, ("取法", "way to keep"))
        steps = [step for words, step in self.named(fields.items("of")) if self.is_new(words, step, taken)]
        if len(fields.items("of")) < 2 and len(steps) < 2:
            zh, en = "选择组至少要有两个步骤。", "A group chooses between two steps or more."
            raise Problem("group_of_one", fields.items("of").place, zh, en)
        by = self.matter(fields, {self.steps[step] for step in steps})
        return Group(fields.words("id").text, tuple(steps), cast(Keep, keep), by, fields.place)

    def is_new(self, words: Words, step: str, taken: dict[str, Words]) -> bool:
        """Whether no group has the step yet: groups are disjoint, so that the order of choices does not matter."""
        if step in taken:
            line = taken[step].place.line
            zh = f"步骤“{step}”在第 {line} 行已经进了选择组；一个步骤只能在一个组里。"
            en = f"The step “{step}” is in a group already, on line {line}; a step can be in one only."
            self.problems.append(Problem("step_in_two_groups", words.place, zh, en))
        return taken.setdefault(step, words) is words

    def matter(self, fields: Fields, entities: set[str]) -> Path | None:
        if "by" in fields and entities:
            return read_path(fields.entries["by"], sorted(entities), self.vocabulary)
        if len(entities) > 1:
            zh = "组里的步骤对着不同的对象；请用“by”写明按哪个字段算同一件事。"
            en = "The steps are for different kinds of things; say with “by” which field makes them one matter."
            raise Problem("group_things", fields.place, zh, en)
        return None

    # --- pots ----------------------------------------------------------------------------------------------------

    def pots(self, top: Fields) -> Iterator[PotRule]:
        """Each in the order of the file, which is the order in which they are served."""
        written = top.items("pots").all_fields()
        self.pot_ids = [one.words("id").text for one in written if "id" in one]
        pays, reached = self.flows(written)
        for fields in written:
            with self.gathering():
                own = fields.words("id").text if "id" in fields else ""
                yield self.pot_rule(fields, pays.get(own, ()), reached.get(own, []))

    def flows(self, written: Sequence[Fields]) -> tuple[dict[str, tuple[str, ...]], dict[str, list[str]]]:
        """Of each pot the steps that it pays first, and all that may come to ask it. Each step has one first pot."""
        pays: dict[str, tuple[str, ...]] = {}
        reached: dict[str, list[str]] = {}
        taken: dict[str, Words] = {}
        for fields in (one for one in written if "id" in one):
            with self.gathering():
                own = fields.words("id").text
                steps = [
                    step
                    for words, step in self.named(fields.items("pays"))
                    if self.pays_first(words, step, taken)
                ]
                pays[own] = tuple(steps)
                for id in (own, *(words.text for words in fields.items("then").all_words())):
                    reached.setdefault(id, []).extend(steps)
        return pays, reached

    def pays_first(self, words: Words, step: str, taken: dict[str, Words]) -> bool:
        if step in taken:
            line = taken[step].place.line
            zh = f"步骤“{step}”在第 {line} 行已经有资金池支付；不足的部分要接着用别的池，请写“then”。"
            en = f"The step “{step}” is paid by a pot already, on line {line}; for what that cannot pay, write “then” there."
            self.problems.append(Problem("paid_twice", words.place, zh, en))
        return taken.setdefault(step, words) is words

    def pot_rule(self, fields: Fields, steps: tuple[str, ...], reached: list[str]) -> PotRule:
        with self.gathering():
            fields.only(*POT)
        fields.need("id", "name", "amount", "source", "cut")
        refuse_again("pot_twice", ("资金池", "Pot"), fields.words("id"), self.pots_seen)
        with self.gathering():
            self.refuse_idle(fields, reached)
        entities = sorted({self.steps[step] for step in reached})
        has_classes = "classes" in fields and entities
        return PotRule(
            pot=self.pot(fields),
            name=fields.words("name").text,
            source=fields.words("source").text,
            steps=steps,
            then=tuple(self.later(fields)),
            classes=read_classes(fields.fields("classes"), entities, self.vocabulary)
            if has_classes
            else None,
            ties=read_ranking(fields.items("ties") if entities else (), entities, self.vocabulary),
            place=fields.place,
        )

    def later(self, fields: Fields) -> Iterator[str]:
        """The pots that this one hands on to. They stand further down, so that each is shared out once, in order."""
        for words in fields.items("then").all_words():
            if words.text in self.pots_seen:
                zh = f"“{words.text}”不在后面；资金池按次序分配，剩下的只能接到后面的池。"
                en = f"“{words.text}” is not further down; pots are shared out in order, and can hand on only downwards."
                self.problems.append(Problem("then_backwards", words.place, zh, en))
            elif words.text not in self.pot_ids:
                self.problems.append(unknown(words.place, ("资金池", "pot"), words.text, self.pot_ids))
            yield words.text

    def refuse_idle(self, fields: Fields, reached: list[str]) -> None:
        """Keys that would do nothing, and a pot that nobody asks."""
        cut = fields.words("cut").text
        idle = [key for key, cuts in ONLY_WITH.items() if key in fields and cut in CUTS and cut not in cuts]
        if idle:
            zh = f"“cut: {cut}”时“{idle[0]}”不起作用；请删去。"
            en = f"“{idle[0]}” does nothing with “cut: {cut}”; delete it."
            raise Problem("idle_key", fields.keys[idle[0]].place, zh, en)
        if not reached and not fields.entries.get("pays"):
            zh = "这个资金池不支付任何步骤；请写“pays”，或在前面的池里用“then”接到它。"
            en = "This pot pays nothing; write “pays”, or hand on to it with “then” from a pot above."
            raise Problem("pays_nothing", fields.place, zh, en)

    def pot(self, fields: Fields) -> Pot:
        return Pot(
            id=fields.words("id").text,
            fen=money(fields.words("amount")),
            cut=cast(Cut, self.one_of(fields.words("cut"), CUTS, ("分配办法", "way to cut"))),
            step=money_step(fields.words("round", "分")),
            minimum=money(fields.words("minimum", "0元")),
            partial=yes_or_no(fields.words("partial", "true")),
            rounds=whole_number(fields.words("rounds", str(ROUNDS)), 1, MOST_ROUNDS),
        )


def refuse_again(code: str, what: tuple[str, str], words: Words, seen: dict[str, Words]) -> None:
    if words.text in seen:
        line = seen[words.text].place.line
        zh = f"{what[0]}“{words.text}”在第 {line} 行已经有了；请删去一个，或换一个编号。"
        en = f"{what[1]} “{words.text}” stands on line {line} already; delete one, or give it another id."
        raise Problem(code, words.place, zh, en)
    seen[words.text] = words
