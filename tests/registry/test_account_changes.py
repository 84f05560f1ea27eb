"""三员: no one holds two of the three, who proposes is not who confirms, and who audits changes nothing."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal
from mangrove.registry import account_changes
from mangrove.registry.accounts import change_roles, create_account
from mangrove.registry.models import AccountChange, Organisation, Unit, User
from mangrove.registry.roles import ADMINISTRATORS, ROLES

pytestmark = pytest.mark.django_db
PASSWORD = "红树-样例-口令-2021"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def person(username: str, *roles: str) -> User:
    return User.objects.create(username=username, name=username, roles=list(roles), password="!")


@pytest.fixture
def three(db: None) -> dict[str, User]:
    return {role: person(role, role) for role in (*ADMINISTRATORS, "case_officer")}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def told(by: User, **more: Any) -> dict[str, Any]:
    return {"by": by, "on": timezone.localdate(), "why": "岗位调整"} | more


def proposed(
    three: dict[str, User], kind: str = "roles", username: str = "case_officer", **more: Any
) -> AccountChange:
    return account_changes.propose(
        kind=kind, username=username, **told(three["sysadmin"], roles=["reviewer"], **more)
    )


@pytest.mark.parametrize("pair", list(combinations(ADMINISTRATORS, 2)))
def test_no_account_is_opened_or_changed_to_hold_two_of_the_three(db: None, pair: tuple[str, str]) -> None:
    said = {"by": SYSTEM, "on": timezone.localdate()}
    with pytest.raises(Refusal) as refusal:
        create_account(username="x", name="甲", roles=pair, password=PASSWORD, **said)
    assert refusal.value.code == "registry.role.two_administrators" and "三员分立" in str(refusal.value.rule)
    one = create_account(username="x", name="甲", roles=[pair[0], "reviewer"], password=PASSWORD, **said)
    with pytest.raises(Refusal, match="不能同时是"):
        change_roles(user=one, roles=pair, why="兼任", **said)


@pytest.mark.parametrize("role", [role.id for role in ROLES])
def test_who_may_propose_and_who_may_decide(three: dict[str, User], role: str) -> None:
    by = three.get(role) or person(role, role)
    change = proposed(three)
    person("someone", "reviewer")
    tried = {
        "propose": lambda: account_changes.propose(kind="close", username="someone", **told(by)),
        "decline": lambda: account_changes.decline(change=change, **told(by)),
    }
    allowed = {"propose": role == "sysadmin", "decline": role == "security"}
    for act, attempt in tried.items():
        if allowed[act]:
            attempt()
        else:
            with pytest.raises(Refusal, match="不能"):
                attempt()


def test_roles_change_when_they_are_confirmed_and_not_before(three: dict[str, User]) -> None:
    change, officer = proposed(three), three["case_officer"]
    officer.refresh_from_db()
    assert officer.roles == ["case_officer"]
    account_changes.confirm(change=change, **told(three["security"], why=""))
    officer.refresh_from_db()
    assert officer.roles == ["reviewer"]
    acts = Event.objects.filter(object_id="case_officer").order_by("pk").values_list("act", "actor")
    assert list(acts) == [
        ("registry.propose_account_change", "sysadmin"),
        ("registry.confirmed_account_change", "security"),
        ("registry.change_roles", "security"),
    ]


def test_what_was_declined_changes_nothing_and_is_decided_once(three: dict[str, User]) -> None:
    change, officer = proposed(three), three["case_officer"]
    with pytest.raises(Refusal, match="不能为空"):
        account_changes.decline(change=change, **told(three["security"], why=""))
    account_changes.decline(change=change, **told(three["security"], why="没有依据"))
    stale = AccountChange(pk=change.pk, username=change.username, kind="roles", proposed_by="sysadmin")
    with pytest.raises(Refusal, match="已经复核过"):
        account_changes.confirm(change=stale, **told(three["security"]))
    officer.refresh_from_db()
    assert officer.roles == ["case_officer"]


def test_an_account_is_opened_with_a_password_that_is_shown_once_and_must_change(
    three: dict[str, User],
) -> None:
    change = proposed(three, "open", "new", name="经办人丁")
    page = (
        browser(three["security"])
        .post(f"/registry/accounts/changes/{change.pk}/", {"decision": "confirm"})
        .content.decode()
    )
    made = User.objects.get(username="new")
    (password,) = re.findall(r"<code>([\w-]{16})</code>", page)
    assert made.check_password(password)
    assert made.must_change_password and made.roles == ["reviewer"]
    assert (
        password
        not in browser(three["security"]).get(f"/registry/accounts/changes/{change.pk}/").content.decode()
    )
    assert not any(password in event.body.text for event in Event.objects.all())


def test_what_cannot_come_true_is_refused_at_once(three: dict[str, User]) -> None:
    proposed(three)
    for kind, username, said in [
        ("roles", "case_officer", "等待复核"), ("close", "nobody", "没有账号"), ("open", "security", "已经有人使用"),
        ("close", "sysadmin", "自己"),
    ]:  # fmt: skip
        with pytest.raises(Refusal, match=said):
            proposed(three, kind, username, name="甲")


def test_nobody_confirms_a_change_of_their_own_account(three: dict[str, User]) -> None:
    change = proposed(three, username="security")
    with pytest.raises(Refusal, match="关于自己"):
        account_changes.confirm(change=change, **told(three["security"]))


#: address: who opens it. The auditor reads what the others read, and is offered no act.
PAGES = {
    "/registry/accounts/": ADMINISTRATORS,
    "/registry/accounts/export/": ADMINISTRATORS,
    "/registry/accounts/{account}/": ADMINISTRATORS,
    "/registry/accounts/changes/{change}/": ADMINISTRATORS,
    "/registry/accounts/open/": ("sysadmin",),
    "/registry/accounts/{account}/roles/": ("sysadmin",),
    "/registry/accounts/{account}/close/": ("sysadmin",),
    "/registry/accounts/{account}/end_sign_ins/": ("security",),
    "/registry/accounts/{account}/reset_factor/": ("security",),
}


def test_each_page_and_each_act_is_for_its_administrator(three: dict[str, User]) -> None:
    change, account = proposed(three), person("someone", "reviewer")
    for address, readers in PAGES.items():
        at = address.format(account=account.pk, change=change.pk)
        for role, user in three.items():
            client = browser(user)
            expected = 200 if role in readers else 422 if role in ADMINISTRATORS else 404
            assert client.get(at).status_code == (
                expected if role != "case_officer" or "open" not in at else 422
            ), (at, role)


def test_the_auditor_reads_everything_and_changes_nothing(three: dict[str, User]) -> None:
    change, account = proposed(three), person("someone", "reviewer")
    client, before = browser(three["auditor"]), Event.objects.count()
    for address in PAGES:
        at = address.format(account=account.pk, change=change.pk)
        client.post(
            at, {"why": "越权", "decision": "confirm", "roles": "reviewer", "username": "y", "name": "乙"}
        )
    change.refresh_from_db()
    assert Event.objects.count() == before and change.state == "proposed"
    page = client.get(f"/registry/accounts/{account.pk}/").content.decode()
    assert "/roles/" not in page and "/end_sign_ins/" not in page


def test_the_navigation_marks_where_one_is_on_import_pages(db: None) -> None:
    page = browser(person("keeper", "registrar")).get("/registry/import/organisations/").content.decode()
    assert '<a href="/registry/organisations/" aria-current="page">' in page


def opened(three: dict[str, User], **more: Any) -> AccountChange:
    bureau = Organisation.objects.create(
        id="b", name="市工信局（样例）", kind="bureau", scope="city", synthetic=True
    )
    Unit.objects.create(id="b-1", organisation=bureau, name="应用处")
    return account_changes.propose(
        kind="open", username="new", name="经办人丁", organisation=bureau, rank="科长", **told(three["sysadmin"], roles=["reviewer"]), **more
    )  # fmt: skip


def test_nobody_is_put_into_an_office_that_does_not_exist(three: dict[str, User]) -> None:
    with pytest.raises(Refusal, match="应用处处.*不是.*内设处室.*应用处"):
        opened(three, unit="应用处处")


def test_who_decides_finds_it_waiting_and_sees_all_that_the_account_would_be(three: dict[str, User]) -> None:
    change = opened(three, unit="应用处")
    assert (
        f"/registry/accounts/changes/{change.pk}/"
        in browser(three["security"]).get("/inbox/").content.decode()
    )
    page = browser(three["security"]).get(f"/registry/accounts/changes/{change.pk}/").content.decode()
    assert all(said in page for said in ("市工信局（样例）", "应用处", "科长", "经办人丁"))
    assert f"/changes/{change.pk}/" not in browser(three["sysadmin"]).get("/inbox/").content.decode()
