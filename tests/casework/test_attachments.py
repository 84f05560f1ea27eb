"""Uploads: what is refused and why, that nothing half stays, that files are kept once and handed out safely."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from mangrove.casework.attachments import path_of, store, verify_files
from mangrove.casework.models import Attachment, Case
from mangrove.casework.sniffing import megabytes
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User

from .conftest import BY

pytestmark = pytest.mark.django_db
MB = 1024 * 1024
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def encrypted(content: bytes) -> bytes:
    """The same archive with the encryption bit set in its central directory."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]


class Stream:
    """An upload of ``size`` bytes that is never whole in memory."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left = head, size

    def read(self, size: int, /) -> bytes:
        piece = (self.head + b"x" * size)[: min(size, self.left)]
        self.head, self.left = b"", self.left - len(piece)
        return piece


def keep(case: Case, content: bytes | Stream, name: str) -> Attachment:
    upload = io.BytesIO(content) if isinstance(content, bytes) else content
    return store(upload, name=name, by=BY, case=case, on=timezone.localdate())


def files_kept(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


DOCX = archive({"[Content_Types].xml": b"", "word/document.xml": b"<w/>"})


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("答复.pdf", PDF, "application/pdf"),
        ("答复.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("表.xlsx", archive({"xl/workbook.xml": b""}), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("函.OFD", archive({"OFD.xml": b""}), "application/ofd"),
        ("图.png", b"\x89PNG\r\n\x1a\n....", "image/png"),
        ("图.jpeg", b"\xff\xd8\xff\xe0....", "image/jpeg"),
        ("台账.csv", "编号,承诺\nC01,出台政策\n".encode("gb18030"), "text/plain"),
        ("说明.txt", "说明".encode("utf-8-sig"), "text/plain"),
    ],
)  # fmt: skip
def test_accepted_kinds_are_told_by_their_bytes(
    case: Case, name: str, content: bytes, content_type: str
) -> None:
    kept = keep(case, content, name)
    assert (kept.name, kept.content_type, kept.size) == (name, content_type, len(content))
    assert path_of(kept.sha256).read_bytes() == content
    assert Event.objects.last().act == "casework.attach"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("答复.pdf", archive({"a.txt": b"a"}), "名为 .pdf，内容是 ZIP。"),
        ("答复.pdf", DOCX, "名为 .pdf，内容是Word 文档。"),
        ("答复.docx", PDF, "名为 .docx，内容是PDF。"),
        ("图.png", b"\xff\xd8\xff\xe0", "名为 .png，内容是JPEG 图片。"),
        ("答复", PDF, "名为 （无扩展名），内容是PDF。"),
        ("安装.pdf", b"MZ\x90\x00", "内容是Windows 可执行文件，不收。"),
        ("脚本.txt", b"#!/bin/sh\nrm", "内容是脚本，不收。"),
        ("页.txt", b"\n <!DOCTYPE html><p>", "内容是网页或 SVG（可带脚本），不收。"),
        ("图.png", b"<svg onload=alert(1)>", "内容是网页或 SVG"),
        ("旧.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文件"),
        ("宏.docx", archive({"word/document.xml": b"", "word/vbaProject.bin": b""}), "文件带有宏，不收。"),
        ("密.docx", encrypted(DOCX), "文件设有密码"),
        ("弹.docx", archive({"word/document.xml": b"\0" * (40 * MB)}), "疑为压缩炸弹"),
        ("多.docx", archive({str(number): b"" for number in range(5001)}), "5001 个成员"),
        ("坏.docx", DOCX[:60], "内容是损坏的 ZIP"),
        ("乱.txt", b"\x00\x01\x02", "内容认不出是哪种文件"),
        ("乱.csv", b"\xff\xff\xff", "内容认不出是哪种文件"),
        ("空.pdf", b"", "文件是空的"),
        ("..", PDF, "文件没有名字"),
    ],
)  # fmt: skip
def test_refused_uploads_say_why_and_leave_nothing(
    case: Case, settings: Settings, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        keep(case, content, name)
    assert said in str(refusal.value)
    assert files_kept(settings) == [] and not Attachment.objects.exists()


def test_fifty_megabytes_pass_through_without_sitting_in_memory(case: Case, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 60 * MB
    tracemalloc.start()
    kept = keep(case, Stream(b"%PDF-1.7\n", 50 * MB), "大.pdf")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept.size == path_of(kept.sha256).stat().st_size == 50 * MB
    assert peak < 4 * MB


def test_fifty_megabytes_of_text_are_read_in_pieces_too(case: Case, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 60 * MB
    assert keep(case, Stream(b"", 50 * MB), "大.txt").content_type == "text/plain"


def test_too_large_is_refused_with_limit_and_size_before_it_is_all_read(
    case: Case, settings: Settings
) -> None:
    stream = Stream(b"%PDF-1.7\n", 50 * MB)
    with pytest.raises(Refusal, match=r"文件至少 20.1 MB，超过每件 20.0 MB 的上限"):
        keep(case, stream, "大.pdf")
    assert stream.left > 29 * MB and files_kept(settings) == []
    declared = SimpleUploadedFile("大.pdf", PDF)
    declared.size = 50 * MB
    with pytest.raises(Refusal, match=r"文件至少 50.0 MB"):
        store(declared, name="大.pdf", by=BY, case=case, on=timezone.localdate())


def test_an_upload_that_breaks_off_leaves_nothing(case: Case, settings: Settings) -> None:
    class Broken(Stream):
        def read(self, size: int, /) -> bytes:
            if self.left < 4 * MB:
                raise OSError("connection lost")
            return super().read(size)

    with pytest.raises(OSError, match="connection lost"):
        keep(case, Broken(b"%PDF-", 5 * MB), "断.pdf")
    assert files_kept(settings) == [] and not Attachment.objects.exists()


def test_the_same_bytes_are_kept_once_under_both_names(case: Case, settings: Settings) -> None:
    first, second = keep(case, PDF, "甲.pdf"), keep(case, PDF, "乙.pdf")
    assert first.sha256 == second.sha256 and len(files_kept(settings)) == 1


def test_names_lose_folders_and_tricks(case: Case) -> None:
    assert keep(case, PDF, "C:\\旧\\../答复\u202efdp.pdf\x00").name == "答复fdp.pdf"
    long = keep(case, PDF, "长" * 300 + ".pdf").name
    assert len(long) == 200 and long.endswith("长.pdf")


@pytest.mark.parametrize(
    ("content", "name"), [("机密★10年\n关于某事", "某事.txt"), ("关于某事", "【秘密】某事.txt")]
)
def test_what_is_marked_as_a_state_secret_is_refused_and_nothing_of_it_kept(
    case: Case, settings: Settings, content: str, name: str
) -> None:
    with pytest.raises(Refusal) as refused:
        keep(case, content.encode(), name)
    assert refused.value.code == "registry.classified" and "某事" not in str(refused.value)
    assert files_kept(settings) == []
    assert not Event.objects.filter(act="casework.attach").exists()


def test_a_refused_date_leaves_neither_row_nor_file(case: Case, settings: Settings) -> None:
    with pytest.raises(Refusal, match="之后"):
        store(io.BytesIO(PDF), name="答复.pdf", by=BY, case=case, on=date(2999, 1, 1))
    assert not Attachment.objects.exists() and files_kept(settings) == [] and verify_files() == []


def test_a_file_without_a_row_is_named(case: Case, settings: Settings) -> None:
    """What a power failure between the file and its commit would leave."""
    stray = Path(settings.MEDIA_ROOT) / "ab" / "abc"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(PDF)
    assert verify_files() == ["文件 abc 没有附件记录"]


@pytest.mark.parametrize(
    ("harm", "said"),
    [(Path.unlink, "不见了"), (lambda path: path.write_bytes(b"%PDF-forged"), "内容已变")],
)
def test_verification_names_a_harmed_file(case: Case, harm: Callable[[Path], Any], said: str) -> None:
    kept = keep(case, PDF, "答复.pdf")
    assert verify_files() == []
    harm(path_of(kept.sha256))
    assert verify_files() == [f"附件“答复.pdf”的文件 {kept.sha256} {said}"]


def test_a_download_is_a_download(case: Case, officer: User, client: Client) -> None:
    kept = keep(case, PDF, "答复.pdf")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse("casework:attachment", args=[kept.pk]))
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%AD%94")
    assert (response["X-Content-Type-Options"], response["Content-Type"]) == ("nosniff", "application/pdf")


def test_strangers_do_not_learn_that_a_file_exists(case: Case, client: Client) -> None:
    kept = keep(case, PDF, "答复.pdf")
    url = reverse("casework:attachment", args=[kept.pk])
    assert client.get(url).status_code == 302
    stranger = User.objects.create(username="s", name="外人", roles=["expert"])
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(url).status_code == 404


def test_megabytes_are_reckoned_without_floats() -> None:
    assert [megabytes(size) for size in (0, 51 * 1024, 52 * 1024 + 500, 20 * MB)] == [
        "0.0 MB",
        "0.0 MB",
        "0.1 MB",
        "20.0 MB",
    ]
