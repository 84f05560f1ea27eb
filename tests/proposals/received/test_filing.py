"""Filing: nothing doubtful is left, the hash binds text and decisions, promises enter their ledger, nothing changes after."""

from __future__ import annotations

from datetime import date

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove.casework.inbox import inbox
from mangrove.casework.models import Promise
from mangrove.casework.verification import verify_states
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.models import User

from .conftest import WATER, browser, decide, file, item, page, read, settle_all

NESTED = f"深圳{WATER}".replace(
    "由市水务局牵头，", "通过向社会广泛征集、举办节水竞赛等多种方式，推出一批节水示范项目。由市水务局牵头，"
)


def test_filing_is_refused_while_anything_is_undecided_and_lists_it(
    desk: Client, letter: ReceivedLetter
) -> None:
    shown = file(desk, letter).content.decode()
    assert "项没有定，不能归档" in shown and "C01“由市水务局牵头" in shown
    letter.refresh_from_db()
    assert not letter.is_filed and not Promise.objects.exists()


def test_filed_commitments_are_promises_with_what_the_letter_states(
    desk: Client, letter: ReceivedLetter
) -> None:
    settle_all(desk, letter)
    assert "已归档" in file(desk, letter).content.decode()
    first, second = Promise.objects.order_by("number")
    assert (first.number, first.owner_unit, first.due_on, first.measure) == (
        "R1-C01", "市水务局", date(2022, 12, 31), "120公里",
    )  # fmt: skip
    assert second.due_on is None and second.case.opened_on == date(2021, 9, 10)
    assert first.case.parent == letter.case and first.heading == "二、下一步工作"
    source = first.sources.get()
    letter.refresh_from_db()
    assert source.letter == Ref("proposals", "received_letter", "1")
    assert letter.text[source.start : source.end] == first.text and source.letter_hash == letter.content_hash
    assert Event.objects.filter(act="proposals.received.file").count() == 1 and verify_states() == []
    followed = desk.get(reverse("casework:promise", args=[first.pk])).content.decode()
    assert reverse("proposals:received_letter", args=[letter.pk]) in followed


def test_a_commitment_within_another_is_followed_once(desk: Client, officer: User) -> None:
    letter = read(officer, NESTED)
    settle_all(desk, letter)
    shown = desk.get(reverse("proposals:received_file", args=[letter.pk])).content.decode()
    assert "与他项重叠，已截取" in shown and "原圈文字：" in shown
    file(desk, letter)
    texts = list(Promise.objects.order_by("number").values_list("text", flat=True))
    assert texts[:2] == ["推出一批节水示范项目", "举办节水竞赛"]


def test_two_commitments_on_the_same_words_must_be_told_apart_first(
    desk: Client, letter: ReceivedLetter
) -> None:
    first, second = letter.items.filter(kind="commitment")
    decide(desk, second, "correct", passage=first.text, why="圈错")
    settle_all(desk, letter)
    assert "文字全在别的承诺之内" in file(desk, letter).content.decode() and not Promise.objects.exists()


def test_a_due_day_before_the_letter_is_refused(desk: Client, letter: ReceivedLetter) -> None:
    settle_all(desk, letter)
    decide(desk, item(letter, "commitment", "120公里"), "correct", due_on="2020-12-31", why="笔误")
    assert "早于作出承诺的 2021-09-10" in file(desk, letter).content.decode()


def test_who_filed_what_changed_meanwhile_is_told_and_nothing_is_filed(
    desk: Client, colleague: User, letter: ReceivedLetter
) -> None:
    settle_all(desk, letter)
    opened = desk.get(reverse("proposals:received_file", args=[letter.pk])).context["form"].initial
    decide(browser(colleague), item(letter, "number", "150公里"), "dismiss", why="重复")
    late = file(desk, letter, seen_hash=opened["seen_hash"], expected_version=opened["expected_version"])
    assert "又改动过" in late.content.decode()
    letter.refresh_from_db()
    assert not letter.is_filed


def test_who_was_told_that_it_changed_files_what_the_page_now_shows(
    desk: Client, colleague: User, letter: ReceivedLetter
) -> None:
    settle_all(desk, letter)
    address = reverse("proposals:received_file", args=[letter.pk])
    typed = {
        **desk.get(address).context["form"].initial,
        "on": timezone.localdate().isoformat(),
        "why": "归档说明",
    }
    decide(browser(colleague), item(letter, "number", "150公里"), "dismiss", why="重复")
    late = desk.post(address, typed)
    form = late.context["form"]
    assert late.status_code == 422 and "归档说明" in late.content.decode()
    now = {name: form[name].value() for name in ("expected_version", "seen_hash")}
    assert desk.post(address, typed | now).status_code == 302
    letter.refresh_from_db()
    assert letter.is_filed


def test_who_decided_on_an_old_page_keeps_what_was_typed_and_decides_at_the_second_try(
    desk: Client, colleague: User, letter: ReceivedLetter
) -> None:
    number = item(letter, "number", "150公里")
    address = reverse("proposals:received_item", args=[letter.pk, number.number])
    shown = desk.get(address).context["form"]
    typed = {name: shown.initial.get(name) or "" for name in shown.fields} | {
        "why": "写好的理由",
        "act": "dismiss",
    }
    decide(browser(colleague), number, "confirm")
    late = desk.post(address, typed)
    assert late.status_code == 422 and "写好的理由" in late.content.decode()
    now = {"expected_version": late.context["form"]["expected_version"].value()}
    assert desk.post(address, typed | now).status_code == 302
    number.refresh_from_db()
    assert number.state == "dismissed"


def test_of_two_who_file_one_is_told_that_it_is_done(
    desk: Client, colleague: User, letter: ReceivedLetter
) -> None:
    settle_all(desk, letter)
    opened = desk.get(reverse("proposals:received_file", args=[letter.pk])).context["form"].initial
    again = {**opened, "on": timezone.localdate().isoformat(), "why": ""}
    file(desk, letter)
    late = browser(colleague).post(reverse("proposals:received_file", args=[letter.pk]), again)
    assert late.status_code == 422 and "已归档" in late.content.decode()
    assert Event.objects.filter(act="proposals.received.file").count() == 1


def test_after_filing_nothing_changes(desk: Client, letter: ReceivedLetter) -> None:
    settle_all(desk, letter)
    file(desk, letter)
    number = item(letter, "number", "150公里")
    before = list(letter.items.values())
    late = desk.post(
        reverse("proposals:received_item", args=[letter.pk, number.number]),
        {"act": "dismiss", "why": "晚了", "expected_version": number.version},
    )
    assert late.status_code == 422 and "您不能改动其中的内容" in late.content.decode()
    assert list(letter.items.values()) == before
    shown = page(desk, letter)
    assert "内容不再改动" in shown and "补上漏读" not in shown and "已入承诺台账" in shown


def test_reopened_with_a_reason_and_filed_again_the_promise_is_restated(
    desk: Client, reviewer: User, letter: ReceivedLetter
) -> None:
    settle_all(desk, letter)
    file(desk, letter)
    letter.case.refresh_from_db()
    address = reverse("proposals:received_reopen", args=[letter.pk])
    asked = {
        "on": timezone.localdate().isoformat(),
        "expected_version": letter.case.version,
        "why": "承诺圈错",
    }
    assert desk.post(address, asked).status_code == 422
    browser(reviewer).post(address, asked)
    second = item(letter, "commitment", "补助办法")
    assert "已入承诺台账，不能在此否定" in decide(desk, second, "dismiss", why="算了").content.decode()
    decide(desk, second, "correct", passage="尽快出台管网更新补助办法", measure="办法一件", why="圈错")
    file(desk, letter)
    restated = Promise.objects.get(number="R1-C02")
    assert (restated.text, restated.measure) == ("尽快出台管网更新补助办法", "办法一件")
    assert restated.sources.count() == 2 and Promise.objects.count() == 2


def test_a_letter_that_waits_is_in_the_inbox_of_who_read_it_until_filed(
    desk: Client, colleague: User, letter: ReceivedLetter
) -> None:
    assert "项后归档" in desk.get("/inbox/").content.decode()
    assert "项后归档" not in browser(colleague).get("/inbox/").content.decode()
    settle_all(desk, letter)
    file(desk, letter)
    assert letter.title not in desk.get("/inbox/").content.decode()


def test_promises_of_another_bureau_wait_for_it_and_not_for_who_read_its_letter(
    desk: Client, officer: User, letter: ReceivedLetter
) -> None:
    settle_all(desk, letter)
    address = reverse("proposals:received_file", args=[letter.pk])
    assert "归发文单位市水务局落实，不列入您的待办" in desk.get(address).content.decode()
    file(desk, letter)
    assert {promise.case.organisation_id for promise in Promise.objects.all()} == {"water"}
    assert len(inbox(officer)) == 0
    water = User.objects.create(username="水务", name="水务", organisation_id="water", roles=["case_officer"])
    assert len(inbox(water)) == 2


def test_a_promise_of_ourselves_is_owed_by_who_wrote_the_letter(desk: Client, officer: User) -> None:
    letter = read(officer, f"深圳{WATER}".replace("由市水务局牵头，", "我局将于"))
    settle_all(desk, letter)
    owner = item(letter, "commitment", "120公里")
    decide(desk, owner, "correct", owner="我局", why="原文如此")
    file(desk, letter)
    assert Promise.objects.get(number=f"R1-{owner.number}").owner_unit == "市水务局"


def test_a_letter_of_our_own_organisation_keeps_its_promises_waiting_here(
    desk: Client, officer: User
) -> None:
    officer.organisation_id = "water"
    officer.save()
    letter = read(officer, f"深圳{WATER}")
    settle_all(desk, letter)
    shown = desk.get(reverse("proposals:received_file", args=[letter.pk])).content.decode()
    assert "来函是本单位发的" in shown
    file(desk, letter)
    assert len(inbox(officer)) == 2


def kept(desk: Client, officer: User, text: str) -> str:
    """The page that files this letter; after it nothing is in the ledger of promises, and the letter is filed."""
    letter = read(officer, text)
    settle_all(desk, letter)
    shown = desk.get(reverse("proposals:received_file", args=[letter.pk])).content.decode()
    assert "已归档，承诺随函留存" in file(desk, letter).content.decode()
    letter.refresh_from_db()
    assert letter.is_filed and not Promise.objects.exists() and len(inbox(officer)) == 0
    assert letter.items.filter(kind="commitment", state="confirmed").count() == 2
    return shown


def test_promises_of_another_city_stay_with_its_letter(desk: Client, officer: User) -> None:
    shown = kept(desk, officer, f"杭州{WATER}")
    assert "外市来函的承诺只随函留存，不进本市承诺台账" in shown and "2 项承诺随函留存" in shown
    assert "120公里" in shown


def test_promises_of_a_bureau_that_names_no_city_stay_with_its_letter(desk: Client, officer: User) -> None:
    assert "看不出发文单位“市水务局”是不是本市的" in kept(desk, officer, WATER)


def test_promises_of_an_organisation_that_the_registry_lacks_stay_with_its_letter(
    desk: Client, officer: User
) -> None:
    text = f"深圳{WATER}".replace("市水务局关于", "市节水中心关于").replace("\n市水务局\n", "\n市节水中心\n")
    assert "机构库中没有发文单位“深圳市节水中心”" in kept(desk, officer, text)
