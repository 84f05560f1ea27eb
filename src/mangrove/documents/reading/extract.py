"""The text of a letter that came as TXT, DOCX or PDF. What the file is, is told from its content, not its name."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path, PurePath

from mangrove.documents.reading.columns import tables_in
from mangrove.documents.reading.extract_docx import from_docx
from mangrove.documents.reading.extract_pdf import from_pdf
from mangrove.documents.reading.lexicon import words
from mangrove.documents.reading.source import ReadingRefusal, SourceTable, SourceText, normal
from mangrove.documents.reading.weighing import refuse_heavy

__all__ = ["ReadingRefusal", "SourceTable", "SourceText", "extract"]

# Signs that no text has: with them a file only happens to decode.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")
_OLE, _PDF, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"PK\x03\x04"
_SUFFIXES = {".txt": "txt", ".text": "txt", ".docx": "docx", ".pdf": "pdf"}


def extract(source: str | Path | bytes, name: str = "") -> SourceText:
    """The text of a letter.

    source: a path, or the bytes of a file. name: the file's name, checked against its content.
    Raises ReadingRefusal for what is too large, misnamed, encrypted, scanned, or carries macros or objects.
    """
    data = source if isinstance(source, bytes) else _read(Path(source))
    name = name or ("来函" if isinstance(source, bytes) else Path(source).name)
    if len(data) > words("limits")["largest_file"]:
        raise _too_large(name, len(data))
    kind = _kind(data, name)
    named = _SUFFIXES.get(PurePath(name).suffix.lower(), "" if PurePath(name).suffix else kind)
    if named != kind:
        raise ReadingRefusal(f"“{name}”的内容是 {kind.upper()}，与扩展名不符。请核实来源，改正扩展名后再传。")
    readers = {"docx": from_docx, "pdf": from_pdf, "txt": _from_txt}
    read = readers[kind](data, name)
    if not read.text.strip():
        raise ReadingRefusal(f"“{name}”里没有文字。请核对是不是传错了文件，或向来文单位索取电子版。")
    return read


def _read(path: Path) -> bytes:
    """The file's bytes; one too large is refused before it is read."""
    if path.is_dir():
        raise ReadingRefusal(f"“{path.name}”是文件夹，不是文件。请指明其中的一份来函。")
    try:
        size = path.stat().st_size
        if size <= words("limits")["largest_file"]:
            return path.read_bytes()
        raise _too_large(path.name, size)
    except OSError as error:
        raise ReadingRefusal(f"读不到文件“{path.name}”。请检查文件是否存在、是否有权限。") from error


def _too_large(name: str, size: int) -> ReadingRefusal:
    most = words("limits")["largest_file"]
    return ReadingRefusal(f"“{name}”有 {size} 字节，超过来函的上限 {most} 字节。请拆分或压缩后再传。")


def _kind(data: bytes, name: str) -> str:
    if data.startswith(_OLE):
        raise ReadingRefusal(
            f"“{name}”是旧版 Office 文件或加密的 Office 文件，可能带宏，不予打开。请另存为不加密的 DOCX 或 PDF 后再传。"
        )
    if _PDF in data[:1024]:
        return "pdf"
    if data.startswith(_ZIP):
        _check_package(data, name)
        return "docx"
    if data.startswith(b"{\\rtf"):
        raise ReadingRefusal(f"“{name}”是 RTF 文件，可能带对象，不予打开。请另存为 DOCX 或 PDF 后再传。")
    return "txt"


def _check_package(data: bytes, name: str) -> None:
    """A DOCX is a ZIP: its parts are listed and weighed before any is opened."""
    limits = words("limits")
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise ReadingRefusal(f"“{name}”已损坏，打不开。请向来文单位索取完好的文件。") from error
    names = [part.filename for part in parts]
    expanded = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if (
        expanded > limits["largest_expanded"]
        or expanded > packed * limits["largest_ratio"]
        or len(parts) > limits["largest_parts"]
    ):
        raise ReadingRefusal(
            f"“{name}”解开后有 {expanded} 字节，与压缩时相差太大（疑为压缩炸弹），不予打开。请核实来源。"
        )
    if any(bad in part for part in names for bad in limits["forbidden_parts"]):
        raise ReadingRefusal(
            f"“{name}”带有宏或嵌入对象，不予打开。请另存为不带宏和对象的 DOCX，或转成 PDF 后再传。"
        )
    if "word/document.xml" not in names:
        raise ReadingRefusal(f"“{name}”是压缩包或其他 Office 文件，不是 DOCX 公文。请传 TXT、DOCX 或 PDF。")
    refuse_heavy(data, name)


def _from_txt(data: bytes, name: str) -> SourceText:
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            text = normal(text)
            encoded = encoding.removesuffix("-sig")
            return SourceText(name, "txt", text, encoding=encoded, tables=tuple(tables_in(text)))
    raise ReadingRefusal(
        f"“{name}”不是文本、DOCX 或 PDF，或编码不是 UTF-8、GB18030。请另存为 UTF-8 文本后再传。"
    )


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "gb18030")
