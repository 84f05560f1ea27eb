"""``mangrove account`` and ``mangrove organisation`` as an administrator types them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from mangrove.cli import main
from mangrove.ledger.models import Body, Event
from mangrove.registry.commands import PASSWORD as VARIABLE
from mangrove.registry.models import Organisation, User
from mangrove.registry.names import find_organisation

pytestmark = pytest.mark.django_db
Output = pytest.CaptureFixture[str]
PASSWORD = "mangrove-roots-hold-1"
#: A sound code; its last character is its check.
CODE = "914403001922038216"


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)


@pytest.fixture
def bureau(db: None) -> Organisation:
    assert (
        main(["organisation", "register", "gxj", "市工信局", "--kind", "政府机关", "--source", "三定方案"])
        == 0
    )
    return Organisation.objects.get(pk="gxj")


def opened(*more: str) -> int:
    return main(["account", "open", "jia", "--name", "经办人甲", "--role", "case_officer", *more])


class TestAccount:
    def test_is_opened_for_a_first_sign_in_and_its_password_is_written_nowhere(
        self, bureau: Organisation, capsys: Output
    ) -> None:
        assert opened("--organisation", "市工信局", "--unit", "应用处", "--role", "reviewer") == 0
        user = User.objects.get(username="jia")
        assert (user.organisation, user.unit, user.roles) == (bureau, "应用处", ["case_officer", "reviewer"])
        assert user.check_password(PASSWORD) and user.must_change_password
        event = Event.objects.get(act="registry.create_account")
        assert event.actor == "cli" and PASSWORD not in event.body.text
        assert PASSWORD not in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("more", "said"),
        [(["--role", "king"], "没有角色"), (["--organisation", "无此局"], "没有机构“无此局”")],
    )
    def test_is_not_opened_with_what_nobody_knows(self, capsys: Output, more: list[str], said: str) -> None:
        assert opened(*more) == 2
        assert said in capsys.readouterr().err and not User.objects.exists()

    def test_a_password_comes_from_the_terminal_or_the_environment_and_is_no_argument(
        self, monkeypatch: pytest.MonkeyPatch, capsys: Output
    ) -> None:
        monkeypatch.delenv(VARIABLE)
        assert opened() == 2
        assert VARIABLE in capsys.readouterr().err
        with pytest.raises(SystemExit):
            opened("--password", PASSWORD)
        monkeypatch.setenv(VARIABLE, "short")
        assert opened() == 2 and not User.objects.exists()

    def test_is_closed_with_a_reason_and_once(self, capsys: Output) -> None:
        opened()
        assert main(["account", "close", "jia", "--why", "调离"]) == 0
        assert not User.objects.get(username="jia").is_active
        assert Event.objects.get(act="registry.close_account").why == "调离"
        assert main(["account", "close", "jia", "--why", "调离"]) == 2
        assert main(["account", "close", "yi", "--why", "调离"]) == 2
        assert "没有账号“yi”" in capsys.readouterr().err

    def test_gets_other_roles(self) -> None:
        opened()
        assert (
            main(["account", "roles", "jia", "--role", "signer", "--role", "reviewer", "--why", "任命"]) == 0
        )
        assert User.objects.get(username="jia").roles == ["reviewer", "signer"]

    def test_gets_a_new_password_to_be_changed_at_once_and_not_an_old_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened()
        User.objects.update(must_change_password=False)
        assert main(["account", "password", "jia"]) == 2
        monkeypatch.setenv(VARIABLE, "another-tide-comes-2")
        assert main(["account", "password", "jia"]) == 0
        user = User.objects.get(username="jia")
        assert user.check_password("another-tide-comes-2") and user.must_change_password
        assert not Body.objects.filter(text__contains="another-tide").exists()


class TestOrganisation:
    def test_is_renamed_from_a_day_and_found_by_each_name_on_its_days(self, bureau: Organisation) -> None:
        said = ["--source", "市政府令", "--why", "机构改革"]
        assert main(["organisation", "rename", "gxj", "市工业和信息化局", *said]) == 0
        today = timezone.localdate()
        assert find_organisation("市工业和信息化局", today) == bureau
        assert find_organisation("市工信局", today) is None
        assert Event.objects.get(act="registry.rename_organisation").why == "机构改革"

    def test_gets_an_alias(self, bureau: Organisation) -> None:
        said = ["--source", "网站", "--kind", "别名", "--from", "2019-01-01"]
        assert main(["organisation", "alias", "gxj", "工信局", *said]) == 0
        assert find_organisation("工信局", timezone.localdate()) == bureau

    def test_gets_the_right_credit_code_with_a_reason(self, bureau: Organisation, capsys: Output) -> None:
        assert main(["organisation", "credit-code", "gxj", CODE[:-1] + "0", "--why", "更正"]) == 2
        assert main(["organisation", "credit-code", "gxj", CODE]) == 2
        assert main(["organisation", "credit-code", "gxj", CODE, "--verified", "--why", "照登记证"]) == 0
        bureau.refresh_from_db()
        assert (bureau.credit_code, bureau.credit_code_status) == (CODE, "verified")

    def test_back_entry_needs_its_reason(self, bureau: Organisation, capsys: Output) -> None:
        said = ["organisation", "alias", "gxj", "旧称", "--source", "档案", "--on", "2019-02-01"]
        assert main(said) == 2
        assert main([*said, "--why", "按存档原件补录"]) == 0
