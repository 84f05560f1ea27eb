"""The eight lines of work of the programme, as the founding letter has them; rooms name a line by its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Line:
    """``id`` is the room that does this work, and the line of work that promises of a letter and concepts name."""

    id: str
    label: Any


LINES = (
    Line("buildout", _("网络建设")),
    Line("policies", _("奖励补贴")),
    Line("calls", _("示范与赛事")),
    Line("standards", _("标准与复制")),
    Line("attraction", _("招引与产业链")),
    Line("platforms", _("创新平台")),
    Line("financing", _("上市与融资")),
    Line("proposals", _("建议与承诺")),
)


def line_label(id: str) -> Any:
    """The words for a line; the id itself where a city names one that is not among the eight."""
    return next((line.label for line in LINES if line.id == id), id)
