"""What taking a file in would do, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry.importing.reading import Wrong


@dataclass(frozen=True)
class Change:
    """``was`` and ``now`` by field id; the values that are stored."""

    line: int
    id: str
    name: str
    was: Mapping[str, Any]
    now: Mapping[str, Any]


@dataclass
class Plan:
    """``new``: line and fields of what nobody knows yet. ``renamed`` bear the new name from the business date on."""

    new: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    renamed: list[Change] = field(default_factory=list)
    same: int = 0
    notes: list[str] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    wrong_lines: set[int] = field(default_factory=set)

    def refuse(self, wrong: Iterable[Wrong]) -> None:
        for one in wrong:
            self.wrong.append(one)
            self.wrong_lines.add(one.line)

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.renamed)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": len(self.new), "changed": len(self.changed), "renamed": len(self.renamed),
            "same": self.same, "wrong": len(self.wrong),
        }  # fmt: skip

    def refuse_if_wrong(self) -> None:
        """All or nothing: raises :class:`Refusal` naming the first of the mistakes."""
        if not self.wrong:
            return
        first = min(self.wrong, key=lambda one: one.line)
        told = {"count": len(self.wrong), "what": first.what}
        raise Refusal(
            _("共有%(count)s处错误，一行也没有导入。第一处：%(what)s") % told,
            code="registry.import.wrong", where=_("第%(line)s行%(column)s") % {"line": first.line, "column": first.column},
            remedy=_("请逐行更正后重新上传。"),
        )  # fmt: skip
