"""A refusal is an answer: what was wrong, where, which rule, what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _


class Refusal(Exception):
    """An act that may not happen, said so that a person can go on.

    ``what`` is one plain Chinese sentence; ``rule`` names the article or the rule pack entry;
    ``remedy`` says what to do; ``where`` is a field, row or line; ``code`` is stable for programs.
    """

    def __init__(self, what: str, *, code: str, where: str = "", rule: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.code = code
        self.where = where
        self.rule = rule
        self.remedy = remedy

    @property
    def briefly(self) -> str:
        """What was wrong and what to do, for a line under a field."""
        return _("%(what)s%(remedy)s") % {"what": self.what, "remedy": self.remedy}

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(_("位置：%(where)s。") % {"where": self.where})
        if self.rule:
            parts.append(_("依据：%(rule)s。") % {"rule": self.rule})
        if self.remedy:
            parts.append(_("办法：%(remedy)s") % {"remedy": self.remedy})
        return "".join(parts)
