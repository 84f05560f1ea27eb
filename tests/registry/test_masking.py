"""What is left of each kind of personal field, and that words around it stay as they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.registry.personal import masking

digits = st.text("0123456789", min_size=8, max_size=8)
words = st.text("甲乙，。 （）Tel:：+", max_size=8)
gaps = st.sampled_from(["", " ", "-", "—", " -", "\u3000"])
WIDE = str.maketrans("0123456789+", "０１２３４５６７８９＋")


@pytest.mark.parametrize(
    ("kind", "whole", "masked"),
    [
        ("contact", "13812345678", "138****5678"),
        ("contact", "0755-88121234", "0755-8812****"),
        ("contact", "zhang.san@example.cn", "z***@example.cn"),
        ("contact", "微信号甲乙丙丁", "微信号****"),
        ("mail", "a@b.cn", "a***@b.cn"),
        ("identity", "44030019900101123X", "440***********123X"),
        ("identity", "E12345678", "E1****78"),
        ("identity", "1234", "****"),
        ("bank_account", "6222020200012345678", "****5678"),
        ("bank_account", "123", "****"),
        ("person", "欧阳甲", "欧**"),
        ("address", "深圳市南山区科技路1号", "深圳市南山区****"),
        ("address", "科技路1号院", "科技路****"),
        ("written", "经办人甲，138 1234 5678，a.b@c.cn", "经办人甲，138****5678，a***@c.cn"),
        ("written", "收款 6222020200012345678 转", "收款 ****5678 转"),
        ("contact", "+8613812345678", "+86138****5678"),
        ("contact", "0086 138-1234-5678", "0086 138****5678"),
        ("contact", "(0755)88121234", "(0755)8812****"),
        ("contact", "（0755）88121234", "（0755）8812****"),
        ("contact", "0755-8812 1234", "0755-8812****"),
        ("contact", "+86-755-88121234", "+86-755-8812****"),
        ("contact", "(+86)0755 8812 1234转8001", "(+86)0755 8812****转8001"),
        ("written", "Tel13812345678或Fax075588121234", "Tel138****5678或Fax07558812****"),
        ("written", "电话１３８１２３４５６７８，第２项", "电话138****5678，第２项"),
        ("identity", "440300 19900101 123X", "440***********123X"),
        ("written", "身份证 4403 0019 9001 0112 34，见附件", "身份证 440***********1234，见附件"),
        ("written", "ID44030019900101123X", "ID440***********123X"),
        ("written", "代码91440300708461136T、91440300MA5EQ0X43G", "代码91440300708461136T、91440300MA5EQ0X43G"),
        ("written", "第13800号，2026-11-28至2027-01-05，1380万元", "第13800号，2026-11-28至2027-01-05，1380万元"),
        ("written", "投资 1,381,234 万元，2026年11月28日，基站 48000 座", "投资 1,381,234 万元，2026年11月28日，基站 48000 座"),
    ],
)  # fmt: skip
def test_each_kind_of_field(kind: str, whole: str, masked: str) -> None:
    assert getattr(masking, kind)(whole) == masked


@pytest.mark.parametrize(
    "kind", ["contact", "mail", "identity", "bank_account", "person", "address", "written"]
)
def test_what_is_empty_stays_empty(kind: str) -> None:
    assert getattr(masking, kind)("") == ""


@given(digits, words, words)
def test_no_mobile_number_is_left_whole_in_any_words(rest: str, before: str, after: str) -> None:
    masked = masking.written(f"{before}139{rest}{after}")
    assert not re.search(r"[0-9]{5}", masked) and masked.startswith(before) and masked.endswith(after)


mobiles = st.tuples(st.sampled_from(["", "+86", "86 ", "0086-"]), st.just("139"), gaps, st.integers(0, 9999).map("{:04}".format), gaps, st.integers(0, 9999).map("{:04}".format))  # fmt: skip
landlines = st.tuples(st.sampled_from(["0755", "(0755)", "（0755）", "010", "+86755", "+86-0755", "(+86)755"]), gaps, st.integers(2000, 9999).map(str), gaps, st.integers(0, 9999).map("{:04}".format))  # fmt: skip
identities = st.tuples(st.just("440300"), gaps, st.just("19900101"), gaps, st.integers(0, 999).map("{:03}".format), st.sampled_from("0123456789X"))  # fmt: skip


@given(st.one_of(mobiles, landlines, identities).map("".join), words, words, st.booleans())
def test_no_number_of_a_person_is_left_whole_however_it_is_written(
    number: str, before: str, after: str, wide: bool
) -> None:
    masked = masking.written(before + (number.translate(WIDE) if wide else number) + after)
    assert digits_of(number) not in digits_of(masked) and "****" in masked
    assert masked.startswith(before) and masked.endswith(after)


def digits_of(text: str) -> str:
    return re.sub(r"[^0-9X]", "", text)
