"""Every page and form of the room, by the person it is for, without script."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from mangrove.registry.models import User
from mangrove.reviews.models import DOUBLE_BLIND, EXPERTS_BLIND, Assignment, Expert, Item, Round, Submission
from mangrove.reviews.results import Results

from . import life

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[User], Client]


def posted(marks: dict[str, int] | None = None, **more: str) -> dict[str, str]:
    said = {}
    for id, mark in (marks or life.MARKS).items():
        said |= {f"mark_{id}": str(mark), f"reason_{id}": f"{id} 的理由"}
    return {**said, "comment": "总的意见在此。", "key": "page-1", "draft_revision": "0", **more}


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_an_officer_opens_a_round_enters_an_item_and_assigns(browser_of: BrowserOf) -> None:
    browser, today = browser_of(life.officer()), life.today().isoformat()
    life.applicant(1), life.admit(1)
    said = {
        "title": "第一轮",
        "mode": EXPERTS_BLIND,
        "rubric": "demonstration",
        "least": "3",
        "due_on": life.due(),
        "on": today,
    }
    answer = browser.post(reverse("reviews:open"), said, follow=True)
    found = Round.objects.get()
    assert answer.status_code == 200 and "还没有评审件" in text_of(answer)
    entered = {
        "number": "p1", "title": "题目", "blind_title": "匿名题", "text": "文字", "parties": life.applicant(1).name,
        "expertise": ["industry"], "on": today,
    }  # fmt: skip
    answer = browser.post(
        reverse("reviews:add_item", args=[found.pk]), {**entered, "text": "深圳市金丝雀1号通信有限公司"}
    )
    assert answer.status_code == 422 and "申报单位的名称或代码" in text_of(answer)
    browser.post(reverse("reviews:add_item", args=[found.pk]), entered)
    item = Item.objects.get()
    step = {"on": today, "expected_version": found.case.version}
    answer = browser.post(reverse("reviews:round_act", args=[found.pk, "start"]), step, follow=True)
    assert "评审中" in text_of(answer) and f"?item={item.pk}" in text_of(answer)
    address = reverse("reviews:assign", args=[found.pk]) + f"?item={item.pk}&expert={Expert.objects.get().pk}"
    answer = browser.get(address)
    assert "将指派 1 件次" in text_of(answer)
    seen = answer.context["plan"].digest
    browser.post(address, {"due_on": life.due(), "on": today, "seen": seen})
    assert Assignment.objects.get().item == item
    answer = browser.post(address, {"due_on": life.due(), "on": today, "seen": seen})
    assert answer.status_code == 422 and "已指派过此件" in text_of(answer)
    assert Assignment.objects.count() == 1


def test_an_expert_declares_saves_submits_and_goes_on_to_the_next(browser_of: BrowserOf) -> None:
    given = life.assign(life.started(items=2), [life.admit(1)])
    browser = browser_of(given[0].expert.user)
    first, second = sorted(given, key=lambda one: one.item.code)
    answer = browser.get(reverse("reviews:desk"))
    assert "已评 0 件，共 2 件" in text_of(answer)
    address = reverse("reviews:assignment", args=[first.pk])
    assert life.TEXT not in text_of(browser.get(address))
    answer = browser.post(reverse("reviews:declare", args=[first.pk]), follow=True)
    assert life.TEXT in text_of(answer) and 'name="mark_need"' in text_of(answer)
    answer = browser.post(address, posted(save="1", comment="草稿的话"), follow=True)
    assert "草稿已保存" in text_of(answer) and "草稿的话" in text_of(answer)
    answer = browser.post(address, posted(mark_need="101", reason_outcome="", key="page-2"))
    assert (
        answer.status_code == 422 and "超出了分数范围" in text_of(answer) and "请写明理由" in text_of(answer)
    )
    answer = browser.post(address, posted())
    assert answer["Location"] == reverse("reviews:assignment", args=[second.pk])
    answer = browser.get(address)
    assert "75.50" not in text_of(answer) and "77.50" in text_of(answer)
    assert browser.post(address, posted()).status_code == 302 and Submission.objects.count() == 1


def test_autosave_answers_revision_conflict_and_refusal(browser_of: BrowserOf) -> None:
    (one,) = life.assign(life.started(), [life.admit(1)])
    browser, address = browser_of(one.expert.user), reverse("reviews:autosave", args=[one.pk])
    assert browser.post(address, posted()).status_code == 422
    life.declare(one)
    assert browser.post(address, posted()).json()["revision"] == 1
    assert browser.post(address, posted()).status_code == 409
    life.submit(one)
    assert browser.post(address, posted(draft_revision="1")).status_code == 422


def test_leaving_takes_the_item_off_the_desk(browser_of: BrowserOf) -> None:
    (one,) = life.assign(life.started(), [life.admit(1)])
    browser = browser_of(one.expert.user)
    answer = browser.post(reverse("reviews:leave", args=[one.pk]), {"ground": "conflict", "why": ""})
    assert answer.status_code == 422
    browser.post(reverse("reviews:leave", args=[one.pk]), {"ground": "conflict", "why": "配偶在该单位"})
    one.case.refresh_from_db()
    assert one.case.state == "recused"
    assert life.TEXT not in text_of(browser.get(reverse("reviews:assignment", args=[one.pk])))


def test_an_officer_recuses_and_gives_back_on_what_was_seen(browser_of: BrowserOf) -> None:
    first, second = life.assign(life.started(), [life.admit(1), life.admit(2)])
    life.reviewed(first), life.reviewed(second)
    browser, today = browser_of(life.officer()), life.today().isoformat()
    address = reverse("reviews:oversee", args=[first.pk, "recuse"])
    assert browser.post(address, {"on": today, "why": "有合作", "expected_version": 1}).status_code == 422
    said = {"on": today, "why": "有合作", "expected_version": life.version(first)}
    assert browser.post(address, said).status_code == 302
    address = reverse("reviews:oversee", args=[second.pk, "reopen"])
    said = {"on": today, "why": "理由不足", "due_on": life.due(), "expected_version": life.version(second)}
    assert browser.post(address, said).status_code == 302
    states = Assignment.objects.values_list("case__state", flat=True)
    assert sorted(states) == ["recused", "scoring"]
    answer = browser_of(second.expert.user).get(reverse("reviews:assignment", args=[second.pk]))
    assert "理由不足" in text_of(answer) and "总分" not in text_of(answer)


def released(mode: str) -> tuple[Round, list[Assignment]]:
    found = life.started(mode)
    given = life.assign(found, [life.admit(n) for n in (1, 2, 3)])
    for place, one in enumerate(given):
        life.reviewed(one, key=f"k{place}", comment=f"第{place}位专家说的话")
    life.step(found, "close")
    return found, given


@pytest.mark.parametrize("mode", [EXPERTS_BLIND, DOUBLE_BLIND])
def test_an_applicant_reads_comments_without_names_and_only_once_released(
    browser_of: BrowserOf, mode: str
) -> None:
    found, given = released(mode)
    applicant = life.account("firm", "申报人", [], life.applicant(1))
    other = life.account("firm2", "另一申报人", [], life.applicant(2))
    address = reverse("reviews:comments", args=[given[0].item_id])
    assert browser_of(applicant).get(address).status_code == 404
    life.step(found, "release")
    assert browser_of(other).get(address).status_code == 404
    answer = browser_of(applicant).get(address)
    shown = text_of(answer)
    assert all(f"第{place}位专家说的话" in shown for place in range(3))
    names = [one.expert.user.name for one in given]
    if mode == DOUBLE_BLIND:
        assert not any(name in shown for name in names)
    else:
        assert "、".join(sorted(names)) in shown
        assert not any(name in card for name in names for card in shown.split('id="opinion-')[1:])
    assert browser_of(applicant).get(reverse("reviews:released")).status_code == 200


def test_the_export_gives_what_the_ranking_rests_on(browser_of: BrowserOf) -> None:
    found, _given = released(EXPERTS_BLIND)
    browser = browser_of(life.officer())
    sheet = load_workbook(io.BytesIO(browser.get(reverse("reviews:export", args=[found.pk])).content)).active
    row = [cell.value for cell in list(sheet.iter_rows())[5]]
    mean = Results(found).items[0].mean
    assert mean is not None and str(mean) in row and found.items.get().title in row
    answer = browser.get(reverse("reviews:marks_export", args=[found.pk]) + "?as=csv")
    assert answer.content.decode().count("need 的理由") == 3
    assert browser.get(reverse("reviews:export", args=[found.pk]) + "?as=csv").status_code == 200
    answer = browser.get(reverse("reviews:progress_export", args=[found.pk]) + "?as=csv")
    assert answer.content.decode().count("已计入") == 3


def test_ties_are_told_and_a_wide_spread_is_pointed_out(browser_of: BrowserOf) -> None:
    found = life.started(items=2)
    for one in life.assign(found, [life.admit(1), life.admit(2), life.admit(3)]):
        wide = one.expert.user.username == "expert_3"
        life.reviewed(one, marks={**life.MARKS, "need": 0 if wide else 100})
    shown = text_of(browser_of(life.officer()).get(reverse("reviews:round", args=[found.pk])))
    assert shown.count("1（并列 2 件）") == 2 and shown.count("tag--warn") >= 2


def test_files_reach_the_expert_under_a_name_that_says_nothing(browser_of: BrowserOf) -> None:
    found = life.open_round()
    item = life.add(found)
    browser = browser_of(life.officer())
    address, on = reverse("reviews:add_file", args=[item.pk]), life.today().isoformat()
    leaking = SimpleUploadedFile("材料.txt", f"{life.applicant(1).name}的材料".encode())
    answer = browser.post(address, {"on": on, "file": leaking})
    assert answer.status_code == 422 and "申报单位的名称或代码" in text_of(answer)
    fine = SimpleUploadedFile("金丝雀1号申报书.txt", "实测数据".encode())
    assert browser.post(address, {"on": on, "file": fine}).status_code == 302
    life.step(found, "start")
    (one,) = life.assign(found, [life.admit(1)])
    expert, file = browser_of(one.expert.user), reverse("reviews:file", args=[one.pk, 1])
    assert expert.get(file).status_code == 422
    life.declare(one)
    answer = expert.get(file)
    assert b"".join(answer.streaming_content).decode() == "实测数据"
    assert answer["Content-Disposition"] == f'attachment; filename="{item.code}-1.txt"'
    kept = item.files.get().attachment_id
    assert expert.get(reverse("casework:attachment", args=[kept])).status_code == 404
    answer = browser.get(reverse("casework:attachment", args=[kept]))
    assert b"".join(answer.streaming_content).decode() == "实测数据"


def test_the_pool_is_kept_by_pages(browser_of: BrowserOf) -> None:
    browser, user, on = browser_of(life.officer()), life.expert_user(1), life.today().isoformat()
    said = {"username": user.username, "expertise": ["industry"], "active_from": on, "on": on}
    assert browser.post(reverse("reviews:admit"), {**said, "username": "nobody"}).status_code == 422
    assert browser.post(reverse("reviews:admit"), said).status_code == 302
    assert browser.post(reverse("reviews:admit"), said).status_code == 422
    expert = Expert.objects.get()
    address = reverse("reviews:suspension", args=[expert.pk])
    assert browser.post(address, {"on": on, "why": ""}).status_code == 422
    browser.post(address, {"on": on, "why": "逾期两次"})
    expert.refresh_from_db()
    assert expert.suspended
    assert "tag--bad" in text_of(browser.get(reverse("reviews:experts")))
    assert "<table" not in text_of(browser.get(reverse("reviews:experts") + "?standing=serving"))
    assert browser.get(reverse("reviews:experts_export") + "?as=csv").content.decode().count(user.name) == 1


def test_unsuitable_experts_are_entered_by_page(browser_of: BrowserOf) -> None:
    item = life.add(life.open_round())
    expert, on = life.admit(1), life.today().isoformat()
    browser = browser_of(life.officer())
    address = reverse("reviews:unsuitable", args=[item.pk])
    assert browser.post(address, {"expert": expert.pk, "on": on, "why": "竞争对手"}).status_code == 302
    assert "竞争对手" in text_of(browser.get(reverse("reviews:item", args=[item.pk])))


def test_a_draw_by_page(browser_of: BrowserOf) -> None:
    found = life.started()
    browser, on = browser_of(life.officer()), life.today().isoformat()
    address = reverse("reviews:draw", args=[found.pk])
    said = {"due_on": life.due(), "on": on, "matching": "on", "seed": "abc"}
    answer = browser.post(address, said)
    assert answer.status_code == 422 and "只有 0 名" in text_of(answer)
    for n in range(1, 6):
        life.admit(n)
    assert browser.post(address, said).status_code == 302
    assert Assignment.objects.count() == 3
    assert "abc/" in text_of(browser.get(reverse("reviews:item", args=[found.items.get().pk])))


def test_who_is_no_officer_finds_no_page_of_officers(browser_of: BrowserOf) -> None:
    (one,) = life.assign(life.started(), [life.admit(1)])
    stranger = life.account("officer_x", "外局经办人", ["case_officer"], life.organisation("other", "外局"))
    own = [
        reverse("reviews:expert", args=[one.expert_id]), reverse("reviews:round", args=[one.item.round_id]),
        reverse("reviews:export", args=[one.item.round_id]), reverse("reviews:marks_export", args=[one.item.round_id]),
        reverse("reviews:item", args=[one.item_id]), reverse("reviews:assign", args=[one.item.round_id]),
        reverse("reviews:draw", args=[one.item.round_id]), reverse("reviews:oversee", args=[one.pk, "recuse"]),
        reverse("reviews:round_act", args=[one.item.round_id, "close"]),
    ]  # fmt: skip
    for user in (stranger, one.expert.user, life.account("firm", "申报人", [], life.applicant(1))):
        browser = browser_of(user)
        assert {browser.get(address).status_code for address in own} == {404}
        assert {browser.post(address, {"why": "x"}).status_code for address in own} <= {404, 405}
    assert life.version(one) == 1
    shown = text_of(browser_of(stranger).get(reverse("reviews:rounds")))
    assert one.item.round.title not in shown


def test_the_list_of_rounds_costs_the_same_for_many(
    browser_of: BrowserOf, django_assert_max_num_queries: object
) -> None:
    for _n in range(3):
        life.assign(life.started(items=2), [life.admit(1)])
    browser = browser_of(life.officer())
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        shown = text_of(browser.get(reverse("reviews:rounds")))
    assert shown.count("示范项目评审（合成）") == 3
