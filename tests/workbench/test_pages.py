"""What the shell shows: navigation, home, inbox, errors, language, health."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from django.utils import timezone
from pytest_django import Settings

from mangrove.casework.actions import open_case
from mangrove.casework.promise_counts import counts
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.promises import Span, record_promises, withdraw_dropped
from mangrove.figures.models import Definition
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui import house
from mangrove.ui.dates import due_tag
from mangrove.ui.lines import LINES
from mangrove.workbench import urls
from mangrove.workbench.headlines import headlines
from mangrove.workbench.home import PromisesOfLine, home_tiles, promised_by_line
from mangrove.workbench.navigation import group_of, navigation

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def extra_room() -> Iterator[None]:
    """A room like any other, registered for one test."""
    before = house.rooms()
    tile = house.Tile(
        "网络建设",
        10,
        lambda user: {"value": 48000, "unit": "座", "bar": (48000, 50000, 45000)},
        line="buildout",
    )
    todos = [
        house.Todo(
            "急事", "签发", "/inbox/", timezone.localdate() + timedelta(days=1), timezone.localdate(), None
        ),
        house.Todo("无期限的事", "核稿", "/inbox/", None, None, None),
    ]
    entry = house.NavEntry(
        "测试行", "workbench:inbox", "foundations", 5, visible=lambda user: user.has_role("auditor")
    )
    house.open_room(house.Room("test", "测试", navigation=(entry,), tiles=(tile,), todos=lambda user: todos))
    yield
    house._rooms.clear()
    for room in before:
        house.open_room(room)


def test_all_eight_lines_stand_on_the_home_page_begun_or_not(as_officer: Client) -> None:
    page = text(as_officer.get("/"))
    for line in LINES:
        assert str(line.label) in page
    assert "尚未启用" in page


def test_a_line_without_a_room_shows_its_figure_with_source_and_status(
    as_officer: Client, city_figures: None
) -> None:
    page = text(as_officer.get("/"))
    assert "5349.18亿元" in page
    assert "59.9%" in page
    assert "待核" in page


def test_each_headline_names_a_line_and_figures_that_the_city_has(city_figures: None) -> None:
    known = set(Definition.objects.values_list("pk", flat=True))
    for line, headline in headlines().items():
        assert line in {one.id for one in LINES}
        assert {headline.leads, *headline.beside} <= known


def test_a_tile_takes_the_place_of_its_line(officer: User, extra_room: None) -> None:
    first = home_tiles(officer)[0]
    assert first.open
    assert "48,000" in str(first.figure)
    assert len(home_tiles(officer)) == len(LINES)


@pytest.fixture
def two_promises_one_dropped(officer: User) -> None:
    """A letter promised two things of the same line of work; the next, before any was sent, only the first of them."""
    text = "我局将尽快出台奖励补贴政策，并组织宣讲。"
    spans = [Span("C01", 0, 13, "一", "policies"), Span("C02", 14, 19, "一", "policies")]
    given: dict[str, Any] = {"by": officer.actor, "on": timezone.localdate()}
    parent = open_case(
        workflow_id=PROMISES.id, subject=Ref("proposals", "proposal", "1"), title="建议", **given
    )
    for version, kept in (("1", spans), ("2", spans[:1])):
        letter = Ref("proposals", "letter", version)
        told: dict[str, Any] = {"letter_text": text, "letter_hash": "0" * 64, "spans": kept}
        record_promises(letter=letter, parent=parent, why="", **told, **given)
    withdraw_dropped(letter=letter, parent=parent, **given)


def test_the_home_page_counts_what_was_withdrawn_no_more_than_the_ledger_of_promises_does(
    auditor: User, two_promises_one_dropped: None
) -> None:
    assert counts().total == 1
    assert promised_by_line(auditor) == {"policies": PromisesOfLine(total=1, without_owner=1, without_date=1)}
    (tile,) = [one for one in home_tiles(auditor) if "1 项" in str(one.notes)]
    assert "来自答复的承诺 1 项" in str(tile.notes)


def test_what_waits_is_counted_and_the_dated_comes_first(as_officer: Client, extra_room: None) -> None:
    page = text(as_officer.get("/inbox/"))
    assert '<span class="count">2</span>' in page
    assert page.index("急事") < page.index("无期限的事")
    assert "还剩 1 天" in page


def test_a_line_of_the_navigation_shows_only_to_whom_it_is_for(
    as_officer: Client, as_auditor: Client, extra_room: None
) -> None:
    assert "测试行" not in text(as_officer.get("/"))
    assert "测试行" in text(as_auditor.get("/"))


@pytest.mark.parametrize(
    ("role", "uses", "not_used"),
    [
        ("applicant", {"我的工作", "申报窗口", "公示"}, {"建议答复", "来函对照", "资金", "机构名录"}),
        ("deputy", {"建议提案", "承诺台账"}, {"申报与评审", "资金", "后台任务"}),
        ("expert", {"我的工作", "待办"}, {"建议答复", "申报与评审", "名录与资料"}),
        ("sysadmin", {"账号", "后台任务"}, {"建议答复", "资金"}),
    ],
)
def test_each_role_finds_what_it_uses_and_nothing_else(
    role: str, uses: set[str], not_used: set[str], db: None
) -> None:
    user = User.objects.create(username=role, name=role, roles=[role], password="!")
    groups = navigation(user, "/")
    shown = {str(group["label"]) for group in groups} | {
        str(line["label"]) for group in groups for line in group["lines"]
    }
    assert uses <= shown and not not_used & shown


def test_a_group_stays_as_it_was_left_but_never_hides_where_one_is(as_officer: Client) -> None:
    as_officer.cookies["nav"] = "answers.0-foundations.1-workbench.0-nonsense.1-money"
    page = text(as_officer.get("/inbox/"))
    assert 'data-fold="answers">' in page
    assert 'data-fold="foundations" open>' in page
    assert 'data-fold="workbench" open>' in page


def test_a_line_of_an_unknown_group_is_not_lost(officer: User) -> None:
    entry = house.NavEntry("别处", "workbench:inbox", "no_such_group")
    assert group_of(entry) in house.GROUPS


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (-2, "超期 2 天（自然日）", "bad"),
        (3, "还剩 3 天（自然日）", "warn"),
        (30, "还剩 30 天（自然日）", "calm"),
    ],
)
def test_a_date_says_in_words_how_near_it_is(days: int, words: str, tone: str) -> None:
    tag = due_tag(timezone.localdate() + timedelta(days=days))
    assert words in tag.text
    assert tag.tone == tone


def test_no_date_is_said_too() -> None:
    assert due_tag(None).text == "未定"


@pytest.mark.parametrize("shown", ["waiting", "done", "begun", "nonsense"])
def test_every_part_of_the_inbox_opens(as_officer: Client, shown: str) -> None:
    answer = as_officer.get("/inbox/", {"show": shown})
    assert answer.status_code == 200
    assert text(answer).count('aria-current="page"') == 2


def test_a_page_that_is_not_there_says_so_in_the_shell(as_officer: Client) -> None:
    answer = as_officer.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有这一页" in text(answer)
    assert "主导航" in text(answer)


def test_a_page_not_for_this_role_says_what_to_do(as_officer: Client) -> None:
    answer = as_officer.get("/ledger/")
    assert answer.status_code == 403
    assert "系统管理员调整角色" in text(answer)


def test_a_stale_page_says_that_nothing_was_sent(officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"username": "jbr", "password": "x"})
    assert answer.status_code == 403
    assert "没有提交" in text(answer)


def refuse(request: Any) -> Any:
    raise Refusal(
        "第 3 条承诺没有责任人。",
        code="test.refusal",
        where="承诺 C03",
        rule="承诺办法",
        remedy="请指定责任人。",
    )


def breaks(request: Any) -> Any:
    raise RuntimeError("secret detail")


@pytest.fixture
def odd_pages(settings: Settings) -> None:
    """The real routes and two more, which refuse and break."""

    class Routes:
        urlpatterns = [*urls.urlpatterns, path("refuses/", refuse), path("breaks/", breaks)]
        handler500 = urls.handler500

    settings.ROOT_URLCONF = Routes


def test_a_refusal_is_answered_in_full(as_officer: Client, odd_pages: None) -> None:
    answer = as_officer.get("/refuses/", headers={"referer": "http://testserver/inbox/"})
    assert answer.status_code == 422
    for part in (
        "第 3 条承诺没有责任人。",
        "承诺 C03",
        "承诺办法",
        "请指定责任人。",
        'href="http://testserver/inbox/"',
    ):
        assert part in text(answer)


def test_a_refusal_in_a_drawer_comes_without_the_shell_and_never_leads_elsewhere(
    as_officer: Client, odd_pages: None
) -> None:
    headers = {"hx-request": "true", "referer": "https://example.org/"}
    page = text(as_officer.get("/refuses/", headers=headers))
    assert "请指定责任人。" in page
    assert "<html" not in page
    assert "example.org" not in page


def test_a_broken_page_shows_nothing_of_the_inside(as_officer: Client, odd_pages: None) -> None:
    as_officer.raise_request_exception = False
    answer = as_officer.get("/breaks/")
    assert answer.status_code == 500
    assert "这一步没有完成" in text(answer)
    assert "secret detail" not in text(answer)


def test_the_language_is_kept_and_said_on_the_page(as_officer: Client) -> None:
    assert 'lang="zh-hans"' in text(as_officer.get("/"))
    answer = as_officer.post("/language/", {"language": "en", "next": "/inbox/"}, follow=True)
    assert 'lang="en"' in text(answer)
    assert 'lang="en"' in text(as_officer.get("/"))


def test_health_needs_no_sign_in(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_pages_forbid_everything_from_elsewhere(as_officer: Client) -> None:
    answer = as_officer.get("/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert " style=" not in text(answer)
    assert "onclick" not in text(answer)


def test_days_since_long_ago_are_late() -> None:
    assert due_tag(date(2021, 8, 30)).tone == "bad"


class TestNothingClassified:
    """The guard stands before every form of every room."""

    def test_a_marked_text_is_refused_before_any_view(self, client: Client) -> None:
        answer = client.post("/language/", {"language": "en", "next": "密级：机密"})
        assert answer.status_code == 422 and "不收涉密内容" in text(answer)

    def test_autosave_is_answered_where_the_text_stands(self, client: Client) -> None:
        sent = {"draft_revision": "1", "body": "某某\n绝密★"}
        answer = client.post("/language/", sent, headers={"Accept": "*/*"})
        assert answer.status_code == 422
        assert "第 2 行" in answer.json()["message"] and "某某" not in answer.json()["message"]

    def test_an_ordinary_text_passes(self, client: Client) -> None:
        assert client.post("/language/", {"language": "en", "next": "/商业秘密/"}).status_code == 302
