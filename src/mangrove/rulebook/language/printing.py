"""The canonical text of a tree: the fewest brackets that keep the meaning, English words for signs, units as written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import singledispatch
from itertools import repeat

from mangrove.rulebook.language import tree
from mangrove.rulebook.language.parser import ELSE

#: How tightly a tree holds together, from the loosest; whatever is not listed holds as tightly as a name.
EITHER, BOTH, NOT, COMPARISON, SUM, PRODUCT, SIGNED, SINGLE = range(8)
BINDING: dict[type[tree.Node], int] = {
    tree.Either: EITHER,
    tree.Both: BOTH,
    tree.Not: NOT,
    tree.Compare: COMPARISON,
    tree.OneOf: COMPARISON,
    tree.Within: COMPARISON,
    tree.Negative: SIGNED,
}
SUMS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


def written(node: tree.Node) -> str:
    """The text that parses to this very tree, apart from ``at``. Raises ``ValueError`` for a tree that no text gives."""
    return text_of(node)


def binding(node: tree.Node) -> int:
    return SUMS[node.sign] if isinstance(node, tree.Sum) else BINDING.get(type(node), SINGLE)


def within(node: tree.Node, at_least: int) -> str:
    """The text of a part, in brackets where it holds together less tightly than its place asks for."""
    text = text_of(node)
    return text if binding(node) >= at_least else f"({text})"


def listed(nodes: Iterable[tree.Node]) -> str:
    return ", ".join(map(text_of, nodes))


@singledispatch
def text_of(node: tree.Node) -> str:
    raise ValueError(f"{type(node).__name__} stands in no expression")


def writes(kind: type[tree.Node]) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Registers how one type of tree is written."""
    return lambda write: text_of.register(kind, write)


# --- single words ----------------------------------------------------------------------------------------------


@writes(tree.Number)
def number(node: tree.Number) -> str:
    return f"{decimal(node.value)}{node.unit}"


def decimal(value: Fraction) -> str:
    """All digits of a number that has finitely many, without zeros at the end."""
    if value < 0:
        raise ValueError(f"{value} is written as Negative")
    places = decimals(value.denominator)
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def decimals(denominator: int) -> int:
    """How many decimal places a reduced fraction needs: the greater power of the twos and fives below its line."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise ValueError(f"a number over {denominator} has no end of decimals")
    return max(twos, fives)


@writes(tree.Day)
def day(node: tree.Day) -> str:
    return node.value.isoformat()


@writes(tree.Text)
def quoted(node: tree.Text) -> str:
    if "\n" in node.value or ('"' in node.value and "”" in node.value):
        raise ValueError("a text with a line break, or with both kinds of quotation mark, cannot be written")
    return f"“{node.value}”" if '"' in node.value else f'"{node.value}"'


@writes(tree.Truth)
def truth(node: tree.Truth) -> str:
    return "true" if node.value else "false"


@writes(tree.Name)
def name(node: tree.Name) -> str:
    return str(node)


# --- signs and words between -----------------------------------------------------------------------------------


@writes(tree.Negative)
def negative(node: tree.Negative) -> str:
    return f"-{within(node.of, SINGLE)}"


@writes(tree.Sum)
def total(node: tree.Sum) -> str:
    binds = SUMS[node.sign]
    return f"{within(node.left, binds)} {node.sign} {within(node.right, binds + 1)}"


@writes(tree.Compare)
def compare(node: tree.Compare) -> str:
    return f"{within(node.left, SUM)} {node.sign} {within(node.right, SUM)}"


@writes(tree.OneOf)
def one_of(node: tree.OneOf) -> str:
    return f"{within(node.value, SUM)} {word_in(node.wanted)} [{listed(node.choices)}]"


@writes(tree.Within)
def in_range(node: tree.Within) -> str:
    low, high = "[" if node.low_closed else "(", "]" if node.high_closed else ")"
    ends = f"{low}{text_of(node.low)} .. {text_of(node.high)}{high}"
    return f"{within(node.value, SUM)} {word_in(node.wanted)} {ends}"


def word_in(wanted: bool) -> str:
    return "in" if wanted else "not in"


@writes(tree.Not)
def negated(node: tree.Not) -> str:
    return f"not {within(node.of, COMPARISON)}"


@writes(tree.Both)
def both(node: tree.Both) -> str:
    return " and ".join(map(within, node.of, repeat(BOTH + 1)))


@writes(tree.Either)
def either(node: tree.Either) -> str:
    return " or ".join(map(within, node.of, repeat(EITHER + 1)))


# --- what stands in brackets behind a name ---------------------------------------------------------------------


@writes(tree.Call)
def call(node: tree.Call) -> str:
    return f"{node.function}({listed(node.arguments)})"


@writes(tree.Aggregate)
def aggregate(node: tree.Aggregate) -> str:
    value = f"{within(node.value, SUM)} of " if node.value else ""
    where = f" where {text_of(node.where)}" if node.where else ""
    return f"{node.function}({value}{node.over}{where})"


@writes(tree.Tiers)
def tiers(node: tree.Tiers) -> str:
    return f"tiers({within(node.value, SUM)}; {listed(node.steps)})"


@writes(tree.Tier)
def tier(node: tree.Tier) -> str:
    until = within(node.until, SUM) if node.until else "else"
    return f"{node.sign}{until}: {within(node.value, SUM)}"


@writes(tree.Match)
def match(node: tree.Match) -> str:
    return f"match({within(node.value, SUM)}; {listed(node.options)})"


@writes(tree.Option)
def option(node: tree.Option) -> str:
    return f"{option_word(node.word)}: {within(node.value, SUM)}"


def option_word(word: tree.Node | None) -> str:
    """A name that begins with ``else`` stands in brackets."""
    if word is None:
        return "else"
    text = within(word, SIGNED)
    return f"({text})" if text.split(".")[0] in ELSE else text
