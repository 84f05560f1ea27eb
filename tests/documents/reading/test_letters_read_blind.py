"""What three letters written blind taught: names in full and tied to the right body, promises in other words, odd numbers."""

from __future__ import annotations

import pytest

from mangrove.documents.reading.extract import extract
from mangrove.documents.reading.letter import LetterReading, read_letter
from mangrove.documents.reading.source import SourceText

from . import printing, scoring

REPLY = "{issuer}关于市人大二次会议第12号建议的答复\n尊敬的代表：\n{body}\n{issuer}\n2023年9月20日"


def _read(body: str, issuer: str = "深圳市水务局", home: str = "深圳") -> LetterReading:
    text = REPLY.format(issuer=issuer, body=body)
    return read_letter(SourceText("来函", "txt", text), organisations=scoring.city_names(), home=home)


def _tied(reading: LetterReading, name: str) -> str:
    return next(mention.org_id for mention in reading.organisations if mention.text == name)


@pytest.mark.parametrize("name", ["市教育局", "市财政局", "市人大常委会选联任工委"])
def test_a_short_name_is_ours_only_in_a_letter_of_our_city(name: str) -> None:
    body = f"已会同{name}研究。"

    assert _tied(_read(body), name)
    assert _tied(_read(body, issuer="兰州市水务局"), name) == ""
    assert _tied(_read(body, home=""), name) == ""


def test_a_short_name_inside_a_longer_one_is_tied_to_nothing() -> None:
    reading = _read("兰州市教育局、敦煌市教育局与市教育局座谈。")

    ours = [(m.start, m.text) for m in reading.organisations if m.org_id == "sz_edu"]
    assert ours == [(reading.source.text.index("与市教育局") + 1, "市教育局")]


def test_no_body_of_another_city_is_tied_to_our_registry() -> None:
    for name in ("chengdu", "lanzhou", "xiamen"):
        source = SourceText(name, "txt", scoring.letter_source(name))
        read = read_letter(source, organisations=scoring.city_names(), home="深圳")
        assert not [mention for mention in read.organisations if mention.in_registry]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("会同四川天府新区管委会研究。", ["四川天府新区管委会"]),
        ("由成都环境投资集团有限公司承担。", ["成都环境投资集团有限公司"]),
        ("责成人口监测与家庭发展处承办。", ["人口监测与家庭发展处"]),
        ("完成简阳市石盘水厂扩建。", ["简阳市石盘水厂"]),
        ("甘肃省妇幼保健院与厦门海关、厦门边检总站参加。", ["甘肃省妇幼保健院", "厦门海关", "厦门边检总站"]),
        ("低于宁波舟山港的150元。", ["宁波舟山港"]),
        ("抄送市人大常委会代表工作委员会。", ["市人大常委会代表工作委员会"]),
        ("政协第十六届成都市委员会开会。", []),
        ("由各县区政府负责落地。", []),
        ("全市医院和我市水厂都已接入。", []),
        ("翔安港区疏港铁路未贯通。", []),
    ],
)
def test_names_are_read_in_full_and_what_is_no_body_is_not_read(body: str, names: list[str]) -> None:
    issuer = {"深圳市水务局"}

    assert [m.text for m in _read(body).organisations if m.text not in issuer | {"市人大"}] == names


@pytest.mark.parametrize(
    ("body", "promised"),
    [
        ("年内要在每个街道建成1家托育点，我委参与验收。", ["年内要在每个街道建成1家托育点", "我委参与验收"]),
        ("第一，市住建局承诺新建小区同步移交托位。", ["市住建局承诺新建小区同步移交托位"]),
        ("争取到2025年，托位总数突破3万个。", ["争取到2025年，托位总数突破3万个"]),
        ("按每月200元给予补贴，从2024年1月1日起执行。", ["按每月200元给予补贴，从2024年1月1日起执行"]),
        ("今后每季度向您通报一次进度，请您监督。", ["今后每季度向您通报一次进度"]),
        ("一、下一步打算\n建议贵厅牵头，推进开工；我局负责配合做好报批。", ["我局负责配合做好报批"]),
        ("一、下一步打算\n您关于设立基金的建议很好，我们吸收采纳。", []),
        ("一、下一步打算\n联系人：赵明，电话：028-61880000", []),
    ],
)
def test_promises_in_other_words_are_read_and_what_is_none_is_not(body: str, promised: list[str]) -> None:
    assert [item.text for item in _read(body).commitments] == promised


@pytest.mark.parametrize(
    ("body", "date", "owner"),
    [
        ("一、下一步打算\n明年汛期前，完成水厂扩建。", "明年汛期前", ""),
        ("一、下一步打算\n到“十四五”末，完成管网改造。", "到“十四五”末", ""),
        ("一、下一步打算\n我局今年三季度前修订补贴细则。", "今年三季度前", "我局"),
        ("一、下一步打算\n市水务局会同市财政局出台办法。", "", "市水务局"),
    ],
)
def test_terms_and_owners_are_read_as_printed(body: str, date: str, owner: str) -> None:
    (promise,) = _read(body).commitments

    assert (promise.date, promise.owner) == (date, owner)


def test_a_refused_request_lends_its_number_to_no_promise() -> None:
    body = "一、下一步打算\n关于将水费降到2元的意见，目前条件还不成熟，我们留作参考，适时向市发展改革委反映。"

    (promise,) = _read(body).commitments

    assert (promise.text, promise.measure) == ("适时向市发展改革委反映", "")


def test_a_reply_without_a_promise_raises_a_doubt() -> None:
    assert any("没有读出承诺" in said for said in _read("您的建议收悉。").doubts)
    assert not any("没有读出承诺" in said for said in _read("年内要建成1家托育点。").doubts)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("与三位代表沟通。", [("三位", 3, "位")]),
        ("三位一体推进，保持两位数增长。", []),
        ("永登县两县合计。", [("两县", 2, "县")]),
        ("累计突破一万航次。", [("突破一万航次", 10000, "航次")]),
        ("效率提升两成五。", [("两成五", 25, "%")]),
        ("管径DN800。", []),
        ("3岁以下婴幼儿。", []),
    ],
)
def test_odd_numbers_are_read_for_what_they_are(body: str, found: list[tuple[str, int, str]]) -> None:
    assert [(q.text, int(q.value), q.unit) for q in _read(body).quantities] == found


def test_shares_of_two_levels_are_a_ratio() -> None:
    (quantity,) = _read("由市、县两级按4∶6分担。").quantities

    assert (quantity.text, quantity.unit) == ("4∶6", "比例")


def test_a_planned_number_does_not_hold_at_the_date_of_the_sentence() -> None:
    now, planned = _read("截至今年6月末达到4.9个，超过国家规划的4.5个。").quantities

    assert (now.as_of, planned.as_of) == ("2023-06", "")


def test_a_title_without_about_and_copies_with_their_number_are_read() -> None:
    elements = read_letter(SourceText("来函", "txt", scoring.letter_source("lanzhou"))).elements

    assert elements.title and elements.title.value == "对市十七届人大二次会议第136号建议的答复"
    assert elements.proposal and elements.proposal.value == "136"
    assert elements.copies and elements.copies.value.endswith("市政府办公室（1份）")


def test_only_a_bracket_with_a_unit_leaves_a_table_header() -> None:
    source = "各地进展见下表。\n|区（市）县|县（市）|投资（亿元）|\n|简阳市|简阳市|6.1|"

    (table,) = extract(printing.as_docx(source)).tables

    assert table.header == ("区（市）县", "县（市）", "投资（亿元）")
    assert "区（市）县：简阳市；县（市）：简阳市" in extract(printing.as_docx(source)).text
