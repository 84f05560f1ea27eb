"""A whole life of a proposal through the real pages, each person at their own browser, in Chinese and in English.

Nothing is prepared but the sample city: its organisations, calendar, figures and accounts. Every step is a click.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pypdfium2
import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from mangrove.casework.models import Promise
from mangrove.proposals.models import Delivery, Draft, Rating, Reply, SignedLetter
from mangrove.registry.models import User

from .people import Person
from .scenes import load_city

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

NUMBER, REPLY = "20219999", "20219999-1"
TITLE = "关于5G应用示范的建议（样例）"
OPENING = "你们提出的建议收悉，现答复如下。"
BODY = f"""{OPENING}
一、已开展的工作
（一）网络建设。截至目前，全市已建成5G基站{{{{基站总数}}}}。
（二）产业链条。2020年，全市电子信息制造业增加值为{{{{电子信息制造业增加值}}}}，同期规模以上工业增加值为{{{{规上工业增加值}}}}，前者占后者的{{{{电子信息制造业占规上工业比重}}}}。
二、下一步打算
（一）完善奖励补贴。[[C01|将拟订配套扶持政策]]；[[C02|推动5G网络用电降本]]。
专此答复。"""
WRONG_NAME = BODY.replace("{{基站总数}}", "{{基站总述}}")
TYPED_SHARE = BODY.replace("{{电子信息制造业占规上工业比重}}", "59.8%")

Cast = Callable[[str], Person]


@pytest.fixture(params=["zh", "en"])
def people(
    request: pytest.FixtureRequest, browser: Browser, transactional_db: None, live_server: LiveServer,
    settings: Settings,
) -> Iterator[Cast]:  # fmt: skip
    """``people("officer_a")``: that person, signed in at their own browser; the same one when asked again."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    load_city()
    known: dict[str, Person] = {}
    complaints: list[str] = []

    def person(username: str) -> Person:
        if username not in known:
            known[username] = Person(browser, live_server.url, username, request.param, complaints).sign_in()
        return known[username]

    yield person
    for one in known.values():
        one.page.context.close()
    assert complaints == []


def test_a_proposal_is_answered_rated_and_followed(people: Cast) -> None:
    register_and_hand_over(people("registrar_a"))
    accept_and_prepare(people("officer_a"))
    draft_with_mistakes(people("officer_a"))
    review_twice(people("reviewer_a"), people("officer_a"))
    sign(people("director"))
    revise_a_figure_after_the_signature(people("reviewer_a"), people("officer_a"))
    number_and_deliver(people("reviewer_a"), people("officer_a"))
    take_the_papers(people("officer_a"))
    rate(people("deputy_zhang"))
    read_the_rating(people("liaison_a"))
    settle_a_promise(people("officer_a"))
    read_the_promise_at_home(people("chain_a"))
    verify_the_ledger(people("auditor_a"))


def register_and_hand_over(registrar: Person) -> None:
    """Two proposals, so that a deputy can be seen not to see the other one; one is handed over."""
    deputy = str(User.objects.get(username="deputy_zhang").pk)
    about = {"title": TITLE, "meeting": "市七届人大一次会议", "lead_deputy": "张天瑜"}
    registrar.go("/proposals/").follow("/proposals/register/").send(
        **about, number="20218888", synthetic=True
    )
    registrar.go("/proposals/").follow("/proposals/register/").send(number=NUMBER)
    assert registrar.page.evaluate("document.activeElement.id") == "errors"
    registrar.send(**about, deputies=deputy, synthetic=True)
    registrar.sees("20218888", registrar.words("确认是另一件"))
    registrar.send(namesakes_seen=True)
    registrar.sees(NUMBER, TITLE, registrar.words("合成数据"), registrar.words("尚未交办"))
    registrar.follow("/acts/hand_over/").send(organisation="szgxj", part="主办", unit="应用处")
    assert registrar.page.url.endswith(f"/proposals/{NUMBER}/")
    assert Reply.objects.get().pk == REPLY


def accept_and_prepare(officer: Person) -> None:
    """From the inbox to a contact with the deputy and what the letter needs besides its text."""
    officer.go("/inbox/").sees(NUMBER)
    officer.follow(REPLY)
    if "/acts/" not in officer.page.url:
        officer.follow("/acts/accept/")
    officer.send()
    officer.follow("/contact/").send(means="电话", summary="听取意见，代表希望写明下一步打算。")
    officer.sees("听取意见，代表希望写明下一步打算。", within="section[aria-labelledby=contacts]")
    officer.follow("/particulars/").send(result_class="B", openness="主动公开")
    officer.sees(officer.words("主动公开"), within="section[aria-labelledby=facts]")


def draft_with_mistakes(officer: Person) -> None:
    """The page saves by itself; a wrong name of a figure and a share typed by hand are told kindly."""
    officer.follow("/draft/").fill(text=WRONG_NAME)
    line = officer.page.locator("[data-autosave-line]")
    officer.page.locator("main [name=text]").blur()
    line.get_by_text(officer.words("已自动保存")).wait_for()
    assert Draft.objects.get().text == WRONG_NAME
    preview = officer.page.locator("section[aria-labelledby=letter-head]")
    preview.get_by_text("基站总述").first.wait_for()  # told while one types
    officer.send()
    assert officer.page.url.endswith("/draft/")
    officer.sees("基站总述", "基站总数", within="section[aria-labelledby=letter-head]")
    officer.page.goto(f"/proposals/replies/{REPLY}/")
    officer.follow("/acts/submit/").send()
    officer.sees("基站总述", "基站总数", within="#errors")
    assert officer.page.evaluate("document.activeElement.id") == "errors"
    officer.page.goto(f"/proposals/replies/{REPLY}/")
    officer.follow("/draft/").send(text=TYPED_SHARE)
    officer.sees("59.8%", within="section[aria-labelledby=findings]")
    officer.sees("59.88", within="section[aria-labelledby=findings]")
    officer.follow("/acts/submit/").send()
    officer.sees("59.8%", within="#errors")
    officer.send(keep_reason="沿用去年的比重，请审核定夺。")


def review_twice(reviewer: Person, officer: Person) -> None:
    reviewer.go("/inbox/").follow(REPLY)
    reviewer.page.goto(f"/proposals/replies/{REPLY}/")
    reviewer.follow("/acts/send_back/").send()
    reviewer.sees(reviewer.words("意见或理由"), within="#errors")
    reviewer.send(why="比重请用指标库的数。")
    officer.page.goto(f"/proposals/replies/{REPLY}/")
    officer.sees("比重请用指标库的数。", within="#history")
    officer.follow("/draft/").send(text=BODY)
    assert officer.page.locator("section[aria-labelledby=findings]").count() == 0
    officer.follow("/acts/submit/").send()
    reviewer.page.goto(f"/proposals/replies/{REPLY}/")
    reviewer.follow("/acts/pass_review/").send(why="核对无误，请签发。")


def sign(director: Person) -> None:
    """The signer has before them the very text that the signature binds to."""
    director.go("/inbox/").follow(REPLY)
    if "/acts/" not in director.page.url:
        director.follow("/acts/sign/")
    seen = director.page.inner_text(".letter")
    director.send()
    letter = SignedLetter.objects.get()
    assert all(line in seen for line in letter.body.split("\n"))
    assert "5G基站5.0万个" in letter.body and "59.9%" in letter.body and "[[" not in letter.body
    assert (letter.signer, letter.signed_on) == ("director", timezone.localdate())


def revise_a_figure_after_the_signature(reviewer: Person, officer: Person) -> None:
    reviewer.go("/figures/")
    reviewer.page.goto("/figures/state/?definition=stations_built")
    reviewer.send(as_of="2021-10", amount="52300", unit="个", source="press_202110", why="统计更正")
    officer.page.goto(f"/proposals/replies/{REPLY}/")
    officer.sees("5G基站5.0万个", within=".letter")
    officer.follow("/proposals/differences/").sees("5.0万个", "5.2万个")
    assert SignedLetter.objects.get().body.count("5.0万个") == 1


def number_and_deliver(reviewer: Person, officer: Person) -> None:
    reviewer.page.goto(f"/proposals/replies/{REPLY}/")
    reviewer.follow("/acts/number/").send(document_number="样例函〔2026〕1号")
    officer.page.goto(f"/proposals/replies/{REPLY}/")
    officer.follow("/acts/deliver/").send(to="张天瑜代表")
    officer.sees("市政府督查室", within="#errors")
    officer.send(to="张天瑜代表\n市人大常委会选联任工委\n市政府督查室", means="公文交换")
    officer.sees("张天瑜代表", "市政府督查室", within="section[aria-labelledby=deliveries]")
    assert Delivery.objects.count() == 3


def take_the_papers(officer: Person) -> None:
    """Both files open, and say what was signed, with the number given since."""
    pdf = pypdfium2.PdfDocument(officer.fetch("/letter.pdf"))
    first = pdf[0].get_textpage().get_text_bounded()
    assert "样例函〔2026〕1号" in first and NUMBER in first
    words = "\n".join(line.text for line in Document(io.BytesIO(officer.fetch("/letter.docx"))).paragraphs)
    assert "全市已建成5G基站5.0万个" in words and "[[" not in words


def rate(deputy: Person) -> None:
    """Only their own proposal, no opinion of the house; a bad grade needs its reason."""
    deputy.go("/proposals/")
    deputy.sees(NUMBER)
    assert "20218888" not in deputy.page.inner_text("main")
    assert deputy.page.goto("/proposals/20218888/").status == 404  # type: ignore[union-attr]
    deputy.page.goto(f"/proposals/replies/{REPLY}/")
    assert "比重请用指标库的数。" not in deputy.page.inner_text("main")
    deputy.follow("/acts/rate/").send(attitude="满意", result="不满意")
    assert deputy.page.evaluate("document.activeElement.id") == "errors"
    assert deputy.page.is_checked('[name=result][value="不满意"]')
    deputy.send(reason="没有写明完成时间。")
    deputy.sees("没有写明完成时间。", within="section[aria-labelledby=ratings]")
    assert Rating.objects.get().result == "不满意"


def read_the_rating(liaison: Person) -> None:
    liaison.go("/proposals/").follow(f"/proposals/{NUMBER}/").follow(f"/replies/{REPLY}/")
    liaison.sees(
        "张天瑜", liaison.words("不满意"), "没有写明完成时间。", within="section[aria-labelledby=ratings]"
    )


def settle_a_promise(officer: Person) -> None:
    first = Promise.objects.get(number="C01")
    officer.go("/casework/promises/").sees("将拟订配套扶持政策")
    officer.follow(f"/casework/promises/{first.pk}/")
    due = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
    officer.follow("/settle/").send(owner_unit="应用处", due_on=due.isoformat(), measure="政策印发并公布")
    file = {"name": "会议纪要.txt", "mimeType": "text/plain", "buffer": "已列入计划。".encode()}
    said = {"what": "政策已列入年度计划", "source": "样例纪要〔2026〕1号"}
    officer.follow("/evidence/").send(**said, dated=timezone.localdate().isoformat(), file=file)
    officer.sees("应用处", due.isoformat(), "政策印发并公布", "政策已列入年度计划")
    assert "已列入计划。".encode() in officer.fetch("/attachments/")


def read_the_promise_at_home(chief: Person) -> None:
    chief.go("/")
    chief.sees("将拟订配套扶持政策", "政策已列入年度计划", "推动5G网络用电降本")


def verify_the_ledger(auditor: Person) -> None:
    auditor.go("/ledger/")
    auditor.page.click('form[action="/ledger/verify/"] button')
    auditor.page.wait_for_selector("main [role=status] .notice--good")
    assert auditor.page.locator(".notice--bad").count() == 0
    assert auditor.page.get_attribute("html", "lang") == {"zh": "zh-hans", "en": "en"}[auditor.language]
