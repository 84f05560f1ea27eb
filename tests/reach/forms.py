"""Filling in the form of a page as its reader would: what is in it stays, what is empty is given something that fits."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.utils import timezone

from mangrove.registry.models import Organisation


class Fields(HTMLParser):
    """The fields of the page's own form: the one within ``main`` that is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self.depth = 0
        self.select = ""
        self.area = ""
        self.in_form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "main":
            self.depth += 1
        if tag == "form" and self.depth and said.get("method", "").lower() == "post":
            self.in_form = not self.found
        if not self.in_form:
            return
        name = said.get("name", "")
        if tag == "input":
            self.input(said, name)
        elif tag == "textarea" and name:
            self.area, self.found[name] = name, ""
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and said.get("value"):
            self.choose(said["value"], "selected" in said)

    def choose(self, value: str, selected: bool) -> None:
        if selected or self.select not in self.found:
            self.found[self.select] = value

    def input(self, said: dict[str, str], name: str) -> None:
        kind = said.get("type", "text")
        if not name or kind in {"submit", "file", "button"} or name == "csrfmiddlewaretoken":
            return
        if kind in {"checkbox", "radio"}:
            if "checked" in said or name not in self.found:
                self.found[name] = said.get("value", "on")
        else:
            self.found[name] = said.get("value") or fitting(kind, said)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.found[self.area] = self.found[self.area].strip() or "样例理由"
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.in_form = False


def fitting(kind: str, said: dict[str, str]) -> str:
    """What a person would type into an empty field."""
    if kind == "number" or said.get("inputmode") in {"decimal", "numeric"}:
        return "1"
    if "data-suggest" in said:
        return Organisation.objects.standing().filter(kind="firm").earliest("pk").name
    return {"date": timezone.localdate().isoformat(), "hidden": ""}.get(kind, "样例")


def filled(page: str) -> dict[str, Any]:
    fields = Fields()
    fields.feed(page)
    return fields.found
