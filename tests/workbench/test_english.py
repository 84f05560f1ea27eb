"""In English every page is English: what stays in Chinese is the city's own papers, and is marked as Chinese."""

from __future__ import annotations

import io
import re
from collections import Counter, deque
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from pytest_django import Settings

from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.sniffing import sniff
from mangrove.casework.workflow import no_such_step
from mangrove.figures.actions import amount_of, set_value
from mangrove.figures.binding import placeholders
from mangrove.figures.periods import Period
from mangrove.ledger.actions import refuse_bad_date
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.decisions import next_number, refuse_document_number, refuse_rating
from mangrove.proposals.models import DifferenceReport, ReceivedLetter
from mangrove.proposals.received.checking import verdicts
from mangrove.proposals.received.intake import read_in
from mangrove.proposals.rules import rules
from mangrove.proposals.sample import live_all
from mangrove.registry.city import create_sample_accounts
from mangrove.registry.decisions import sound_credit_code
from mangrove.registry.models import User
from mangrove.ui.catalogue import LOCALE, compile_catalogues
from proposals import life

from .reading_pages import CHINESE, read

pytestmark = pytest.mark.django_db

STARTS = (
    "/", "/inbox/", "/ledger/", "/styleguide/", "/styleguide/drawer/", "/account/", "/proposals/", "/figures/state/",
    "/figures/check/", "/casework/calendar/", "/proposals/received/", "/sign-in/", "/nothing-here/",
)  # fmt: skip
NOT_PAGES = ("/static", "/sign-out", "/healthz", "/casework/attachments/")
ROLES = ("registrar", "officer", "reviewer", "director", "deputy", "liaison", "chain", "auditor")
#: Names of people, units and trades, and words of papers quoted, that happen to be texts of the interface too.
ALSO_DATA = {
    "，",
    "。",
    "；",
    "、",
    "：",
    "个",
    "区",
    "中文",
    "应用处",
    "局长",
    "系统",
    "运营商",
    "代表",
    "企业",
    "机构",
    "方式",
    "亿元",
    "主动公开",
    "同意签发。",
    "针对",
    "更正",
    "问题",
}


@pytest.fixture(scope="module", autouse=True)
def catalogues() -> None:
    compile_catalogues()
    translation.trans_real._translations.clear()


@pytest.fixture
def city(db: None, settings: Settings) -> None:
    """The sample life, replies at every stage, a letter read in, another filed, and a figure that changed."""
    life.prepare()
    create_sample_accounts(settings.MANGROVE_CITY, "红树-样例-口令-2021")
    live_all()
    handed = life.hand_over(life.register("20260002", title="关于降低用电成本的建议"))
    for number, state in enumerate(
        ("drafting", "in_review", "to_sign", "signed", "numbered"), start=20260101
    ):
        life.lead_to(state, life.hand_over(life.register(str(number), title="关于5G网络建设的建议")))
    life.hand_over(life.register("20260003", title="未签收的建议"))
    assert handed.case.state == "handed"
    founding = (Path(settings.MANGROVE_CITY) / "founding_letter.txt").read_bytes()
    read_in(by=life.who("officer"), on=timezone.localdate(), content=io.BytesIO(founding), name="来函.txt")
    set_value(
        "stations_built", as_of=Period.parse("2021-08-30"), amount=Decimal(48650), source="letter", by=SYSTEM,
        on=timezone.localdate(), why="更正",
    )  # fmt: skip


def english(username: str = "") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if username:
        client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    return client


def kind_of_page(address: str) -> str:
    path = address.partition("?")[0]
    try:
        name = resolve(path).view_name
    except Resolver404:
        return "none"
    acts = (
        path.rstrip("/").rpartition("/")[2]
        if any(part in path for part in ("/acts/", "/limits/", "/sections/"))
        else ""
    )
    return f"{name} {acts} {'?' in address}"


def walk(client: Client, each: int = 2) -> dict[str, str]:
    """Follow every link of the house from its main pages, ``each`` pages of a kind; address → page."""
    pages: dict[str, str] = {}
    kinds: Counter[str] = Counter()
    waiting, known = deque(STARTS), set(STARTS)
    while waiting:
        address = waiting.popleft()
        kinds[kind_of_page(address)] += 1
        if kinds[kind_of_page(address)] > each:
            continue
        answer = client.get(address)
        assert answer.status_code < 500, address
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        pages[address] = answer.content.decode()
        for link in read(pages[address]).links:
            link = link.partition("#")[0]
            if link.startswith("/") and not link.startswith(NOT_PAGES) and link not in known:
                known.add(link)
                waiting.append(link)
    return pages


def interface() -> set[str]:
    catalogue = polib.pofile(str(LOCALE / "en" / "LC_MESSAGES" / "django.po"))
    return {entry.msgid for entry in catalogue} - ALSO_DATA


#: Pages that quote Chinese words on purpose: the founding letter's own, and the heads that a file must have.
QUOTING = ("/policies/language/", "/proposals/map/", "/registry/import/")


def test_pages_in_english_show_chinese_only_where_it_is_marked_as_the_citys_own(city: None) -> None:
    interface_texts, unmarked, untranslated = interface(), {}, {}
    for role in ("", *ROLES):
        pages = walk(english(role), each=1)
        assert len(pages) > (3 if not role else 20), role
        for address, page in pages.items():
            shown = read(page)
            unmarked |= dict.fromkeys(shown.plain, (role, address))
            marked = set(shown.marked) & interface_texts
            untranslated |= {text: (role, address) for text in marked if not address.startswith(QUOTING)}
    assert not unmarked
    assert not untranslated


def refused(act: Callable[[], object]) -> str:
    with translation.override("en"), pytest.raises(Refusal) as caught:
        act()
    with translation.override("en"):
        return str(caught.value)


def raise_(refusal: Refusal) -> None:
    raise refusal


def a_pdf_named(name: str) -> None:
    with NamedTemporaryFile() as file:
        file.write(b"%PDF-1.7 and more")
        file.flush()
        sniff(Path(file.name), name)


REFUSALS: dict[str, tuple[Callable[[], object], str]] = {
    "a date to come": (
        lambda: refuse_bad_date(date(2100, 1, 1), date(2021, 8, 30), ""),
        "The business date 2100-01-01 is after today (2021-08-30). Where: Business date. "
        "What to do: Enter the date on which it actually happened.",
    ),
    "back-entry without a reason": (
        lambda: refuse_bad_date(date(2021, 6, 2), date(2021, 8, 30), " "),
        "this is a back-entry and needs a reason. Where: Reason for back-entry.",
    ),
    "an amount that is none": (
        lambda: amount_of("很多"),
        "is not a value. Where: Value. What to do: Write it as 48650 or 5349.18, with the unit apart.",
    ),
    "a placeholder left open": (lambda: placeholders("已建{{基站总数"), '"{{" has no partner. Where: line 1, character 3.'),
    "a document number that is none": (lambda: refuse_document_number("深工信函[2021]第01号"), "is not a proper document number."),
    "dissatisfied without a reason": (
        lambda: refuse_rating("满意", "不满意", "", rules()),
        'A rating of "Dissatisfied" needs a reason. Where: Reason.',
    ),
    "a wrong check digit": (
        lambda: sound_credit_code("914403001922038217"),
        "the check digit of the whole code is wrong",
    ),
    "a file that is not what it is called": (
        lambda: a_pdf_named("预算.docx"),
        "It is named .docx but contains PDF. Where: 预算.docx. What to do: Name it by its true format (.pdf)",
    ),
    "a step that the state does not offer": (
        lambda: raise_(no_such_step(PROMISES, "not_started", "set_back")),
        'It is now at "Not started", so you cannot "Back to limited progress". Where: Promise. '
        "What to do: What can be done: Record limited progress",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_said_in_english_in_all_its_parts(name: str) -> None:
    act, words = REFUSALS[name]
    said = refused(act)
    assert words in said
    assert not CHINESE.search(re.sub(r'"[^"]*"|Where: [^ ]+|Rule: .*?(?= What)', "", said)), said


def test_a_difference_report_made_while_english_is_read_is_kept_in_chinese_and_shown_in_english(
    city: None,
) -> None:
    with translation.override("en"):
        set_value(
            "stations_built", as_of=Period.parse("2021-08-30"), amount=Decimal(53650), source="letter", by=SYSTEM,
            on=timezone.localdate(), why="更正",
        )  # fmt: skip
    report = DifferenceReport.objects.order_by("-pk")[0]
    assert "数值由" in report.changes[0]["why"] and "The value" not in str(report.changes)
    page = english("officer").get(f"/proposals/differences/{report.pk}/").content.decode()
    assert "The value changed from" in page


def test_a_letter_filed_while_english_is_read_keeps_the_same_verdicts_as_in_chinese(city: None) -> None:
    letter = ReceivedLetter.objects.get()
    items = list(letter.items.all())
    with translation.override("zh-hans"):
        chinese = verdicts(letter, items)
    with translation.override("en"):
        assert verdicts(letter, items) == chinese


def test_a_signed_letter_and_its_next_number_are_the_same_whatever_language_the_signer_reads(
    city: None,
) -> None:
    reply = life.lead_to("to_sign", life.hand_over(life.register("20260301")))
    with translation.override("zh-hans"):
        hash_read_in_chinese = life.seen_hash(reply)
    with translation.override("en"):
        letter = life.sign(reply)
        assert next_number(["样例函〔2026〕8号"], 2026) == "样例函〔2026〕9号"
    assert letter.content_hash == hash_read_in_chinese
    assert letter.opinion == "同意签发。"
    assert not re.search("[A-Za-z]{4,}", letter.body)
