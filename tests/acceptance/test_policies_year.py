"""A year of one support measure in the browser: from the budget document to the money that arrived, and what it came to.

Nothing is prepared but the sample city and the published shelf. Every step is a click, a typed word or a file, by whom it
belongs to, each at their own browser; days pass by the clock. The money is followed by a reckoning of its own.
"""

from __future__ import annotations

import pytest

from mangrove.ledger.refs import SYSTEM
from mangrove.policies.measures.publishing import publish_shelf

from .town import FIRST_DAY, Town
from .year_applying import applied, opened
from .year_checking import audited, checked_for_form, doubted, judged_ready
from .year_deciding import announced, approved, objected, planned
from .year_money import followed, paid
from .year_result import each_firm_is_told, the_year_adds_up

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]


def test_a_year_of_one_measure(town: Town) -> None:
    publish_shelf(by=SYSTEM, on=FIRST_DAY, why="样例（合成）")
    opened(town)
    applied(town)
    checked_for_form(town)
    doubted(town)
    audited(town)
    judged_ready(town)
    planned(town)
    announced(town)
    objected(town)
    approved(town)
    paid(town)
    followed(town)
    each_firm_is_told(town)
    the_year_adds_up(town)
