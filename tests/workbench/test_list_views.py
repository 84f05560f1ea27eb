"""Views of a list that are kept under a name: opened, shared, changed by two, and what is left of one whose filter is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from mangrove.ledger.checks import run
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User
from mangrove.workbench.listviews import actions
from mangrove.workbench.listviews.actions import change, delete, keep
from mangrove.workbench.listviews.models import DefaultView, ListView
from mangrove.workbench.listviews.verification import verify_views

LIST = "registry:organisations"
HREF = "/registry/organisations/"


def bureau() -> Organisation:
    return Organisation.objects.get_or_create(pk="bureau", defaults={"name": "样例局"})[0]


def person(username: str, unit: str = "应用处", **more: object) -> User:
    fields = {"organisation": bureau(), "unit": unit, "roles": ["case_officer"], "password": "!"} | more
    return User.objects.create(username=username, name=username, **fields)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def officer(db: None) -> User:
    return person("officer")


def seen(user: User, address: str) -> str:
    answer = browser(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_is_kept_by_its_page_and_stands_above_it(officer: User) -> None:
    client = browser(officer)
    kept = {"list": LIST, "query": "kind=firm&sort=name&page=3&columns=name", "name": "企业", "into": ""}
    answer = client.post("/views/new/", kept)
    assert answer.status_code == 302 and answer["Location"] == f"{HREF}?columns=name&kind=firm&sort=name"
    page = seen(officer, answer["Location"])
    assert 'aria-current="true">企业' in page
    assert ListView.objects.get().version == 1 and not Event.objects.filter(room="workbench").exists()


def test_only_the_columns_that_were_chosen_show_and_the_name_always(officer: User) -> None:
    every, few = seen(officer, HREF), seen(officer, f"{HREF}?columns=kind")
    assert every.count('<th scope="col"') > 2 and few.count('<th scope="col"') == 2
    assert seen(officer, f"{HREF}?columns=nonsense").count('<th scope="col"') == every.count(
        '<th scope="col"'
    )


def test_a_default_opens_by_itself_and_the_plain_list_stays_in_reach(officer: User) -> None:
    keep(by=officer, route=LIST, query="kind=firm", name="企业", default=True)
    assert browser(officer).get(HREF)["Location"] == f"{HREF}?kind=firm"
    assert 'href="/registry/organisations/?view=none"' in seen(officer, f"{HREF}?kind=firm")
    seen(officer, f"{HREF}?view=none")
    seen(person("colleague"), HREF)


def test_a_shared_view_is_for_the_unit_and_in_the_ledger(officer: User) -> None:
    view = keep(by=officer, route=LIST, query="kind=firm", name="企业", shared=True)
    colleague, stranger = person("colleague"), person("stranger", unit="政策法规处")
    assert "企业 <span" in seen(colleague, HREF)
    assert "企业 <span" not in seen(stranger, HREF)
    assert browser(stranger).get(f"/views/{view.pk}/").status_code == 404
    change(by=colleague, view_id=view.pk, expected_version=1, name="本地企业", shared=True)
    delete(by=colleague, view_id=view.pk, expected_version=2)
    acts = Event.objects.filter(room="workbench").order_by("pk").values_list("act", "actor")
    assert list(acts) == [
        ("workbench.view.share", "officer"), ("workbench.view.change", "colleague"), ("workbench.view.delete", "colleague"),
    ]  # fmt: skip


def test_one_of_ones_own_is_nobody_elses(officer: User) -> None:
    view = keep(by=officer, route=LIST, query="kind=firm", name="企业")
    colleague = person("colleague")
    assert browser(colleague).get(f"/views/{view.pk}/").status_code == 404
    assert browser(colleague).post(f"/views/{view.pk}/delete/", {"version": 1}).status_code == 404
    assert ListView.objects.exists()


def test_who_comes_second_is_told_who_came_first_and_what_was_typed_stays(officer: User) -> None:
    view = keep(by=officer, route=LIST, query="kind=firm", name="企业", shared=True)
    colleague = person("colleague")
    change(by=officer, view_id=view.pk, expected_version=1, name="全部企业", shared=True)
    answer = browser(colleague).post(f"/views/{view.pk}/", {"name": "本地企业", "shared": "on", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 422 and "已由officer于" in page and 'value="本地企业"' in page
    assert 'name="version" value="2"' in page
    with pytest.raises(Refusal, match="已由officer于"):
        delete(by=colleague, view_id=view.pk, expected_version=1)


def test_only_who_made_it_takes_it_back(officer: User) -> None:
    view = keep(by=officer, route=LIST, query="", name="全部", shared=True)
    with pytest.raises(Refusal, match="只有建立"):
        change(by=person("colleague"), view_id=view.pk, expected_version=1, name="全部", shared=False)
    change(by=officer, view_id=view.pk, expected_version=1, name="全部", shared=False)
    assert Event.objects.latest("pk").act == "workbench.view.unshare"


def test_without_an_office_there_is_nobody_to_share_with(db: None) -> None:
    with pytest.raises(Refusal, match="不属于任何单位"):
        keep(by=person("loner", organisation=None, unit=""), route=LIST, query="", name="甲", shared=True)


def test_a_name_is_given_once_a_list(officer: User) -> None:
    keep(by=officer, route=LIST, query="kind=firm", name="企业")
    with pytest.raises(Refusal, match="已有名为“企业”的视图"):
        keep(by=officer, route=LIST, query="", name="企业")
    keep(by=officer, route="figures:list", query="", name="企业")


def test_a_view_is_replaced_by_the_list_as_it_is_now(officer: User) -> None:
    view = keep(by=officer, route=LIST, query="kind=firm", name="企业", default=True)
    into = {"list": LIST, "query": "kind=firm&sort=name", "name": "", "into": f"{view.pk}.1"}
    assert browser(officer).post("/views/new/", into).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.query, view.version) == ("企业", "kind=firm&sort=name", 2)
    assert DefaultView.objects.filter(view=view).exists()
    again = browser(officer).post("/views/new/", into)
    assert again.status_code == 422


def test_what_a_list_has_no_more_is_named_and_the_rest_is_shown(officer: User) -> None:
    """A filter, a column, an order and a value, each gone since the view was kept."""
    query = "colour=red&columns=weight&kind=firm&sort=height"
    keep(by=officer, route=LIST, query=query, name="旧视图")
    page = seen(officer, f"{HREF}?{query}")
    assert "视图“旧视图”里的“colour、weight、height”现在没有了" in page
    assert "query=kind%3Dfirm" in page
    assert "现在没有了" not in seen(officer, f"{HREF}?kind=firm&colour=red")


def test_as_many_queries_for_three_views_as_for_one(officer: User) -> None:
    client = browser(officer)
    keep(by=officer, route=LIST, query="kind=firm", name="一")
    client.get(HREF)
    with connection.execute_wrapper(counting(one := [])):
        client.get(HREF)
    for name in ("二", "三"):
        keep(by=officer, route=LIST, query=f"kind=firm&text={name}", name=name, shared=name == "三")
    with connection.execute_wrapper(counting(three := [])):
        client.get(HREF)
    assert len(one) == len(three)


def counting(seen: list[str]) -> Callable:  # type: ignore[type-arg]
    def count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        seen.append(sql)
        return execute(sql, params, many, context)

    return count


def test_a_view_that_was_changed_by_hand_is_named(officer: User) -> None:
    view = keep(by=officer, route=LIST, query="kind=firm", name="企业", shared=True)
    assert run("视图", verify_views).holds
    ListView.objects.filter(pk=view.pk).update(query="kind=government")
    assert "与账本不符" in run("视图", verify_views).first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_two_at_once_change_one_shared_view(guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One is told of the other. Without the look at the locked row, the second overwrites unawares."""
    officer, colleague = person("officer"), person("colleague")
    view = keep(by=officer, route=LIST, query="", name="全部", shared=True)
    if not guarded:
        monkeypatch.setattr(actions, "locked", lambda by, id, version: ListView.objects.get(pk=id))
    barrier, refused = threading.Barrier(2), []

    def go(by: User) -> None:
        try:
            barrier.wait(10)
            change(by=by, view_id=view.pk, expected_version=1, name=by.name, shared=True)
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(one,)) for one in (officer, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == (["workbench.view_changed"] if guarded else [])
    assert Event.objects.filter(act="workbench.view.change").count() == (1 if guarded else 2)
