"""The words of an explanation, for its text and its HTML alike: values, gaps, changes, sources, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mangrove.rulebook.decide import Standing
from mangrove.rulebook.explaining.lacking import Missing
from mangrove.rulebook.explaining.parts import Datum, Gap, Part, Rest, Rows, sides
from mangrove.rulebook.explaining.trying import Change
from mangrove.rulebook.interpret import Value
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.articles import in_english
from mangrove.rulebook.language.scope import base_factor
from mangrove.rulebook.language.types import DAY, MONEY, type_of
from mangrove.rulebook.language.wording import RUN, Wording
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.population import Stored
from mangrove.rulebook.showing import shown
from mangrove.vocabulary.model import Field, Relation

VERDICTS = {True: ("符合", "met"), False: ("不符合", "not met"), None: ("缺数据", "unknown")}
STANDINGS = {
    Standing.MEETS: "qualifies",
    Standing.FAILS: "does not qualify",
    Standing.LACKS: "a datum is missing",
}
STATUS = {"已核": "checked", "待核": "not yet checked", "草案": "draft"}
TEXT_STATUS = {"原文": "verbatim", "转述": "paraphrase", "待录入": "to be entered"}
WAYS = {"short": ("差", "short by "), "over": ("超出", "over by "), "off": ("差", "off by ")}
GROUPS = {"all": ("全部", "all of"), "any": ("任一", "any of"), "not": ("不得", "not")}


@dataclass(frozen=True)
class Saying:
    """``home`` is the (entity, key) of the case itself, which is not named again with each datum."""

    measure: Measure
    language: str = "zh"
    home: tuple[str, str] = ("", "")

    @property
    def english(self) -> bool:
        return self.language.startswith("en")

    def pick(self, zh: str, en: str) -> str:
        return en if self.english else zh

    def wording(self, entity: str) -> Wording:
        return Wording(self.measure, entity, self.language)

    # --- values ------------------------------------------------------------------------------------------------------

    def fen(self, fen: int | None) -> str:
        value = None if fen is None else Fraction(fen)
        return shown(value, MONEY, self.measure.vocabulary, self.language)

    def field(self, entity: str, name: str) -> Field | Relation | None:
        kind = self.measure.vocabulary.entities.get(entity)
        if kind is None:
            return None
        return kind.fields.get(name) or kind.relations.get(name)

    def field_name(self, entity: str, name: str) -> str:
        """``示范项目“总投资”``, or a date of the run."""
        found = self.field(entity, name)
        if found is None:
            return self.pick(*RUN.get(name, (name, name)))
        kind = self.measure.vocabulary.entities[entity]
        return self.pick(f"{kind.zh}“{found.zh}”", f"{kind.en} “{found.en}”")

    def stored(self, entity: str, name: str, value: Stored | Value) -> str:
        """A stored value of a field as people read it."""
        found = self.field(entity, name)
        if value is None or not isinstance(found, Field):
            return self.pick("缺数据", "unknown") if value is None else str(value)
        kind = type_of(found)
        based: Value = Fraction(value) * base_factor(found) if is_number(value) else value  # type: ignore[arg-type,assignment]
        column = typed.Column(kind, 0, (name,), base_factor(found))
        return self.wording(entity).value(based, kind, column)

    def standing(self, one: Standing) -> str:
        return STANDINGS[one] if self.english else str(one)

    def verdict(self, holds: bool | None) -> str:
        return VERDICTS[holds][self.english]

    def status(self, one: str) -> str:
        return self.pick(one, STATUS.get(one, one))

    def text_status(self, one: str) -> str:
        return self.pick(one, TEXT_STATUS.get(one, one))

    def gap(self, one: Gap, beside: typed.Typed | None, entity: str) -> str:
        if one.way == "edge":
            return self.pick("恰在界上，界不算在内", "right on the bound, which does not count")
        zh, en = WAYS[one.way]
        if one.kind == DAY:
            return self.pick(f"{zh}{one.size}天", f"{en}{days(int(one.size))}")
        return self.pick(zh, en) + self.points(self.wording(entity).value(one.size, one.kind, beside))

    def points(self, said: str) -> str:
        """Between two shares lie percentage points."""
        if not said.endswith("%"):
            return said
        return said.removesuffix("%") + self.pick("个百分点", " percentage points")

    def keyed(self, entity: str, key: str) -> str:
        return "" if (entity, key) == self.home else f" {key}"

    # --- conditions ----------------------------------------------------------------------------------------------------

    def condition(self, part: Part) -> str:
        """As written, or in words inside a group; a group that is written is told by its kind."""
        if part.kind in GROUPS or part.kind == "at_least":
            return self.group(part)
        return part.written or self.wording(part.entity).words(part.node)

    def group(self, part: Part) -> str:
        met = sum(one.holds is True for one in part.parts)
        count = len(part.parts)
        if part.kind == "at_least":
            return self.pick(
                f"{count}项中至少{part.least}项：符合{met}项", f"at least {part.least} of {count}: {met} met"
            )
        zh, en = GROUPS[part.kind]
        if part.kind == "not":
            return self.pick(f"{zh}：", f"{en}:")
        return self.pick(f"{zh}：{count}项中符合{met}项", f"{en} {count}: {met} met")

    def compared(self, part: Part) -> str:
        """What the case has and how far it is off; for a comparison, an aggregate or a named clause."""
        found = sides(part.node)
        if found is None:
            return ""
        if part.has is None:
            return self.pick("没有数据", "no datum")
        _kind, beside, others = found
        wording = self.wording(part.entity)
        said = [self.pick("实为", "is ") + wording.value(part.has, beside.type, beside)]
        if not all(is_literal(one) for one in others):
            asked = wording.listed([wording.value(one, beside.type, beside) for one in part.asked])
            said.append(self.pick(f"要求{asked}", f"asked {asked}"))
        if part.gap is not None:
            said.append(self.gap(part.gap, beside, part.entity))
        return self.pick("，", ", ").join(said)

    def rest(self, rest: Rest) -> str:
        """What a definition or an earlier clause says here."""
        if rest.clause is not None and rest.standing is not None:
            return f"{self.clause_name(rest.clause)}{self.pick('：', ': ')}{self.standing(rest.standing)}"
        name = self.pick(*RUN.get(rest.name, (rest.name, rest.name)))
        value = self.wording(rest.entity).value(rest.value, rest.kind, typed.Use(rest.kind, 0, rest.name))
        written = f" = {rest.definition.formula.text}" if rest.definition else ""
        return f"{name}{written}{self.pick('：', ': ')}{value}"

    def clause_name(self, one: Clause) -> str:
        return self.pick(f"{one.article}（{one.id}）", f"{in_english(one.article)} ({one.id})")

    def datum(self, one: Datum) -> str:
        """The field and where the datum comes from."""
        where = self.field_name(one.entity, one.field) + self.keyed(one.entity, one.key)
        if one.source is None:
            return where
        return where + self.pick(f"，来源：{one.source}", f", source: {one.source}")

    def rows(self, one: Rows) -> str:
        kind = self.measure.vocabulary.entities[one.entity]
        unsure = self.pick(f"，不能定{one.unsure}件", f", {one.unsure} undecided") if one.unsure else ""
        return (
            self.pick(
                f"{kind.zh}共{one.count}件，算入{one.belong}件",
                f"{one.belong} of {one.count} rows of {kind.en}",
            )
            + unsure
        )

    # --- what would turn it, what is lacking ---------------------------------------------------------------------------

    def change(self, one: Change) -> str:
        entity, key = one.place
        if one.name:
            said = self.wording(entity)
            kind = typed.Use(
                next(d.formula.meaning.type for d in self.measure.definitions if d.name == one.name),
                0,
                one.name,
            )
            was, to = (said.value(value, kind.type, kind) for value in (one.was, one.to))  # type: ignore[arg-type]
            what = one.name
        else:
            was, to = (self.stored(entity, one.field, value) for value in (one.was, one.to))
            what = self.field_name(entity, one.field) + self.keyed(entity, key)
        moved = self.moved(one)
        return self.pick(f"{what}由{was}变为{to}{moved}", f"{what} from {was} to {to}{moved}")

    def moved(self, one: Change) -> str:
        """How far, with its direction."""
        was, to = one.was, one.to
        if isinstance(was, date) and isinstance(to, date):
            far = (to - was).days
            zh, en = ("晚", "later") if far > 0 else ("早", "earlier")
            return self.pick(f"（{zh}{abs(far)}天）", f" ({days(abs(far))} {en})")
        if one.name or not is_number(was) or not is_number(to):
            return ""
        size = self.points(self.stored(one.place[0], one.field, abs(to - was)))  # type: ignore[operator]
        zh, en = ("多", "more") if to > was else ("少", "less")  # type: ignore[operator]
        return self.pick(f"（{zh}{size}）", f" ({size} {en})")

    def missing(self, one: Missing) -> str:
        what = self.field_name(one.entity, one.field)
        many = len(one.keys) > 1
        rows = self.pick(f" {len(one.keys)}件", f" of {len(one.keys)} rows")
        keys = rows if many else "".join(self.keyed(one.entity, key) for key in one.keys)
        by = self.pick(f"（由{one.by}判断）", f" (judged by {one.by})") if one.by else ""
        return f"{what}{keys}{by}{self.pick('：', ': ')}{self.matters(one)}"

    def matters(self, one: Missing) -> str:
        if not one.matters and one.waits:
            return self.pick(
                "无论如何结果都一样，但补上才能定",
                "the result is the same whatever it is, yet it must be known",
            )
        if not one.matters:
            return self.pick("不影响结果", "makes no difference")
        if one.stake is None:
            return self.pick(
                "影响结果，涉及金额没有上限", "decides the result; nothing bounds the money at stake"
            )
        if one.stake == 0:
            return self.pick("影响结果", "decides the result")
        return self.pick(
            f"影响结果，涉及{self.fen(one.stake)}", f"decides the result; {self.fen(one.stake)} at stake"
        )


def is_number(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def is_literal(node: typed.Typed) -> bool:
    """Written in the condition itself, not by the name of a parameter."""
    return isinstance(node, typed.Constant) and ("." in node.name or "#" in node.name or not node.name)


def days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
