"""The sample city loads whole, once, or not at all, and every row of it stands on a source."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry import actions, names
from mangrove.registry.city import create_sample_accounts, load_registry
from mangrove.registry.models import District, Organisation, OrganisationName, Unit, User
from mangrove.registry.roles import ROLES

CITY = Path(settings.REPOSITORY) / "cities" / "shenzhen"
OFFICER = Actor("officer_a", "经办人甲", "应用处")


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(CITY, tmp_path / "shenzhen"))


def load(folder: Path) -> object:
    return load_registry(folder, by=OFFICER, on=timezone.localdate())


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.django_db
class TestLoading:
    def test_every_body_the_letter_names_is_found_on_its_day(self) -> None:
        load(CITY)
        day = date(2021, 8, 30)
        named = ["华为", "腾讯", "中兴通讯", "大疆", "深南电路", "立讯精密", "信维通信", "昂纳科技", "广和通", "招商港口",
                 "南方电网", "福田医联体", "世界之窗", "招商局", "工信部", "铁塔公司", "武汉雷神山医院", "深圳市工业和信息化局",
                 "市人大常委会选联任工委", "市政府督查室"]  # fmt: skip
        assert [name for name in named if names.find_organisation(name, day) is None] == []
        assert District.objects.count() == 10

    def test_one_event_and_the_second_time_nothing(self) -> None:
        assert load(CITY)
        before = list(OrganisationName.objects.values_list("pk", "text"))
        assert not load(CITY)
        assert list(OrganisationName.objects.values_list("pk", "text")) == before
        assert [event.act for event in Event.objects.all()] == ["registry.load_city"]

    def test_a_change_of_one_row_changes_one_row(self, city: Path) -> None:
        load(city)
        spoil(city / "organisations.csv", "华为子公司", "华为全资子公司")
        loaded = load_registry(city, by=OFFICER, on=timezone.localdate())
        assert loaded.changed["Organisation"] == 1 and not any(loaded.created.values())
        assert Organisation.objects.get(pk="hisilicon").note == "华为全资子公司"
        assert Event.objects.count() == 2

    def test_what_a_person_changed_is_kept_and_reported(self, city: Path) -> None:
        load(city)
        firm = Organisation.objects.get(pk="onet")
        actions.rename_organisation(
            organisation=firm, name="昂纳集团有限公司", by=OFFICER, on=timezone.localdate(), source="letter"
        )
        spoil(city / "organisations.csv", "华为子公司", "华为全资子公司")
        assert load_registry(city, by=OFFICER, on=timezone.localdate()).kept == ["onet"]
        assert Organisation.objects.get(pk="onet").name == "昂纳集团有限公司"

    @pytest.mark.parametrize(
        ("file", "old", "new", "said"),
        [
            (
                "organisations.csv",
                "914403001922038216",
                "914403001922038217",
                "organisations.csv 第2行：第18位应为“6”",
            ),
            ("organisations.csv", "credit_code,", "统一信用代码,", "是否想写“统一社会信用代码”"),
            ("organisations.csv", "longgang", "longang", "organisations.csv 第2行：没有区“longang”"),
            ("organisations.csv", "hisilicon,", "huawei,", "organisations.csv 第3行：与第2行主键相同"),
            ("organisation_names.csv", "2019-01-10", "2019年1月", "应写作 2021-08-30"),
            ("units.csv", "szgxj_app,szgxj,", "szgxj_app,nobody,", "units.csv 第2行：没有机构“nobody”"),
            ("districts.csv", "district_facts", "hearsay", "districts.csv 第2行：没有来源“hearsay”"),
        ],
    )
    def test_a_bad_row_is_named_and_nothing_is_loaded(
        self, city: Path, file: str, old: str, new: str, said: str
    ) -> None:
        spoil(city / file, old, new)
        with pytest.raises(Refusal, match="一行也没有导入") as refusal:
            load(city)
        assert said in str(refusal.value)
        assert not Organisation.objects.exists() and not Event.objects.exists()

    def test_a_missing_file_is_named(self, city: Path) -> None:
        (city / "units.csv").unlink()
        with pytest.raises(Refusal, match="缺文件“units.csv”"):
            load(city)


@pytest.mark.django_db
class TestSampleAccounts:
    def test_every_role_has_an_account_and_the_second_time_none_is_added(self) -> None:
        load(CITY)
        made = create_sample_accounts(CITY, "mangrove-roots-hold-1")
        assert {role for user in made for role in user.roles} == {role.id for role in ROLES}
        assert create_sample_accounts(CITY, "mangrove-roots-hold-1") == []
        assert User.objects.count() == len(made)

    def test_units_of_accounts_are_units_of_their_organisation(self) -> None:
        load(CITY)
        made = create_sample_accounts(CITY, "mangrove-roots-hold-1")
        known = set(Unit.objects.values_list("organisation_id", "name"))
        assert [
            user.username for user in made if user.unit and (user.organisation_id, user.unit) not in known
        ] == []

    def test_a_weak_password_opens_none(self) -> None:
        load(CITY)
        with pytest.raises(Refusal, match="密码"):
            create_sample_accounts(CITY, "12345")
        assert not User.objects.exists()
