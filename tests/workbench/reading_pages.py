"""What a page shows to a reader of English: its words outside Chinese data, and the Chinese that is marked as data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = {"aria-label", "alt", "placeholder", "title", "data-label"}
#: What cannot carry a mark of its language inside: a browser's title, a list of choices, what somebody typed.
UNMARKED = {"title", "option", "textarea", "script", "style"}


@dataclass
class Shown:
    """``plain``: Chinese where English is due; ``marked``: Chinese marked as such; ``links``: where the page leads."""

    plain: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()
        self.open: list[tuple[str, str]] = []

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else "en"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        language = said.get("lang", self.language)
        for name in SPOKEN & set(said):
            self.hear(said[name], language)
        self.shown.links += [said[name] for name in ("href", "hx-get") if tag != "link" and name in said]
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in UNMARKED:
            if self.open[-1][0] in ("option", "title"):
                self.hear(data, "zh")
        else:
            self.hear(data, self.language)

    def hear(self, text: str, language: str) -> None:
        if CHINESE.search(text):
            kept = self.shown.marked if language.startswith("zh") else self.shown.plain
            kept.append(" ".join(text.split()))


def read(page: str) -> Shown:
    reader = Reader()
    reader.feed(page)
    return reader.shown
