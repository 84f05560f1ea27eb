"""The search box: what is found, how it may be written, and that nobody finds what they may not open."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from functools import cache

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mangrove.casework.models import Promise
from mangrove.jobs.models import Job
from mangrove.ledger.refs import SYSTEM
from mangrove.proposals.models import Numbering, Proposal, Reply
from mangrove.proposals.received.intake import read_in
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.actions import rename_organisation
from mangrove.registry.models import Organisation, User
from mangrove.ui.searching import fold, holding, marked, places, words_of, written
from proposals import life

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
SECRET = "蓝鲸计划专用网"
LETTER = "市水务局关于第0123号建议答复的函\n\n尊敬的代表：\n\n2020年完成供水管网改造350公里。\n\n市水务局\n2021年9月10日\n"


@pytest.fixture
def browser_of(db: None) -> BrowserOf:
    def open_(username: str) -> Client:
        client = Client()
        client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_


@pytest.fixture
def city(db: None) -> Reply:
    """A proposal that was answered, one in work, one of nobody's, a letter read in, a job; and people of each role."""
    life.prepare()
    for username, role in {"guard": "security", "operator": "operator", "district": "district"}.items():
        User.objects.create(
            username=username, name=username, organisation_id="szgxj", roles=[role], password="!"
        )
    reply = life.lead_to("delivered")
    life.register(
        "20269001",
        title=f"关于{SECRET}的建议",
        lead_deputy="代表丙",
        co_signers="",
        deputies=[life.who("stranger")],
    )
    read_in(by=life.who("officer"), on=life.today(), content=io.BytesIO(LETTER.encode()), name="来函.txt")
    Job.objects.create(kind="x", title="核对 名录5G.csv", username="registrar", name="登记员甲",
                       business_date=life.today(), queued_at="2026-01-01T00:00:00Z")  # fmt: skip
    return reply


def search(browser: Client, query: str, kind: str = "") -> tuple[str, dict[str, int]]:
    """The page, and how many of each kind it says there are."""
    answer = browser.get("/search/", {"q": query, "kind": kind})
    assert answer.status_code == 200
    return answer.content.decode(), {one.key: one.total for one in answer.context["found"]}


def hrefs(page: str) -> list[str]:
    return re.findall(r'class="hits__title" href="([^"]+)"', page)


def pages_of(word: str) -> dict[str, list[str]]:
    """The addresses of all things that hold the word, whoever may open them."""
    return {
        "proposals.proposal": [reverse("proposals:proposal", args=[one.pk]) for one in Proposal.objects.filter(title__contains=word)],
        "proposals.reply": [reverse("proposals:reply", args=[one.pk]) for one in Reply.objects.filter(proposal__title__contains=word)],
        "casework.promise": [reverse("casework:promise", args=[one.pk]) for one in Promise.objects.filter(text__contains=word)],
        "proposals.received": [reverse("proposals:received_letter", args=[one.pk]) for one in ReceivedLetter.objects.filter(title__contains=word)],
        "jobs.job": [reverse("jobs:job", args=[one.uid]) for one in Job.objects.filter(title__contains=word)],
    }  # fmt: skip


def test_everybody_finds_and_counts_exactly_what_they_may_open(city: Reply, browser_of: BrowserOf) -> None:
    for username in (*life.PEOPLE, "guard", "operator", "district"):
        browser = browser_of(username)
        opens = cache(lambda address, mine=browser: mine.get(address).status_code == 200)
        for word in ("建议", "5G", "将", SECRET):
            for kind, addresses in pages_of(word).items():
                open_to_me = {address for address in addresses if opens(address)}
                page, counts = search(browser, word, kind)
                assert counts.get(kind, 0) == len(open_to_me), (username, word, kind)
                assert not open_to_me or set(hrefs(page)) == open_to_me, (username, word, kind)


def test_what_one_may_not_open_is_not_even_hinted_at(city: Reply, browser_of: BrowserOf) -> None:
    page, counts = search(browser_of("stranger"), SECRET)
    assert counts == {"proposals.proposal": 1} and SECRET in re.sub("<[^>]+>", "", page)
    for other in ("deputy", "officer", "operator", "clerk"):
        page, counts = search(browser_of(other), SECRET)
        assert counts == {} and "20269001" not in page and "没有找到" in page


def test_a_deputy_does_not_find_the_number_of_a_letter_that_was_not_sent(
    city: Reply, browser_of: BrowserOf
) -> None:
    sent = Numbering.objects.get(letter__reply=city).number
    assert search(browser_of("deputy"), sent)[1] == {"proposals.reply": 1}
    life.rate(city, result="不满意", reason="没有时限。")
    life.step(city, "redo", "liaison", why="请写明时限。")
    life.lead_to("signed", city)
    life.number(city, unsent := "样例函〔2026〕88号")
    assert search(browser_of("officer"), unsent)[1]["proposals.reply"] == 1
    assert search(browser_of("deputy"), unsent)[1] == {}


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/search/?q=5G")["Location"] == "/sign-in/?next=/search/%3Fq%3D5G"


def test_an_organisation_is_found_by_any_of_its_names(city: Reply, browser_of: BrowserOf) -> None:
    browser = browser_of("operator")
    for query in ("深圳市工业和信息化局", "工信局", "工信", "　工 信 局 ", "工信局 深圳"):
        page, _counts = search(browser, query, "registry.organisation")
        assert "/registry/organisations/szgxj/" in page, query
    assert search(browser, "工")[1]["registry.organisation"] >= 1


def test_a_former_name_still_finds_and_is_shown(city: Reply, browser_of: BrowserOf) -> None:
    one = Organisation.objects.get(pk="szgxj")
    former = one.name
    rename_organisation(organisation=one, name="深圳市新样例局", by=SYSTEM, on=life.today(), source="样例")
    page, _counts = search(browser_of("operator"), former)
    assert "深圳市新样例局" in page and f"又名：<mark>{former}</mark>" in page


def test_the_credit_code_is_found_whole_by_its_head_and_in_full_width(
    city: Reply, browser_of: BrowserOf
) -> None:
    Organisation.objects.filter(pk="szgxj").update(credit_code="11440300MB2C89391L")
    browser = browser_of("operator")
    wide = "".join(chr(ord(one) + 0xFEE0) for one in "11440300MB2C89391L")
    for query in ("11440300MB2C89391L", "11440300mb2c", wide):
        assert "/registry/organisations/szgxj/" in search(browser, query)[0]


def test_a_letter_is_found_by_its_number_however_it_is_typed(city: Reply, browser_of: BrowserOf) -> None:
    number = Numbering.objects.get(letter__reply=city).number
    square = number.replace("〔", "[").replace("〕", "]")
    wide = number.replace("〔", "（").replace("〕", "）")
    for typed in (number, square, wide, number[:6], number[:-1]):
        page, _counts = search(browser_of("officer"), typed)
        assert reverse("proposals:reply", args=[city.pk]) in hrefs(page), typed


def test_a_number_comes_first_then_what_begins_so_then_titles(city: Reply, browser_of: BrowserOf) -> None:
    life.register("77", title="普通")
    life.register("778", title="普通")
    life.register("20260778", title="普通")
    life.register("20260900", title="关于77号楼的建议")
    page, _counts = search(browser_of("registrar"), "77", "proposals.proposal")
    assert [one.split("/")[-2] for one in hrefs(page)] == ["77", "778", "20260900", "20260778"]


WRITTEN = [
    ("推进５Ｇ＋工业互联网", "5g+工业"), ("Wi-Fi 与5G融合", "wi-fi与５Ｇ"), ("全 市 基 站", "全市基站"), ("50% 的站址_共享", "50%"),
    ("C:\\站址 (南山)", "c:\\站址[南山]"), ("甲'乙\"丙<b>", "'乙\"丙<b>"), ("龘", "龘"),
]  # fmt: skip


def test_width_case_blanks_and_signs_do_not_matter(city: Reply, browser_of: BrowserOf) -> None:
    for n, (title, query) in enumerate(WRITTEN):
        life.register(f"2026111{n}", title=title)
        page, _counts = search(browser_of("registrar"), query, "proposals.proposal")
        assert f"/proposals/2026111{n}/" in hrefs(page) and "<b>" not in page, query


def test_signs_of_other_languages_are_only_signs(city: Reply, browser_of: BrowserOf) -> None:
    browser = browser_of("stranger")
    for sign in ("%", "_", ".*", "(", "[", "\\", "\x00", "*", "?", "^$", "{2}", "'; --"):
        assert search(browser, f"{sign}没有这样的字")[1] == {}
        found = {"proposals.proposal": 1} if sign == "\x00" else {}
        assert search(browser, f"{SECRET}{sign}的")[1] == found, sign


def test_all_words_must_be_held(city: Reply, browser_of: BrowserOf) -> None:
    browser = browser_of("registrar")
    assert search(browser, f"{SECRET} 建议", "proposals.proposal")[1] == {"proposals.proposal": 1}
    assert search(browser, f"{SECRET} 没有", "proposals.proposal")[1] == {}
    assert search(browser, f"{SECRET} 代表丙")[1] == {"proposals.proposal": 1}


def test_figures_are_found_by_what_texts_call_them(city: Reply, browser_of: BrowserOf) -> None:
    page, counts = search(browser_of("operator"), "基站", "figures.definition")
    assert counts["figures.definition"] > 1 and "/figures/" in hrefs(page)[0]


def test_a_received_letter_is_found_as_it_is_cited(city: Reply, browser_of: BrowserOf) -> None:
    letter = ReceivedLetter.objects.get()
    assert search(browser_of("officer"), letter.mark)[1]["proposals.received"] == 1
    assert search(browser_of("deputy"), letter.mark)[1].get("proposals.received") is None


def test_pages_of_many_and_the_way_there(city: Reply, browser_of: BrowserOf) -> None:
    for n in range(27):
        life.register(f"20262{n:03}", title="关于灯塔的建议")
    browser = browser_of("registrar")
    page, counts = search(browser, "灯塔")
    assert counts["proposals.proposal"] == 27 and len(hrefs(page)) == 5 and "查看全部 27 条建议提案" in page
    answer = browser.get("/search/", {"q": "灯塔", "kind": "proposals.proposal", "page": 2}).content.decode()
    assert len(hrefs(answer)) == 7 and "共 27 条，本页 21–27" in answer


def reads(asked: CaptureQueriesContext) -> list[str]:
    """The queries that read; that somebody is at it is written once a minute."""
    return [query["sql"] for query in asked if query["sql"].startswith("SELECT")]


def test_more_results_take_no_more_queries(city: Reply, browser_of: BrowserOf) -> None:
    browser = browser_of("registrar")
    address = {"q": "建议", "kind": "proposals.reply"}
    for n in range(9):
        life.hand_over(life.register(f"20264{n:03}"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/search/", address)
    for n in range(9):
        life.hand_over(life.register(f"20263{n:03}"))
    with CaptureQueriesContext(connection) as many:
        browser.get("/search/", address)
    assert len(reads(many)) == len(reads(few))


def test_every_page_has_the_box_and_the_empty_page_says_what_to_do(
    city: Reply, browser_of: BrowserOf
) -> None:
    browser = browser_of("officer")
    assert "data-search" in browser.get("/").content.decode()
    page, _counts = search(browser, "")
    assert "写下要找的词" in page and "建议提案" in page


SIGNS = st.text(alphabet="5５gGｇＧ 　站基()（）[〔〕%_.*\\'甲Aａ", max_size=8)


@given(text=SIGNS, query=SIGNS)
def test_the_database_finds_what_folding_finds(text: str, query: str) -> None:
    """The expression, the rows that it finds and the marks agree with comparing folded texts."""
    for word in words_of(query):
        held = word in fold(text)
        assert bool(re.search(written(word), text)) == held
        assert bool(places(text, [word])) == held
        assert re.sub("</?mark>", "", str(marked(text, [word], whole=True))) == str(
            marked(text, [], whole=True)
        )


@pytest.mark.parametrize("title", ["５Ｇ　基站〔甲〕", "5g基站(甲)", "5G 基 站［甲］", "六G基站甲"])
@pytest.mark.parametrize("query", ["5G基站", "站(甲", "g", "〔甲〕", "六"])
def test_the_databases_expression_is_pythons(db: None, title: str, query: str) -> None:
    Organisation.objects.create(pk="x", name=title)
    (word,) = words_of(query)
    assert Organisation.objects.filter(holding("name", word)).exists() == (word in fold(title))
    assert unicodedata.normalize("NFKC", word) == word
