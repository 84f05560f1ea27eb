"""The drill as it is run: on both databases the house comes back whole, in another process and another place."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db import connection

from mangrove.ledger.models import Event
from mangrove.ledger.refs import OPERATOR
from mangrove.workbench.operation import excused
from mangrove.workbench.operation.backup import back_up, excused_models, record_backup
from mangrove.workbench.operation.drill import drill, record_drill


def test_the_city_comes_back_whole_and_is_usable(city: Path) -> None:
    report = drill()
    assert [str(one) for one in report.compared if one.fault or one.undone] == []
    assert {one.what for one in report.compared} == {
        "各模型的行数", "账本", "各室所存与账本", "附件的散列", "登录", "已签发的函",
    }  # fmt: skip
    assert report.passed and 0 < report.restored_in <= report.usable_in
    assert report.lost.since is None and report.lost.acts == Event.objects.count()


def test_what_would_be_lost_is_what_was_done_since_the_last_backup(city: Path, tmp_path: Path) -> None:
    record_backup(back_up(tmp_path / "kept"), by=OPERATOR)
    before = Event.objects.count()
    record_drill(drill(), by=OPERATOR)
    second = drill()
    assert second.lost.acts == Event.objects.count() - before == 1
    assert Event.objects.get(act="workbench.drill").body.text


def test_no_database_and_no_file_of_a_drill_stays(city: Path) -> None:
    drill()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'mangrove_drill_%'")
            assert cursor.fetchall() == []


def test_every_model_is_in_a_backup_or_excused_with_a_reason(city: Path, tmp_path: Path) -> None:
    """A room that is added is in the backup by itself; a model that is in none must say why in ``excused.py``."""
    counted = back_up(tmp_path / "kept").manifest.models
    models = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and model._meta.managed
    }
    assert models == set(counted) | set(excused_models())
    assert not set(counted) & set(excused_models())
    assert set(excused_models()) == {"sessions.Session"}
    assert all(len(reason) > 5 for reason in [*excused.TABLES.values(), *excused.FILES.values()])
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in counted:
            assert counted[model._meta.label] == model._base_manager.count(), model._meta.label


def test_an_unmanaged_model_is_not_forgotten() -> None:
    """Tables that Django does not manage would be in no manifest by their model: there is none, and one must be thought of."""
    assert [model._meta.label for model in apps.get_models() if not model._meta.managed] == []
