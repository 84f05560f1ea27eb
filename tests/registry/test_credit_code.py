"""Both check digits are checked, every slip of a finger is caught, and each problem says where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.registry.credit_code import check, is_valid, outer_digit, parts, read

REAL = [
    "914403001922038216",  # 华为技术有限公司
    "9144030071526726XG",  # 深圳市腾讯计算机系统有限公司
    "9144030027939873X7",  # 中兴通讯股份有限公司
    "91440300192317458F",  # 比亚迪股份有限公司
    "911100007109250324",  # 中国移动通信集团有限公司
]
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def oracle(code: str) -> bool:
    """Both standards again, written independently: powers of three modulo 31, and the digit sum form of GB 11714."""
    outer = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17])) + ALPHABET.index(code[17])
    values = [int(c, 36) for c in code[8:16]]
    digit = 10 if code[16] == "X" else int(code[16]) if code[16].isdigit() else -1
    inner = sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) + digit
    return outer % 31 == 0 and digit >= 0 and inner % 11 == 0


@pytest.mark.parametrize("code", REAL)
def test_real_codes_pass(code: str) -> None:
    assert check(code) == [] and oracle(code)


@pytest.mark.parametrize("code", REAL)
def test_every_single_substitution_is_caught(code: str) -> None:
    wrong = [code[:i] + c + code[i + 1 :] for i in range(18) for c in ALPHABET if c != code[i]]
    assert len(wrong) == 540
    assert [text for text in wrong if is_valid(text)] == []


@pytest.mark.parametrize("code", REAL)
def test_every_adjacent_swap_is_caught(code: str) -> None:
    swapped = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(17) if code[i] != code[i + 1]]
    assert [text for text in swapped if is_valid(text)] == []


def test_a_wrong_inner_digit_under_a_matching_outer_one_is_caught() -> None:
    broken = "91440300192203822"
    [problem] = check(broken + outer_digit(broken + "0"))
    assert (problem.position, problem.kind, problem.expected) == (17, "inner", "1")
    assert "组织机构代码的校验位" in problem.message


def test_a_wrong_outer_digit_alone_names_position_18() -> None:
    [problem] = check("914403001922038217")
    assert (problem.position, problem.expected) == (18, "6")


@given(
    st.tuples(
        st.sampled_from(["91", "92", "12", "53"]),
        st.sampled_from(["440300", "110000"]),
        st.text(ALPHABET, min_size=10, max_size=10),
    ).map("".join)
)
def test_agrees_with_an_independent_oracle(code: str) -> None:
    assert is_valid(code) == oracle(code)


@given(st.sampled_from(["91440300", "11440300"]), st.text("0123456789ABCDEFGHJK", min_size=8, max_size=8))
def test_agrees_with_the_oracle_on_codes_that_are_right(head: str, body: str) -> None:
    right = [
        body + inner for inner in "0123456789X" if any(oracle(head + body + inner + c) for c in ALPHABET)
    ]
    for organisation in right:
        code = next(head + organisation + c for c in ALPHABET if oracle(head + organisation + c))
        assert check(code) == []
    assert len(right) == 1


class TestReading:
    def test_width_case_and_blanks_are_folded_and_said(self) -> None:
        reading = read(" ９１４４０３００ 71526726xg ")
        assert reading.code == "9144030071526726XG"
        assert reading.changes == ("全角字符已转为半角", "空格或连字符已去除", "小写字母已转为大写")

    def test_a_clean_code_is_left_alone(self) -> None:
        assert read(REAL[0]).changes == ()

    def test_a_letter_the_standard_does_not_use_names_its_likely_digit(self) -> None:
        [problem] = check("91440300192203821O")
        assert (problem.position, problem.expected) == (18, "0")
        assert problem.message == "第18位“O”不是代码可用的字符，是否为“0”之误？"

    def test_length_is_said(self) -> None:
        [problem] = check("9144")
        assert problem.message == "统一社会信用代码应为18位，现为4位。"

    def test_letters_in_the_region_are_refused(self) -> None:
        assert [p.position for p in check("91440A001922038216") if p.kind == "region"] == [6]

    def test_an_unlisted_kind_of_body_is_a_doubt_not_an_error(self) -> None:
        start = "97440300192203821"
        [problem] = check(start + outer_digit(start + "0"))
        assert (problem.position, problem.certain) == (2, False)
        assert is_valid(start + outer_digit(start + "0"))


def test_parts_say_who_registered_what_where() -> None:
    found = parts("914403001922038216")
    assert (found.authority, found.kind, found.region, found.organisation_code) == (
        "市场监督管理", "企业", "440300", "19220382-1",
    )  # fmt: skip
