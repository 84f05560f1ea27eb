"""Files that are the same, byte by byte or in what they say."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from mangrove.similarity import Same, file_digest, same, text_digest


def test_a_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    path = tmp_path / "invoice.pdf"
    path.write_bytes(data)
    assert file_digest(path) == file_digest(io.BytesIO(data)) == hashlib.sha256(data).hexdigest()


def test_a_text_is_known_by_its_words_and_numbers() -> None:
    assert text_digest("发票 No. １２３\n金额：100 元") == text_digest("发票No.123，金额100元")
    assert text_digest("金额100元") != text_digest("金额200元")
    assert text_digest("  \n—") is None


def test_groups_are_by_key_and_a_file_without_text_is_in_none() -> None:
    digests = [
        ("d", "2"),
        ("b", "1"),
        ("a", "1"),
        ("c", "2"),
        ("e", None),
        ("f", None),
        ("g", "3"),
        ("a", "1"),
    ]
    assert same(digests) == [Same("1", ("a", "b")), Same("2", ("c", "d"))]
