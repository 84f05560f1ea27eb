"""How rows are typed: a table of inputs, each with its own name, put together into one text; works without a script."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from mangrove.intake.rows import Column, Rows, cells, folded
from mangrove.vocabulary.units import known_units

#: Rows to type in that a page shows below the filled ones.
SPARE = 2
#: What the browser shows for a cell, beside text.
TYPING = {"number": "decimal", "year": "numeric"}


class RowsWidget(forms.Widget):
    template_name = "intake/parts/rows.html"
    use_fieldset = True
    #: As a long text, it takes the whole width of a form; see the tag ``field``.
    wide = True

    def __init__(self, rows: Rows, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.rows = rows

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data[name] if name in data else folded(dict(data.items())).get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return self.value_from_datadict(data, files, name) is None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        found = super().get_context(name, value, attrs)
        given = found["widget"]["attrs"]
        found["widget"] |= {
            "columns": [one.label for one in self.rows.columns],
            "lines": [self.line(name, n, line) for n, line in enumerate(self.lines(value), 1)],
            "units": list(known_units().by_name), "list": f"{given.get('id', name)}_units",
            "disabled": bool(given.get("disabled")),
        }  # fmt: skip
        return found

    def lines(self, value: Any) -> list[list[str]]:
        """What was typed, or what stands there to begin with; and some blank ones, up to the most."""
        typed = cells(self.rows, value) if value else [list(one) for one in self.rows.starts]
        blank = [""] * len(self.rows.columns)
        more = max(min(SPARE, self.rows.most - len(typed)), 0)
        return [*typed, *[blank] * more]

    def line(self, name: str, n: int, line: list[str]) -> list[dict[str, Any]]:
        return [self.cell(name, n, place, one, line[place]) for place, one in enumerate(self.rows.columns)]

    def cell(self, name: str, n: int, place: int, one: Column, text: str) -> dict[str, Any]:
        return {
            "name": f"{name}__{n}__{place}", "value": text, "label": one.label, "kind": one.kind,
            "mode": TYPING.get(one.kind, "text"), "said": _("第 %(n)s 行 %(column)s") % {"n": n, "column": one.label},
        }  # fmt: skip
