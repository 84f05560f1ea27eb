"""Title lines: words whole, lines balanced, an officer's own turn obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.documents.title import text_width, title_lines


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "市工业和信息化局关于市七届人大一次会议第20210615号建议答复意见的函",
            ("市工业和信息化局关于市七届人大一次会议", "第20210615号建议答复意见的函"),
        ),
        ("关于公园照明的函", ("关于公园照明的函",)),
        (
            "深圳市工业和信息化局关于深圳市第七届人民代表大会第一次会议第20210615号建议答复意见的函",
            (
                "深圳市工业和信息化局",
                "关于深圳市第七届人民代表大会第一次会议",
                "第20210615号建议答复意见的函",
            ),
        ),
        (
            "海滨市城市管理和园林局关于市六届人大二次会议第20230417号建议答复意见的函",
            ("海滨市城市管理和园林局", "关于市六届人大二次会议", "第20230417号建议答复意见的函"),
        ),
    ],
)
def test_titles_turn_where_an_officer_would_turn_them(title: str, lines: tuple[str, ...]) -> None:
    assert title_lines(title, 38) == lines


def test_a_written_line_break_decides() -> None:
    assert title_lines("市城市管理局\n关于照明的函", 38) == ("市城市管理局", "关于照明的函")


@given(st.text(alphabet="市局关于第号建议答复的函会议《》、，（）2021G", min_size=1, max_size=34))
def test_no_character_is_lost_and_no_line_begins_with_a_stop(title: str) -> None:
    lines = title_lines(title, 38)
    assert "".join(lines) == title
    assert not any(line[0] in "，、》）" for line in lines[1:])
    assert len(lines) == 1 or all(text_width(line) <= 38 for line in lines)
