"""``mangrove ledger verify`` also names a figure that is not as the ledger says, or that no event accounts for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mangrove.cli import main
from mangrove.figures.actions import Row, Written, set_value
from mangrove.figures.loading import Loaded
from mangrove.figures.models import Value, ValueInput, ValueRow
from mangrove.figures.periods import Period
from mangrove.figures.verification import verify_values
from mangrove.ledger.actions import withhold
from mangrove.ledger.checks import said

from .conftest import LETTER_DAY, OFFICER, value_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def state(definition: str, amount: str, as_of: str = "2020", **more: Any) -> Written:
    return set_value(
        definition, as_of=Period.parse(as_of), amount=Decimal(amount), source="letter", by=OFFICER, on=LETTER_DAY,
        why="更正", **more,
    )  # fmt: skip


def counted(*amounts: int) -> Written:
    rows = [Row("台账", f"r{n}", f"第{n}条", Decimal(amount), "letter") for n, amount in enumerate(amounts)]
    return state("stations_built", str(sum(amounts)), "2021-08-30", rows=rows, note="逐条清点")


@pytest.fixture
def change() -> Callable[..., None]:
    """Change figures as somebody with full rights would: the guards off first."""
    on = " ON {0}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for table in ("figures_value", "figures_valueinput", "figures_valuerow"):
            cursor.execute(f"DROP TRIGGER {table}_append_only" + on.format(table))

    def run(sql: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    return run


def test_the_city_and_what_people_stated_agree_with_the_ledger(loaded: Loaded) -> None:
    counted(3, 4)
    state("electronics_value_added", "5400", unit="亿元")
    assert value_of("electronics_share", "2020", "computed").revision == 2
    assert verify_values() == []


def test_the_event_covers_the_records_and_the_note() -> None:
    first, second = (counted(*amounts).value.event for amounts in ((3, 4), (4, 3)))
    one, other = said(first), said(second)
    assert one is not None and other is not None
    assert (
        one["note"] == "逐条清点" and one["amount"] == other["amount"] and one["records"] != other["records"]
    )


def test_the_event_of_a_load_names_each_value(loaded: Loaded) -> None:
    assert loaded.event is not None
    told = said(loaded.event)
    assert told is not None and len(told["values"]) == told["written"] == loaded.written


@pytest.mark.parametrize("change_to", ["amount = amount + 1", "qualifier = '约'", "note = 'x'"])
@pytest.mark.parametrize("stated", [True, False])
def test_a_changed_value_is_named(change: Callable[..., None], change_to: str, stated: bool) -> None:
    value = (
        state("stations_built", "48650", "2021-08-30").value
        if stated
        else value_of("stations_built", "2021-08-30")
    )
    change(f"UPDATE figures_value SET {change_to} WHERE id = %s", value.pk)
    (fault,) = verify_values()
    assert str(value) in fault and str(value.event.uid) in fault


def test_a_value_moved_to_another_day_is_named_and_missed_where_it_was(change: Callable[..., None]) -> None:
    value = state("stations_built", "48650", "2021-07-31").value
    change(
        'UPDATE figures_value SET start = %s, "end" = %s WHERE id = %s', "2021-07-30", "2021-07-30", value.pk
    )
    faults = verify_values()
    assert any("2021-07-30" in fault and "中没有" in fault for fault in faults)
    assert any("2021-07-31" in fault and "不见了" in fault for fault in faults)


@pytest.mark.parametrize("change_to", ["amount = amount + 1", "label = 'x'", "source_id = 'sample_stations'"])
def test_a_changed_record_is_named_by_its_value(change: Callable[..., None], change_to: str) -> None:
    value = counted(3, 4).value
    change(f"UPDATE figures_valuerow SET {change_to} WHERE value_id = %s AND position = 1", value.pk)
    (fault,) = verify_values()
    assert str(value) in fault and "records" in fault


def test_records_added_to_a_value_or_taken_away_are_named() -> None:
    value = counted(3, 4).value
    ValueRow.objects.create(
        value=value, position=3, dataset="台账", key="r9", label="多", amount=0, source_id="letter"
    )
    bare = state(
        "stations_built", "5", "2021-07-31", rows=[Row("台账", "r1", "一", Decimal(5), "letter")]
    ).value
    ValueRow.objects.filter(value=bare)._raw_delete("default")
    assert [str(one) in fault for one, fault in zip((value, bare), verify_values(), strict=True)] == [
        True,
        True,
    ]


def copy(value: Value, **changes: Any) -> Value:
    fields = {field.attname: getattr(value, field.attname) for field in Value._meta.concrete_fields}
    return Value.objects.create(**fields | {"id": None, **changes})


def test_an_extra_revision_under_an_old_event_is_found() -> None:
    value = state("stations_built", "48650", "2021-08-30").value
    extra = copy(value, revision=value.revision + 1, amount=99_999)
    assert any(str(extra) in fault for fault in verify_values())


def test_an_extra_value_of_another_day_under_an_old_event_is_found() -> None:
    value = state("stations_built", "48650", "2021-08-30").value
    extra = copy(value, start="2021-08-29", end="2021-08-29", revision=1)
    assert any("2021-08-29" in fault and "中没有" in fault for fault in verify_values()), extra


def test_a_value_that_was_removed_is_found(change: Callable[..., None]) -> None:
    value = state("stations_built", "48650", "2021-07-31").value
    change("DELETE FROM figures_value WHERE id = %s", value.pk)
    (fault,) = verify_values()
    assert "不见了" in fault and str(value.event.uid) in fault


def test_a_value_under_an_event_that_states_nothing_is_found(loaded: Loaded) -> None:
    value = value_of("stations_built", "2021-08-30")
    other = withhold(value.event, by=OFFICER, on=timezone.localdate(), why="样例")
    extra = copy(value, start="2021-08-29", end="2021-08-29", event_id=other.pk)
    assert any("2021-08-29" in fault and "不是由录入数值的事件" in fault for fault in verify_values()), extra


class TestRatios:
    def ratio(self) -> Value:
        return value_of("electronics_share", "2020", "computed")

    def test_a_changed_quotient_is_named(self, change: Callable[..., None]) -> None:
        change("UPDATE figures_value SET amount = amount + 1 WHERE id = %s", self.ratio().pk)
        (fault,) = verify_values()
        assert str(self.ratio()) in fault and "相除" in fault

    def test_an_input_exchanged_for_another_figure_is_named(self, change: Callable[..., None]) -> None:
        other = value_of("stations_built", "2021-08-30")
        change(
            "UPDATE figures_valueinput SET input_id = %s WHERE value_id = %s AND role = 'numerator'",
            other.pk, self.ratio().pk,
        )  # fmt: skip
        (fault,) = verify_values()
        assert str(self.ratio()) in fault and "分子分母" in fault

    def test_inputs_that_are_gone_are_named(self) -> None:
        ValueInput.objects.filter(value=self.ratio())._raw_delete("default")
        (fault,) = verify_values()
        assert str(self.ratio()) in fault

    def test_an_extra_ratio_under_an_old_event_is_found(self) -> None:
        ratio = self.ratio()
        extra = copy(ratio, revision=2)
        for link in ratio.inputs.all():
            ValueInput.objects.create(value=extra, role=link.role, input=link.input)
        (fault,) = verify_values()
        assert str(extra) in fault and "修订次序" in fault


def test_verify_names_the_check_and_the_value(
    change: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ledger", "verify"]) == 0
    assert "指标数值：相符" in capsys.readouterr().out
    value = value_of("stations_built", "2021-08-30")
    change("UPDATE figures_value SET amount = amount + 1 WHERE id = %s", value.pk)
    assert main(["ledger", "verify"]) == 1
    assert f"指标数值：数值 {value}" in capsys.readouterr().out
