"""HTML without a template language: elements from Python, every text escaped, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

#: Elements without content.
VOID = frozenset({"meta", "br", "hr"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


#: What may stand inside an element: HTML, a text to be escaped, nothing, or several of them.
Content = Html | str | None | Iterable["Content"]


def content(inner: Content) -> Html:
    """Texts escaped, HTML as it is, nothing as nothing."""
    if inner is None:
        return Html("")
    if isinstance(inner, Html):
        return inner
    if isinstance(inner, str):
        return Html(escape(inner))
    return Html("".join(content(one) for one in inner))


def el(element: str, /, *inner: Content, **attributes: str) -> Html:
    """One element; ``class_`` is written ``class``, and an attribute that is empty is left out."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value
    )
    if element in VOID:
        return Html(f"<{element}{said}>")
    return Html(f"<{element}{said}>{content(inner)}</{element}>")


def table(heads: Iterable[Content], rows: Iterable[Iterable[Content]], numeric: Iterable[int] = ()) -> Html:
    """``numeric`` are the columns of numbers, which stand at the right."""
    right = set(numeric)

    def cell(name: str, n: int, inner: Content) -> Html:
        return el(name, inner, class_="num" if n in right else "", scope="col" if name == "th" else "")

    head = el("tr", [cell("th", n, one) for n, one in enumerate(heads)])
    body = [el("tr", [cell("td", n, one) for n, one in enumerate(row)]) for row in rows]
    return el("div", el("table", el("thead", head), el("tbody", body)), class_="rb-scroll")


def page(title: str, body: Content, language: str = "zh") -> Html:
    """A whole page that needs nothing beside it: no script, no font, no picture from elsewhere."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title),
        el("style", Html(style())),
    )
    whole = el(
        "html", head, el("body", el("main", body)), lang="en" if language.startswith("en") else "zh-CN"
    )
    return Html(f"<!doctype html>\n{whole}\n")


@cache
def style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")
