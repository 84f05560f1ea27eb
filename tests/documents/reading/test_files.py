"""Files as they come: odd encodings, damaged and hostile packages, scans; each is read or refused in words."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from mangrove.documents.reading.extract import ReadingRefusal, extract
from mangrove.documents.reading.letter import read_letter
from mangrove.documents.reading.lexicon import words

from . import printing

LINE = "截至2021年8月，我市已建设5G基站超4.8万个，覆盖𠮷祥街道。"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _refusal(data: bytes, name: str = "") -> str:
    with pytest.raises(ReadingRefusal) as refused:
        extract(data, name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("gb18030", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
def test_text_in_the_encodings_of_offices_is_read_with_rare_characters(encoding: str, mark: bytes) -> None:
    read = extract(mark + f"{LINE}\r\n第二行".encode(encoding))

    assert read.text == f"{LINE}\n第二行"
    (found,) = read_letter(read).quantities
    assert read.text[found.start : found.end] == "超4.8万个"


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff".encode()])
def test_a_file_without_words_is_refused(data: bytes) -> None:
    assert "没有文字" in _refusal(data)


@pytest.mark.parametrize(
    "data", [b"\0\0\0\0", "文字\0文字".encode(), b"\x7fELF\x02\x01\x01\x00", b"\xff\xfe\x00\xd8A"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    assert "不是文本" in _refusal(data)


def test_a_file_that_does_not_decode_is_refused() -> None:
    assert "UTF-8、GB18030" in _refusal(b"\xff\x80\x81\xff" * 9)


def test_a_false_extension_is_refused() -> None:
    assert "与扩展名不符" in _refusal(LINE.encode(), "来函.pdf")
    assert "与扩展名不符" in _refusal(printing.as_docx(LINE), "来函.txt")


def test_fifty_megabytes_and_one_byte_are_refused_before_they_are_read(tmp_path: Path) -> None:
    largest = words("limits")["largest_file"]
    with (tmp_path / "来函.txt").open("wb") as file:
        file.truncate(largest + 1)

    with pytest.raises(ReadingRefusal, match=f"有 {largest + 1} 字节，超过来函的上限"):
        extract(tmp_path / "来函.txt")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingRefusal, match="读不到文件"):
        extract(tmp_path / "没有.txt")
    with pytest.raises(ReadingRefusal, match="是文件夹"):
        extract(tmp_path)


# PDF


def _pdf(typst: str) -> bytes:
    import typst as setter

    return bytes(setter.Compiler(typst.encode()).compile(format="pdf"))


def test_a_scan_is_refused_and_says_what_to_do() -> None:
    assert "多半是扫描件" in _refusal(_pdf("#rect(width: 100%, height: 80%, fill: gray)"))


@pytest.mark.parametrize("cut", [20, 200, 900])
def test_a_broken_pdf_is_refused(cut: int) -> None:
    whole = printing.as_typst(LINE)

    assert "PDF" in _refusal(whole[:cut]) or "没有可读的文字" in _refusal(whole[:cut])


def test_a_pdf_with_a_password_is_refused() -> None:
    assert "设了密码" in _refusal(_with_password(printing.as_typst(LINE)))


def _with_password(pdf: bytes) -> bytes:
    """The PDF with an encryption entry that no empty password opens; its streams are not touched."""
    key = b"00" * 32
    entry = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -1 /O <" + key + b"> /U <" + key + b"> >>"
        b" /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    )
    classic = (
        b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n"
    )
    start = len(classic)
    places = [classic.index(b"1 0 obj"), classic.index(b"2 0 obj")]
    table = b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        classic + table + b"trailer << /Size 3 /Root 1 0 R " + entry + b" >>\nstartxref\n%d\n%%%%EOF" % start
    )


def test_a_page_number_is_no_number_of_the_letter() -> None:
    source = "\n".join(
        f"第{page}段：本市建成学校{page + 1}所，各区按计划推进，不再一一列出。" for page in range(60)
    )

    read = extract(printing.as_typst(source))

    assert read.pages > 1
    assert len(read_letter(read).quantities) == 60
    assert "— 1 —" not in read.text


# DOCX


def _package(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return file.getvalue()


def _with_part(name: str, data: bytes) -> bytes:
    file = io.BytesIO(printing.as_docx(LINE))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/activeX1.xml"]
)
def test_macros_and_objects_are_refused(name: str) -> None:
    assert "宏或嵌入对象" in _refusal(_with_part(name, b"x"))


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    assert "压缩炸弹" in _refusal(_with_part("word/media/image1.png", b"\0" * (64 * 1024 * 1024)))


def test_a_broken_package_is_refused() -> None:
    whole = printing.as_docx(LINE)

    assert "已损坏" in _refusal(whole[: len(whole) // 2])
    assert "不是 DOCX" in _refusal(_package(xl__workbook_dot_xml=b"<a/>"))
    assert "不是完好的 DOCX" in _refusal(_package(word__document_dot_xml=b"<a/>"))


def test_an_entity_that_grows_is_not_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'">]><a>' + b"&b;" * 1000 + b"</a>"

    assert "不是完好的 DOCX" in _refusal(_package(word__document_dot_xml=bomb))


def test_an_old_office_file_and_rtf_are_refused() -> None:
    assert "旧版 Office" in _refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    assert "RTF" in _refusal(b"{\\rtf1 x}")


def _docx_with(paragraph: str) -> bytes:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(paragraph))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_tracked_changes_are_read_as_accepted() -> None:
    changed = (
        f"<w:p {WORD}><w:r><w:t>建成</w:t></w:r><w:del><w:r><w:delText>300</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>412</w:t></w:r></w:ins><w:r><w:t>所学校</w:t></w:r></w:p>"
    )

    assert extract(_docx_with(changed)).text == "建成412所学校"


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>投入96万元</w:t></w:r></w:p></w:txbxContent>"
    text = (
        f'<w:p {WORD} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml">'
        "<w:r><w:t>见下框</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )

    assert extract(_docx_with(text)).text.split("\n") == ["见下框", "投入96万元"]


def test_a_link_and_a_content_control_are_read() -> None:
    text = (
        f"<w:p {WORD}><w:hyperlink><w:r><w:t>全市</w:t></w:r></w:hyperlink>"
        "<w:sdt><w:sdtContent><w:r><w:t>建成25座</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )

    assert extract(_docx_with(text)).text == "全市建成25座"


def test_a_footnote_is_read_after_the_body() -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = docx.Document()
    document.add_paragraph("本市建成学校若干。")
    notes = f'<w:footnotes {WORD}><w:footnote w:id="1"><w:p><w:r><w:t>其中新建12所。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    file = io.BytesIO()
    document.save(file)

    assert extract(file.getvalue()).text.split("\n") == ["本市建成学校若干。", "其中新建12所。"]


def _docx_of(body: bytes, noise: int = 0) -> bytes:
    """A DOCX with this body, and so many bytes that do not shrink beside it."""
    made = io.BytesIO()
    plain = zipfile.ZipFile(io.BytesIO(printing.as_docx(LINE)))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name in plain.namelist():
            if name != "word/document.xml":
                package.writestr(name, plain.read(name))
        package.writestr(
            "word/document.xml",
            f"<w:document {WORD}><w:body>".encode() + body + b"</w:body></w:document>",
        )
        package.writestr("word/media/noise.bin", os.urandom(noise))
    return made.getvalue()


def _paragraph(text: str) -> bytes:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>".encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<w:p/>" * 15_000_000, id="a hundred megabytes of empty paragraphs"),
        pytest.param(b"<w:p/>" * 3_000_000, id="within the weight, too many of them"),
        pytest.param(_paragraph("市") * 110_000, id="a hundred thousand lines of one character"),
        pytest.param(_paragraph("市" * 1_000_001), id="a million characters in one line"),
        pytest.param(
            b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>',
            id="a cell two billion columns wide",
        ),
    ],
)
def test_a_letter_that_would_unfold_beyond_measure_is_refused_before_it_is_opened(
    body: bytes, tmp_path: Path
) -> None:
    """Within 500 MB of address space, interpreter and libraries included."""
    file = tmp_path / "来函.docx"
    file.write_bytes(_docx_of(body, noise=600_000))
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (500 << 20, 500 << 20))\n"
        "from mangrove.documents.reading.extract import ReadingRefusal, extract\n"
        "try: extract(sys.argv[1])\n"
        "except ReadingRefusal as refusal: print(refusal)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False
    )

    assert "不像一封来函" in said.stdout, said.stderr


def test_text_boxes_deep_in_text_boxes_are_read_each_once() -> None:
    deep = b"<w:p><w:r><w:txbxContent>" * 40
    body = deep + _paragraph("市") * 20_000 + b"</w:txbxContent></w:r></w:p>" * 40

    assert extract(_docx_of(body)).text.count("市") == 20_000


def test_a_letter_of_a_thousand_rows_is_still_read() -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{_paragraph('供水管网').decode()}</w:tc>" for _ in range(8)) + "</w:tr>"

    assert "供水管网" in extract(_docx_of(f"<w:tbl>{row * 1000}</w:tbl>".encode())).text


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    most = words("limits")["most_pages"]

    assert f"有 {most + 1} 页" in _refusal(_pdf("市\n" + "#pagebreak()\n市\n" * most))
