"""Accounts open with known roles and sound passwords; passwords do not soon come back; access is by role."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from mangrove.ledger.models import Body, Event
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry import accounts
from mangrove.registry.access import access_organisation
from mangrove.registry.models import Organisation, User

ADMIN = Actor("sysadmin_a", "系统管理员", "信息中心")
PASSWORD = "mangrove-roots-hold-1"


def open_account(username: str = "officer_a", roles: tuple[str, ...] = ("case_officer",)) -> User:
    return accounts.create_account(
        username=username, name="经办人甲", roles=roles, password=PASSWORD, by=ADMIN, on=timezone.localdate()
    )


@pytest.mark.django_db
class TestAccounts:
    def test_opens_with_an_event_that_holds_no_password(self) -> None:
        user = open_account()
        assert user.must_change_password and user.check_password(PASSWORD)
        assert Event.objects.get().act == "registry.create_account"
        text = Body.objects.get().text
        assert PASSWORD not in text and user.password not in text

    def test_unknown_roles_and_none_are_refused(self) -> None:
        for roles in ((), ("king",)):
            with pytest.raises(Refusal):
                open_account(roles=roles)
        assert not User.objects.exists()

    def test_a_weak_password_is_refused_in_chinese(self) -> None:
        with pytest.raises(Refusal, match="密码"):
            accounts.create_account(
                username="a",
                name="甲",
                roles=["auditor"],
                password="12345678",
                by=ADMIN,
                on=timezone.localdate(),
            )

    def test_a_former_password_does_not_come_back(self) -> None:
        user = open_account()
        user = accounts.change_password(
            user=user, new="another-long-word-2", by=user.actor, on=timezone.localdate()
        )
        assert not user.must_change_password
        for word in (PASSWORD, "another-long-word-2"):
            with pytest.raises(Refusal, match="最近5次"):
                accounts.change_password(user=user, new=word, by=user.actor, on=timezone.localdate())

    def test_nobody_changes_their_own_roles(self) -> None:
        user = open_account("sysadmin_b", ("sysadmin",))
        with pytest.raises(Refusal, match="自己的角色"):
            accounts.change_roles(
                user=user, roles=["auditor"], by=user.actor, on=timezone.localdate(), why="试"
            )
        user = accounts.change_roles(
            user=user, roles=["auditor"], by=ADMIN, on=timezone.localdate(), why="调岗"
        )
        assert user.roles == ["auditor"]

    def test_a_closed_account_is_kept_and_reaches_nothing(self) -> None:
        Organisation.objects.create(id="huawei", name="华为技术有限公司")
        user = accounts.close_account(user=open_account(), by=ADMIN, on=timezone.localdate(), why="离岗")
        assert User.objects.filter(username="officer_a").exists()
        with pytest.raises(Http404):
            access_organisation(user, "huawei")


@pytest.mark.django_db
class TestAccess:
    def test_organisations_are_seen_by_all_and_changed_by_few(self) -> None:
        firm = Organisation.objects.create(id="huawei", name="华为技术有限公司")
        deputy, officer = open_account("d", ("deputy",)), open_account("o", ("case_officer",))
        assert access_organisation(deputy, "huawei") == firm
        assert access_organisation(officer, "huawei") == firm

    def test_strangers_and_unknown_ids_get_nothing(self) -> None:
        with pytest.raises(Http404):
            access_organisation(AnonymousUser(), "huawei")
        with pytest.raises(Http404):
            access_organisation(open_account(), "nobody")
