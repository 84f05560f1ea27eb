"""What a file is, told by its bytes and never by its name; and which files are refused whatever they are called.

Thresholds here are technical protection, not rules of the office: they bound what a reader of the file may be
made to unpack.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import listed

MEMBERS_AT_MOST = 5000
UNPACKED_AT_MOST = 300 * 1024 * 1024
RATIO_AT_MOST = 200
HEAD = 4096
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Kind:
    """A kind of file that is accepted: its name to people, extensions, and the content type it is served with."""

    name: str
    extensions: tuple[str, ...]
    content_type: str


PDF = Kind("PDF", (".pdf",), "application/pdf")
PNG = Kind(gettext_noop("PNG 图片"), (".png",), "image/png")
JPEG = Kind(gettext_noop("JPEG 图片"), (".jpg", ".jpeg"), "image/jpeg")
OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = Kind(gettext_noop("Word 文档"), (".docx",), f"{OFFICE}.wordprocessingml.document")
XLSX = Kind(gettext_noop("Excel 工作簿"), (".xlsx",), f"{OFFICE}.spreadsheetml.sheet")
OFD = Kind(gettext_noop("OFD 版式文件"), (".ofd",), "application/ofd")
TEXT = Kind(gettext_noop("文本"), (".txt", ".csv"), "text/plain")
KINDS = (PDF, DOCX, XLSX, OFD, PNG, JPEG, TEXT)

SIGNATURES = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
MAIN_MEMBERS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))
REFUSED = (
    (b"MZ", gettext_noop("Windows 可执行文件")),
    (b"\x7fELF", gettext_noop("Linux 可执行文件")),
    (b"\xcf\xfa\xed\xfe", gettext_noop("macOS 可执行文件")),
    (b"\xca\xfe\xba\xbe", gettext_noop("可执行文件")),
    (b"#!", gettext_noop("脚本")),
    (b"\xd0\xcf\x11\xe0", gettext_noop("旧版 Office 文件（可含宏）")),
    (b"Rar!", gettext_noop("RAR 压缩包")),
    (b"7z\xbc\xaf", gettext_noop("7z 压缩包")),
    (b"\x1f\x8b", gettext_noop("GZIP 压缩包")),
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<iframe")


def refused(name: str, what: str, code: str, remedy: str = "") -> Refusal:
    accepted = listed(sorted(extension for kind in KINDS for extension in kind.extensions))
    return Refusal(
        what,
        code=f"casework.{code}",
        where=name,
        remedy=remedy or _("可上传：%(listed)s。") % {"listed": accepted},
    )


def sniff(path: Path, name: str, *, remedy: str = "") -> Kind:
    """The kind of the file at ``path``; ``name`` is what the uploader called it. Raises :class:`Refusal`.

    remedy: what to send instead, where a page takes fewer kinds than all.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise refused(name, _("文件是空的。"), "empty_file", _("请核对后重新上传。"))
    kind = by_signature(path, name, head, remedy)
    extension = Path(name).suffix.lower()
    if extension not in kind.extensions:
        raise refused(
            name, _("名为 %(extension)s，内容是%(kind)s。") % {"extension": extension or _("（无扩展名）"), "kind": _(kind.name)}, "false_extension",
            _("请按真实格式命名（%(extensions)s）后再传。") % {"extensions": listed(kind.extensions)},
        )  # fmt: skip
    return kind


def by_signature(path: Path, name: str, head: bytes, remedy: str = "") -> Kind:
    for signature, what in REFUSED:
        if head.startswith(signature):
            raise refused(name, _("内容是%(what)s，不收。") % {"what": _(what)}, "refused_kind", remedy)
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"PK"):
        return sniff_zip(path, name, remedy)
    if any(tag in head.lower() for tag in MARKUP):
        raise refused(name, _("内容是网页或 SVG（可带脚本），不收。"), "refused_kind", remedy)
    if is_text(path):
        return TEXT
    raise refused(
        name,
        _("名为 %(suffix)s，内容认不出是哪种文件。") % {"suffix": Path(name).suffix or _("（无扩展名）")},
        "unknown_kind",
        remedy,
    )


def sniff_zip(path: Path, name: str, remedy: str = "") -> Kind:
    """Which office format a ZIP holds. Only its directory is read; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise refused(
            name, _("内容是损坏的 ZIP，打不开。"), "broken_file", _("请重新导出后再传。")
        ) from error
    refuse_bad_members(path, name, members)
    names = {member.filename for member in members}
    for main, kind in MAIN_MEMBERS:
        if main in names:
            return kind
    raise refused(
        name, _("名为 %(suffix)s，内容是 ZIP。") % {"suffix": Path(name).suffix}, "false_extension", remedy
    )


def refuse_bad_members(path: Path, name: str, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked // max(path.stat().st_size, 1)
    if len(members) > MEMBERS_AT_MOST or unpacked > UNPACKED_AT_MOST or ratio > RATIO_AT_MOST:
        size = _("%(n)s 个成员，展开后 %(size)s，为原大小的 %(ratio)s 倍") % {
            "n": len(members),
            "size": megabytes(unpacked),
            "ratio": ratio,
        }
        raise refused(
            name,
            _("压缩内容异常（%(size)s），疑为压缩炸弹。") % {"size": size},
            "zip_bomb",
            _("请拆分或重新导出后再传。"),
        )
    if any(member.flag_bits & 1 for member in members):
        raise refused(name, _("文件设有密码，系统无法核对内容。"), "encrypted", _("请去掉密码后再传。"))
    if any(is_macro(member.filename) for member in members):
        raise refused(name, _("文件带有宏，不收。"), "macros", _("请另存为不带宏的 .docx 或 .xlsx。"))


def is_macro(member: str) -> bool:
    return member.lower().endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in member.lower()


def is_text(path: Path) -> bool:
    """Whether the whole file is UTF-8 or GB 18030 without control characters; read in chunks."""
    return any(decodes(path, encoding) for encoding in ("utf-8-sig", "gb18030"))


def decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                if not printable(decoder.decode(chunk)):
                    return False
            return printable(decoder.decode(b"", final=True))
        except UnicodeDecodeError:
            return False


def printable(text: str) -> bool:
    return CONTROL.search(text) is None


def megabytes(size: int) -> str:
    """A size in MB with one decimal, reckoned in integers."""
    tenths = (size * 10 + 512 * 1024) // (1024 * 1024)
    return f"{tenths // 10}.{tenths % 10} MB"
