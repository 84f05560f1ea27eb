"""The names that a formula may use: each field and link of each kind of thing, as the vocabulary declares them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from mangrove.registry.labels import said
from mangrove.rulebook.texts.fitting import plainly
from mangrove.ui.filters import FilterForm
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary import vocabulary
from mangrove.vocabulary.model import Entity, Field, Relation


@dataclass(frozen=True)
class Name:
    """``kind`` has it; ``of`` is what is declared."""

    kind: Entity
    of: Field | Relation

    @property
    def holds(self) -> str:
        """What stands there: a number in its unit, one of some words, the thing to which it leads."""
        if isinstance(self.of, Relation):
            return gettext("关联到%(kind)s") % {"kind": said(vocabulary().entities[self.of.to])}
        zh, en = plainly(self.of)
        return zh if in_chinese() else en

    def answers(self, text: str) -> bool:
        """Whether somebody who looks for ``text`` may mean it."""
        told = (self.of.id, self.of.zh, self.of.en, self.of.note)
        return any(text.casefold() in one.casefold() for one in told)


def names() -> Iterator[Name]:
    for kind in vocabulary().entities.values():
        yield from (Name(kind, one) for one in kind.fields.values())
        yield from (Name(kind, one) for one in kind.relations.values())


class NameFilter(FilterForm):
    kind = forms.ChoiceField(label=_("对象"))
    text = forms.CharField(label=_("名称或说明"), max_length=50)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(one.id, said(one)) for one in vocabulary().entities.values()]
        self.fields["kind"].choices = [("", pgettext("kinds of things", "全部")), *kinds]  # type: ignore[attr-defined]

    def found(self) -> list[Name]:
        chosen = self.chosen()
        kind, text = chosen.get("kind"), chosen.get("text", "")
        return [one for one in names() if kind in (None, one.kind.id) and one.answers(text)]
