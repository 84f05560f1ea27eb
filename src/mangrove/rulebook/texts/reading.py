"""Rule files as nodes that know file, line and column: :func:`read` gives the top :class:`Fields`.

Only a plain part of YAML is let in. Every scalar is text: ``yes``, ``1.0`` and ``2022-10-24`` stay as written. Whatever
could mean more than it shows (anchors, tags, merge keys, invisible characters) is refused, and said with its place.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from mangrove.rulebook.problems import Place, Problem
from mangrove.rulebook.texts.nodes import LETTER, Fields, Items, Node, Words, as_fields
from mangrove.rulebook.texts.slips import refuse_slip, wide_colon_near

#: The largest file, in bytes: some hundred times a long measure; refused before a byte of it is read.
LARGEST_FILE = 2_000_000


#: The most lists and mappings inside each other: a clause needs about six; later steps may then recurse safely.
DEEPEST = 32


#: The most nodes, keys counted too: some thousand clauses; keeps a file of many tiny nodes out of the memory.
MOST_NODES = 50_000


#: The longest key, in characters: a key is a name, and the nearest known name is looked for by comparing letters.
LONGEST_KEY = 64


#: This libyaml notices later than it was made: where the line began is the better place.
LACKS_COLON = "could not find expected ':'"


#: What libyaml says, as a sentence in both languages; its own words are for programmers.
SAID_BY_LIBYAML = {
    "mapping values are not allowed in this context": (
        "这里不应再有“: ”；文字里有“: ”时请给整段文字加引号，否则请检查缩进。",
        "A second “: ” is not allowed here; put a text that contains “: ” in quotes, or check the indentation.",
    ),
    LACKS_COLON: (
        "这一行缺“: ”；键后面请写冒号和空格，续行请比上一行多缩进。",
        "This line lacks “: ”; write a colon and a space after a key, and indent a line that continues a text.",
    ),
    "found character that cannot start any token": (
        "文字不能以这个字符开头；请给整段文字加引号。",
        "A text cannot begin with this character; put the whole text in quotes.",
    ),
    "did not find expected key": (
        "这里应为一个键；请检查缩进，引号后面不要再写文字。",
        "A key was expected here; check the indentation, and write nothing after a closing quote.",
    ),
    "did not find expected '-' indicator": (
        "这里应为列表的下一项；请以“- ”开头，并与上一项对齐。",
        "The next item of the list was expected here; begin it with “- ”, in line with the item before.",
    ),
    "block sequence entries are not allowed in this context": (
        "这里不能写“- ”；列表请另起一行写在键的下面。",
        "“- ” is not allowed here; begin the list on a line of its own under the key.",
    ),
    "did not find expected ',' or ']'": (
        "方括号里的列表在这里断了；含括号的式子请加引号，或每项另起一行、以“- ”开头。",
        "The list in brackets breaks off here; put expressions with brackets in quotes, or each on its own line after “- ”.",
    ),
    "did not find expected ',' or '}'": (
        "花括号在这里断了；含括号的式子请加引号，并检查逗号和“}”。",
        "The braces break off here; put expressions with brackets in quotes, and check the commas and the “}”.",
    ),
    "found unexpected end of stream": (
        "这里的引号到文件末尾都没有配对；请补上后引号。",
        "The quote opened here is never closed; add the closing quote.",
    ),
    "found unknown escape character": (
        "双引号里的“\\”写法不认识；请改用单引号，或写“\\\\”。",
        "Unknown “\\” sequence in double quotes; use single quotes, or write “\\\\”.",
    ),
    "found undefined tag handle": (
        "规则文件里不用 YAML 的类型标记“!”；文字以它开头请加引号。",
        "Rule files use no YAML tags (“!”); quote a text that begins with it.",
    ),
    "did not find expected alphabetic or numeric character": (
        "以“*”或“&”开头的文字在 YAML 里另有含义；请给整段文字加引号。",
        "A text that begins with “*” or “&” means something else in YAML; put the whole text in quotes.",
    ),
}


#: What it says where a key has a full-width colon and so is none.
OF_WIDE_COLON = (
    LACKS_COLON,
    "mapping values are not allowed in this context",
    "did not find expected key",
    "did not find expected '-' indicator",
    "block sequence entries are not allowed in this context",
)


def read(path: Path, called: str = "") -> Fields:
    """The top mapping of a rule file, ``called`` so in refusals (else by its path). Raises :class:`Problem`."""
    file = called or str(path)
    return read_text(clean(load(path, file), file), file)


def read_text(text: str, file: str = "") -> Fields:
    """As :func:`read`, of a text that :func:`clean` has let through."""
    builder = Builder(text, file)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.YAMLError as error:
        raise broken(error, text, file) from error
    if builder.top is None or builder.top == Words("", builder.top.place):
        zh, en = (
            "文件是空的；请写上内容，或删去文件。",
            "The file is empty; write something in it, or delete it.",
        )
        raise Problem("empty_file", Place(file, 1, 1), zh, en)
    return as_fields(builder.top, "文件顶层", "the top of the file")


def load(path: Path, file: str) -> bytes:
    """The bytes of a file that is a file, and not too large: both are asked before it is opened."""
    place = Place(file, 1, 1)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            zh, en = "这不是普通文件；请给出 YAML 文件。", "This is not a regular file; name a YAML file."
            raise Problem("unreadable", place, zh, en)
        if status.st_size > LARGEST_FILE:
            raise too_large(place)
        with path.open("rb") as opened:
            raw = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        zh = f"文件读不了（{error.strerror}）；请检查文件名和权限。"
        en = f"The file cannot be read ({error.strerror}); check its name and permissions."
        raise Problem("unreadable", place, zh, en) from error
    # It may have grown since it was measured.
    if len(raw) > LARGEST_FILE:
        raise too_large(place)
    return raw


def too_large(place: Place) -> Problem:
    zh = f"文件超过 {LARGEST_FILE} 字节；请拆成几个文件。"
    en = f"The file has more than {LARGEST_FILE} bytes; split it into several files."
    return Problem("too_large", place, zh, en)


def clean(raw: bytes, file: str) -> str:
    """The text of a file: UTF-8, a BOM and CRLF taken off, without tabs, invisible characters and directives."""
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode().replace("\r\n", "\n")
        zh = "这里不是 UTF-8 文字；请在编辑器里另存为 UTF-8。"
        en = "From here on this is not UTF-8; save the file as UTF-8 in your editor."
        raise Problem("not_utf8", place_in(before, len(before), file), zh, en) from error
    index = first_invisible(text)
    if index is not None:
        raise invisible(text[index], place_in(text, index, file))
    refuse_directives(text, file)
    return text


def first_invisible(text: str) -> int | None:
    """Where the first character stands that shows nothing, or moves what is shown; None when there is none."""
    start = 0
    for line in text.split("\n"):
        # Quick for almost every line; an ideographic space, say, is not printable but may stay.
        if not line.isprintable():
            for index, letter in enumerate(line, start):
                if is_invisible(letter):
                    return index
        start += len(line) + 1
    return None


def is_invisible(letter: str) -> bool:
    """Control and format characters, other line ends, and code points that are none."""
    if letter == "\n":
        return False
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or is_no_character(ord(letter))


def is_no_character(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def invisible(letter: str, place: Place) -> Problem:
    if letter == "\t":
        zh, en = "这里有制表符（Tab）；请改用空格。", "There is a tab here; use spaces."
        return Problem("tab", place, zh, en)
    zh = f"这里有看不见的字符 U+{ord(letter):04X}；请删去。"
    en = f"There is an invisible character U+{ord(letter):04X} here; delete it."
    return Problem("invisible", place, zh, en)


def refuse_directives(text: str, file: str) -> None:
    """Before libyaml sees them: it compares each ``%TAG`` with all before it, which takes for ever for a file of them."""
    found = re.search(r"^%", text, re.MULTILINE)
    if found:
        zh = "行首的“%”是 YAML 指令，规则文件里不用；请删去这一行，文字续行则请缩进。"
        en = "“%” at the beginning of a line is a YAML directive, not used in rule files; delete the line, or indent a continued text."
        raise Problem("directive", place_in(text, found.start(), file), zh, en)


@dataclass
class Level:
    """A list or mapping that is still open; ``key`` waits for its value."""

    node: Fields | Items
    key: Words | None = None


class Builder:
    """Makes nodes of libyaml's events, without recursion, and stops at the first event that is not let in."""

    def __init__(self, source: str, file: str) -> None:
        self.source, self.file = source, file
        self.top: Node | None = None
        self.levels: list[Level] = []
        self.documents = self.count = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.begin_document(event)
        elif isinstance(event, yaml.NodeEvent):
            self.begin_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.levels.pop()

    def begin_document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            zh = "一个文件只能有一份文档；请删去“---”，或拆成两个文件。"
            en = "A file holds one document; delete the “---”, or split the file in two."
            raise Problem("many_documents", self.place(event), zh, en)

    def begin_node(self, event: yaml.NodeEvent) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            zh = f"文件里超过 {MOST_NODES} 个节点；请拆成几个文件。"
            en = f"The file has more than {MOST_NODES} nodes; split it into several files."
            raise Problem("too_many", self.place(event), zh, en)
        self.refuse_decorated(event)
        if isinstance(event, yaml.ScalarEvent):
            self.add(self.words(event))
        else:
            self.open(Fields if isinstance(event, yaml.MappingStartEvent) else Items, event)

    def refuse_decorated(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise decorated("alias", f"*{event.anchor}", self.place(event))
        if getattr(event, "tag", None) is not None:
            raise decorated("tag", "!", self.place(event))
        if event.anchor is not None:
            raise decorated("anchor", f"&{event.anchor}", self.place(event))

    def open(self, kind: type[Fields] | type[Items], event: yaml.NodeEvent) -> None:
        node = kind(self.place(event))
        if len(self.levels) == DEEPEST:
            zh = f"嵌套超过 {DEEPEST} 层；请拆开来写。"
            en = f"Nested more than {DEEPEST} deep; write it flatter."
            raise Problem("too_deep", node.place, zh, en)
        self.add(node)
        self.levels.append(Level(node))

    def add(self, node: Node) -> None:
        if not self.levels:
            self.top = node
            return
        level = self.levels[-1]
        if isinstance(level.node, Items):
            refuse_slip(node, None)
            level.node.nodes.append(node)
        elif level.key is None:
            level.key = as_key(node, level.node)
        else:
            refuse_slip(node, level.key)
            level.node.keys[level.key.text] = level.key
            level.node.entries[level.key.text] = node
            level.key = None

    def words(self, event: yaml.ScalarEvent) -> Words:
        style = event.style or ""
        if style in ("|", ">"):
            return self.block(event.value, style, mark_of(event))
        mark, quote = mark_of(event), len(style)
        place = Place(self.file, mark.line + 1, mark.column + 1 + quote)
        words = Words(event.value, place, style, self.source, mark.index + quote)
        # The source has been looked through, but an escape may write what it may not hold.
        if style == '"' and not event.value.isprintable():
            refuse_escaped(words)
        return words

    def block(self, text: str, style: str, mark: yaml.Mark) -> Words:
        """A text below ``|`` or ``>``: its first line, at the column where its lines begin."""
        below = self.source.find("\n", mark.index) + 1 or len(self.source)
        inked = text.lstrip(" \n")
        letter = LETTER.search(self.source, below) if inked else None
        column = 1
        if letter is not None:
            lead = text[: len(text) - len(inked)].rpartition("\n")[2]
            column = letter.start() - self.source.rfind("\n", 0, letter.start()) - len(lead)
        return Words(text, Place(self.file, mark.line + 2, column), style, self.source, below)

    def place(self, event: yaml.Event) -> Place:
        mark = mark_of(event)
        return Place(self.file, mark.line + 1, mark.column + 1)


def mark_of(event: yaml.Event) -> yaml.Mark:
    """Where an event begins; from 0, as libyaml counts."""
    return cast(yaml.Mark, event.start_mark)


def refuse_escaped(words: Words) -> None:
    index = first_invisible(words.text)
    if index is not None:
        raise invisible(words.text[index], words.at(index))


def place_in(text: str, index: int, file: str) -> Place:
    return Place(file, 1, 1).after(text, index)


def as_key(node: Node, inside: Fields) -> Words:
    """A key must be one short name, not there already."""
    if not isinstance(node, Words) or "\n" in node.text:
        zh, en = "键应为一个名称；请写成“名称: 值”。", "A key is one name; write “name: value”."
        raise Problem("complex_key", node.place, zh, en)
    if not node.text.strip():
        zh, en = "“:”前面没有键；请写上名称。", "There is no key before “:”; write a name."
        raise Problem("empty_key", node.place, zh, en)
    if node.text == "<<":
        zh, en = (
            "不用合并键“<<”；请把内容写全。",
            "The merge key “<<” is not used; write the content in full.",
        )
        raise Problem("merge_key", node.place, zh, en)
    if len(node.text) > LONGEST_KEY:
        zh = f"键超过 {LONGEST_KEY} 字；请改短。"
        en = f"The key has more than {LONGEST_KEY} characters; shorten it."
        raise Problem("long_key", node.place, zh, en)
    if node.text in inside.keys:
        raise duplicate(node, inside.keys[node.text].place.line)
    return node


def duplicate(key: Words, line: int) -> Problem:
    zh = f"键“{key.text}”重复，第 {line} 行已经有了；请删去一个。"
    en = f"The key “{key.text}” is already on line {line}; delete one of them."
    return Problem("duplicate_key", key.place, zh, en)


def decorated(code: str, sign: str, place: Place) -> Problem:
    what = {"alias": ("引用", "aliases"), "tag": ("类型标记", "tags"), "anchor": ("锚点", "anchors")}[code]
    shown = sign[:LONGEST_KEY]
    zh = f"规则文件里不用 YAML 的{what[0]}“{shown}”；请写全，文字以它开头则请加引号。"
    en = f"Rule files use no YAML {what[1]} (“{shown}”); write it in full, or quote a text that begins with it."
    return Problem(code, place, zh, en)


def broken(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """What libyaml refused."""
    said = str(getattr(error, "problem", None) or "unreadable")
    zh = f"不是合法的 YAML（{said}）；请检查这里的缩进、引号和括号。"
    en = f"This is not valid YAML ({said}); check indentation, quotes and brackets here."
    zh, en = SAID_BY_LIBYAML.get(said, (zh, en))
    mark = where(error, said, len(text.rstrip()))
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    slip = wide_colon_near(text, place.line, file) if said in OF_WIDE_COLON else None
    return slip or Problem("broken_yaml", place, zh, en)


def where(error: yaml.YAMLError, said: str, end: int) -> yaml.Mark | None:
    """Where the mistake was made: of what is still open when the file ends, where it was opened."""
    context, mark = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    late = said == LACKS_COLON or (mark is not None and mark.index >= end)
    return context if late and context is not None else mark
