"""``mangrove load`` and ``mangrove ledger withhold``; the catalogue that ``serve`` needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from mangrove.casework.models import CalendarDay, Case
from mangrove.cli import main
from mangrove.figures.models import Value
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.ledger.verify import verify
from mangrove.registry.models import Organisation, User
from mangrove.ui.catalogue import LOCALE, compile_missing

Output = pytest.CaptureFixture[str]


@pytest.mark.django_db(transaction=True)
def test_load_brings_the_city_without_any_sample_and_twice_changes_nothing(capsys: Output) -> None:
    assert main(["load"]) == 0
    assert Organisation.objects.exists() and CalendarDay.objects.exists() and Value.objects.exists()
    assert not User.objects.exists() and not Case.objects.exists()
    before = Event.objects.count()
    assert main(["load"]) == 0
    assert Event.objects.count() == before and verify().holds
    assert "mangrove account open" in capsys.readouterr().out


@pytest.mark.django_db
def test_what_an_event_says_is_withheld_by_its_number_and_the_event_stays(capsys: Output) -> None:
    event = record(
        "test.said",
        subject=Ref("test", "thing", "1"),
        by=SYSTEM,
        on=timezone.localdate(),
        payload={"name": "张三"},
    )
    assert main(["ledger", "withhold", str(event.uid), "--why", "个人信息删除申请"]) == 0
    event.body.refresh_from_db()
    assert event.body.text == ""
    assert Event.objects.get(act="ledger.withhold").actor == "cli"
    for unknown in ("7", "00000000-0000-4000-8000-000000000000"):
        assert main(["ledger", "withhold", unknown, "--why", "x"]) == 2
    assert "账本里没有事件“7”" in capsys.readouterr().err


def test_a_catalogue_is_compiled_where_it_is_missing_and_not_again(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = LOCALE / "en" / "LC_MESSAGES" / "django.po"
    (folder / "django.po").write_bytes(source.read_bytes())
    assert [path.name for path in compile_missing(tmp_path)] == ["django.mo"]
    assert compile_missing(tmp_path) == []
