"""The expression language: text to tree.

    amount      1万元 * count(基站 where 质量 == 合格)
    share       设备投资 / 总投资 >= 50%
    ladder      设备投资 * tiers(总投资; <1000万元: 10%, <5000万元: 15%, else: 20%)
    by level    match(级别; 市级: 200万元, 省级: 300万元, else: 100万元)
    window      验收日期 in [2022-01-01 .. 2023-01-01)

``and``, ``or``, ``not``, ``in`` and ``not in`` may be written 且, 或, 非, 属于 and 不属于, between spaces. Multiplication
binds before addition, addition before comparison, comparison before ``not``, ``and``, ``or``; two comparisons in a row
are refused.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import cast

from mangrove.rulebook.language import tree
from mangrove.rulebook.language.lexer import Token, by_length, tokens, with_commas
from mangrove.rulebook.problems import START, Place, Problem

#: Brackets in brackets, and steps of a tree; more than any clause that a person can read, and fewer than the stack bears.
DEEPEST, TALLEST = 40, 100
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
TRUTHS = {"true": True, "false": False, "是": True, "否": False}
ELSE = frozenset({"else", "其余"})
COUNTS = frozenset({"count", "any", "all"})
AGGREGATES = COUNTS | {"sum", "min_of", "max_of"}
#: One sentence, in Chinese and in English.
Said = tuple[str, str]
NOTHING: Said = ("", "")


def parse(text: str, place: Place = START) -> tree.Node:
    """The tree of an expression that begins at ``place``. Raises :class:`Problem` at the first word that does not fit."""
    return Parser(text, place).whole()


class Parser:
    def __init__(self, text: str, place: Place) -> None:
        self.text, self.place = text, place
        self.words, self.next, self.depth = tokens(text, place), 0, 0

    # --- words -------------------------------------------------------------------------------------------------

    @property
    def word(self) -> Token:
        return self.words[self.next]

    def take(self) -> Token:
        word = self.word
        self.next += word.kind != "end"
        return word

    def sees(self, *signs: str) -> bool:
        return self.word.kind == "sign" and self.word.value in signs

    def sees_name(self, *names: str) -> bool:
        return self.word.kind == "name" and self.word.value in names

    def took(self, *signs: str) -> bool:
        """Whether one of these signs came next; it is then behind us."""
        seen = self.sees(*signs)
        if seen:
            self.take()
        return seen

    def must(self, sign: str, instead: Said = NOTHING) -> None:
        if not self.took(sign):
            raise self.unexpected((f"“{sign}”", f"“{sign}”"), instead)

    def unexpected(self, wanted: Said, instead: Said = NOTHING) -> Problem:
        """``wanted`` is what could stand here; ``instead`` is an example to write, where the words alone do not say it."""
        word = self.word
        ended = word.kind == "end"
        found = word.typed if len(word.typed) <= 20 else f"{word.typed[:20]}…"
        zh = f"这里应为{wanted[0]}，" + ("却已到结尾" if ended else f"却是“{found}”")
        en = f"Expected {wanted[1]} here, found " + ("the end" if ended else f"“{found}”")
        zh += f"；请写成 {instead[0]}。" if instead[0] else "。"
        en += f"; write {instead[1]}." if instead[1] else "."
        return self.refuse("unexpected", word.at, zh, en)

    def refuse(self, code: str, at: int, zh: str, en: str) -> Problem:
        return Problem(code, self.place.after(self.text, at), zh, en)

    def enter(self) -> Token:
        """Take an opening bracket; :meth:`close` takes its other half."""
        opened = self.take()
        self.depth += 1
        if self.depth > DEEPEST:
            zh = f"括号套了超过 {DEEPEST} 层；请拆成几个定义。"
            en = f"Brackets are nested more than {DEEPEST} deep; split this into several definitions."
            raise self.refuse("too_deep", opened.at, zh, en)
        return opened

    def close(self, opened: Token, *signs: str) -> None:
        if not self.sees(*signs):
            raise self.not_closed(opened, [f"“{sign}”" for sign in signs])
        self.take()
        self.depth -= 1

    def not_closed(self, opened: Token, signs: list[str]) -> Problem:
        zh, en = "或".join(signs), " or ".join(signs)
        if self.word.kind != "end":
            return self.unexpected((f"运算符或{zh}", f"an operator or {en}"))
        zh = f"这个“{opened.typed}”没有关上；请补上{zh}。"
        return self.refuse("open_bracket", opened.at, zh, f"This “{opened.typed}” is not closed; add {en}.")

    # --- conditions --------------------------------------------------------------------------------------------

    def whole(self) -> tree.Node:
        if self.word.kind == "end":
            zh, en = (
                "式子是空的；请写一个数、一个名称或一个条件。",
                "The expression is empty; write a number, a name or a condition.",
            )
            raise self.refuse("empty", 0, zh, en)
        found = self.either()
        if self.word.kind != "end":
            raise self.trailing()
        self.must_be_low(found)
        return found

    def trailing(self) -> Problem:
        before, word = self.words[self.next - 1], self.word
        if word.kind == "name" and before.kind == "number" and not before.unit and word.value in by_length():
            right = f"{before.typed}{word.value}"
            zh, en = f"单位请紧跟在数后面：“{right}”。", f"Put the unit right behind the number: “{right}”."
        elif word.value == "," and self.splits_number():
            typed = "".join(one.typed for one in self.words[self.next - 1 : self.next + 2])
            raise with_commas(typed.replace("，", ","), self.place.after(self.text, before.at))
        elif word.value in {")", "]"}:
            zh = f"多了一个“{word.typed}”；请删去，或在前面补上另一半。"
            en = f"There is one “{word.typed}” too many; delete it, or add its other half before."
        else:
            zh = f"“{word.typed}”之前的式子已经完整；请用运算符（例如 and、+）连接，或删去后面的字。"
            en = f"The expression is complete before “{word.typed}”; join with an operator such as “and” or “+”, or delete the rest."
        return self.refuse("trailing", word.at, zh, en)

    def splits_number(self) -> bool:
        """Whether the comma at hand stands between two halves of what was meant as one number: ``1,5000万元``."""
        before, after = self.words[self.next - 1], self.words[self.next + 1]
        return before.kind == after.kind == "number" and not before.unit

    def must_be_low(self, found: tree.Node) -> None:
        """Refuse a tree that those who walk it by recursion could not: one that is a long row of ``+ - * /``, say."""
        level = [found]
        for _ in range(TALLEST):
            level = [part for node in level for part in node.parts()]
        if level:
            zh = f"一环套一环的运算超过 {TALLEST} 步；请拆成几个定义。"
            en = f"More than {TALLEST} steps build on each other; split this into several definitions."
            raise self.refuse("too_deep", level[0].at, zh, en)

    def either(self) -> tree.Node:
        at, of = self.word.at, [self.both()]
        while self.took("or"):
            of.append(self.both())
        return of[0] if len(of) == 1 else tree.Either(at, tuple(of))

    def both(self) -> tree.Node:
        at, of = self.word.at, [self.negated()]
        while self.took("and"):
            of.append(self.negated())
        return of[0] if len(of) == 1 else tree.Both(at, tuple(of))

    def negated(self) -> tree.Node:
        at, turns = self.word.at, 0
        while self.took("not"):
            turns += 1
        found = self.comparison()
        return tree.Not(at, found) if turns % 2 else found

    def comparison(self) -> tree.Node:
        left = self.sum()
        at = self.word.at
        if self.sees(*COMPARISONS):
            sign = cast(tree.CompareSign, self.take().value)
            left = tree.Compare(at, sign, left, self.sum())
        elif self.sees("in", "not", "not in"):
            left = self.membership(at, left, self.wanted())
        if self.sees(*COMPARISONS, "in", "not", "not in"):
            zh = "比较不能连着写；请写成两个比较，用 and 连接。"
            en = "Comparisons do not chain; write two comparisons joined by “and”."
            raise self.refuse("chained", self.word.at, zh, en)
        return left

    def wanted(self) -> bool:
        """Behind ``in``, or behind ``not in``."""
        if self.took("not in"):
            return False
        wanted = not self.took("not")
        self.must("in")
        return wanted

    def membership(self, at: int, value: tree.Node, wanted: bool) -> tree.Node:
        if not self.sees("[", "("):
            zh, en = "in [沿海, 乡村] 或 in [1 .. 5)", "in [coast, village] or in [1 .. 5)"
            raise self.unexpected(("“[”", "“[”"), (zh, en))
        opened = self.enter()
        first = self.either()
        if self.took(".."):
            return self.within(at, value, wanted, opened, first)
        if opened.value == "(":
            zh = "可选的值请写在“[”和“]”之间；两端之间请写成 (低 .. 高)。"
            en = "Write the choices between “[” and “]”, or a range as (low .. high)."
            raise self.refuse("round_list", opened.at, zh, en)
        choices = [first]
        while self.took(","):
            choices.append(self.either())
        self.close(opened, "]")
        return tree.OneOf(at, value, tuple(choices), wanted)

    def within(self, at: int, value: tree.Node, wanted: bool, opened: Token, low: tree.Node) -> tree.Node:
        high = self.either()
        high_closed = self.sees("]")
        self.close(opened, "]", ")")
        return tree.Within(at, value, low, high, opened.value == "[", high_closed, wanted)

    # --- amounts -----------------------------------------------------------------------------------------------

    def sum(self) -> tree.Node:
        found = self.product()
        while self.sees("+", "-"):
            word = self.take()
            found = tree.Sum(word.at, cast(tree.SumSign, word.value), found, self.product())
        return found

    def product(self) -> tree.Node:
        found = self.signed()
        while self.sees("*", "/"):
            word = self.take()
            found = tree.Sum(word.at, cast(tree.SumSign, word.value), found, self.signed())
        return found

    def signed(self) -> tree.Node:
        at, turns = self.word.at, 0
        while self.took("-"):
            turns += 1
        found = self.single()
        return tree.Negative(at, found) if turns % 2 else found

    def single(self) -> tree.Node:
        word = self.word
        if word.kind == "number":
            self.take()
            return tree.Number(word.at, cast(Fraction, word.value), word.unit)
        if word.kind == "date":
            self.take()
            return tree.Day(word.at, cast(date, word.value))
        if word.kind == "text":
            self.take()
            return tree.Text(word.at, str(word.value))
        if word.kind == "name":
            return self.named()
        if self.sees("("):
            opened = self.enter()
            found = self.either()
            self.close(opened, ")")
            return found
        raise self.unexpected(("数、日期、文字、名称或“(”", "a number, a date, a text, a name or “(”"))

    def named(self) -> tree.Node:
        word = self.take()
        if self.sees("("):
            opened = self.enter()
            found = self.called(str(word.value), word.at)
            self.close(opened, ")")
            return found
        if word.value in TRUTHS and not self.sees("."):
            return tree.Truth(word.at, TRUTHS[str(word.value)])
        return self.path(word)

    def path(self, first: Token) -> tree.Name:
        steps = [str(first.value)]
        while self.took("."):
            if self.word.kind != "name":
                raise self.unexpected(("名称", "a name"))
            steps.append(str(self.take().value))
        return tree.Name(first.at, tuple(steps))

    # --- what stands in brackets behind a name -----------------------------------------------------------------

    def called(self, name: str, at: int) -> tree.Node:
        if name == "tiers":
            return self.tiers(at)
        if name == "match":
            return self.match(at)
        if name in AGGREGATES:
            return self.aggregate(name, at)
        arguments = [] if self.sees(")") else [self.either()]
        # at_least(2; a, b): the number stands apart, as the value of tiers and match does
        while self.took(",") or (name == "at_least" and len(arguments) == 1 and self.took(";")):
            arguments.append(self.either())
        return tree.Call(at, name, tuple(arguments))

    def aggregate(self, function: str, at: int) -> tree.Node:
        """``count(项目 where …)``, ``any(项目 where …)``, ``sum(投资 of 项目 where …)``."""
        value = None
        if function not in COUNTS:
            instead = (f"{function}(投资 of 项目)", f"{function}(cost of project)")
            value = self.amount(instead)
            if not self.sees_name("of"):
                raise self.unexpected(("“of”", "“of”"), instead)
            self.take()
        over, where = self.over(function), None
        if self.sees_name("where"):
            self.take()
            where = self.either()
        return tree.Aggregate(at, function, value, over, where)

    def over(self, function: str) -> tree.Name:
        if self.word.kind != "name":
            of = ("", "") if function in COUNTS else ("投资 of ", "cost of ")
            instead = (f"{function}({of[0]}项目)", f"{function}({of[1]}project)")
            raise self.unexpected(("对象的名称", "the name of what to go through"), instead)
        return self.path(self.take())

    def amount(self, instead: Said) -> tree.Node:
        """What comes first in the brackets of ``sum``, ``tiers`` or ``match``."""
        if self.word.kind == "end" or self.sees(")", ";", ",", ":"):
            raise self.unexpected(("一个值", "a value"), instead)
        return self.sum()

    def tiers(self, at: int) -> tree.Node:
        instead = (
            "tiers(总投资; <1000万元: 10%, else: 20%)",
            "tiers(total_cost; <1000万元: 10%, else: 20%)",
        )
        value = self.amount(instead)
        self.must(";", instead)
        steps = [self.tier()]
        while self.took(","):
            steps.append(self.tier())
        return tree.Tiers(at, value, tuple(steps))

    def tier(self) -> tree.Tier:
        at = self.word.at
        if self.sees_name(*ELSE):
            self.take()
            self.must(":")
            return tree.Tier(at, "", None, self.sum())
        if not self.sees("<", "<="):
            instead = ("<1000万元: 10% 或 else: 20%", "<1000万元: 10% or else: 20%")
            raise self.unexpected(("“<”、“<=”或“else”", "“<”, “<=” or “else”"), instead)
        sign = cast(tree.TierSign, self.take().value)
        until = self.sum()
        self.must(":")
        return tree.Tier(at, sign, until, self.sum())

    def match(self, at: int) -> tree.Node:
        instead = (
            "match(级别; 市级: 200万元, else: 100万元)",
            "match(level; city: 200万元, else: 100万元)",
        )
        value = self.amount(instead)
        self.must(";", instead)
        options = [self.option()]
        while self.took(","):
            options.append(self.option())
        return tree.Match(at, value, tuple(options))

    def option(self) -> tree.Option:
        at, word = self.word.at, None
        if self.sees_name(*ELSE):
            self.take()
        else:
            word = self.signed()
        self.must(":")
        return tree.Option(at, word, self.sum())
