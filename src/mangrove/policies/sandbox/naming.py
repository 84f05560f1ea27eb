"""What each number of a measure bounds, in words, from the formula it stands in: 上限：国际标准·主导制定, 条件 2：经审核投资额 >=."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from mangrove.policies.measures.articles import article_said
from mangrove.registry.labels import said
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.typed import Constant, Typed
from mangrove.rulebook.measures import Clause, Formula, Measure
from mangrove.ui.languages import beside

#: Letters of a formula, and of a clause, that stand for the whole.
LONGEST, FIRST_WORDS = 24, 16
SHARE = re.compile(r"[\d.]+\s*%")
#: How the text of a list of conditions begins.
LISTS = ("任一：", "全部：", "至少", "符合其一：")
PAUSE = re.compile(r"[，。；：,;]")


def labels(measure: Measure) -> Mapping[str, str]:
    """A parameter by its own name; another by where it stands and what it bounds; those that read alike are counted."""
    found: dict[str, str] = {}
    for where, formula in formulas(measure):
        own = {name: words for name, words in bounded(formula.meaning, formula, measure) if name not in found}
        told = {name: label(name, where, words, formula) for name, words in own.items()}
        found |= counted(told)
    return found


def counted(told: Mapping[str, str]) -> dict[str, str]:
    alike, seen = Counter(told.values()), Counter[str]()
    found = {}
    for name, words in told.items():
        seen[words] += 1
        found[name] = beside(words, _("第%(n)s个数") % {"n": seen[words]}) if alike[words] > 1 else words
    return found


def formulas(measure: Measure) -> Iterator[tuple[str, Formula]]:
    """Each formula with what it is called."""
    yield from ((one.name, one.formula) for one in measure.definitions)
    for clause in measure.clauses:
        yield from ((part_label(part), one) for part, one in clause.formulas())


def label(name: str, where: str, words: str, formula: Formula) -> str:
    """What is one number needs no more words; of another what the number bounds, else the formula."""
    if "#" not in name:
        return where if "." in name else name
    return _("%(where)s：%(what)s") % {"where": where, "what": words or short(formula.text)}


def part_label(part: str) -> str:
    """``when2`` is the second condition."""
    kind = part.rstrip("0123456789")
    words = {"when": _("条件"), "amount": _("算式"), "cap": _("上限"), "less": _("扣减")}
    number = part.removeprefix(kind)
    return f"{words.get(kind, kind)} {number}" if number else words.get(kind, kind)


def short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


# --- in a formula --------------------------------------------------------------------------------------------------------


def bounded(node: Typed, of: Formula, measure: Measure, *around: str) -> Iterator[tuple[str, str]]:
    """Each named number under a node, with the row of a table, the step or the comparison in which it stands."""
    if isinstance(node, Constant):
        if node.name:
            yield node.name, "·".join(around)
        return
    for part, more in under(node, of, measure):
        yield from bounded(part, of, measure, *around, *more)


def under(node: Typed, of: Formula, measure: Measure) -> Iterator[tuple[Typed, list[str]]]:
    """The parts of a node, each with the words that tell it from the others."""
    match node:
        case typed.Table(value=value, rows=rows):
            yield value, []
            yield from ((row.value, [word(row.word, measure)]) for row in rows)
        case typed.Ladder(value=value, steps=steps):
            yield value, []
            yield from (pair for n, step in enumerate(steps, 1) for pair in of_step(n, step))
        case typed.Comparison():
            yield node.left, []
            yield node.right, compared(node, of, measure)
        case _:
            yield from ((part, []) for part in node.parts())


def of_step(n: int, step: typed.Step) -> Iterator[tuple[Typed, list[str]]]:
    """The bound of a step, and what is given below it."""
    if step.until is not None:
        yield step.until, [_("第%(n)s档的界") % {"n": n}]
    yield step.value, [_("第%(n)s档") % {"n": n}]


def word(node: Typed | None, measure: Measure) -> str:
    """What a row of a table is for."""
    if not isinstance(node, Constant):
        return _("其余")
    words = measure.vocabulary.enums.get(node.type.detail) if node.type.name == "word" else None
    return said(words.words[str(node.value)]) if words else str(node.value)


def compared(node: typed.Comparison, of: Formula, measure: Measure) -> list[str]:
    """What stands before a number that something is compared with: as it is written, or the field; nothing where that is long."""
    if not isinstance(node.right, Constant):
        return []
    if isinstance(node.left, typed.Column) and is_list(of):
        return [f"{field_words(node.left.steps[-1], measure)} {node.sign}"]
    words = "" if is_list(of) else of.text[node.left.at : node.right.at].strip()
    return [words] if 0 < len(words) <= LONGEST else []


def is_list(of: Formula) -> bool:
    """Several conditions of which some must hold: their text is put together, and no place in it is that of a node."""
    return of.text.startswith(LISTS)


def field_words(id: str, measure: Measure) -> str:
    found = (one.fields[id] for one in measure.vocabulary.entities.values() if id in one.fields)
    return next((said(one) for one in found), id)


def shares(measure: Measure) -> set[str]:
    """The names of the numbers that are written as a percentage: 100% is not shown as 1."""
    return {
        one.name
        for _where, formula in formulas(measure)
        for one in formula.meaning.walk()
        if isinstance(one, Constant)
        and one.name
        and not is_list(formula)
        and SHARE.match(formula.text, one.at)
    }


# --- clauses ---------------------------------------------------------------------------------------------------------------


def clause_label(measure: Measure, clause: Clause) -> str:
    """By its article; of several under one article with the first words of each."""
    alone = sum(one.article == clause.article for one in measure.clauses) == 1
    if clause.article and (alone or not clause.text):
        return article_said(clause.article)
    return beside(article_said(clause.article), first_words(clause.text)) if clause.article else clause.id


def first_words(text: str) -> str:
    said_first = PAUSE.split(text.removeprefix("转述").lstrip("：:"))[0]
    return said_first if len(said_first) <= FIRST_WORDS else f"{said_first[:FIRST_WORDS]}…"
