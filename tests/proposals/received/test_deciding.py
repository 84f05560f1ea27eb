"""An officer decides about what was read: confirms, corrects with a reason, denies, adds; two officers never overwrite."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.ledger.models import Event
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.models import User

from .conftest import WATER, browser, confirm_all, decide, item, page, read


def events(act: str) -> int:
    return Event.objects.filter(act=f"proposals.received_{act}").count()


def test_a_number_confirmed_from_its_row_says_who_and_writes_one_event(
    desk: Client, letter: ReceivedLetter
) -> None:
    one = item(letter, "number", "350公里")
    address = reverse("proposals:received_confirm", args=[letter.pk, one.number])
    answer = desk.post(address, {"expected_version": 1})
    assert answer["Location"].endswith(f"#{one.number}")
    one.refresh_from_db()
    assert (one.state, one.decided_by) == ("confirmed", "经办人甲") and events("confirm") == 1


def test_a_misread_number_is_corrected_and_its_sums_are_done_again(
    desk: Client, letter: ReceivedLetter
) -> None:
    east = item(letter, "number", "150公里")
    decide(desk, east, "correct", printed_value="160", why="原件为160")
    east.refresh_from_db()
    assert (east.said["value"], east.state, east.read["value"]) == ("160000", "corrected", "150000")
    (sum_,) = letter.items.filter(kind="finding")
    assert (
        sum_.said["working"].startswith("160公里 + 200公里 = 360公里，来函写350公里") and sum_.needs_decision
    )
    assert "150公里 → 160公里" in page(desk, letter)


def test_a_unit_with_a_scale_counts_in_its_canonical_unit(desk: Client, letter: ReceivedLetter) -> None:
    volume = item(letter, "number", "18.2亿立方米")
    decide(
        desk, volume, "correct", printed_value="1.82", printed_unit="亿立方米", as_of="2020", why="小数点错位"
    )
    volume.refresh_from_db()
    assert (volume.said["value"], volume.said["unit"]) == ("182000000", "立方米")


def test_a_correction_without_a_reason_is_refused_and_keeps_what_was_typed(
    desk: Client, letter: ReceivedLetter
) -> None:
    east = item(letter, "number", "150公里")
    shown = decide(desk, east, "correct", printed_value="161").content.decode()
    assert "须写明理由" in shown and 'value="161"' in shown
    east.refresh_from_db()
    assert east.state == "pending" and events("correct") == 0


def test_confirming_over_changed_fields_asks_which_is_meant(desk: Client, letter: ReceivedLetter) -> None:
    east = item(letter, "number", "150公里")
    assert "请按“改正”" in decide(desk, east, "confirm", printed_value="161").content.decode()
    east.refresh_from_db()
    assert east.state == "pending"


@pytest.mark.parametrize(
    "kind", ["element", "number", "claim", "commitment", "organisation", "list", "finding", "doubt"]
)
def test_every_kind_can_be_confirmed_as_it_stands_and_denied_with_a_reason(
    desk: Client, officer: User, kind: str
) -> None:
    listed = WATER.replace("全年供水", "覆盖福田、罗湖、南山等10个区，新增泵站数十座。全年供水")
    found = list(read(officer, listed).items.filter(kind=kind))
    assert found
    for one in found:
        decide(desk, one, "confirm")
        one.refresh_from_db()
        assert one.state == "confirmed", one
        decide(desk, one, "dismiss", why="不算")
        one.refresh_from_db()
        assert (one.state, one.why) == ("dismissed", "不算"), one


def test_what_is_denied_stays_to_be_seen_and_no_longer_counts(desk: Client, letter: ReceivedLetter) -> None:
    before = letter.numbers
    east = item(letter, "number", "150公里")
    decide(desk, east, "dismiss", why="重复计数")
    letter.refresh_from_db()
    assert letter.numbers == before - 1
    shown = page(desk, letter)
    assert "重复计数" in shown and f'id="m-{east.number}"' not in shown and f'id="{east.number}"' in shown


def test_a_commitment_gets_owner_date_and_other_words(desk: Client, letter: ReceivedLetter) -> None:
    vague = item(letter, "commitment", "补助办法")
    decide(
        desk, vague, "correct", passage="尽快出台管网更新补助办法", owner="市财政局", due_on="2022-06-30",
        measure="办法印发", why="电话核实",
    )  # fmt: skip
    vague.refresh_from_db()
    assert vague.text == "尽快出台管网更新补助办法"
    assert letter.text[vague.start : vague.end] == vague.text
    assert (vague.said["owner"], vague.said["due_on"]) == ("市财政局", "2022-06-30")
    assert "三项齐全" in page(desk, letter)


def test_an_organisation_is_linked_by_name_and_an_unknown_one_is_not_guessed(
    desk: Client, letter: ReceivedLetter
) -> None:
    treasury = item(letter, "organisation", "市财政局")
    assert (
        "机构库中没有“市水务”" in decide(desk, treasury, "correct", org_id="市水务", why="x").content.decode()
    )
    decide(desk, treasury, "correct", org_id="市水务局", why="合署办公")
    treasury.refresh_from_db()
    assert treasury.said["org_id"] == "water"


def test_a_claim_with_a_source_is_no_longer_unverified(desk: Client, letter: ReceivedLetter) -> None:
    claim = item(letter, "claim", "国际领先")
    decide(desk, claim, "correct", source="水务年报2020，第12页", why="查到出处")
    shown = page(desk, letter)
    assert "水务年报2020，第12页" in shown and "有来源" in shown


def test_an_overlooked_passage_is_found_in_the_text_by_its_words(
    desk: Client, letter: ReceivedLetter
) -> None:
    address = reverse("proposals:received_add", args=[letter.pk, "commitment"])
    desk.post(
        address, {"passage": "改善 供水\n管网", "owner": "市水务局", "due_on": "", "measure": "", "why": ""}
    )
    made = letter.items.get(added=True)
    assert made.number == "C03" and letter.text[made.start : made.end] == "改善供水管网"
    assert events("add") == 1 and "经办人补上" in page(desk, letter)


def test_words_that_stand_twice_are_asked_about(desk: Client, letter: ReceivedLetter) -> None:
    address = reverse("proposals:received_add", args=[letter.pk, "organisation"])
    said = {"passage": "水务局", "org_id": "water", "why": ""}
    asked = desk.post(address, said)
    assert "不知指哪一处" in asked.content.decode()
    second = asked.context["form"].fields["place"].choices[1][0]
    desk.post(address, said | {"place": second})
    assert str(letter.items.get(added=True).start) == second


def test_words_that_the_letter_does_not_hold_are_refused_and_stay_in_the_form(
    desk: Client, letter: ReceivedLetter
) -> None:
    address = reverse("proposals:received_add", args=[letter.pk, "claim"])
    shown = desk.post(address, {"passage": "全国第一", "source": "某报", "why": ""}).content.decode()
    assert (
        "来函中没有“全国第一”" in shown and "某报" in shown and not letter.items.filter(added=True).exists()
    )


def test_a_whole_section_is_confirmed_in_one_act_the_doubtful_excepted(desk: Client, officer: User) -> None:
    letter = read(officer, WATER.replace("尽快出台", "于2022年6月前出台"))
    doubtful = item(letter, "commitment", "补助办法")
    assert doubtful.doubt
    confirm_all(desk, letter, "commitment")
    assert [one.state for one in letter.items.filter(kind="commitment")] == ["confirmed", "pending"]
    assert events("confirm") == 1
    assert "存疑的须逐项确认" in confirm_all(desk, letter, "commitment").content.decode()


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(
    desk: Client, colleague: User, letter: ReceivedLetter
) -> None:
    east = item(letter, "number", "150公里")
    address = reverse("proposals:received_item", args=[letter.pk, east.number])
    seen = desk.get(address).context["form"].initial
    decide(browser(colleague), east, "correct", printed_value="160", why="原件为160")
    late = desk.post(address, {**seen, "printed_value": "170", "why": "看错", "act": "correct"})
    assert "已由经办人乙改为“已改正”" in late.content.decode() and 'value="170"' in late.content.decode()
    east.refresh_from_db()
    assert east.said["value"] == "160000" and events("correct") == 1


def test_a_section_that_changed_meanwhile_is_not_confirmed_unseen(
    desk: Client, colleague: User, letter: ReceivedLetter
) -> None:
    sections = desk.get(reverse("proposals:received_letter", args=[letter.pk])).context["page"].sections
    numbers = next(one for one in sections if one.kind == "number")
    decide(browser(colleague), item(letter, "number", "150公里"), "dismiss", why="重复")
    late = desk.post(numbers.confirm, {"seen": numbers.seen})
    assert late.status_code == 422 and "在您打开之后有改动" in late.content.decode()
    assert not letter.items.filter(kind="number", state="confirmed").exists()


def test_a_missing_date_is_filled_in_by_hand(desk: Client, officer: User) -> None:
    letter = read(officer, WATER.replace("2021年9月10日\n", ""))
    missing = letter.items.get(doubt="没有认出成文日期")
    assert "日期请写作" in decide(desk, missing, "correct", value="九月", why="电话核实").content.decode()
    decide(desk, missing, "correct", value="2021-09-10", why="电话核实")
    letter.refresh_from_db()
    assert str(letter.dated) == "2021-09-10"
