"""What looks like one matter claimed twice, in words; a person judges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.funding.decisions import Finding
from mangrove.ui.components import Link
from mangrove.ui.numbers import yuan

WORDS = {
    "near_number": _("号码只差一位，金额相同，用于不同申报"),
    "same_deal": _("双方、金额相同，日期相近，用于不同申报"),
    "split": _("双方相同、编号相连的合同，用于不同申报，疑似拆分"),
}


@dataclass(frozen=True)
class FindingView:
    words: Any
    links: tuple[Link, ...]
    total: str


def finding_views(found: Iterable[Finding]) -> list[FindingView]:
    return [
        FindingView(
            WORDS[one.why],
            tuple(
                Link(piece.number, reverse("funding:evidence_item", args=[piece.id])) for piece in one.pieces
            ),
            yuan(sum(piece.amount for piece in one.pieces)),
        )
        for one in found
    ]
