"""The figures behind a letter: each number with the record it came from, its age, and whether its source was held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from mangrove.figures.models import Value
from mangrove.proposals.composition import compose
from mangrove.proposals.letter_figures import UsedFigures, palette, used_figures
from mangrove.proposals.letter_pages import letter_on_page
from mangrove.proposals.models import Reply
from mangrove.proposals.rules import rules

from .life import lead_to, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]

BODY = """5G基站{{基站总数|时点=2021-08-30}}，又{{基站总数|时点=2020-08}}，比重{{electronics_share}}。"""


def used(reply: Reply, on: str) -> UsedFigures:
    day = date.fromisoformat(on)
    composed = compose(reply, reply.drafts.latest("revision"), on=day)
    spans = [(span.start, span.end, span.value_id) for span in composed.figures.spans]
    return used_figures(composed.body, spans, on=day)


def test_each_number_stands_as_printed_with_its_age_on_the_day_of_the_letter() -> None:
    write(reply := lead_to("drafting"), BODY)
    rows = used(reply, "2021-08-30").rows
    assert [(row.printed, str(row.value.period), row.years) for row in rows] == [
        ("超4.8万个", "2021-08-30", 0), ("超4.6万个", "2020-08-17", 1), ("59.9%", "2020年", 0),
    ]  # fmt: skip
    later = used(reply, "2022-08-30")
    assert [row.years for row in later.rows] == [1, 2, 1] and later.old == 3


def test_from_when_a_number_is_old_is_the_rule_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    write(reply := lead_to("drafting"), BODY)
    found = used(reply, "2022-08-30")
    assert (found.old, found.old_words) == (3, "满 1 年的 3")
    stricter = replace(rules(), old_after_years=2)
    monkeypatch.setattr("mangrove.proposals.letter_figures.rules", lambda: stricter)
    assert (found.old, found.old_words) == (1, "满 2 年的 1")


def test_sources_that_nobody_held_are_counted() -> None:
    write(reply := lead_to("drafting"), BODY)
    found = used(reply, "2021-08-30")
    held = [row.value.source.verified for row in found.rows]
    assert found.unverified == held.count(False)
    for row, cells in zip(found.rows, found.page.rows, strict=True):
        assert ("待核" in str(cells[-1].content)) is not row.value.source.verified


def test_many_numbers_take_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ids = list(Value.objects.values_list("pk", flat=True)[:20])
    with django_assert_num_queries(1):
        assert (
            len(
                used_figures(
                    "甲" * 20, [(n, n + 1, id) for n, id in enumerate(ids)], on=date.today()
                ).page.rows
            )
            == 20
        )


def test_a_letter_without_live_figures_says_nothing_of_them() -> None:
    write(reply := lead_to("drafting"), "没有取自指标库的数字。")
    view = letter_on_page(reply)
    assert view is not None and view.figures.rows == ()


def test_the_palette_says_of_each_figure_whether_its_source_was_held() -> None:
    page = palette(date(2021, 8, 30))
    written = {str(row[0].content): [str(cell.content) for cell in row] for row in page.rows}
    stations = next(cells for name, cells in written.items() if "{{基站总数}}" in name)
    assert "4.8" in stations[1] and ("已核" in stations[-1] or "待核" in stations[-1])
