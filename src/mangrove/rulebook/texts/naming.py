"""Names that people make up in a rule file: one name, not taken, meaning one thing; and which of them are still to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.tree import Name
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.texts.nodes import Fields, Items, Words
from mangrove.vocabulary.model import Vocabulary, find

#: The code of a problem that only follows from one that is told already; it is not told again.
FOLLOWS = "follows"
#: More entries than any measure has: what a list of them costs may grow faster than the list.
MOST_ENTRIES = 500


def refuse_no_name(name: Words) -> None:
    """One name of letters, digits and ``_``, as the language reads it; what begins with ``_`` looks like code."""
    try:
        tree = parse(name.text)
    except Problem:
        tree = None
    if not (isinstance(tree, Name) and len(tree.steps) == 1) or name.text.startswith("_"):
        zh = f"“{name.text}”不能作名称；只用文字、数字和下划线，以文字开头。"
        en = f"“{name.text}” is no name; use letters, digits and _, a letter first."
        raise Problem("no_name", name.place, zh, en)


def refuse_word(name: Words, vocabulary: Vocabulary) -> None:
    """Who makes up a name takes no word of a list: ``kind == 运营商`` is to mean one thing."""
    lists = [enum.zh for enum in vocabulary.enums.values() if find(enum.words, name.text)]
    if lists:
        zh = f"“{name.text}”是{lists[0]}的取值，请换一个名称。"
        en = f"“{name.text}” is a word of a list; choose another name."
        raise Problem("name_is_word", name.place, zh, en)


def refuse_taken(name: Words, known: Iterable[str]) -> None:
    if name.text in known:
        zh = f"“{name.text}”已经有了，请换一个名称。"
        raise Problem("name_taken", name.place, zh, f"“{name.text}” is taken; choose another name.")


@dataclass
class Outline:
    """The names that a file declares and where: ``ahead`` are still to be read, ``failed`` did not read.

    A name that is not known may stand later in the file, or be told already; :meth:`instead` says which.
    """

    ahead: dict[str, int] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def instead(self, name: str, problem: Problem) -> Problem:
        """What to tell of a name that is not known: ``problem``, unless there is more to say."""
        if name in self.failed:
            return Problem(FOLLOWS, problem.place, problem.zh, problem.en)
        if name in self.ahead:
            line = self.ahead[name]
            zh = f"“{name}”在第 {line} 行，要到那里才有；只能用前面的，请调整次序。"
            en = f"“{name}” comes only on line {line}; use what stands before, or change the order."
            return Problem("used_before", problem.place, zh, en)
        return problem

    @contextmanager
    def reading(self, name: str, problems: list[Problem]) -> Iterator[None]:
        """One entry: from the end of it on its name is known, or has failed if ``problems`` grew meanwhile."""
        before = len(problems)
        yield
        if self.ahead.pop(name, None) is not None and len(problems) > before:
            self.failed.add(name)


def outline(top: Fields) -> Outline:
    """From a file that may have any mistake in it: what does not look like an entry is passed over."""
    ahead: dict[str, int] = {}
    for key in ("inputs", "parameters", "definitions"):
        section = top.entries.get(key)
        if isinstance(section, Fields):
            ahead |= {name: words.place.line for name, words in section.keys.items()}
    clauses = top.entries.get("clauses")
    for node in clauses if isinstance(clauses, Items) else ():
        id = node.entries.get("id") if isinstance(node, Fields) else None
        if isinstance(id, Words):
            ahead.setdefault(id.text, id.place.line)
    return Outline(ahead)


def refuse_many(top: Fields) -> None:
    """Before anything is made of them."""
    for key in ("inputs", "parameters", "definitions", "clauses", "quotas"):
        node = top.entries.get(key)
        if isinstance(node, Fields | Items) and len(node) > MOST_ENTRIES:
            zh = f"“{key}”超过 {MOST_ENTRIES} 项；请拆成几个文件。"
            en = f"“{key}” has more than {MOST_ENTRIES} entries; split the file."
            raise Problem("too_many", top.keys[key].place, zh, en)
    if not len(top.items("clauses")):
        zh, en = "没有条款；请至少写一条。", "There is no clause; write at least one."
        raise Problem("no_clauses", top.keys["clauses"].place, zh, en)
