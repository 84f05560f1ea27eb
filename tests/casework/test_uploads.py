"""Uploads end to end over HTTP: what is refused, where it is said, and that neither store nor temporary folder fills."""

from __future__ import annotations

import http.client
import io
import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from mangrove.casework.attachments import path_of, verify_files
from mangrove.casework.models import Attachment, Case, Promise
from mangrove.ledger.models import Event
from mangrove.registry.models import Organisation

from .promising import account, browser, letter_promises, text
from .test_attachments import DOCX, MB, PDF, archive

pytestmark = pytest.mark.django_db
WORDS = {"what": "若干措施已印发", "source": "深府办〔2022〕某号", "dated": "2022-10-24"}
BOUNDARY = "----mangrove"


@pytest.fixture(autouse=True)
def incoming(settings: Settings, tmp_path: Path) -> Path:
    """Where Django keeps an upload while it arrives."""
    folder = tmp_path / "incoming"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


@pytest.fixture
def promise(case: Case) -> Promise:
    return letter_promises(case)[0]


@pytest.fixture
def client(bureau: Organisation) -> Client:
    return browser(account("ban", "case_officer", organisation=bureau))


def send(client: Client, promise: Promise, content: bytes, name: str, **said: Any) -> Any:
    fields = WORDS | {"on": timezone.localdate().isoformat(), "expected_version": 1} | said
    upload = SimpleUploadedFile(name, content)
    return client.post(f"/casework/promises/{promise.pk}/evidence/", fields | {"file": upload})


def files_left(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_with_its_evidence_and_comes_back_as_it_was(
    client: Client, promise: Promise, incoming: Path
) -> None:
    assert send(client, promise, PDF, "印发件.pdf").status_code == 302
    shown = promise.evidence.get()
    assert shown.attachment is not None and shown.attachment.name == "印发件.pdf"
    page = text(client.get(f"/casework/promises/{promise.pk}/"))
    assert f'<a href="/casework/attachments/{shown.attachment.pk}/">印发件.pdf</a>' in page
    back = client.get(f"/casework/attachments/{shown.attachment.pk}/")
    assert b"".join(back.streaming_content) == PDF  # type: ignore[attr-defined]
    assert files_left(incoming) == [] and verify_files() == []


def test_a_file_larger_than_memory_holds_goes_through_the_temporary_folder_and_leaves_it_empty(
    client: Client, promise: Promise, incoming: Path
) -> None:
    content = PDF + b"x" * (3 * MB)
    assert send(client, promise, content, "大件.pdf").status_code == 302
    kept = Attachment.objects.get()
    assert path_of(kept.sha256).stat().st_size == len(content)
    assert files_left(incoming) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("安装.pdf", b"MZ\x90\x00" + b"\0" * 100, "内容是Windows 可执行文件，不收"),
        ("答复.pdf", DOCX, "名为 .pdf，内容是Word 文档"),
        ("图.png", b"<!DOCTYPE html><script>alert(1)</script>", "内容是网页或 SVG（可带脚本），不收"),
        ("弹.docx", archive({"word/document.xml": b"\0" * (40 * MB)}), "疑为压缩炸弹"),
        ("空.pdf", b"", "文件是空的"),
        ("程序.exe", PDF, "名为 .exe，内容是PDF"),
        ("宏.docx", archive({"word/document.xml": b"", "word/vbaProject.bin": b""}), "文件带有宏"),
    ],
)
def test_a_refused_file_is_said_at_its_field_and_nothing_is_saved(
    client: Client,
    promise: Promise,
    settings: Settings,
    incoming: Path,
    name: str,
    content: bytes,
    words: str,
) -> None:
    answer = send(client, promise, content, name)
    assert words in str(answer.context["form"].errors["file"]) and "请重新选择" in text(answer)
    assert "若干措施已印发" in text(answer) and 'value="2022-10-24"' in text(answer)
    assert_nothing_saved(promise, settings, incoming)


def assert_nothing_saved(promise: Promise, settings: Settings, incoming: Path) -> None:
    assert not promise.evidence.exists() and not Attachment.objects.exists()
    assert not Event.objects.filter(act__in=["casework.attach", "casework.add_evidence"]).exists()
    assert files_left(Path(settings.MEDIA_ROOT), incoming) == []


@pytest.mark.parametrize("said", [{"what": ""}, {"dated": "2999-01-01"}, {"expected_version": 99}])
def test_a_good_file_with_a_bad_form_is_not_saved_and_that_is_said(
    client: Client, promise: Promise, settings: Settings, incoming: Path, said: dict[str, Any]
) -> None:
    answer = send(client, promise, PDF, "印发件.pdf", **said)
    assert "所选的文件没有保存" in str(answer.context["form"].errors["file"])
    assert_nothing_saved(promise, settings, incoming)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/印发件.pdf", "印发件.pdf"),
        ("C:\\秘密\\印发件.pdf", "印发件.pdf"),
        ("印发\u202efdp.件.pdf", "印发fdp.件.pdf"),
        ("印发\u200b件\u2066.pdf", "印发件.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_name_loses_folders_and_tricks(client: Client, promise: Promise, name: str, kept: str) -> None:
    send(client, promise, PDF, name)
    assert Attachment.objects.get().name == kept


def test_a_name_with_a_null_character_loses_it(client: Client, promise: Promise) -> None:
    body = multipart(promise, "印发\x00件.pdf", PDF)
    client.post(
        f"/casework/promises/{promise.pk}/evidence/",
        body,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    assert Attachment.objects.get().name == "印发件.pdf"


def multipart(promise: Promise, name: str, content: bytes, token: str = "") -> bytes:
    """The form as a browser would send it, with a file name that the test client would not let through."""
    fields = WORDS | {"on": timezone.localdate().isoformat(), "expected_version": "1"}
    if token:
        fields["csrfmiddlewaretoken"] = token
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    typed = "Content-Type: application/pdf\r\n\r\n"
    return ("".join(parts) + head + typed).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def test_fifty_megabytes_are_refused_by_their_declared_length_without_touching_the_disk(
    client: Client, promise: Promise, settings: Settings, incoming: Path
) -> None:
    answer = send(client, promise, b"%PDF-1.7\n" + b"x" * (50 * MB), "大.pdf")
    said = str(answer.context["form"].errors["file"])
    assert answer.status_code == 422
    assert "超过每件 20.0 MB 的上限" in said and "请压缩或拆分后再传" in said and "大.pdf" in said
    assert "若干措施已印发" in text(answer)
    assert_nothing_saved(promise, settings, incoming)


def test_a_file_just_over_the_limit_is_stopped_while_it_streams(
    client: Client, promise: Promise, settings: Settings, incoming: Path
) -> None:
    answer = send(client, promise, b"%PDF-1.7\n" + b"x" * (21 * MB), "略大.pdf")
    assert "超过每件 20.0 MB 的上限" in str(answer.context["form"].errors["file"])
    assert_nothing_saved(promise, settings, incoming)


def test_a_limit_set_smaller_holds_at_once(
    client: Client, promise: Promise, settings: Settings, incoming: Path
) -> None:
    settings.UPLOAD_LIMIT = 1 * MB
    page = text(client.get(f"/casework/promises/{promise.pk}/evidence/"))
    assert "每件不超过 1.0 MB" in page
    answer = send(client, promise, PDF + b"x" * MB, "略大.pdf")
    assert "超过每件 1.0 MB 的上限" in str(answer.context["form"].errors["file"])
    assert_nothing_saved(promise, settings, incoming)


def test_strangers_fill_nothing_either(promise: Promise, settings: Settings, incoming: Path) -> None:
    answer = send(Client(), promise, b"%PDF-1.7\n" + b"x" * (50 * MB), "大.pdf")
    assert answer.status_code == 302
    assert_nothing_saved(promise, settings, incoming)


class Slowly(io.RawIOBase):
    """A body sent in pieces; before each piece the temporary folder is measured."""

    def __init__(self, body: bytes, folder: Path) -> None:
        self.body, self.folder, self.at, self.most = body, folder, 0, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.most = max(self.most, sum(path.stat().st_size for path in files_left(self.folder)))
        piece = self.body[self.at : self.at + MB]
        self.at += len(piece)
        return piece


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("megabytes", [50, 24])
def test_a_real_server_takes_the_stream_refuses_it_and_stays_empty(
    live_server: LiveServer,
    client: Client,
    promise: Promise,
    settings: Settings,
    incoming: Path,
    megabytes: int,
) -> None:
    client.get(f"/casework/promises/{promise.pk}/evidence/")
    token = client.cookies["csrftoken"].value
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    body = multipart(promise, "大.pdf", b"%PDF-1.7\n" + b"x" * (megabytes * MB), token)
    sent = Slowly(body, incoming)
    host = live_server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=60)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(body)),
        "Cookie": cookies,
    }
    connection.request("POST", f"/casework/promises/{promise.pk}/evidence/", sent, headers)  # type: ignore[arg-type]
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert answer.status == 422 and "超过每件 20.0 MB 的上限" in page and "若干措施已印发" in page
    assert sent.most <= settings.UPLOAD_LIMIT + MB
    assert_nothing_saved(promise, settings, incoming)


@pytest.mark.django_db(transaction=True)
def test_an_upload_that_breaks_off_leaves_nothing_on_the_server(
    live_server: LiveServer, client: Client, promise: Promise, settings: Settings, incoming: Path
) -> None:
    client.get(f"/casework/promises/{promise.pk}/evidence/")
    token = client.cookies["csrftoken"].value
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    body = multipart(promise, "断.pdf", b"%PDF-1.7\n" + b"x" * (10 * MB), token)
    connection = http.client.HTTPConnection(live_server.url.removeprefix("http://"), timeout=60)
    connection.putrequest("POST", f"/casework/promises/{promise.pk}/evidence/")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(len(body)))
    connection.putheader("Cookie", cookies)
    connection.endheaders()
    connection.send(body[: 5 * MB])
    connection.sock.shutdown(socket.SHUT_WR)
    answer = connection.getresponse()
    assert answer.status == 400 and "服务器看不懂这个请求" in answer.read().decode()
    connection.close()
    assert_nothing_saved(promise, settings, incoming)
